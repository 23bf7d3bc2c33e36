"""Whom the internet reaches: which addresses a subnet answers through an internet gateway."""

from __future__ import annotations

from analyzer.model import Inventory, Resource
from analyzer.network.address_sets import NOTHING, AddressSet
from analyzer.network.links import names, pointing
from analyzer.network.paths import Hop, Step, hop, name_of
from analyzer.network.places import Foreign, Place, known_block, network_of
from analyzer.network.route_sets import ROUTE, Way, destination_of, ways_from, ways_of
from analyzer.network.spans import (
    ANYBODY,
    NOBODY,
    Doubt,
    Span,
    bounded,
    either_of,
    exactly,
    perhaps,
    spanned,
)
from analyzer.unknown import Undecided, absent

IGW = "AWS::EC2::InternetGateway"
_ATTACHMENT = "AWS::EC2::VPCGatewayAttachment"
_EDGE = "AWS::EC2::GatewayRouteTableAssociation"
_BLOCK = "AWS::EC2::VPCBlockPublicAccessOptions"
_EXCLUSION = "AWS::EC2::VPCBlockPublicAccessExclusion"
_FIREWALL = "AWS::NetworkFirewall::Firewall"

_THROUGH = {  # why a route is no way in
    "nat gateway": "lets no new connection in",
    "egress-only gateway": "lets no new connection in",
    "peering": "does not lead on to the other side's gateway",
    "transit gateway": "is no entry from the internet",
    "vpn gateway": "is no entry from the internet",
    "blackhole": "leads nowhere",
}


def gateway_step(subnet: Place, wanted: AddressSet, *, outward: bool = False) -> Step:
    """The wanted addresses that reach a subnet and are answered, through an internet gateway.

    `outward`: connections begin inside, which some settings allow although nobody may enter.
    """
    try:
        ways = ways_from(subnet)
    except Undecided as error:
        doubt = Doubt(error.subject, error.reason)
        return Step(perhaps(doubt, wanted), (_subnet_hop(subnet),))
    direct = [way for way in ways if way.kind == "internet gateway"]
    answered = NOBODY
    hops: list[Hop] = []
    for way in direct:
        span = spanned(_attached, way, subnet) & way.addresses & exactly(wanted)
        if span:
            answered |= span
            hops += [_gateway_hop(way), _route_hop(way)]
    for way in ways:
        if way.kind in ("endpoint", "appliance") and (through := _inspected(way, wanted)):
            answered |= through
            hops.append(_route_hop(way))
    if not answered:
        return Step(NOBODY, (), _closed(subnet, ways, wanted))
    answered &= spanned(_not_inspected, subnet)
    allowed = spanned(public_access, subnet, outward=outward)
    if not allowed:
        return Step(NOBODY, tuple(hops), _blocking(subnet))
    return Step(answered & allowed, (*hops, _subnet_hop(subnet)), _closed(subnet, ways, wanted))


def has_gateway(vpc: Place) -> Step:
    """Whether any internet gateway is attached to a network, routes apart."""
    if isinstance(vpc, Foreign):
        return Step(
            perhaps(Doubt(f"internet gateway of {vpc.subject}", f"cannot be told: it {vpc.reason}"))
        )
    for attachment in pointing(vpc, _ATTACHMENT, "VpcId"):
        if not absent(attachment.InternetGatewayId):
            return Step(ANYBODY, (hop("attachment", attachment),))
    return Step(NOBODY, (), hop("network", vpc, "has no internet gateway"))


def _attached(way: Way, subnet: Place) -> Span:
    """Whether the gateway of a route is attached to the subnet's network.

    One outside of the inventory is: EC2 refuses a route to any other.
    """
    vpc, gateway = network_of(subnet), way.target
    if not isinstance(gateway, Resource) or gateway.type != IGW:
        return ANYBODY
    for attachment in pointing(gateway, _ATTACHMENT, "InternetGatewayId"):
        if isinstance(vpc, Resource) and names(attachment.VpcId, vpc):
            return ANYBODY
        if isinstance(vpc, Foreign):
            return ANYBODY
    return NOBODY


def _inspected(way: Way, wanted: AddressSet) -> Span:
    """What may come back through an appliance or a firewall, whose rules are not read."""
    target = way.target
    named = target.subject if isinstance(target, Foreign) else target.id if target else "it"
    doubt = Doubt(f"what {named} lets through", "is not evaluated")
    subnets = _subnets_behind(target) if isinstance(target, Resource) else None
    if subnets is None:
        return way.addresses & perhaps(doubt, wanted)
    behind = either_of(gateway_step(subnet, wanted).admits for subnet in subnets)
    return bounded(NOTHING, (way.addresses & behind).most, (doubt,))


