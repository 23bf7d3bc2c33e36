"""What a change has the other checkers pass over: in templates, as those tools define it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from analyzer.assembly import Assembled
from analyzer.compare.pairing import Pairs, every, now
from analyzer.escape import visible
from analyzer.model import Location
from analyzer.results import Problem
from analyzer.template import Source

_COMMENT = re.compile(r"#\s*checkov:skip=\s*([A-Za-z0-9_]+)")
_HINT = "unlike a waiver it counts at once: is it meant?"

_Key = tuple[str, str, str, int]
"""The checker, its rule, the resource or stack, and which one of them it is."""


def suppressions_added(
    base: Assembled, head: Assembled, pairs: Pairs, stacks: Mapping[str, str]
) -> Iterator[tuple[str, Problem]]:
    """The suppressions that only the change has, each with the checker that obeys it."""
    before = {
        (checker, rule, pairs.get(name) or now(name, stacks), number)
        for checker, rule, name, number in _suppressions(base)
    }
    for key, (what, place) in _suppressions(head).items():
        if key not in before:
            checker, rule, *_ = key
            words = f"{checker} is told to leave out {visible(rule)} {what}, unlike in the base"
            file, line = (place.file, place.line) if place else ("", 0)
            yield checker, Problem(words, file=file, line=line, hint=_HINT, kind="note")


def _suppressions(assembled: Assembled) -> dict[_Key, tuple[str, Location | None]]:
    found: dict[_Key, tuple[str, Location | None]] = {}
    for resource in every(assembled.inventory):
        for checker, rule in _stated(resource.metadata):
            found[checker, rule, resource.key, 0] = (f"of {resource.id}", resource.locate())
    for name, stack in assembled.stacks.items():
        for checker, rule in _stated(stack.source.data.get("Metadata")):
            place = stack.source.locate(("Metadata",))
            found[checker, rule, name, 0] = ("in the whole template", place)
        numbers: Counter[str] = Counter()
        for rule, place in _in_comments(stack.source):
            numbers[rule] += 1
            found["checkov", rule, name, numbers[rule]] = ("in a comment", place)
    return found


def _stated(metadata: Any) -> Iterator[tuple[str, str]]:
    """Checkers and rules that a `Metadata` names."""
    for skipped in _below(metadata, "checkov", "skip"):
        if isinstance(skipped, Mapping):
            yield "checkov", f"{skipped.get('id')}"
    for rule in _below(metadata, "cfn-lint", "config", "ignore_checks"):
        yield "cfn-lint", f"{rule}"


def _below(value: Any, *names: str) -> list[Any]:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, list) else []


def _in_comments(source: Source) -> Iterator[tuple[str, Location]]:
    for number, text in enumerate(source.lines, 1):
        for match in _COMMENT.finditer(text):
            yield match[1], Location(source.path, number)
