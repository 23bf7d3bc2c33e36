"""Policies made ready for questions: statements as sets, and the layers that limit each other.

IAM User Guide, "Policy evaluation logic": within a layer statements add up; a request is allowed
where each layer allows it and no statement of any layer denies it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from analyzer.iam.conditions import Test, tests
from analyzer.iam.patterns import STAR, glob
from analyzer.iam.service_reference import ServiceReference, compiled
from analyzer.iam.statements import VERSION, Statement, statements
from analyzer.model import PropertyPath
from analyzer.unknown import Open, Partial, Undecided, Unknown, choose

_NUMBER = re.compile(r"\d{12}")
_ROOT = re.compile(r"arn:[^:]*:iam::\d{12}:root")
_ROLE = re.compile(
    r"arn:(?P<partition>[^:]*):iam::(?P<account>\d{12}):role/(?:.*/)?(?P<name>[^/]*)"
)


@dataclass(frozen=True, slots=True)
class Patterns:
    """Which texts a statement is about: those that match one of the patterns, or none of them."""

    values: tuple[str, ...]
    complement: bool = False

    @property
    def is_everything(self) -> bool:
        """Whether no text is left out."""
        return not self.complement and STAR in self.values


EVERYTHING = Patterns((STAR,))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rule:
    """One statement, ready to be asked.

    `actions` is a set of the service reference; `others` are action patterns that match nothing in
    it, in lower case. `principals` are of the form `AWS:arn:...`, `Service:...`, `Federated:...`.
    """

    allows: bool
    actions: int
    others: tuple[str, ...]
    complement: bool
    resources: Patterns
    principals: Patterns
    tests: tuple[Test, ...]
    source: Statement

    @property
    def at(self) -> PropertyPath:
        """Where the statement stands."""
        return self.source.at

    @property
    def is_plain(self) -> bool:
        """Whether only the action decides: every resource, every principal, no condition."""
        return not self.tests and self.resources.is_everything and self.principals.is_everything

    def concerns(self, action: str) -> bool:
        """Whether the statement is about an action that the reference does not know."""
        folded = action.lower()
        inside = any(compiled(pattern).fullmatch(folded) for pattern in self.others)
        return inside is not self.complement


Layer = tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """Everything that decides what a principal may do: each layer has to allow.

    `missing` names policies that belong to it and are not known: it may allow more than it says.
    """

    layers: tuple[Layer, ...]
    missing: tuple[str, ...] = field(default=())

    @property
    def rules(self) -> list[Rule]:
        """The statements of all layers."""
        return [rule for layer in self.layers for rule in layer]


def layer(
    documents: Iterable[Any], reference: ServiceReference, *, kind: str = "identity"
) -> Layer:
    """The statements of documents that add up: all policies of one role, all SCPs of one level.

    `kind` is identity, trust or resource. What is not known and may be everything is a choice.
    Raises `Undecided` where a document's structure is not known.
    """
    read = [
        (statement, _has_variables(document))
        for document in documents
        for statement in statements(document)
    ]
    return _ready(read, reference, kind)


def layer_of(
    given: Sequence[Statement], reference: ServiceReference, *, kind: str = "identity"
) -> Layer:
    """As `layer`, of statements that were read already."""
    return _ready([(statement, True) for statement in given], reference, kind)


def grant_of(*documents: Any, reference: ServiceReference, kind: str = "identity") -> Grant:
    """A grant of one layer."""
    return Grant((layer(documents, reference, kind=kind),))


def _has_variables(document: Any) -> bool:
    if isinstance(document, str):
        return VERSION in document
    return bool(document) and document.get("Version") == VERSION


def _ready(read: Sequence[tuple[Statement, bool]], reference: ServiceReference, kind: str) -> Layer:
    rules = []
    stars = {
        allows: _is_star([s for s, _ in read if s.allows is allows]) for allows in (True, False)
    }
    for statement, variables in read:
        actions, others = _actions(statement, reference)
        rules.append(
            Rule(
                allows=statement.allows,
                actions=actions,
                others=others,
                complement=bool(statement.not_actions),
                resources=EVERYTHING
                if kind == "trust"
                else _resources(statement, variables=variables, star=stars[statement.allows]),
                principals=EVERYTHING if kind == "identity" else _principals(statement),
                tests=tuple(
                    test if variables else _without_variables(test) for test in tests(statement)
                ),
                source=statement,
            )
        )
    return tuple(rules)


def _without_variables(test: Test) -> Test:
    """The test with every dollar sign for itself, as in policies before version 2012-10-17."""
    values = (v.replace("${", "${$}{") if isinstance(v, str) else v for v in test.values)
    return replace(test, values=tuple(values))


def _actions(statement: Statement, reference: ServiceReference) -> tuple[int, tuple[str, ...]]:
    """The set of actions, and the patterns that may be about actions which nobody knows."""
    actions, others = 0, []
    for stated in statement.actions or statement.not_actions:
        pattern = _stated(stated)
        matched = reference.matching(pattern)
        actions |= matched
        if not matched or "*" in pattern or "?" in pattern:
            others.append(pattern.lower())
    if statement.not_actions:
        actions = reference.everything & ~actions
    return actions, tuple(others)


def _stated(pattern: Any) -> str:
    """An action pattern; one with a part that is not known is a choice: all that fit, or none.

    Raises `Undecided` where nothing of it is known.
    """
    if not isinstance(pattern, Open):
        return f"{pattern}"
    if isinstance(pattern, Unknown) and pattern.allowed is not None:
        return next((f"{value}" for value in pattern.allowed if pattern == value), "")
    if not isinstance(pattern, Partial):
        raise Undecided(f"the action `{pattern}`", getattr(pattern, "reason", "is not known"))
    key = ("action", pattern.identity)
    if choose(key, f"`{pattern}`", "is any action that fits", "has a part that is not known"):
        return "".join(part if isinstance(part, str) else "*" for part in pattern.parts)
    return ""


def _is_star(among: Sequence[Statement]) -> bool:
    """Whether a resource that is not known is a star: one choice for all of some statements."""
    unknown = {
        value.key: value
        for statement in among
        for value in statement.resources
        if isinstance(value, Unknown) and (value.allowed is None or "*" in value.allowed)
    }
    if len(unknown) < 2:  # noqa: PLR2004 - several are asked together
        return any(value == "*" for value in unknown.values())
    names = ", ".join(value.subject for value in unknown.values())
    reason = next(iter(unknown.values())).reason
    return choose(("star", *unknown), f"one of {names}", "is '*'", reason)


def _resources(statement: Statement, *, variables: bool, star: bool) -> Patterns:
    stated = statement.resources or statement.not_resources
    if not stated or (star and any(isinstance(value, Unknown) for value in statement.resources)):
        return EVERYTHING  # a policy of a resource is about that resource
    values = dict.fromkeys(glob(value, variables=variables) for value in stated)
    return Patterns(tuple(values), complement=not statement.resources)


def _principals(statement: Statement) -> Patterns:
    stated = statement.principals or statement.not_principals
    values = [pattern for kind, value in stated for pattern in principal_patterns(kind, value)]
    return Patterns(tuple(dict.fromkeys(values)), complement=bool(statement.not_principals))


def principal_patterns(kind: str, value: Any) -> list[str]:
    """The principals that one entry of a Principal element stands for.

    IAM User Guide, "AWS JSON policy elements: Principal": an account's number or root ARN is every
    principal of the account; a role's ARN is its sessions too; star is everyone.
    """
    everyone = isinstance(value, Unknown) and kind in ("*", "AWS") and bool(value == "*")
    if isinstance(value, Open) and not everyone:
        return [f"{kind}:{glob(value)}"]
    text = "*" if everyone else f"{value}"
    if text == "*" and kind in ("*", "AWS"):
        return [STAR]
    if kind != "AWS":
        return [f"{kind}:{text}"]
    if _NUMBER.fullmatch(text) or _ROOT.fullmatch(text):
        return _account(text.removesuffix(":root").rpartition(":")[2])
    if role := _ROLE.fullmatch(text):
        session = f"arn:{role['partition']}:sts::{role['account']}:assumed-role/{role['name']}/"
        return [f"AWS:{text}", f"AWS:{session}{STAR}"]
    return [f"AWS:{text}"]


def _account(number: str) -> list[str]:
    return [f"AWS:arn:{STAR}:{service}::{number}:{STAR}" for service in ("iam", "sts")]
