"""What a deployed resource has otherwise than its template says, property by property."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analyzer.account.collector import collectors
from analyzer.defaults import default_of
from analyzer.model import PropertyPath, Resource
from analyzer.unknown import ABSENT, Absent, Open, Partial, Reference, Undecided, Unknown, settle

Meant = Callable[[Reference], str]
"""The ARN or key of what a reference of the template means in the account; "" where unknown."""

_AWS_TAG = "aws:"


@dataclass(frozen=True, slots=True)
class Difference:
    """One property that was changed: what the template says, and what stands there.

    Both are plain values; `ABSENT` where one side has nothing.
    """

    path: PropertyPath
    declared: Any
    deployed: Any


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A property about which nothing can be said, and why."""

    path: PropertyPath
    reason: str


def differences(
    declared: Resource, deployed: Resource, meant: Meant
) -> Iterator[Difference | NotCompared]:
    """Every property in which a deployed resource differs from its template.

    Compared is what the template says, and what has a known default where it says nothing. Lists
    are compared as sets: CloudFormation's order of groups, subnets and rules means nothing.
    """
    names = dict.fromkeys([*declared.properties, *deployed.properties])
    for name in names:
        wanted = _settled(declared.properties.get(name, ABSENT))
        if wanted is ABSENT:
            wanted = default_of(declared.type, (name,))
            if wanted is ABSENT:
                continue  # AWS fills in much that a template leaves open
        if not deployed.tells(name):
            yield NotCompared((name,), "is not read from accounts")
            continue
        found = deployed.properties.get(name, ABSENT)
        if found is ABSENT and name in _unshown(declared.type):
            yield NotCompared((name,), "is not shown by accounts")
            continue
        if found is ABSENT:
            found = default_of(declared.type, (name,))
        yield from _compared((name,), wanted, found, meant)


def _unshown(type_: str) -> list[str]:
    """The properties that templates write and no account shows, such as a function's code."""
    collector = collectors().get(type_)
    return collector.never.split() if collector else []


def _settled(value: Any) -> Any:
    try:
        return settle(value)
    except Undecided as undecided:
        return Unknown(undecided.subject, undecided.reason)


def _compared(
    path: PropertyPath, wanted: Any, found: Any, meant: Meant
) -> Iterator[Difference | NotCompared]:
    wanted = _settled(wanted)
    if isinstance(wanted, Unknown):
        yield NotCompared(path, f"{wanted.subject} {wanted.reason}")
    elif isinstance(found, Unknown):
        yield NotCompared(path, found.reason)
    elif isinstance(wanted, Mapping) and isinstance(found, Mapping):
        for name, item in wanted.items():
            yield from _compared((*path, name), item, found.get(name, ABSENT), meant)
    elif isinstance(wanted, list) and isinstance(found, list):
        yield from _lists(path, wanted, found, meant)
    elif not _same(wanted, found, meant):
        yield Difference(path, _plain(wanted), _plain(found))


def _lists(
    path: PropertyPath, wanted: list[Any], found: list[Any], meant: Meant
) -> Iterator[Difference | NotCompared]:
    """Entries that are missing, and entries that were added."""
    left = [item for item in found if not _is_aws_tag(item)]
    missing: list[tuple[int, Any]] = []
    for position, raw in enumerate(wanted):
        item = _settled(raw)
        if isinstance(item, Absent):
            continue
        if isinstance(item, Unknown):
            yield NotCompared((*path, position), f"{item.subject} {item.reason}")
            return
        match = next((other for other in left if _fits(item, other, meant)), None)
        if match is None:
            missing.append((position, item))
        else:
            left = [other for other in left if other is not match]
    for position, item in missing:
        yield Difference((*path, position), _plain(item), ABSENT)
    for position, item in enumerate(left, len(wanted)):
        yield Difference((*path, position), ABSENT, _plain(item))


def _fits(wanted: Any, found: Any, meant: Meant) -> bool:
    """Whether a deployed entry says all that the declared one does."""
    return not any(isinstance(item, Difference) for item in _compared((), wanted, found, meant))


def _is_aws_tag(item: Any) -> bool:
    return isinstance(item, Mapping) and f"{item.get('Key', '')}".startswith(_AWS_TAG)


def _same(wanted: Any, found: Any, meant: Meant) -> bool:
    if isinstance(wanted, Reference):
        return _means(wanted, found, meant)
    if isinstance(found, Reference):
        return _same(wanted, found.text, meant)
    if isinstance(wanted, Partial):
        return f"{found}".startswith(wanted.head) and f"{found}".endswith(wanted.tail)
    if isinstance(wanted, Absent) or isinstance(found, Absent):
        return _empty(wanted) and _empty(found)
    if isinstance(wanted, list) != isinstance(found, list):
        # One action and a list of one are the same in a policy.
        one, other = (wanted, [found]) if isinstance(wanted, list) else ([wanted], found)
        return not any(isinstance(item, Difference) for item in _lists((), one, other, meant))
    return _text(wanted) == _text(found)


def _means(wanted: Reference, found: Any, meant: Meant) -> bool:
    """Whether a reference of the template and what stands there name the same resource."""
    target = meant(wanted)
    if isinstance(found, Reference):
        return found.target.lstrip("/") == target
    text = f"{found}"
    return bool(target) and (text == target or target.endswith((f"/{text}", f":{text}")))


def _empty(value: Any) -> bool:
    return isinstance(value, Absent) or value in ([], {}, "", False)


def _text(value: Any) -> str:
    """A value as CloudFormation takes it: `true`, `"true"` and `True` are one."""
    if isinstance(value, bool):
        return f"{value}".lower()
    text = f"{value}"
    return text.lower() if text.lower() in ("true", "false") else text


def _plain(value: Any) -> Any:
    """A value as it can be shown and stored."""
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value if not isinstance(item, Absent)]
    return f"{value}" if isinstance(value, Open) else value
