"""`Fn::ForEach`: a fragment of a map once per item of a collection."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from analyzer.model import PropertyPath
from analyzer.template.problem import Problem
from analyzer.unknown import Unknown

LOOP = "Fn::ForEach::"
MAX_ENTRIES = 10_000

_NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]")


def expanded(
    data: Mapping[str, Any], value: Callable[[Any], Any]
) -> tuple[dict[str, Any], dict[str, PropertyPath]]:
    """The map with its loops written out, and the path of the fragment behind each such key.

    `value` resolves a collection. Raises Problem where a loop is malformed, its collection is not
    known, a key comes twice, or more than `MAX_ENTRIES` keys would come of it.
    """
    result: dict[str, Any] = {}
    origins: dict[str, PropertyPath] = {}
    _expand(data, value, (), result, origins)
    return result, origins


def _expand(
    data: Mapping[str, Any],
    value: Callable[[Any], Any],
    path: PropertyPath,
    result: dict[str, Any],
    origins: dict[str, PropertyPath],
    written: Mapping[str, str] | None = None,
) -> None:
    for key, item in data.items():
        source = (written or {}).get(key, key)
        if key.startswith(LOOP):
            try:
                _loop(source, item, value, path, result, origins)
            except Problem as problem:
                raise problem.within(source) from None
            continue
        if key in result:
            raise Problem(f"`{key}` comes twice of a loop", "use the identifier in the key")
        if len(result) >= MAX_ENTRIES:
            raise Problem(f"loops make more than {MAX_ENTRIES} entries")
        result[key] = item
        if path:
            origins[key] = (*path, source)


def _loop(
    key: str,
    item: Any,
    value: Callable[[Any], Any],
    path: PropertyPath,
    result: dict[str, Any],
    origins: dict[str, PropertyPath],
) -> None:
    if not isinstance(item, list) or len(item) != 3 or not isinstance(item[2], dict):
        raise Problem(f"`{key}` needs an identifier, a collection and a map")
    identifier, collection, fragment = item
    if not isinstance(identifier, str):
        raise Problem(f"`{key}` needs a text as identifier", path=(0,))
    for text in _collection(key, collection, value):
        if len(result) >= MAX_ENTRIES:
            raise Problem(f"loops make more than {MAX_ENTRIES} entries")
        entries: dict[str, Any] = {}
        written: dict[str, str] = {}
        for name, template in fragment.items():
            filled = _filled(name, identifier, text, in_key=True)
            entries[filled] = _substituted(template, identifier, text)
            written[filled] = name
        _expand(entries, value, (*path, key, 2), result, origins, written)


def _collection(key: str, collection: Any, value: Callable[[Any], Any]) -> list[str]:
    items = value(collection)
    if isinstance(items, Unknown):
        raise Problem(
            f"the collection of `{key}` is not known: {items.subject} {items.reason}",
            "give the parameter a value in the profile",
            (1,),
        )
    if not isinstance(items, list) or not all(isinstance(text, str | int) for text in items):
        raise Problem(f"`{key}` needs a list of texts as collection", path=(1,))
    return [f"{text}" for text in items]


def _filled(text: str, identifier: str, item: str, *, in_key: bool = False) -> str:
    """`&{X}` in a key leaves out what a logical id cannot hold."""
    if identifier not in text:
        return text
    bare = _NOT_ALPHANUMERIC.sub("", item) if in_key else item
    return text.replace(f"&{{{identifier}}}", bare).replace(f"${{{identifier}}}", item)


def _substituted(data: Any, identifier: str, item: str) -> Any:
    if isinstance(data, str):
        return _filled(data, identifier, item)
    if isinstance(data, list):
        return [_substituted(entry, identifier, item) for entry in data]
    if isinstance(data, dict):
        if data.get("Ref") == identifier and len(data) == 1:
            return item
        return {
            _filled(key, identifier, item, in_key=True): _substituted(entry, identifier, item)
            for key, entry in data.items()
        }
    return data
