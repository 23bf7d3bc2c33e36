"""Fixes laid over the plain values of a file of examples, which is then read again.

Only what the examples need: properties are where the template writes them, outside of conditions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from analyzer.findings import Fix
from analyzer.model import Inventory, Resource
from analyzer.policy.examples import read_examples
from analyzer.template import read_source

_NOTHING: Any = object()
_Part = str | int


def data_of(file: Path) -> dict[str, Any]:
    """The values of a file of examples, as a JSON template would write them."""
    data: dict[str, Any] = deepcopy(read_source(file).data)
    return data


def reread(data: dict[str, Any], folder: Path) -> Inventory:
    """The values as an inventory again."""
    file = folder / "patched.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    return read_examples(file)


def patch(data: dict[str, Any], fixes: Iterable[tuple[Resource, Fix]]) -> None:
    """Lay fixes over the values, together: each speaks of what stood there before."""
    resources = data["Resources"]
    gone: dict[tuple[str, str], Resource] = {}
    for resource, fix in fixes:
        for owner, path, value in _changes(resource, fix):
            if value is None:
                gone[owner.key, path] = owner
            else:
                _change(resources, owner, path, value)
        if fix.attributes:
            resources[resource.id].update(fix.attributes)
        for id_, added in fix.add.items():
            assert resources.get(id_, added) == added, f"{id_} is taken"
            resources[id_] = deepcopy(dict(added))
    for (_, path), owner in sorted(gone.items(), key=_positions, reverse=True):
        _change(resources, owner, path, _NOTHING)


def _changes(resource: Resource, fix: Fix) -> Iterator[tuple[Resource, str, Any]]:
    """What is set, and None for what goes, each with its owner and path."""
    yield from ((resource, path, None) for path in fix.remove)
    yield from ((resource, path, value) for path, value in fix.set.items())
    for key, values in fix.elsewhere.items():
        owner = resource.inventory.resources[key]
        yield from ((owner, path, value) for path, value in values.items())


def _positions(place: tuple[tuple[str, str], Resource]) -> list[int]:
    return [part if isinstance(part, int) else -1 for part in _parts(place[0][1])]


def _change(resources: dict[str, Any], owner: Resource, path: str, value: Any) -> None:
    """Change the property where it is written: an entry may be a resource of its own."""
    parts = _parts(path)
    for length in range(len(parts), 0, -1):
        if tuple(parts[:length]) in owner.moved:
            owner, prefix = owner.moved[tuple(parts[:length])]
            parts = [*prefix, *parts[length:]]
            break
    if not parts:
        del resources[owner.id]
        return
    declared = resources[owner.id]
    declared["Properties"] = _changed(declared.get("Properties", {}), parts, value)


def _parts(path: str) -> list[_Part]:
    return [int(part) if part.isdigit() else part for part in path.split("/") if part]


def _changed(node: Any, parts: list[_Part], value: Any) -> Any:
    """The node with another value at a path below it."""
    if not parts:
        return _merged(node, value)
    head, *rest = parts
    if head == "-":
        stated = [] if node is _NOTHING else node if isinstance(node, list) else [node]
        return [*stated, *(value if isinstance(value, list) else [value])]
    if isinstance(node, list):
        assert isinstance(head, int)
        items: list[Any] = [*node]
        items[head] = _changed(items[head], rest, value)
        return [item for item in items if item is not _NOTHING]
    members = {} if node is _NOTHING else dict(node)
    members[head] = _changed(members.get(head, _NOTHING), rest, value)
    return {name: member for name, member in members.items() if member is not _NOTHING}


def _merged(stated: Any, value: Any) -> Any:
    if not isinstance(stated, dict) or not isinstance(value, dict):
        return deepcopy(value) if value is not _NOTHING else _NOTHING
    return {**stated, **{name: _merged(stated.get(name), item) for name, item in value.items()}}
