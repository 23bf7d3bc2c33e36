"""Paths from private networks: addresses of the network itself, of peers, and behind gateways."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Resource
from analyzer.network.access_lists import acl_step
from analyzer.network.address_sets import INTERNET, AddressSet
from analyzer.network.direct import Ask, arrival, group_step
from analyzer.network.interfaces import Interface
from analyzer.network.paths import Path, Step, Walk, hop
from analyzer.network.places import Place, network_blocks, network_of
from analyzer.network.route_sets import destination_of, ways_from
from analyzer.network.spans import NOBODY, Doubt, Span, exactly, perhaps
from analyzer.unknown import Undecided

_LEADING = ("peering", "transit gateway", "vpn gateway", "local gateway", "core network")


def inside_paths(interface: Interface, ask: Ask) -> Iterator[Path]:
    """The ways for clients with private addresses, wherever those are."""
    clients = ask.clients - INTERNET
    if not clients:
        return
    groups = group_step(interface, ask, clients)
    walk = Walk(exactly(clients), ask.enough, [ask.start])
    walk.through(
        [
            lambda wanted: _answered(interface.subnet, wanted),
            lambda wanted: _listed(interface.subnet, ask, wanted, outward=False),
            lambda _: groups,
            lambda wanted: _listed(interface.subnet, ask, wanted, outward=True),
            lambda _: arrival(interface),
        ]
    )
    yield walk.path(groups.admits & exactly(clients))


def _listed(subnet: Place, ask: Ask, wanted: AddressSet, *, outward: bool) -> Step:
    """The access list, which clients in the same subnet do not pass."""
    step = acl_step(subnet, ask.flow.answers if outward else ask.flow, wanted, outward=outward)
    within = _own(subnet) & wanted
    return Step(step.admits | exactly(within), step.hops, step.obstacle)


def _own(subnet: Place) -> AddressSet:
    from analyzer.network.places import known_block

    block = known_block(subnet.CidrBlock) if isinstance(subnet, Resource) else None
    return block or AddressSet()


def _answered(subnet: Place, wanted: AddressSet) -> Step:
    """Which private addresses a subnet's routes lead back to."""
    try:
        ways = ways_from(subnet)
    except Undecided as error:
        return Step(perhaps(Doubt(error.subject, error.reason)))
    found: Span = NOBODY
    for block in network_blocks(network_of(subnet)):
        found |= exactly(block & wanted)
    hops = []
    for way in ways:
        if way.kind in _LEADING and way.route is not None and way.addresses.most & wanted:
            found |= way.addresses & exactly(wanted)
            hops.append(hop("route", way.route, f"for {destination_of(way.route)}"))
            if isinstance(way.target, Resource):
                hops.append(hop(way.kind, way.target))
    obstacle = (
        hop("subnet", subnet, "has no route to them") if isinstance(subnet, Resource) else None
    )
    return Step(found, tuple(hops), obstacle)
