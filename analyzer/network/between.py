"""Paths inside: from one interface to another, by private addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.network.access_lists import acl_step
from analyzer.network.address_sets import NOTHING, AddressSet
from analyzer.network.direct import arrival, closed_by
from analyzer.network.flow import Flow
from analyzer.network.group_sets import Peer, let_in, let_out
from analyzer.network.interfaces import Interface
from analyzer.network.joined import joined
from analyzer.network.paths import Hop, Path, Step, Walk, hop, name_of
from analyzer.network.places import Foreign, Place
from analyzer.network.spans import ANYBODY, NOBODY, Doubt, Span, exactly, one_of


@dataclass(frozen=True, slots=True)
class Leg:
    """A connection from one interface to another, in one family."""

    source: Interface
    target: Interface
    flow: Flow
    version: int = 4

    @property
    def here(self) -> AddressSet:
        """Where the source's address lies."""
        return self.source.private(self.version)

    @property
    def there(self) -> AddressSet:
        """Where the target's address lies."""
        return self.target.private(self.version)

    @property
    def within(self) -> bool:
        """Whether both stand in one subnet: no access list is between them."""
        return _one_subnet(self.source.subnet, self.target.subnet)

    def from_here(self, span: Span) -> Span:
        """Whether the source is one of these addresses."""
        return truth(self.here, span, self.source)

    def to_there(self, span: Span) -> Span:
        """Whether the target is one of these addresses."""
        return truth(self.there, span, self.target)


def truth(somewhere: AddressSet, admitting: Span, who: Interface) -> Span:
    """Whether an interface is admitted that stands somewhere: everybody, nobody, or in doubt."""
    doubt = Doubt(f"the address of {name_of(who.owner)}", "is chosen by AWS")
    found = one_of(somewhere, admitting, doubt)
    if found.least:
        return ANYBODY
    return Span(NOTHING, ANYBODY.most, found.hangs_on or (doubt,)) if found else NOBODY


def _one_subnet(one: Place, other: Place) -> bool:
    if isinstance(one, Foreign) and isinstance(other, Foreign):
        return one.token is not None and one.token == other.token
    return one is other


def private_paths(source: Interface, target: Interface, flow: Flow) -> Iterator[Path]:
    """The way between two interfaces by their private addresses, in each family."""
    for version in (4, 6):
        leg = Leg(source, target, flow, version)
        if leg.here and leg.there:
            yield _private(leg)


def _private(leg: Leg) -> Path:
    start = Hop("source", name_of(leg.source.owner), place=leg.source.owner.locate())
    walk = Walk(exactly(leg.here), bool, [start])
    entering = entering_step(leg)
    opened = entering.admits & exactly(leg.here)
    walk.take(Step(ANYBODY))
    if not opened:
        walk.admitted, walk.blocked_by = NOBODY, entering.obstacle
        return walk.path(opened)
    walk.through(
        [
            lambda _: leaving_step(leg),
            *((lambda _, layer=layer: layer) for layer in between_steps(leg)),
            lambda _: entering,
            *((lambda _, layer=layer: layer) for layer in return_steps(leg)),
            lambda _: arrival(leg.target),
        ]
    )
    return walk.path(opened)


def leaving_step(leg: Leg) -> Step:
    """What the source's own groups let out."""
    groups = leg.source.groups
    if groups is None:
        return Step(ANYBODY)
    found = let_out(groups, leg.flow, Peer(leg.target.groups or ()), leg.there)
    owner = leg.source.owner
    obstacle = hop(
        "security group",
        groups[0].resource or owner if groups else owner,
        f"lets {name_of(owner)} send nothing to {name_of(leg.target.owner)} on {leg.flow}",
    )
    return Step(leg.to_there(found.span), found.hops, obstacle)


def entering_step(leg: Leg) -> Step:
    """What the target's groups let in."""
    groups = leg.target.groups
    if groups is None:
        return Step(ANYBODY)
    found = let_in(groups, leg.flow, Peer(leg.source.groups or ()), leg.here)
    span = leg.from_here(found.span)
    return Step(span, found.hops, closed_by(leg.target, leg.flow, found.span))


def between_steps(leg: Leg) -> Iterator[Step]:
    """What is between the two: routes, and the access lists of both subnets."""
    yield joined(leg.source.subnet, leg.target.subnet, leg.there)
    if leg.within:
        return
    out = acl_step(leg.source.subnet, leg.flow, leg.there, outward=True)
    yield Step(leg.to_there(out.admits), out.hops, out.obstacle)
    into = acl_step(leg.target.subnet, leg.flow, leg.here, outward=False)
    yield Step(leg.from_here(into.admits), into.hops, into.obstacle)


def return_steps(leg: Leg) -> Iterator[Step]:
    """The way of the answers."""
    back = joined(leg.target.subnet, leg.source.subnet, leg.here)
    yield Step(back.admits, (), back.obstacle)
    if leg.within:
        return
    out = acl_step(leg.target.subnet, leg.flow.answers, leg.here, outward=True)
    yield Step(leg.from_here(out.admits), (), out.obstacle)
    into = acl_step(leg.source.subnet, leg.flow.answers, leg.there, outward=False)
    yield Step(leg.to_there(into.admits), (), into.obstacle)
