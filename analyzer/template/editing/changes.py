"""What is to change in a document, and what its values are then; nothing here knows of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analyzer.model import PropertyPath


class UnfitError(Exception):
    """The document is not written in a way that can be changed in place."""


@dataclass(frozen=True, slots=True)
class Put:
    """A value set at a path; missing parents are made, a structure is merged into what is there.

    A new key stands behind the key `behind`, where its map has that one, else at the end.
    """

    path: PropertyPath
    value: Any
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Remove:
    """A key, or an item of a list, taken out."""

    path: PropertyPath


@dataclass(frozen=True, slots=True)
class Append:
    """Items put at the end of a list; what stands there alone becomes its first item."""

    path: PropertyPath
    items: tuple[Any, ...]


Change = Put | Remove | Append


@dataclass(frozen=True, slots=True)
class Replace:
    """Another value at a path that is written."""

    path: PropertyPath
    value: Any


@dataclass(frozen=True, slots=True)
class Insert:
    """A key that its map does not have yet, or an item at the end of a list."""

    path: PropertyPath
    value: Any
    behind: str = ""


Step = Replace | Insert | Remove


def steps(data: Any, change: Change) -> Iterator[Step]:
    """A change as steps that each touch one place; none where the data are so already.

    Raises `UnfitError` where the path does not lead to a place.
    """
    if isinstance(change, Remove):
        if _has(data, change.path):
            yield change
        return
    if isinstance(change, Append):
        yield from _appended(data, change)
        return
    here = data
    for depth, part in enumerate(change.path):
        below = change.path[depth + 1 :]
        place = change.path[: depth + 1]
        if not _has(here, (part,)):
            _check_new(here, part, place)
            yield Insert(place, _nested(below, change.value), change.behind)
            return
        here = here[part]
        if here is None and below:
            yield Replace(place, _nested(below, change.value))
            return
    yield from _merged(here, change.path, change.value)


def after(data: Any, step: Step, path: PropertyPath = ()) -> Any:
    """The data as they are after a step; what does not change is shared with the old ones."""
    path = path or step.path
    if not path and isinstance(step, Replace):
        return step.value
    part, below = path[0], path[1:]
    copied = data.copy()
    if below:
        copied[part] = after(data[part], step, below)
    elif isinstance(step, Remove):
        del copied[part]
    elif isinstance(copied, list) and part == len(copied):
        copied.append(step.value)
    else:
        copied[part] = step.value
    return copied


def value_at(data: Any, path: PropertyPath) -> Any:
    """What stands at a path that is written."""
    for part in path:
        data = data[part]
    return data


def is_function(value: Any) -> bool:
    """Whether a value is a function of CloudFormation in its long form."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    (name,) = value
    return isinstance(name, str) and (name == "Ref" or name.startswith("Fn::"))


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal, types included: 1 is not true."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and bool(left == right)


def _appended(data: Any, change: Append) -> Iterator[Step]:
    here = value_at(data, change.path) if _has(data, change.path) else None
    if isinstance(here, list) and here:
        for place, item in enumerate(change.items, len(here)):
            yield Insert((*change.path, place), item)
        return
    if is_function(here):
        raise UnfitError("the list is the value of a function")
    alone = [] if here is None or here == [] else [here]
    yield from steps(data, Put(change.path, [*alone, *change.items]))


def _merged(here: Any, path: PropertyPath, value: Any) -> Iterator[Step]:
    structures = isinstance(here, dict) and isinstance(value, dict) and here and value
    if not structures or is_function(here) or is_function(value):
        if not same(here, value):
            yield Replace(path, value)
        return
    for key, item in value.items():
        if key not in here:
            yield Insert((*path, key), item)
        else:
            yield from _merged(here[key], (*path, key), item)


def _has(data: Any, path: PropertyPath) -> bool:
    for part in path:
        if isinstance(data, dict):
            known = isinstance(part, str) and part in data
        else:
            known = isinstance(data, list) and isinstance(part, int) and 0 <= part < len(data)
        if not known:
            return False
        data = data[part]
    return True


def _check_new(here: Any, part: str | int, place: PropertyPath) -> None:
    shown = "/".join(map(str, place))
    if is_function(here):
        raise UnfitError(f"what `{shown}` belongs to is the value of a function")
    if isinstance(here, dict) and isinstance(part, str):
        return
    if isinstance(here, list) and part == len(here):
        return
    raise UnfitError(f"there is no place for `{shown}`")


def _nested(path: PropertyPath, value: Any) -> Any:
    for part in reversed(path):
        if part != 0 and isinstance(part, int):
            raise UnfitError(f"there is no list with an item {part}")
        value = {part: value} if isinstance(part, str) else [value]
    return value
