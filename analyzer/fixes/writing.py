"""Several fixes written into the documents of one profile, in memory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

from analyzer.findings import Fix
from analyzer.fixes.added import with_free_names
from analyzer.fixes.placing import DEFAULT, PROFILE, TEMPLATE, Placed, Places
from analyzer.model import PropertyPath, Resource
from analyzer.template import Source
from analyzer.template.editing import Append, Change, Put, Remove, UnfitError, changed

_GONE = object()


@dataclass(frozen=True, slots=True)
class Tried:
    """One fix: where it was written, or why it could not be (`refusal`)."""

    resource: str
    fix: Fix
    where: str = ""
    refusal: str = ""
    placed: tuple[Placed, ...] = ()


@dataclass
class Writing:
    """The fixes that were taken so far, and the documents as they are with them."""

    places: Places
    resources: Mapping[str, Resource]
    tried: list[Tried] = field(default_factory=list)
    _touched: dict[tuple[str, PropertyPath], Any] = field(default_factory=dict)

    def add(self, key: str, fix: Fix) -> None:
        """Take a fix, or refuse it with the reason."""
        try:
            placed = self._placed(key, fix)
        except UnfitError as unfit:
            self.tried.append(Tried(key, fix, refusal=f"{unfit}"))
            return
        self._touched.update({_spot(one): _value(one) for one in placed})
        self.tried.append(Tried(key, fix, _where(placed), placed=tuple(placed)))

    def refuse(self, position: int, reason: str) -> None:
        """Take a fix back."""
        self.tried[position] = replace(self.tried[position], where="", refusal=reason, placed=())

    def documents(self) -> dict[str, Source]:
        """The documents that change; a fix that cannot be edited in is refused, and left out."""
        while True:
            documents: dict[str, Source] = {}
            fault = self._write(documents)
            if fault is None:
                return {
                    file: self._without_unused(file, source)
                    for file, source in documents.items()
                    if source.text != self.places.source(file).text
                }
            self.refuse(*fault)

    def _without_unused(self, file: str, source: Source) -> Source:
        """A template without the parameters that it only named in what was taken out of it.

        Those that somebody gives stay: a parameter that is not declared could not be given.
        """
        before, own = self.places.source(file).text, self.places.own_parameters(file)
        gone = [name for name in own if _told(name, source.text) == 1 < _told(name, before)]
        every = len(gone) == len(source.data.get("Parameters", ()))
        paths = [("Parameters",)] if every else [("Parameters", name) for name in gone]
        try:
            return changed(source, [Remove(path) for path in paths]) if gone else source
        except UnfitError:
            return source

    def _write(self, documents: dict[str, Source]) -> tuple[int, str] | None:
        """Write all fixes; which one could not be, and why."""
        removals: list[tuple[int, Placed]] = []
        appended: list[Placed] = []
        for position, one in enumerate(self.tried):
            moved = _Moved(self.places, documents)
            removals.extend((position, each) for each in one.placed if _removes(each))
            sets = [each for each in one.placed if not _removes(each) and each not in appended]
            if fault := _written(self.places, documents, [moved.along(each) for each in sets]):
                return position, fault
            appended.extend(each for each in sets if isinstance(each.change, Append))
        met = set()
        for position, placed in sorted(removals, key=lambda pair: _order(pair[1]), reverse=True):
            fault = _written(self.places, documents, [placed] * (_spot(placed) not in met))
            if fault:
                return position, fault
            met.add(_spot(placed))
        return None

    def _placed(self, key: str, fix: Fix) -> list[Placed]:
        resource = self.resources.get(key)
        if resource is None:
            raise UnfitError("it names no resource of this profile")
        placed = list(self.places.of(resource, self._named(resource, fix)))
        if not placed:
            raise UnfitError(fix.note or "there is nothing to change")
        for one in placed:
            self._check(one)
        return placed

    def _named(self, resource: Resource, fix: Fix) -> Fix:
        """The fix with free names for what it adds."""
        if not fix.add:
            return fix
        place = next(iter(resource.written()), None)
        if place is None:
            return fix
        data = self.places.source(place.file).data
        added = {
            f"{path[1]}": value
            for (file, path), value in self._touched.items()
            if file == place.file and path[0] == "Resources" and len(path) == 2  # noqa: PLR2004 - a resource
        }
        return with_free_names(
            fix, {**(data.get("Parameters") or {}), **data["Resources"], **added}
        )

    def _check(self, placed: Placed) -> None:
        """Raise `UnfitError` where another fix wants something else of the same place."""
        file, path = _spot(placed)
        value = _value(placed)
        data = self.places.source(file).data
        for (other_file, other), theirs in self._touched.items():
            same_place = other_file == file and _overlap(path, other)
            if same_place and _disagree((path, value), (other, theirs), data):
                shown = "/".join(map(str, path[2:] or path))
                raise UnfitError(f"another fix changes `{shown}` in another way")


def _told(name: str, text: str) -> int:
    return len(re.findall(rf"\b{re.escape(name)}\b", text))


def _disagree(one: tuple[PropertyPath, Any], two: tuple[PropertyPath, Any], data: Any) -> bool:
    """Whether of two changes at one place, or one inside the other, only one can be made."""
    (outer, first), (inner, second) = sorted((one, two), key=lambda change: len(change[0]))
    if isinstance(first, Append):
        return outer == inner and not isinstance(second, Append)
    if outer != inner:
        return first is _GONE or first not in ({}, [])
    appends = _new_item(data, inner) is not None
    return not appends and not (first is second or first == second)


def _spot(placed: Placed) -> tuple[str, PropertyPath]:
    return placed.file, placed.change.path


def _value(placed: Placed) -> Any:
    change = placed.change
    if isinstance(change, Append):
        return change
    return change.value if isinstance(change, Put) else _GONE


def _where(placed: list[Placed]) -> str:
    """The place that a reader has to know of: the one that others take their value from too."""
    places = {one.where for one in placed}
    return next(where for where in (PROFILE, DEFAULT, TEMPLATE) if where in places)


def _overlap(one: PropertyPath, other: PropertyPath) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _order(placed: Placed) -> tuple[str, list[tuple[bool, str, int]]]:
    path = placed.change.path
    return placed.file, [
        (True, "", part) if isinstance(part, int) else (False, part, 0) for part in path
    ]


def _removes(placed: Placed) -> bool:
    return isinstance(placed.change, Remove)


def _written(places: Places, documents: dict[str, Source], placed: list[Placed]) -> str:
    """Write changes; why that cannot be, "" where it was."""
    changes: dict[str, list[Change]] = {}
    for one in placed:
        changes.setdefault(one.file, []).append(one.change)
    try:
        for file, many in changes.items():
            source = documents.get(file) or places.source(file)
            documents[file] = _edited(source, many)
    except UnfitError as unfit:
        return f"{unfit}"
    return ""


# The profiles of a system share its templates, and most of what is to be fixed in them.
_edits: WeakKeyDictionary[Source, dict[str, Source]] = WeakKeyDictionary()


def _edited(source: Source, changes: list[Change]) -> Source:
    known = _edits.setdefault(source, {})
    asked = repr(changes)
    if asked not in known:
        known[asked] = changed(source, changes)
    return known[asked]


def _new_item(data: Any, path: PropertyPath) -> int | None:
    """The depth at which a path leaves the data for a new item of a list."""
    for depth, part in enumerate(path):
        if isinstance(data, list) and part == len(data):
            return depth
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return None


@dataclass
class _Moved:
    """New items of lists, behind those that fixes before this one have added."""

    places: Places
    documents: Mapping[str, Source]
    _ends: dict[tuple[str, PropertyPath], int] = field(default_factory=dict)

    def along(self, placed: Placed) -> Placed:
        """The change at the place where the list ends now."""
        path = placed.change.path
        depth = _new_item(self.places.source(placed.file).data, path)
        if depth is None or not isinstance(placed.change, Put):
            return placed
        where = (placed.file, path[:depth])
        if where not in self._ends:
            document = self.documents.get(placed.file) or self.places.source(placed.file)
            self._ends[where] = len(_at(document.data, path[:depth]))
        path = (*path[:depth], self._ends[where], *path[depth + 1 :])
        return replace(placed, change=replace(placed.change, path=path))


def _at(data: Any, path: PropertyPath) -> Any:
    for part in path:
        data = data[part]
    return data
