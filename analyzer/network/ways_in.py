"""Every way to a thing from outside: straight, through balancers, and through other entrances."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import ParamSpec

from analyzer.model import Inventory, Resource
from analyzer.network.address_sets import EVERYTHING
from analyzer.network.balanced import balanced_paths
from analyzer.network.direct import Ask, direct_paths
from analyzer.network.entrances import entrance_paths
from analyzer.network.group_sets import GROUP, Group, Peer, group_named, let_in, referred
from analyzer.network.inside import inside_paths
from analyzer.network.interface_table import TYPES, interfaces
from analyzer.network.interfaces import Interface
from analyzer.network.paths import Path
from analyzer.network.spans import Doubt, exactly, perhaps
from analyzer.unknown import Undecided

P = ParamSpec("P")


def paths_to(target: Resource, ask: Ask, depth: int = 0) -> Iterator[Path]:
    """The ways to a thing; one that cannot be told is a path that may admit anybody."""
    try:
        standing = standing_of(target)
    except Undecided as error:
        yield _doubtful(ask, error)
        return
    for interface in standing:
        yield from attempted_paths(ask, direct_paths, interface, ask)
        yield from attempted_paths(ask, inside_paths, interface, ask)
    if any(may_enter(interface, ask) for interface in standing):
        yield from attempted_paths(ask, balanced_paths, target, standing, ask, paths_to, depth)
        yield from attempted_paths(ask, entrance_paths, target, standing, ask)


def standing_of(target: Resource) -> list[Interface]:
    """The interfaces that are asked about; of a security group, those of whoever carries it.

    Of those only this group counts: whom *it* lets in is the question.
    """
    if target.type != GROUP:
        return interfaces(target)
    group = group_named(target, target.key)
    return [
        Interface(one.owner, one.subnet, (group,), one.ipv4, one.ipv6, one.fixed, one.accepts)
        for one in carriers(target.inventory, group)
    ]


def carriers(inventory: Inventory, group: Group) -> Iterator[Interface]:
    """The interfaces that carry a group; things of which that cannot be told are left out."""
    for resource in inventory.declared(*TYPES):
        try:
            if not resource.exists():
                continue
            found = interfaces(resource)
        except Undecided:
            continue
        for interface in found:
            if any(other.key == group.key for other in interface.groups or ()):
                yield interface


def may_enter(interface: Interface, ask: Ask) -> bool:
    """Whether anybody at all gets past the groups of an interface."""
    if interface.groups is None:
        return True
    try:
        if let_in(interface.groups, ask.flow, Peer(), EVERYTHING).span:
            return True
        return any(True for _ in referred(interface.groups, ask.flow))
    except Undecided:
        return True


def attempted_paths(
    ask: Ask, ways: Callable[P, Iterable[Path]], *args: P.args, **named: P.kwargs
) -> Iterator[Path]:
    """The paths that a function gives, as far as they can be told."""
    try:
        yield from ways(*args, **named)
    except Undecided as error:
        yield _doubtful(ask, error)


def _doubtful(ask: Ask, error: Undecided) -> Path:
    doubt = Doubt(error.subject, error.reason)
    return Path((ask.start,), exactly(ask.clients) & perhaps(doubt))
