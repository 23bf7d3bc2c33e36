"""The policy documents of an identity, and what they allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from analyzer.iam.matching import covers
from analyzer.iam.statements import Statement, statements
from analyzer.model import Resource

IDENTITIES = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")


def documents_of(resource: Resource) -> list[Any]:
    """The inline documents of a role, user or group; the one document of a policy."""
    if resource.type in IDENTITIES:
        return [policy.PolicyDocument for policy in resource.Policies]
    return [resource.PolicyDocument]


def statements_of(resource: Resource) -> list[Statement]:
    """Every statement of an identity's inline policies, or of a policy."""
    return [statement for document in documents_of(resource) for statement in statements(document)]


def allowed(resource: Resource) -> Iterator[Statement]:
    """The Allow statements of an identity's inline policies, or of a policy."""
    return (statement for statement in statements_of(resource) if statement.allows)


def denies(statements: Iterable[Statement], action: str) -> bool:
    """Whether one of the statements denies the action everywhere, or everywhere but on some."""
    return any(
        not statement.allows and not statement.conditions and covers(statement, action)
        for statement in statements
    )
