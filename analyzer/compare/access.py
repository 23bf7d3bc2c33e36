"""Whether roles, users, groups and policies may do more than before."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from analyzer.compare.values import form
from analyzer.comparison import AccessChange
from analyzer.iam import Comparison, Grant, allows_more, in_every_case, service_reference
from analyzer.iam.holders import IDENTITIES, POLICIES, holder_of
from analyzer.model import Inventory, Resource, references_in
from analyzer.secrets import masked

_NOTHING = Grant(((),))


def access_changes(
    base: Inventory, head: Inventory, secrets: Collection[str] = ()
) -> Iterator[AccessChange]:
    """Every identity and policy whose grants may have changed; a new one is beside nothing.

    `base` has its resources under their names of now.
    """
    if _same(base, head, (*IDENTITIES, *POLICIES)):
        return
    for now in head.declared(*IDENTITIES, *POLICIES):
        before = base.resources.get(now.key)
        if before is not None and _is_alone(now) and _said(before) == _said(now):
            continue
        found = in_every_case(lambda: _compared(before, now))  # noqa: B023 - asked at once
        example = masked(f"{found.example}", secrets) if found.example else ""
        hangs_on = tuple(masked(reason, secrets) for reason in found.hangs_on)
        yield AccessChange(now.id, found.verdict, example, hangs_on)


def _same(base: Inventory, head: Inventory, types: tuple[str, ...]) -> bool:
    before, after = ({r.key: _said(r) for r in side.declared(*types)} for side in (base, head))
    return before == after


def _said(resource: Resource) -> object:
    grants = {name: v for name, v in resource.properties.items() if name not in _NO_GRANT}
    return form(grants, {}), resource.condition is None


# Who may take a role, and how: rules judge that. It allows the role itself nothing.
_NO_GRANT = ("AssumeRolePolicyDocument", "Description", "LoginProfile", "MaxSessionDuration")


def _is_alone(resource: Resource) -> bool:
    """Whether all that it is granted stands in itself, or is AWS's own and does not change."""
    elsewhere = {name: resource.properties.get(name) for name in _ELSEWHERE}
    return next(references_in(elsewhere), None) is None


_ELSEWHERE = ("ManagedPolicyArns", "Groups", "PermissionsBoundary")


def _compared(before: Resource | None, now: Resource) -> Comparison:
    if not now.exists():
        return Comparison("no")
    existed = before is not None and before.exists()
    least = holder_of(before).grant if before is not None and existed else _NOTHING
    return allows_more(holder_of(now).grant, least, service_reference())
