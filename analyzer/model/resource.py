"""One resource as rules read it: its properties as attributes, and what only accounts know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from analyzer import readings
from analyzer.defaults import default_of
from analyzer.model.location import Location, PropertyPath, Written
from analyzer.unknown import ABSENT, Absent, Condition, Either, Unknown, settle

if TYPE_CHECKING:
    from analyzer.model.inventory import Inventory


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

    def copied(
        self,
        properties: dict[str, Any],
        *,
        stack: str | None = None,
        id: str | None = None,  # noqa: A002 - as in `__init__`
    ) -> Resource:
        """The same resource with other properties or under another name, in no inventory yet."""
        copied = Resource(
            self.type,
            self.id if id is None else id,
            properties,
            stack=self.stack if stack is None else stack,
            region=self.region,
            account=self.account,
            metadata=self.metadata,
            deletion_policy=self._deletion_policy,
            update_replace_policy=self._update_replace_policy,
            condition=self.condition,
            locate=self._locate,
            live=self.live,
            told=self.told,
            written=self._written,
        )
        copied.moved = dict(self.moved)
        return copied

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
