"""iam:PassRole: the services that an identity hands roles to, and the roles that they can take."""

from __future__ import annotations

from collections.abc import Iterable

from analyzer.iam.escalation import known_escalations
from analyzer.iam.service_reference import ServiceReference
from analyzer.iam.statements import Statement, statements
from analyzer.model import Resource
from analyzer.unknown import Undecided

PASS_ROLE = "iam:PassRole"  # noqa: S105 - an action


def services_in_use(granted: Iterable[Statement], reference: ServiceReference) -> tuple[str, ...]:
    """The services to which roles are handed by other actions that are granted."""
    actions = 0
    for statement in granted:
        if statement.allows:
            for pattern in statement.actions:
                actions |= reference.matching(pattern) if isinstance(pattern, str) else 0
    services: dict[str, None] = {}
    for path in known_escalations():
        if path.passed_to and PASS_ROLE in path.actions:
            others = (reference.number(name) for name in path.actions if name != PASS_ROLE)
            taking = next(others, None)
            if taking is not None and actions >> taking & 1:
                services.update(dict.fromkeys(path.passed_to))
    return tuple(services)


def trusts(role: Resource, service: str) -> bool:
    """Whether a role surely lets a service take it."""
    try:
        return any(
            statement.allows
            and any(kind == "Service" and value == service for kind, value in statement.principals)
            for statement in statements(role.AssumeRolePolicyDocument)
        )
    except Undecided:
        return False
