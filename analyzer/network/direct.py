"""Paths from the internet (or a network that comes through it) straight to an interface."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from analyzer.network.access_lists import acl_step
from analyzer.network.address_sets import INTERNET, AddressSet, Limit
from analyzer.network.flow import Flow
from analyzer.network.gateways import gateway_step, has_gateway
from analyzer.network.group_sets import Group, Peer, let_in
from analyzer.network.interfaces import Address, Interface
from analyzer.network.paths import Hop, Path, Step, Walk, hop, name_of
from analyzer.network.places import network_of
from analyzer.network.spans import ANYBODY, NOBODY, Doubt, Span, exactly, one_of, perhaps
from analyzer.unknown import Undecided


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: may clients with these addresses open a connection of this flow?

    `named` is how a path calls them. At large, only so many addresses as the limit says count, and
    then what is not known but small does not matter; else a single one does. `single`: there is
    one client, which has any one of the addresses.
    """

    flow: Flow
    clients: AddressSet
    named: str = "internet"
    limit: Limit | None = None
    single: bool = False

    @property
    def peer(self) -> Peer:
        """The clients as groups see them."""
        return Peer(at_large=self.limit is not None)

    def enough(self, addresses: AddressSet) -> bool:
        """Whether so many of the clients count."""
        return self.limit.counts(addresses) if self.limit else bool(addresses)

    def seen(self, step: Step, wanted: AddressSet) -> Step:
        """A layer as the clients meet it: of a single one, all its possible addresses or none."""
        if not self.single:
            return step
        doubt = Doubt(f"the address of {self.named}", "is chosen by AWS")
        return replace(step, admits=one_of(wanted, step.admits, doubt))

    def at(self, port: int) -> Ask:
        """The same on another port."""
        return replace(self, flow=self.flow.at(port))

    @property
    def start(self) -> Hop:
        """The first hop of every path."""
        return Hop("source", self.named)


def direct_paths(interface: Interface, ask: Ask) -> Iterator[Path]:
    """The way to an interface's own public address, in each family."""
    for version in (4, 6):
        clients = ask.clients.family(version) & INTERNET
        if clients:
            yield _direct(interface, ask, version, clients)


def _direct(interface: Interface, ask: Ask, version: int, clients: AddressSet) -> Path:
    groups = group_step(interface, ask, clients)
    opened = groups.admits & exactly(clients)
    walk = Walk(exactly(clients), ask.enough, [ask.start])
    if not ask.enough(opened.most):
        walk.blocked_by = groups.obstacle
        if not opened:
            return replace(walk.path(opened), admitted=NOBODY)
    subnet = interface.subnet
    walk.through(
        [
            lambda wanted: gateway_step(subnet, wanted),
            lambda _: _address_step(interface, version),
            lambda wanted: acl_step(subnet, ask.flow, wanted, outward=False),
            lambda _: groups,
            lambda wanted: acl_step(subnet, ask.flow.answers, wanted, outward=True),
            lambda _: _arrival(interface, version),
        ]
    )
    return walk.path(opened)


def accelerated_path(interface: Interface, ask: Ask, through: tuple[Hop, ...]) -> Path:
    """A way that needs neither a public address nor a route: that of Global Accelerator.

    https://docs.aws.amazon.com/global-accelerator/latest/dg/secure-vpc-connections.html
    """
    clients = ask.clients.family(4) & INTERNET
    groups = group_step(interface, ask, clients)
    walk = Walk(exactly(clients), ask.enough, [ask.start, *through])
    subnet = interface.subnet
    walk.through(
        [
            lambda _: has_gateway(network_of(subnet)),
            lambda wanted: acl_step(subnet, ask.flow, wanted, outward=False),
            lambda _: groups,
            lambda wanted: acl_step(subnet, ask.flow.answers, wanted, outward=True),
            lambda _: arrival(interface),
        ]
    )
    return walk.path(groups.admits & exactly(clients))


def group_step(
    interface: Interface, ask: Ask, clients: AddressSet, front: tuple[Group, ...] = ()
) -> Step:
    """Which clients the groups of an interface let in; `front` are groups that they come with."""
    if interface.groups is None:
        return Step(ANYBODY)
    peer = replace(ask.peer, groups=front)
    found = let_in(interface.groups, ask.flow, peer, clients)
    return Step(found.span, found.hops, closed_by(interface, ask.flow, found.span))


def closed_by(interface: Interface, flow: Flow, admitted: Span) -> Hop:
    """The groups that let too few in."""
    groups = interface.groups or ()
    some = admitted.most.cidrs()[:3]
    note = f"admits {', '.join(some)} only on {flow}" if some else f"admits nobody on {flow}"
    if not groups:
        return hop("security group", interface.owner, "has no security group that admits anybody")
    first = groups[0]
    names = ", ".join(group.name for group in groups)
    if first.resource is not None:
        return hop("security group", first.resource, note, name=names)
    return Hop("security group", names, note)


def _address_step(interface: Interface, version: int) -> Step:
    public = interface.public(version)
    if isinstance(public, Undecided):
        return Step(perhaps(Doubt(public.subject, public.reason)))
    if public is None:
        note = f"has no public IPv{version} address"
        return Step(NOBODY, (), hop("address", interface.owner, note))
    return Step(ANYBODY)


def _arrival(interface: Interface, version: int) -> Step:
    public = interface.public(version)
    step = arrival(interface)
    if isinstance(public, Address) and public.hop is not None:
        return replace(step, hops=(public.hop, *step.hops))
    return step


def arrival(interface: Interface) -> Step:
    """The target itself, where it takes connections at all."""
    owner = interface.owner
    if not interface.accepts:
        return Step(NOBODY, (), hop("target", owner, "takes no connections"))
    return Step(ANYBODY, (Hop("target", name_of(owner), place=owner.locate()),))
