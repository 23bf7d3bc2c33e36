"""The policies of an identity, read statement by statement."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from analyzer.iam.holders import IDENTITIES, POLICIES
from analyzer.iam.managed_policies import managed_document
from analyzer.iam.statements import statements
from analyzer.iam.tightening.proposals import ActionNote, Document, StatementTightening, shown_text
from analyzer.model import Props, Resource, references_in
from analyzer.unknown import ABSENT, Absent, Either, Reference, Undecided, Unknown

TIGHTENED = (*IDENTITIES, *POLICIES)


def read_statements(identity: Resource, unread: list[ActionNote]) -> Iterator[StatementTightening]:
    """Every statement of every policy, about which nothing is proposed yet.

    What cannot be read is added to `unread`.
    """
    for document in _documents(identity, unread):
        try:
            entries = _entries(document.value)
        except Undecided as undecided:
            unread.append(ActionNote((document.name,), f"{undecided}"))
            continue
        for number, entry in enumerate(entries):
            try:
                (statement,) = statements({"Statement": [entry]})
                bool(statement.allows)  # an effect that is not known is told here
            except Undecided as undecided:
                label = f"{document.name}, statement {number + 1}"
                unread.append(ActionNote((label,), f"{undecided}"))
            else:
                yield StatementTightening(document, number, statement, _sid(entry))


def holders_of(identity: Resource, owner: Resource) -> list[Resource]:
    """Whoever has a policy: all that it is attached to, as all of them need what it allows."""
    attached = [
        resource
        for resource in identity.inventory
        if resource.type in IDENTITIES
        and any(
            reference.target == owner.key
            for _, reference in references_in(resource.properties.get("ManagedPolicyArns", ABSENT))
        )
    ]
    named = [
        identity.inventory.resources[reference.target]
        for _, reference in references_in(
            {name: owner.properties.get(name) for name in ("Roles", "Users", "Groups")}
        )
        if reference.target in identity.inventory.resources
    ]
    return list({one.key: one for one in (identity, *attached, *named)}.values())


def _entries(document: Any) -> Sequence[Any]:
    """The statements of a document as they are written."""
    if isinstance(document, str):
        try:
            # IAM's own answers are URL-encoded: no JSON text begins with a percent sign.
            document = json.loads(unquote(document) if document.startswith("%") else document)
        except ValueError:
            raise Undecided("the policy", "is a text that is not JSON") from None
    if isinstance(document, Absent):
        return []
    if not isinstance(document, Props | dict):
        raise Undecided(f"{document}", getattr(document, "reason", "is no policy"))
    stated = document.get("Statement", [])
    return stated if isinstance(stated, list) else [stated]


def _documents(identity: Resource, unread: list[ActionNote]) -> Iterator[Document]:
    """The policies of an identity: inline, customer managed of the stack, and AWS managed."""
    if identity.type not in IDENTITIES:
        name = _text(identity.properties.get("PolicyName")) or identity.id
        yield Document(name, identity, _policy_document(identity, identity.id, unread))
        return
    for position, entry in _listed(identity, "Policies", unread):
        view = Props(identity, entry, ("Policies", position))
        owner = identity.moved.get(("Policies", position), (identity, ()))[0]
        name = _text(entry.get("PolicyName")) or f"policy {position + 1}"
        yield Document(name, owner, _policy_document(view, name, unread))
    for _, entry in _listed(identity, "ManagedPolicyArns", unread):
        policy = isinstance(entry, Reference) and identity.inventory.resources.get(entry.target)
        if policy:
            yield Document(policy.id, policy, _policy_document(policy, policy.id, unread))
        elif (known := managed_document(entry)) is not None:
            yield Document(f"{entry}".rpartition("/")[2], identity, known, f"{entry}")
        else:
            said = "is attached, and is not known here"
            unread.append(ActionNote((shown_text(entry),), said))


def _policy_document(owner: Any, name: str, unread: list[ActionNote]) -> Any:
    try:
        return owner.PolicyDocument
    except Undecided as undecided:
        unread.append(ActionNote((name,), f"{undecided}"))
        return ABSENT


def _listed(identity: Resource, name: str, unread: list[ActionNote]) -> Iterator[tuple[int, Any]]:
    """The entries of a list; both of a condition that is not decided, where it is one entry."""
    stated = identity.properties.get(name, ABSENT)
    if isinstance(stated, Unknown | Either):
        said = "hangs on a condition" if isinstance(stated, Either) else f"{stated.reason}"
        unread.append(ActionNote((name,), f"{name} {said}"))
        return
    for position, entry in enumerate(stated if isinstance(stated, list) else ()):
        branches = (entry.if_true, entry.if_false) if isinstance(entry, Either) else (entry,)
        for branch in branches:
            if isinstance(branch, dict) if name == "Policies" else branch is not ABSENT:
                yield position, branch


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _sid(entry: Any) -> str:
    stated = entry.raw if isinstance(entry, Props) else entry
    return _text(stated.get("Sid")) if isinstance(stated, Mapping) else ""
