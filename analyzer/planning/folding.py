"""What one change asks of a resource that another one adds, written into that addition at once.

A second database joins the backup selection that the fix of the first one adds: in the files as
they are there is no such resource yet, so that its properties belong into what is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from analyzer.findings import APPEND
from analyzer.savings import Edit


def folded(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits, none of which sets properties of a resource that another one adds."""
    found = list(edits)
    for position, (resource, fix) in enumerate(found):
        for key, values in fix.elsewhere.items():
            adding = _adding(key, found)
            if adding is not None and adding != position:
                found[adding] = _with_values(found[adding], key, values)
                left = {name: value for name, value in fix.elsewhere.items() if name != key}
                found[position] = (resource, replace(found[position][1], elsewhere=left))
    return tuple((resource, fix) for resource, fix in found if fix.writes())


def _adding(key: str, edits: Sequence[Edit]) -> int | None:
    """The position of the edit that adds a resource."""
    stack, _, name = key.rpartition("/")
    for position, (resource, fix) in enumerate(edits):
        if name in fix.add and resource.rpartition("/")[0] == stack:
            return position
    return None


def _with_values(edit: Edit, key: str, values: Mapping[str, Any]) -> Edit:
    resource, fix = edit
    name = key.rpartition("/")[2]
    body = deepcopy(dict(fix.add[name]))
    for path, value in values.items():
        _put(body.setdefault("Properties", {}), path.split("/"), value)
    return resource, replace(fix, add={**fix.add, name: body})


def _put(holder: Any, path: Sequence[str], value: Any) -> None:
    first, *rest = path
    if rest == [APPEND]:
        there = holder.setdefault(first, [])
        if not isinstance(there, list):
            holder[first] = there = [there]
        there.extend(value if isinstance(value, list) else [value])
    elif rest:
        _put(holder.setdefault(first, {}), rest, value)
    else:
        holder[first] = value
