"""Findings of two states of a profile, sorted into new, unchanged, newly unknown and fixed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from analyzer.compare.pairing import GONE, now
from analyzer.compare.values import form
from analyzer.findings import Change, Finding, Verdict
from analyzer.model import Inventory

_Subject = tuple[str, ...]
_GONE_WORDS = "went with its resource"


@dataclass(frozen=True, slots=True)
class Sides:
    """Two states of a profile: `base` with its resources under their names of now.

    `pairs` maps the base's keys of resources to those of now, `stacks` its stacks and `files` its
    paths; `gone` are its resources that are not there any more. `silent` are engines and rules that
    did not answer on both sides: their findings are not compared.
    """

    base: Inventory
    head: Inventory
    pairs: Mapping[str, str]
    gone: frozenset[str] = frozenset()
    stacks: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Matched:
    """The findings of now, each with its change; and the base's failures that are gone."""

    findings: tuple[Finding, ...]
    fixed: tuple[Finding, ...]


def match(base: Sequence[Finding], head: Sequence[Finding], sides: Sides) -> Matched:
    """Give every failure and every unknown of now its change, and find what was fixed.

    Only a failure that was one before is unchanged; one that became undecided is not fixed.
    """
    before = _grouped(base, lambda finding: _subject_before(finding, sides))
    now = _grouped(head, lambda finding: _subject(finding, sides.head.name))
    changes: dict[int, Change] = {}
    fixed: list[Finding] = []
    for key in dict.fromkeys([*now, *before]):
        old, new = before.get(key, ()), now.get(key, ())
        if not sides.silent.isdisjoint(key[:2]):
            changes.update((id(finding), Change.UNCOMPARED) for finding in new)
            continue
        for finding in new:
            changes[id(finding)] = _IF_NEW[finding.verdict]
        left = _aligned(_of(old, Verdict.FAIL), _of(new, Verdict.FAIL), sides, changes)
        _aligned(_of(old, Verdict.UNKNOWN), _of(new, Verdict.UNKNOWN), sides, changes)
        if not any(changes[id(finding)] is Change.UNDECIDED for finding in new):
            fixed += [_fixed(finding, sides) for finding in left]
    told = (replace(f, change=changes[id(f)]) if id(f) in changes else f for f in head)
    return Matched(tuple(told), tuple(fixed))


_IF_NEW = {Verdict.FAIL: Change.NEW, Verdict.UNKNOWN: Change.UNDECIDED}


def unchanged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of files in which nothing changed."""
    return tuple(
        replace(finding, change=Change.UNCHANGED) if finding.verdict in _IF_NEW else finding
        for finding in findings
    )


def uncompared(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of a profile of which nobody can tell what they were."""
    return tuple(
        replace(finding, change=Change.UNCOMPARED) if finding.verdict in _IF_NEW else finding
        for finding in findings
    )


def all_new(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of a profile that the base does not have."""
    return tuple(
        replace(finding, change=_IF_NEW[finding.verdict]) if finding.verdict in _IF_NEW else finding
        for finding in findings
    )


def _fixed(finding: Finding, sides: Sides) -> Finding:
    gone = f"{finding.stack}/{finding.resource}" in sides.gone
    message = ": ".join(filter(None, (_GONE_WORDS if gone else "", finding.message)))
    return replace(finding, change=Change.FIXED, message=message)


def _grouped(
    findings: Iterable[Finding], subject: Callable[[Finding], _Subject]
) -> dict[tuple[Hashable, ...], list[Finding]]:
    groups: dict[tuple[Hashable, ...], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.verdict in _IF_NEW:
            groups[finding.engine, finding.rule, subject(finding)].append(finding)
    return groups


def _subject(finding: Finding, system: str) -> _Subject:
    """What a finding is about: a resource, the system, or a file."""
    if finding.resource == system:
        return ("system",)
    if finding.type or finding.location is None:
        return ("resource", f"{finding.stack}/{finding.resource}")
    return ("file", finding.location.file)


def _subject_before(finding: Finding, sides: Sides) -> _Subject:
    kind, *name = _subject(finding, sides.base.name)
    if kind == "resource" and name[0] in sides.gone:
        return (kind, f"{GONE}{name[0]}")
    if kind == "resource":
        return (kind, sides.pairs.get(name[0]) or now(name[0], sides.stacks))
    return (kind, *(sides.files.get(part, part) for part in name))


def _of(findings: Iterable[Finding], verdict: Verdict) -> list[Finding]:
    return [finding for finding in findings if finding.verdict is verdict]


def _aligned(
    old: list[Finding], new: list[Finding], sides: Sides, changes: dict[int, Change]
) -> list[Finding]:
    """Match failures of one rule about one resource, one to one; gives those that are left."""
    if not old or not new:
        return old

    def content(side: Inventory, names: Mapping[str, str]) -> Callable[[Finding], Hashable]:
        return lambda finding: _content(finding, side, names)

    by_content = content(sides.base, sides.pairs), content(sides.head, {})
    for before, after in (by_content, (_wording, _wording), (_place, _place), (_general, _general)):
        waiting: dict[Hashable, list[Finding]] = defaultdict(list)
        for finding in old:
            waiting[before(finding)].append(finding)
        waiting.pop(None, None)
        for finding in list(new):
            same = waiting.get(after(finding))
            if same:
                _take(old, new, same.pop(0), finding, changes)
    for finding in list(new):
        # One of them is about the resource as a whole: a property that was not there before.
        for one in [one for one in old if not (one.at and finding.at)][:1]:
            _take(old, new, one, finding, changes)
    return old


def _take(
    old: list[Finding],
    new: list[Finding],
    one: Finding,
    finding: Finding,
    changes: dict[int, Change],
) -> None:
    changes[id(finding)] = Change.UNCHANGED
    old[:] = [other for other in old if other is not one]
    new[:] = [other for other in new if other is not finding]


def _wording(finding: Finding) -> Hashable:
    return finding.at, finding.message


def _place(finding: Finding) -> Hashable:
    return finding.at


def _general(finding: Finding) -> Hashable:
    """The property path whatever the positions in its lists are."""
    return tuple("" if part.isdigit() else part for part in finding.at.split("/"))


def _content(finding: Finding, side: Inventory, names: Mapping[str, str]) -> Hashable | None:
    """The element of a list that a finding is about, whatever its position is."""
    parts = finding.at.split("/")
    positions = [place for place, part in enumerate(parts) if part.isdigit()]
    key = f"{finding.stack}/{finding.resource}"
    resource = side.resources.get(names.get(key, key))
    if not positions or resource is None:
        return None
    value: Any = resource.properties
    for part in parts[: positions[-1] + 1]:
        value = _below(value, part)
    return None if value is None else (_general(finding), form(value, {}))


def _below(value: Any, part: str) -> Any:
    if isinstance(value, list):
        return value[int(part)] if part.isdigit() and int(part) < len(value) else None
    return value.get(part) if isinstance(value, dict) else None
