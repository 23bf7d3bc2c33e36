"""The one shape for everything: CloudFormation-like resources, from a template or an account."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from analyzer import readings
from analyzer.defaults import default_of
from analyzer.exploration import settled
from analyzer.unknown import (
    ABSENT,
    Absent,
    Condition,
    Either,
    Partial,
    Reference,
    Undecided,
    Unknown,
    settle,
)

T = TypeVar("T")
PropertyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file, 1-based; `end_line` closes the node that stands there."""

    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Written:
    """Where a value stands in a document: its path there, and the part that is not written.

    `obstacle` says why it cannot be changed there; "" where it can.
    """

    file: str
    path: PropertyPath
    missing: PropertyPath = ()
    obstacle: str = ""


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


class Props(Mapping[str, Any]):
    """A view of a structure inside a resource: `entry.CidrIp` reads like the template.

    An absent property gives AWS's own default where `analyzer.defaults` has one, else `ABSENT`.
    Reading through a value that hangs on an undecided condition is a choice point.
    """

    __slots__ = ("_path", "_resource", "_values")

    def __init__(
        self, resource: Resource, values: Mapping[str, Any], path: PropertyPath = ()
    ) -> None:
        self._resource = resource
        self._values = values
        self._path = path

    def __getattr__(self, name: str) -> Any:
        if not name[:1].isupper():
            raise AttributeError(name)
        return self._read(name)

    def _read(self, name: str) -> Any:
        if not self._path:
            readings.note(self._resource.key, name)
        value = self._values.get(name, ABSENT)
        if type(value) is Either:  # most values are not, and this is asked of every one
            value = settle(value)
        if value is ABSENT:
            if not self._path and not self._resource.tells(name):
                return _not_read(self._resource, name)
            return default_of(self._resource.type, (*self._path, name))
        return _view(self._resource, value, (*self._path, name))

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        value = settle(self._values.get(name, ABSENT))
        if value is ABSENT:
            raise KeyError(name)
        return _view(self._resource, value, (*self._path, name))

    def __contains__(self, name: object) -> bool:
        self._note(f"{name}")
        return settle(self._values.get(name, ABSENT)) is not ABSENT  # type: ignore[call-overload]

    def _note(self, name: str) -> None:
        if not self._path:
            readings.note(self._resource.key, name)

    def __iter__(self) -> Iterator[str]:
        self._note(readings.EVERYTHING)
        return (name for name in self._values if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return len(self) > 0

    def __repr__(self) -> str:
        return f"Props({self._resource.id}, {'/'.join(map(str, self._path))})"

    @property
    def resource(self) -> Resource:
        """The resource that this structure belongs to."""
        return self._resource

    @property
    def raw(self) -> Mapping[str, Any]:
        """The values as they were read: no defaults, no settling."""
        self._note(readings.EVERYTHING)
        return self._values

    def at(self, *names: str | int) -> PropertyPath:
        """The path of a property inside this structure, for `Fail(at=...)`."""
        return (*self._path, *names)

    def follow(self, name: str) -> Any:
        """The resource that a property points to; see `Resource.follow`."""
        what = f"{name} of {self._resource.label}"
        return self._resource.inventory.resolve(self._read(name), what)

    def follow_all(self, name: str) -> list[Resource]:
        """The resources that a list property points to; see `Resource.follow_all`."""
        values = self._read(name)
        return [
            self._resource.inventory.resolve(value, f"{name} of {self._resource.label}")
            for value in (values if not isinstance(values, Absent) else ())
        ]


def _not_read(resource: Resource, name: str) -> Unknown:
    key = ("not read", resource.key, name)
    return Unknown(
        f"{name} of {resource.label}", "was not read from the account", key=key, may_be_absent=True
    )


def _view(resource: Resource, value: Any, path: PropertyPath) -> Any:
    kind = type(value)
    if kind is str or kind is bool or kind is int:
        return value
    if isinstance(value, dict):
        return Props(resource, value, path)
    if isinstance(value, list):
        items = ((index, settle(item)) for index, item in enumerate(value))
        return [
            _view(resource, item, (*path, index)) for index, item in items if item is not ABSENT
        ]
    return value


def _no_location(path: PropertyPath) -> Location | None:
    return None


def _not_written(path: PropertyPath) -> tuple[Written, ...]:
    return ()


class Resource:
    """One AWS resource.

    `type` is CloudFormation's type name, `id` the logical id (or the ARN), `stack` the stack or
    account it stands in, and `key` (`stack/id`) is unique in its inventory. Properties are read as
    attributes: `db.MultiAZ`. `db.Live.X` holds what no template property says.
    """

    __slots__ = (
        "_deletion_policy",
        "_locate",
        "_place",
        "_root",
        "_update_replace_policy",
        "_written",
        "account",
        "condition",
        "id",
        "inventory",
        "key",
        "live",
        "metadata",
        "moved",
        "region",
        "stack",
        "told",
        "type",
    )

    inventory: Inventory

    def __init__(
        self,
        type: str,  # noqa: A002 - CloudFormation's own word
        id: str,  # noqa: A002
        properties: dict[str, Any],
        *,
        stack: str = "",
        region: str = "",
        account: str = "",
        metadata: Mapping[str, Any] | None = None,
        deletion_policy: str = "",
        update_replace_policy: str = "",
        condition: Condition | None = None,
        locate: Callable[[PropertyPath], Location | None] = _no_location,
        live: Mapping[str, Any] | None = None,
        told: frozenset[str] | None = None,
        written: Callable[[PropertyPath], tuple[Written, ...]] = _not_written,
    ) -> None:
        """`told`: the properties and live facts that were read; None where all there are were."""
        self.type = type
        self.id = id
        self.stack = stack
        self.key = f"{stack}/{id}"
        self.region = region
        self.account = account
        self.metadata = metadata or {}
        self._deletion_policy = deletion_policy
        self._update_replace_policy = update_replace_policy
        self.condition = condition
        self.live = live
        self.told = told
        self.moved: dict[PropertyPath, tuple[Resource, PropertyPath]] = {}
        self._locate = locate
        self._written = written
        self._place: Location | bool | None = False  # not asked yet
        self._root = Props(self, properties)

    @property
    def deletion_policy(self) -> str:
        """What becomes of the resource when its stack goes."""
        readings.note(self.key, "DeletionPolicy")
        return self._deletion_policy

    @property
    def update_replace_policy(self) -> str:
        """What becomes of the resource when another one takes its place."""
        readings.note(self.key, "UpdateReplacePolicy")
        return self._update_replace_policy

    @property
    def properties(self) -> dict[str, Any]:
        """The properties as they were read: no defaults, no settling."""
        return self._root.raw  # type: ignore[return-value]

    def __getattr__(self, name: str) -> Any:
        if name == "Live":
            return Live(self)
        if not name[:1].isupper():
            raise AttributeError(name)
        return self._root._read(name)

    def __contains__(self, name: str) -> bool:
        return name in self._root

    def __repr__(self) -> str:
        return f"Resource({self.type}, {self.key})"

    @property
    def name(self) -> str:
        """The value of the Name tag where it is known, else the id."""
        for tag in self.Tags or ():
            if isinstance(tag, Props) and tag.raw.get("Key") == "Name":
                value = tag.raw.get("Value")
                return value if isinstance(value, str) else self.id
        return self.id

    @property
    def tags(self) -> dict[str, str]:
        """The tags whose key and value are known."""
        entries = self.properties.get("Tags")
        if type(entries) is dict:  # as some types write them
            pairs = list(entries.items())
        elif type(entries) is list:
            maps = (entry for entry in entries if type(entry) is dict)
            pairs = [(entry.get("Key"), entry.get("Value")) for entry in maps]
        else:
            return {}
        return {key: value for key, value in pairs if type(key) is str and type(value) is str}

    @property
    def label(self) -> str:
        """The id as sentences name the resource: of an ARN its last part."""
        return re.split("[:/]", self.id)[-1] if self.id.startswith("arn:") else self.id

    def tells(self, name: str) -> bool:
        """Whether silence about a property, or a live fact, means that there is none."""
        return self.told is None or name in self.told

    def exists(self) -> bool:
        """Whether the stack creates the resource: a choice where its condition is not decided."""
        readings.note(self.key, "Condition")
        return self.condition is None or self.condition.holds()

    def follow(self, name: str) -> Any:
        """The resource that a property points to.

        `ABSENT` where the property is not set. Raises `Undecided` where it names something outside
        the inventory or is not known.
        """
        return self._root.follow(name)

    def follow_all(self, name: str) -> list[Resource]:
        """The resources that a list property points to, in order."""
        return self._root.follow_all(name)

    def written(self, path: PropertyPath = ()) -> tuple[Written, ...]:
        """Where a property is written, or would be: in both branches of an undecided condition.

        Without a path the resource itself; nowhere for a resource of an account.
        """
        for length in range(len(path), 0, -1):
            if path[:length] in self.moved:
                owner, prefix = self.moved[path[:length]]
                return owner.written((*prefix, *path[length:]))
        return self._written(path)

    def locate(self, path: PropertyPath = ()) -> Location | None:
        """Where a property stands; the nearest known parent where it is absent."""
        if not path:
            if isinstance(self._place, bool):
                self._place = self._locate(())
            return self._place
        for length in range(len(path), 0, -1):
            if path[:length] in self.moved:
                owner, prefix = self.moved[path[:length]]
                return owner.locate((*prefix, *path[length:]))
        return self._locate(path)


class Live:
    """Facts that only a running account knows; in a template each of them is an Unknown.

    True where the resource was read from an account.
    """

    __slots__ = ("_resource",)

    def __init__(self, resource: Resource) -> None:
        self._resource = resource

    def __bool__(self) -> bool:
        return self._resource.live is not None

    def __getattr__(self, name: str) -> Any:
        facts = self._resource.live
        if facts is None:
            return Unknown(
                f"{name} of {self._resource.label}",
                "is known in a running account only",
                key=("live", self._resource.key, name),
                may_be_absent=True,
            )
        if name not in facts and not self._resource.tells(name):
            return _not_read(self._resource, name)
        return _view(self._resource, facts.get(name, ABSENT), ("Live", name))


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
