"""Property values in a form that can be compared: what is not known is told by what it is."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from analyzer.unknown import Either, Open, Partial, Reference

Names = Mapping[str, str]
"""What stands for the key of a resource in a reference to it."""

Leaf = tuple[tuple[str, ...], Hashable]


def form(value: Any, names: Names) -> Hashable:
    """The value as something that equals only what means the same."""
    if isinstance(value, dict):
        items = ((name, form(item, names)) for name, item in value.items())
        return ("map", *sorted(items, key=lambda item: f"{item[0]}"))
    if isinstance(value, list):
        return ("list", *(form(item, names) for item in value))
    return _open(value, names) if isinstance(value, Open | Either) else scalar(value)


def _open(value: Any, names: Names) -> Hashable:
    """What is not known yet: a pointer, a text with holes, or a value that hangs on something."""
    if isinstance(value, Reference):
        return ("reference", names.get(value.target, value.target), value.attribute)
    if isinstance(value, Partial):
        return ("text", *(form(part, names) for part in value.parts))
    if isinstance(value, Either):
        return ("either", form(value.if_true, names), form(value.if_false, names))
    return ("unknown", *(_named(part, names) for part in getattr(value, "key", ())))


def scalar(value: Any) -> str:
    """A value as CloudFormation takes it: `true`, `"true"` and `True` are one."""
    return f"{value}".lower() if isinstance(value, bool) else f"{value}"


def _named(part: Any, names: Names) -> Hashable:
    return names.get(part, part) if isinstance(part, str) else f"{part!r}"


def leaves(value: Any, names: Names, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Every plain value with the names that lead to it; positions in lists do not count."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, names, (*path, f"{name}"))
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, names, path)
    elif isinstance(value, Partial):
        yield from ((path, form(part, names)) for part in value.parts)
    else:
        yield path, form(value, names)