def _subnets_behind(target: Resource) -> list[Resource] | None:
    """Where the traffic goes on from: the subnets of a firewall, None where that is not known."""
    try:
        if target.type == _FIREWALL:
            return [mapping.follow("SubnetId") for mapping in target.SubnetMappings]
        if target.type == "AWS::EC2::VPCEndpoint":
            return target.follow_all("SubnetIds")
    except Undecided:
        pass
    return None


def _not_inspected(subnet: Place) -> Span:
    """Whether what comes in reaches the subnet itself, and no appliance before it.

    https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html
    """
    if isinstance(subnet, Foreign):
        return ANYBODY
    vpc = network_of(subnet)
    if isinstance(vpc, Foreign):
        return ANYBODY
    for edge in subnet.inventory.declared(_EDGE):
        table = edge.follow("RouteTableId")
        if not names(table.VpcId, vpc) or not edge.exists():
            continue
        block = subnet.CidrBlock
        for way in ways_of(list(pointing(table, ROUTE, "RouteTableId")), vpc):
            if way.kind in ("endpoint", "appliance") and _may_hold(way, block):
                target = way.target
                named = target.subject if isinstance(target, Foreign) else name_of(target or table)
                return perhaps(Doubt(f"what {named} lets through", "is not evaluated"))
    return ANYBODY


def _may_hold(way: Way, block: object) -> bool:
    known = known_block(block)
    return known is None or bool(known & way.addresses.most)


def public_access(subnet: Place, *, outward: bool) -> Span:
    """Whether the account lets its networks talk to the internet at all.

    https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
    """
    if isinstance(subnet, Foreign):
        return ANYBODY
    for options in _options(subnet.inventory, subnet.region):
        mode = options.InternetGatewayBlockMode
        if mode == "off" or (outward and mode == "block-ingress"):
            continue
        if not _excluded(subnet, outward=outward):
            return NOBODY
    return ANYBODY


def _options(inventory: Inventory, region: str) -> list[Resource]:
    return [
        options
        for options in inventory.declared(_BLOCK)
        if options.region == region and options.exists()
    ]


def _excluded(subnet: Resource, *, outward: bool) -> bool:
    vpc = network_of(subnet)
    for exclusion in subnet.inventory.declared(_EXCLUSION):
        whole = isinstance(vpc, Resource) and names(exclusion.VpcId, vpc)
        if (whole or names(exclusion.SubnetId, subnet)) and exclusion.exists():
            mode = exclusion.InternetGatewayExclusionMode
            if mode == "allow-bidirectional" or (outward and mode == "allow-egress"):
                return True
    return False


def _blocking(subnet: Place) -> Hop:
    if isinstance(subnet, Resource):
        for options in _options(subnet.inventory, subnet.region):
            return hop("block public access", options, "keeps the internet out of the networks")
    return Hop("block public access", "block public access")


def _subnet_hop(subnet: Place) -> Hop:
    if isinstance(subnet, Foreign):
        return Hop("subnet", subnet.subject, subnet.reason)
    return hop("subnet", subnet)


def _gateway_hop(way: Way) -> Hop:
    if isinstance(way.target, Resource):
        return hop("internet gateway", way.target)
    name = way.target.subject if way.target else "an internet gateway"
    return Hop("internet gateway", name)


def _route_hop(way: Way) -> Hop:
    assert way.route is not None  # noqa: S101 - only the local way has none
    return hop("route", way.route, f"for {destination_of(way.route)}")


def _closed(subnet: Place, ways: list[Way], wanted: AddressSet) -> Hop:
    """What the subnet does with the internet's addresses instead."""
    for way in sorted(ways, key=lambda way: -(way.addresses.most & wanted).size4):
        if way.route is not None and way.addresses.most & wanted:
            if way.kind == "internet gateway":
                gateway = way.target
                if isinstance(gateway, Resource) and not spanned(_attached, way, subnet):
                    return hop("internet gateway", gateway, "is not attached to the network")
                return hop("route", way.route, "is for too few addresses")
            named = way.target.subject if isinstance(way.target, Foreign) else ""
            named = name_of(way.target) if isinstance(way.target, Resource) else named
            reason = _THROUGH.get(way.kind, "is no entry from the internet")
            return hop("route", way.route, f"leads to {named or way.kind}, which {reason}")
    if isinstance(subnet, Foreign):
        return Hop("subnet", subnet.subject, subnet.reason)
    family = "IPv6 route" if wanted and not wanted.v4 else "route"
    return hop("subnet", subnet, f"has no {family} to the internet")
