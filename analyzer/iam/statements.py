"""Policy documents as statements of one shape, whatever way they are written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from analyzer.model import PropertyPath
from analyzer.unknown import ABSENT, Absent, Open, Undecided, Unknown

VERSION = "2012-10-17"
"""Of the policy language: the first that has variables."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy document; a single value counts as a list of one.

    `principals` are (kind, value), such as ("AWS", "*"); `Principal: "*"` is ("*", "*").
    `conditions` maps operators to maps of keys to values. `at` leads to the statement.
    """

    effect: Any
    actions: tuple[Any, ...] = ()
    not_actions: tuple[Any, ...] = ()
    resources: tuple[Any, ...] = ()
    not_resources: tuple[Any, ...] = ()
    principals: tuple[tuple[str, Any], ...] = ()
    not_principals: tuple[tuple[str, Any], ...] = ()
    conditions: Mapping[str, Any] | Absent = ABSENT
    at: PropertyPath = ()

    @property
    def allows(self) -> bool:
        """Whether the effect is Allow."""
        return bool(self.effect == "Allow")

    def place(self, name: str) -> PropertyPath:
        """The path of one of the statement's members."""
        return (*self.at, name)


def policy_of(stated: Any) -> dict[str, Any]:
    """A policy of these statements."""
    return {"Version": VERSION, "Statement": stated}


def statements(document: Any) -> list[Statement]:
    """The statements of a document: a structure of a resource, or JSON text, also URL-encoded.

    Nothing for a document that is not set. Raises `Undecided` for one that is not known, or whose
    text is no policy.
    """
    if isinstance(document, Absent):
        return []
    if isinstance(document, str):
        document = _parsed(document)
    entries = _list(_member(_known(document), "Statement"))
    return [_statement(_known(entry)) for entry in entries]


def _known(structure: Any) -> Any:
    """The structure; raises `Undecided` for one that is not known."""
    if isinstance(structure, Unknown):
        raise Undecided(structure.subject, structure.reason)
    if isinstance(structure, Open):
        raise Undecided(f"{structure}", "is a text with a part that is not known")
    return structure


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        # IAM's own answers are URL-encoded: no JSON text begins with a percent sign.
        document = json.loads(unquote(text) if text.startswith("%") else text)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Undecided("a policy", "is a text that is not JSON")
    return document


def _statement(entry: Any) -> Statement:
    return Statement(
        effect=_member(entry, "Effect"),
        actions=_list(_member(entry, "Action")),
        not_actions=_list(_member(entry, "NotAction")),
        resources=_list(_member(entry, "Resource")),
        not_resources=_list(_member(entry, "NotResource")),
        principals=_principals(_member(entry, "Principal")),
        not_principals=_principals(_member(entry, "NotPrincipal")),
        conditions=_member(entry, "Condition"),
        at=() if isinstance(entry, dict) else entry.at(),
    )


def _member(structure: Any, name: str) -> Any:
    if isinstance(structure, dict):
        return structure.get(name, ABSENT)
    return getattr(structure, name)


def _list(value: Any) -> tuple[Any, ...]:
    if isinstance(value, Absent):
        return ()
    return tuple(value) if isinstance(value, list) else (value,)


def _principals(value: Any) -> tuple[tuple[str, Any], ...]:
    if isinstance(value, Mapping):
        return tuple((kind, item) for kind in value for item in _list(value[kind]))
    return tuple(("*", item) for item in _list(value))
