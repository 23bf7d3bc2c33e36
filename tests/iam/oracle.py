"""IAM's answer to one request, written a second time and from the raw policy documents.

It shares nothing with the engine: slow, plain, and from the pages alone. IAM User Guide, "Policy
evaluation logic", "IAM JSON policy elements: Condition operators", "Single-valued vs. multivalued
context keys", "AWS JSON policy elements: Principal".
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import itertools
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

Document = Mapping[str, Any]
Layers = Sequence[Sequence[Document]]  # within a layer documents add up; each layer has to allow


@dataclass(frozen=True)
class Asked:
    """A request; a key that its context lacks, or has as None, is absent."""

    action: str
    resource: str
    principal: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)


def allowed(layers: Layers, request: Any) -> bool:
    met = [
        {s["Effect"] for d in documents for s in listed(d) if matches(s, request)}
        for documents in layers
    ]
    return all(effects == {"Allow"} for effects in met)


def listed(document: Document) -> list[Document]:
    stated = document["Statement"]
    return stated if isinstance(stated, list) else [stated]


def matches(statement: Document, request: Any) -> bool:
    return (
        about_place(statement, request.action, request.resource)
        and about_principal(statement, request.principal)
        and about_context(statement, request.context)
    )


# ---- action and resource


def about_place(statement: Document, action: str, resource: str) -> bool:
    return _one_of(statement, "Action", lambda p: like(p.lower(), action.lower())) and _one_of(
        statement, "Resource", lambda p: like(p, resource)
    )


def _one_of(statement: Document, name: str, test: Any) -> bool:
    if name in statement:
        return any(map(test, many(statement[name])))
    if f"Not{name}" in statement:
        return not any(map(test, many(statement[f"Not{name}"])))
    return name != "Action"


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@cache
def like(pattern: str, text: str) -> bool:
    """One row of the usual table for each character of the pattern."""
    row = [True] + [False] * len(text)
    for character in pattern:
        if character == "*":
            row = list(itertools.accumulate(row, lambda before, now: before or now))
        else:
            row = [False] + [
                before and character in ("?", letter)
                for before, letter in zip(row, text, strict=False)
            ]
    return row[-1]


# ---- principal


@cache
def _principals(text: str) -> list[tuple[str, str]]:
    stated = json.loads(text)
    if isinstance(stated, str):
        return [("*", stated)]
    return [(kind, one) for kind, some in stated.items() for one in many(some)]


def about_principal(statement: Document, principal: str) -> bool:
    for name in ("Principal", "NotPrincipal"):
        if name in statement:
            some = _principals(json.dumps(statement[name]))
            met = any(is_principal(kind, one, principal) for kind, one in some)
            return met is (name == "Principal")
    return True


def is_principal(kind: str, stated: str, principal: str) -> bool:
    if stated == "*" and kind in ("*", "AWS"):
        return True
    asking, _, who = principal.partition(":")
    if asking != kind:
        return False
    if kind == "AWS":
        account = re.fullmatch(r"(?:arn:aws:iam::)?(\d{12})(?::root)?", stated)
        if account:
            return who.split(":")[4:5] == [account[1]]
        role = re.fullmatch(r"arn:aws:iam::(\d{12}):role/(?:.*/)?([^/]+)", stated)
        if role and who.startswith(f"arn:aws:sts::{role[1]}:assumed-role/{role[2]}/"):
            return True
    return who == stated


# ---- conditions


def about_context(statement: Document, context: Mapping[str, Any]) -> bool:
    given = {key.lower(): value for key, value in context.items()}
    return all(
        holds(operator, [_text(one) for one in many(wanted)], given.get(key.lower()))
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items()
    )


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def holds(operator: str, wanted: list[str], value: Any) -> bool:
    quantifier, _, name = operator.rpartition(":")
    lenient = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    if name == "Null":
        return any((one.lower() == "true") == (value is None) for one in wanted)
    if value is None:
        if quantifier:
            return lenient or quantifier == "ForAllValues"
        return lenient or "Not" in name
    results = [
        any(compare(name.replace("Not", ""), one, text) for one in wanted) != ("Not" in name)
        for text in (value if isinstance(value, tuple) else (value,))
    ]
    return all(results) if quantifier == "ForAllValues" else any(results)


def compare(name: str, wanted: str, text: str) -> bool:
    if name.startswith("Date"):
        return _ordered(name[4:], _seconds(text), _seconds(wanted))
    if name.startswith("Numeric"):
        return _ordered(name[7:], float(text), float(wanted))
    return COMPARISONS[name](wanted, text)


def like_arn(wanted: str, text: str) -> bool:
    stated, given = wanted.split(":", 5), text.split(":", 5)
    return len(stated) == len(given) and all(map(like, stated, given))


@cache
def _in_block(block: str, address: str) -> bool:
    network, one = ipaddress.ip_network(block, strict=False), ipaddress.ip_address(address)
    return one.version == network.version and one in network


COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": lambda wanted, text: wanted == text,
    "StringEqualsIgnoreCase": lambda wanted, text: wanted.lower() == text.lower(),
    "StringLike": like,
    "ArnEquals": like_arn,
    "ArnLike": like_arn,
    "Bool": lambda wanted, text: wanted.lower() == text.lower(),
    "IpAddress": _in_block,
}


@cache
def _seconds(text: str) -> float:
    if re.fullmatch(r"-?[\d.]+", text):
        return float(text)
    return dt.datetime.fromisoformat(text).timestamp()


def _ordered(name: str, left: float, right: float) -> bool:
    return {
        "Equals": left == right,
        "LessThan": left < right,
        "LessThanEquals": left <= right,
        "GreaterThan": left > right,
        "GreaterThanEquals": left >= right,
    }[name]


# ---- all requests of a world


@dataclass(frozen=True)
class World:
    """Actions with the resources that they act on, principals, and the values of keys.

    Every request that it has is asked: places, principals and contexts that no statement tells
    apart are asked once.
    """

    places: tuple[tuple[str, str], ...]
    principals: tuple[str, ...]
    keys: Mapping[str, tuple[Any, ...]]

    def contexts(self, names: Iterable[str]) -> list[dict[str, Any]]:
        chosen = sorted(set(names))
        return [
            dict(zip(chosen, values, strict=True))
            for values in itertools.product(*(self.keys[name] for name in chosen))
        ]

    def difference(self, a: Layers, b: Layers) -> Asked | None:
        """A request that `a` allows and `b` does not."""
        statements = [
            s for side in (a, b) for documents in side for d in documents for s in listed(d)
        ]
        keys = {
            key
            for statement in statements
            for keys in statement.get("Condition", {}).values()
            for key in keys
        }
        places = _told_apart(self.places, statements, lambda s, p: about_place(s, *p))
        people = _told_apart(self.principals, statements, about_principal)
        contexts = _told_apart(self.contexts(keys), statements, about_context)
        for place, who, context in itertools.product(places, people, contexts):
            request = Asked(*place, who, context)
            if allowed(a, request) and not allowed(b, request):
                return request
        return None


def _told_apart(values: Iterable[Any], statements: Sequence[Document], test: Any) -> list[Any]:
    found: dict[tuple[bool, ...], Any] = {}
    for value in values:
        found.setdefault(tuple(test(statement, value) for statement in statements), value)
    return list(found.values())
