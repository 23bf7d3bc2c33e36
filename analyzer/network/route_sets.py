"""Route tables as sets: which addresses go where, the longest prefix first.

https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analyzer.model import Resource
from analyzer.network.address_sets import NOTHING, union
from analyzer.network.blocks import block_span, listed_blocks
from analyzer.network.links import pointing
from analyzer.network.places import Foreign, Place, network_blocks, network_of, place_of
from analyzer.network.spans import Span, bounded, exactly
from analyzer.network.subnets import route_table_of
from analyzer.unknown import ABSENT, Reference, Unknown, absent

ROUTE = "AWS::EC2::Route"
_LOCAL = "local"

# What a route leads through: the property, and what it is then called.
_TARGETS = {
    "NatGatewayId": "nat gateway",
    "EgressOnlyInternetGatewayId": "egress-only gateway",
    "VpcPeeringConnectionId": "peering",
    "TransitGatewayId": "transit gateway",
    "VpcEndpointId": "endpoint",
    "NetworkInterfaceId": "appliance",
    "InstanceId": "appliance",
    "CarrierGatewayId": "carrier gateway",
    "LocalGatewayId": "local gateway",
    "CoreNetworkArn": "core network",
}
_GATEWAYS = {
    "AWS::EC2::InternetGateway": "internet gateway",
    "AWS::EC2::VPNGateway": "vpn gateway",
    "AWS::EC2::VPCEndpoint": "gateway endpoint",
}
_PREFIXES = {"igw-": "internet gateway", "vgw-": "vpn gateway", "vpce-": "gateway endpoint"}
_ATTACHMENT = {"InternetGatewayId": "internet gateway", "VpnGatewayId": "vpn gateway"}


@dataclass(frozen=True, slots=True)
class Way:
    """Where some addresses go from a subnet.

    `kind` says through what; `route` is None for the network itself, `target` the resource that is
    led through, or the name of one outside.
    """

    kind: str
    addresses: Span
    route: Resource | None = None
    target: Resource | Foreign | None = None


def ways_from(subnet: Place) -> list[Way]:
    """Where the traffic of a subnet goes; addresses that no way holds go nowhere.

    Raises `Undecided` where the route table is not part of what was read.
    """
    if isinstance(subnet, Foreign):
        raise subnet.undecided("routes")
    table = route_table_of(subnet)
    routes = [] if table is ABSENT else list(pointing(table, ROUTE, "RouteTableId"))
    return ways_of(routes, network_of(subnet))


def ways_of(routes: list[Resource], vpc: Place) -> list[Way]:
    """The ways of a table with these routes: each holds what no longer prefix takes from it."""
    stated: list[tuple[Resource | None, list[Span]]] = [
        (None, [exactly(block) for block in network_blocks(vpc)])
    ]
    stated += [(route, list(_destinations(route))) for route in routes]
    blocks = [
        (block.least, position) for position, (_, spans) in enumerate(stated) for block in spans
    ]
    blocks.sort(key=lambda pair: pair[0].size4 or pair[0].size6)  # the longest prefix first
    doubts = tuple(doubt for _, spans in stated for span in spans for doubt in span.hangs_on)
    surely = [NOTHING] * len(stated)
    taken = NOTHING
    for block, position in blocks:
        surely[position] |= block - taken
        taken |= block
    possibly = [
        held | union(span.most for span in spans if span.hangs_on)
        for held, (_, spans) in zip(surely, stated, strict=True)
    ]
    found = []
    for position, (route, spans) in enumerate(stated):
        if possibly[position]:
            others = union(
                span.most
                for other, (_, spans) in enumerate(stated)
                if other != position
                for span in spans
                if span.hangs_on
            )
            held = bounded(surely[position] - others, possibly[position], doubts)
            kind, target = led_through(route) if route else (_LOCAL, None)
            found.append(Way(kind, held, route, target))
    return found


def _destinations(route: Resource) -> Iterator[Span]:
    """Each block that a route is for."""
    inventory = route.inventory
    yield block_span(route.DestinationCidrBlock, 4, inventory)
    yield block_span(route.DestinationIpv6CidrBlock, 6, inventory)
    if absent(route.DestinationPrefixListId):
        return
    spans = list(listed_blocks(route, "DestinationPrefixListId"))
    # The addresses of one service, behind a gateway endpoint, are not the internet.
    if not any(span.hangs_on for span in spans) or led_through(route)[0] != "gateway endpoint":
        yield from spans


def led_through(route: Resource) -> tuple[str, Resource | Foreign | None]:
    """What a route leads through: a word, and the resource or its name.

    Raises `Undecided` for a gateway of which not even the kind is known.
    """
    if route.Live and route.Live.State == "blackhole":
        return "blackhole", None
    for name, kind in _TARGETS.items():
        value = getattr(route, name)
        if not absent(value):
            return kind, _target(route, value)
    return _gateway(route)


def _target(route: Resource, value: Any) -> Resource | Foreign:
    return place_of(route, value, "the target of a route")


def _gateway(route: Resource) -> tuple[str, Resource | Foreign | None]:
    value = route.GatewayId
    if absent(value):
        return "blackhole", None
    if isinstance(value, Reference):
        target = _target(route, value)
        if isinstance(target, Resource):
            attached = _ATTACHMENT.get(value.attribute)
            if attached:
                return attached, _target(target, getattr(target, value.attribute))
            return _GATEWAYS.get(target.type, "gateway"), target
    if isinstance(value, Unknown):
        kind = "internet gateway" if value.startswith("igw-") else "vpn gateway"
        return kind, _target(route, value)
    if value == _LOCAL:
        return _LOCAL, None
    kind = next((kind for prefix, kind in _PREFIXES.items() if f"{value}".startswith(prefix)), "")
    return kind or "gateway", _target(route, value)


def destination_of(route: Resource) -> Any:
    """The destination of a route as it is written."""
    for name in ("DestinationCidrBlock", "DestinationIpv6CidrBlock"):
        if not absent(getattr(route, name)):
            return getattr(route, name)
    return route.DestinationPrefixListId
