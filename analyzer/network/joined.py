"""Whether the routes of one subnet lead to another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzer.model import Resource
from analyzer.network.address_sets import AddressSet
from analyzer.network.blocks import block_span
from analyzer.network.links import names, pointing
from analyzer.network.paths import Hop, Step, hop, name_of
from analyzer.network.places import (
    Foreign,
    Place,
    foreign,
    network_blocks,
    network_of,
    same_network,
)
from analyzer.network.route_sets import Way, destination_of, ways_from
from analyzer.network.spans import ANYBODY, NOBODY, Doubt, Span, one_of, perhaps
from analyzer.unknown import Undecided, absent

_TRANSIT = ("AWS::EC2::TransitGatewayVpcAttachment", "AWS::EC2::TransitGatewayAttachment")
_PEERED = "peering"


def joined(here: Place, there: Place, addresses: AddressSet) -> Step:
    """Whether traffic from one subnet reaches these addresses in another one."""
    try:
        if same_network(here, there):
            return _within(here, addresses)
        ways = ways_from(here)
    except Undecided as error:
        return Step(perhaps(Doubt(error.subject, error.reason)))
    found, hops = NOBODY, list[Hop]()
    for way in ways:
        if way.route is None or not way.addresses.most & addresses:
            continue
        span = _through(way, here, there)
        if not span:
            continue
        covered = one_of(
            addresses, way.addresses, Doubt(f"the address in {_named(there)}", "is not known")
        )
        span &= ANYBODY if covered.least else perhaps(covered.hangs_on[0]) if covered else NOBODY
        found |= span
        hops.append(hop("route", way.route, f"for {destination_of(way.route)}"))
        if isinstance(way.target, Resource):
            hops.append(hop(way.kind, way.target))
    return Step(found, tuple(hops), _no_way(here, there, ways, addresses))


def _within(here: Place, addresses: AddressSet) -> Step:
    """Inside a network everything is local, unless a narrower route says otherwise."""
    if isinstance(here, Foreign):
        return Step(ANYBODY)
    try:
        ways = ways_from(here)
    except Undecided:
        return Step(ANYBODY)
    for way in ways:
        if way.route is not None and way.kind != "local" and addresses <= way.addresses.least:
            if way.kind == "blackhole":
                return Step(NOBODY, (), hop("route", way.route, "leads nowhere"))
            through = way.target
            named = (
                through.subject if isinstance(through, Foreign) else name_of(through or way.route)
            )
            return Step(
                perhaps(Doubt(f"what {named} lets through", "is not evaluated")),
                (hop("route", way.route),),
            )
    return Step(ANYBODY)


def _through(way: Way, here: Place, there: Place) -> Span:
    """Whether what a way leads through ends in the network of another subnet."""
    target = way.target
    if way.kind == _PEERED:
        return _peered(target, here, there)
    if way.kind == "transit gateway":
        return _transit(target, here, there)
    if way.kind in ("appliance", "endpoint", "core network", "local gateway"):
        named = target.subject if isinstance(target, Foreign) else name_of(target) if target else ""
        return perhaps(Doubt(f"where {named} leads", "is not evaluated"))
    return NOBODY


def _peered(peering: Resource | Foreign | None, here: Place, there: Place) -> Span:
    if not isinstance(peering, Resource):
        return _unread(peering)
    ends = [peering.VpcId, peering.PeerVpcId]
    if _both(ends, network_of(here), network_of(there)):
        return ANYBODY
    return NOBODY


def _both(ends: list[Any], one: Place, other: Place) -> bool:
    """Whether one of two ends is the one network, and the other end the other."""
    return any(_is(first, one) and _is(second, other) for first, second in (ends, ends[::-1]))


def _is(value: Any, vpc: Place) -> bool:
    if isinstance(vpc, Resource):
        return names(value, vpc)
    named = foreign(value).token
    return bool(vpc.token in (named, ("network", named)))


def _unread(target: Resource | Foreign | None) -> Span:
    if isinstance(target, Foreign):
        return perhaps(Doubt(f"where {target.subject} leads", target.reason))
    return perhaps(Doubt("where a route leads", "is not known"))


def _transit(gateway: Resource | Foreign | None, here: Place, there: Place) -> Span:
    """Whether a transit gateway leads from one network to another.

    https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
    """
    from_, to = network_of(here), network_of(there)
    if not isinstance(gateway, Resource) or not isinstance(from_, Resource):
        return _unread(gateway if isinstance(gateway, Foreign) else None)
    if not isinstance(to, Resource):
        return perhaps(Doubt(f"where {gateway.id} leads", "is not part of what was read"))
    mine, theirs = list(_attachments(gateway, from_)), list(_attachments(gateway, to))
    if not mine or not theirs:
        return NOBODY
    return ANYBODY if _leads(gateway, mine[0], theirs[0], to) else NOBODY


def _attachments(gateway: Resource, vpc: Resource) -> Iterator[Resource]:
    for type_ in _TRANSIT:
        for attachment in pointing(vpc, type_, "VpcId"):
            if names(attachment.TransitGatewayId, gateway):
                yield attachment


def _leads(gateway: Resource, mine: Resource, theirs: Resource, vpc: Resource) -> bool:
    """Whether the table that an attachment uses leads to another attachment."""
    associations = list(
        pointing(
            mine, "AWS::EC2::TransitGatewayRouteTableAssociation", "TransitGatewayAttachmentId"
        )
    )
    if not associations:
        used = _enabled(gateway.DefaultRouteTableAssociation)
        return used and _enabled(gateway.DefaultRouteTablePropagation)
    table = associations[0].follow("TransitGatewayRouteTableId")
    for propagation in pointing(
        theirs, "AWS::EC2::TransitGatewayRouteTablePropagation", "TransitGatewayAttachmentId"
    ):
        if names(propagation.TransitGatewayRouteTableId, table):
            return True
    blocks = network_blocks(vpc)
    for route in pointing(table, "AWS::EC2::TransitGatewayRoute", "TransitGatewayRouteTableId"):
        reaches = names(route.TransitGatewayAttachmentId, theirs)
        held = block_span(route.DestinationCidrBlock, 4, route.inventory)
        if reaches and any(block & held.least for block in blocks):
            return True
    return False


def _enabled(setting: Any) -> bool:
    return absent(setting) or bool(setting == "enable")


def _no_way(here: Place, there: Place, ways: list[Way], addresses: AddressSet) -> Hop:
    for way in ways:
        if way.route is not None and way.addresses.most & addresses:
            note = f"does not lead to {_named(there)}"
            return hop("route", way.route, note)
    note = f"has no route to {_named(there)}"
    if isinstance(here, Foreign):
        return Hop("subnet", here.subject, note)
    return hop("subnet", here, note)


def _named(place: Place) -> str:
    return place.subject if isinstance(place, Foreign) else name_of(place)
