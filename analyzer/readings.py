"""Which properties an answer was made of: to know later which changes leave it as it is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")

Reading = tuple[str, str]
"""A resource's key and a property; without a key a type, of which the set of resources was read."""

EVERYTHING = "*"

_notes: list[set[Reading]] = []


def referrers(type_: str = EVERYTHING) -> str:
    """What stands for a property where it was read which resources of a type refer to one."""
    return f"(referrers {type_})"


def note(key: str, name: str) -> None:
    """Note that something was read, where somebody wants to know."""
    if _notes:
        _notes[-1].add((key, name))


@contextmanager
def noted() -> Iterator[set[Reading]]:
    """A context that collects what is read in it; so do those around it."""
    _notes.append(set())
    try:
        yield _notes[-1]
    finally:
        inner = _notes.pop()
        if _notes:
            _notes[-1].update(inner)


@contextmanager
def unnoted() -> Iterator[None]:
    """A context in which nothing is collected."""
    kept = _notes[:]
    _notes.clear()
    try:
        yield
    finally:
        _notes[:] = kept


def remembered(memo: MutableMapping[Any, Any], key: Hashable, make: Callable[[], T]) -> T:
    """What a memo holds, made where it holds nothing yet; each time its readings count again."""
    if key not in memo:
        with noted() as reads:
            value = make()
        memo[key] = (value, frozenset(reads))
    kept: tuple[T, frozenset[Reading]] = memo[key]
    if _notes:
        _notes[-1].update(kept[1])
    return kept[0]
