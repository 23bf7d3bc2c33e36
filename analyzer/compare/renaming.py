"""What a base says of resources by their names, said of the same ones as they are called now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from analyzer.system import Ceiling, Intent

Renames = Mapping[str, str]
"""Logical ids, and keys (stack/id), as they are called now, by what they were called."""

_NAMED = re.compile(r"\$\{([A-Za-z0-9]+)")


def renames_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The names that have changed, from pairs of keys of resources."""
    return {old: new for pair in pairs for old, new in _names(*pair) if old != new}


def _names(old: str, new: str) -> Iterator[tuple[str, str]]:
    yield old, new
    yield old.rpartition("/")[2], new.rpartition("/")[2]


def intent_followed(intent: Intent, renames: Renames) -> Intent:
    """The intent about what its names and globs meant, also where that is called otherwise now."""
    sources, targets = (_followed(names, renames) for names in (intent.sources, intent.targets))
    return replace(intent, sources=sources, targets=targets)


def intent_renamed(intent: Intent, renames: Renames) -> Intent:
    """The intent as its owner writes it who renames what it names."""
    sources, targets = (_renamed(names, renames) for names in (intent.sources, intent.targets))
    return replace(intent, sources=sources, targets=targets)


def ceiling_followed(ceiling: Ceiling, renames: Renames) -> Ceiling:
    """The ceiling of whom its names and globs meant, about the same resources."""
    statements = tuple(_pointed(one, renames) for one in ceiling.statements)
    return replace(ceiling, roles=_followed(ceiling.roles, renames), statements=statements)


def ceiling_renamed(ceiling: Ceiling, renames: Renames) -> Ceiling:
    """The ceiling as its owner writes it who renames what it names."""
    return replace(
        ceiling_followed(ceiling, renames),
        roles=_renamed(ceiling.roles, renames),
    )


def _followed(globs: tuple[str, ...], renames: Renames) -> tuple[str, ...]:
    """Globs, and what only some of them meant under its old name."""
    more = (
        new
        for old, new in renames.items()
        if any(fnmatchcase(old, glob) for glob in globs)
        and not any(fnmatchcase(new, glob) for glob in globs)
    )
    return (*globs, *dict.fromkeys(more))


def _renamed(globs: tuple[str, ...], renames: Renames) -> tuple[str, ...]:
    return tuple(renames.get(glob, glob) for glob in globs)


def _pointed(value: Any, renames: Renames) -> Any:
    """Statements with `${LogicalId.Arn}` under the names of now."""
    if isinstance(value, Mapping):
        return {name: _pointed(item, renames) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_pointed(item, renames) for item in value]
    if isinstance(value, str):
        return _NAMED.sub(lambda match: f"${{{renames.get(match[1], match[1])}", value)
    return value
