"""Paths: what traffic passes one after the other, what gets through, and what stops it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from analyzer.model import Location, PropertyPath, Props, Resource
from analyzer.network.address_sets import AddressSet
from analyzer.network.spans import Span


@dataclass(frozen=True, slots=True)
class Hop:
    """One thing that a path passes, or that stops it.

    `kind` is a word ("route", "subnet", "security group"), `name` a logical id or an ARN, `place`
    where it is written, and `note` what it does there.
    """

    kind: str
    name: str
    note: str = ""
    place: Location | None = None

    def __str__(self) -> str:
        return f"{self.name} ({self.note})" if self.note else self.name


@dataclass(frozen=True, slots=True)
class Step:
    """What one layer lets through; the hop that stops what it does not let through."""

    admits: Span
    hops: tuple[Hop, ...] = ()
    obstacle: Hop | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """A way from the source to the target.

    `admitted` is what of the source gets through, `blocked_by` the first thing after which too
    little of it is left, and `opened` what the target's own security groups admit of it. `seen` are
    the interfaces that the target sees in place of the clients, where it sees others.
    """

    hops: tuple[Hop, ...]
    admitted: Span
    blocked_by: Hop | None = None
    opened: Span | None = None
    seen: tuple[Any, ...] = ()


Layer = Callable[[AddressSet], Step]
"""Given what may still be on the way, what a layer does with it."""
Enough = Callable[[AddressSet], bool]


@dataclass
class Walk:
    """A path in the making."""

    admitted: Span
    enough: Enough
    hops: list[Hop] = field(default_factory=list)
    blocked_by: Hop | None = None

    def through(self, layers: Iterable[Layer]) -> Walk:
        """Pass the layers in order; where nothing is left, those behind are not asked."""
        for layer in layers:
            if not self.admitted:
                break
            self.take(layer(self.admitted.most))
        return self

    def take(self, step: Step) -> None:
        """Pass one layer."""
        self.admitted &= step.admits
        self.hops.extend(step.hops)
        if self.blocked_by is None and not self.enough(self.admitted.most):
            self.blocked_by = step.obstacle

    def path(self, opened: Span | None = None) -> Path:
        """What it came to."""
        return Path(tuple(self.hops), self.admitted, self.blocked_by, opened)


def hop(
    kind: str, thing: Resource | Props, note: str = "", at: PropertyPath | str = (), name: str = ""
) -> Hop:
    """A hop that is a resource, or stands in one."""
    path: Any = (at,) if isinstance(at, str) else at
    if isinstance(thing, Props):
        return Hop(
            kind, name or name_of(thing.resource), note, thing.resource.locate(thing.at(*path))
        )
    return Hop(kind, name or name_of(thing), note, thing.locate(path))


def name_of(resource: Resource) -> str:
    """The name by which answers call a resource: its id, with its stack where that is needed."""
    if not resource.stack or resource.inventory.live:
        return resource.id
    others = resource.inventory.declared(resource.type)
    if any(other.id == resource.id and other is not resource for other in others):
        return resource.key
    return resource.id
