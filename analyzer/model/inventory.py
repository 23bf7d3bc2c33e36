"""Everything that is known of one architecture or account: its resources, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from analyzer import readings
from analyzer.exploration import settled
from analyzer.model.location import PropertyPath
from analyzer.model.resource import Resource
from analyzer.unknown import ABSENT, Absent, Either, Partial, Reference, Undecided, Unknown

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gap:
    """Resources that could not be read, so that silence is never taken for absence.

    Without a `call` nobody asked for them.
    """

    type: str
    region: str
    call: str = ""
    code: str = ""
    account: str = ""

    @property
    def reason(self) -> str:
        """Why the resources of this type are not known."""
        if not self.call:
            return "were not read"
        return f"could not be read: {self.call} answered {self.code}"


class Inventory:
    """Everything known about one architecture under one profile, or about one account."""

    def __init__(
        self,
        name: str,
        resources: Iterator[Resource] | list[Resource] | tuple[Resource, ...],
        *,
        live: bool = False,
        gaps: tuple[Gap, ...] = (),
        complete: bool = False,
    ) -> None:
        """`complete`: nothing outside can refer to or add to what stands here (a whole account)."""
        self.name = name
        self.live = live
        self.gaps = gaps
        self.complete = complete
        self._made: dict[Any, Any] = {}
        self.resources: dict[str, Resource] = {}
        self._by_type: dict[str, list[Resource]] = {}
        self._referrers: dict[str, list[tuple[Resource, PropertyPath]]] | None = None
        for resource in resources:
            resource.inventory = self
            self.resources[resource.key] = resource
            self._by_type.setdefault(resource.type, []).append(resource)

    def __iter__(self) -> Iterator[Resource]:
        readings.note("", readings.EVERYTHING)
        return iter(self.resources.values())

    def __len__(self) -> int:
        return len(self.resources)

    def once(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """What is worked out from the resources alone: once, unless it hangs on what is unknown."""
        found = readings.remembered(self._made, key, lambda: settled(make))
        return make() if found is None else found

    @property
    def types(self) -> frozenset[str]:
        """The types of which there is at least one resource."""
        readings.note("", readings.EVERYTHING)
        return frozenset(self._by_type)

    def declared(self, *types: str) -> Iterator[Resource]:
        """The resources of these types, also those whose condition is not decided."""
        for type_ in types:
            readings.note("", type_)
            yield from self._by_type.get(type_, ())

    def of(self, *types: str) -> Iterator[Resource]:
        """The resources of these types that exist on the current path.

        Raises `Undecided` where resources of a type could not be read.
        """
        self._need(types)
        for resource in self.declared(*types):
            if resource.exists():
                yield resource

    def _need(self, types: tuple[str, ...]) -> None:
        for gap in self.gaps:
            if gap.type in types:
                raise Undecided(f"the set of {gap.type} in {gap.region}", gap.reason)

    def resolve(self, value: Any, what: str) -> Any:
        """The resource that a value points to: a `Reference`, or a literal key of the inventory."""
        if isinstance(value, Absent):
            return ABSENT
        if isinstance(value, Unknown):
            raise Undecided(value.subject, value.reason)
        parts = value.parts if isinstance(value, Partial) else (value,)
        references = [part for part in parts if isinstance(part, Reference)]
        if len(references) == 1 and references[0].target in self.resources:
            return self.resources[references[0].target]
        if isinstance(value, str) and value in self.resources:
            return self.resources[value]
        raise Undecided(what, f"names '{value}', which is not part of what was read")

    def referrers(self, resource: Resource, *types: str) -> list[Resource]:
        """The existing resources (of these types) that point to a resource, each once.

        Raises `Undecided` where resources of a type (of any, if none is named) could not be read.
        """
        self._need(types or tuple(gap.type for gap in self.gaps))
        for type_ in types or (readings.EVERYTHING,):
            readings.note(resource.key, readings.referrers(type_))
        if self._referrers is None:
            with readings.unnoted():
                self._referrers = _index_references(self)
        found: dict[str, Resource] = {}
        for referrer, _ in self._referrers.get(resource.key, ()):
            wanted = not types or referrer.type in types
            if wanted and referrer.key not in found and referrer.exists():
                found[referrer.key] = referrer
        return list(found.values())


def _index_references(inventory: Inventory) -> dict[str, list[tuple[Resource, PropertyPath]]]:
    index: dict[str, list[tuple[Resource, PropertyPath]]] = {}
    for resource in inventory:
        for path, reference in references_in(resource.properties):
            index.setdefault(reference.target, []).append((resource, path))
    return index


def references_in(value: Any, path: PropertyPath = ()) -> Iterator[tuple[PropertyPath, Reference]]:
    """Every reference inside a value, also in texts with holes and undecided branches."""
    if isinstance(value, Reference):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from references_in(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from references_in(item, (*path, index))
    elif isinstance(value, Partial):
        for part in value.parts:
            yield from references_in(part, path)
    elif isinstance(value, Either):
        yield from references_in(value.if_true, path)
        yield from references_in(value.if_false, path)
