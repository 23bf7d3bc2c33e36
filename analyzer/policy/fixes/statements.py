"""Statements of policies, narrowed to the own account or without what nobody should do."""

from __future__ import annotations

from collections.abc import Iterable

from analyzer.findings import Fix
from analyzer.iam import Rule
from analyzer.policy.fixes.values import OWN_ACCOUNT, OWN_PRINCIPALS, place


def own_account_only(statement: Rule) -> Fix | None:
    """Admit the own account in the place of everyone; its policies then say who.

    IAM User Guide, "AWS JSON policy elements: Principal". None for a policy that is a text.
    """
    if not statement.at:
        return None
    at = place(statement.at)
    excepted = (f"{at}/NotPrincipal",) if statement.source.not_principals else ()
    return Fix(
        set={f"{at}/Principal": OWN_PRINCIPALS},
        remove=excepted,
        note="name other accounts that need it",
    )


def for_own_account(statement: Rule) -> Fix | None:
    """Ask services for whose account they act.

    IAM User Guide, "The confused deputy problem". None where principals that are no services, and
    send no such key, stand in the same statement.
    """
    kinds = {kind for kind, _ in statement.source.principals}
    if not statement.at or kinds != {"Service"}:
        return None
    path = f"{place(statement.at)}/Condition/StringEquals/aws:SourceAccount"
    return Fix(set={path: OWN_ACCOUNT})


def without_actions(statement: Rule, actions: Iterable[str]) -> Fix | None:
    """Take actions out of a statement that names them; the statement goes where none is left.

    None where one of them is meant by a wildcard.
    """
    unwanted = {action.lower() for action in actions}
    named = [f"{action}".lower() for action in statement.source.actions]
    found = [index for index, action in enumerate(named) if action in unwanted]
    if not statement.at or statement.complement or any("*" in name for name in named):
        return None
    at = place(statement.at)
    if len(found) == len(named):
        return Fix(remove=(at,))
    return Fix(remove=tuple(f"{at}/Action/{index}" for index in found))
