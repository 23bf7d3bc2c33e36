"""Where the traffic of a subnet goes: its route table, and whether that leads to the internet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

from analyzer.model import Props, Resource
from analyzer.network.addresses import is_internet
from analyzer.network.links import attached
from analyzer.network.partial_answers import matching
from analyzer.unknown import ABSENT, Reference, Undecided, absent

_SUBNET = "AWS::EC2::Subnet"
_GATEWAY = "AWS::EC2::InternetGateway"
_ATTACHMENT = "AWS::EC2::VPCGatewayAttachment"


def route_table_of(subnet: Resource) -> Any:
    """The route table of a subnet: the associated one, else the main one of its network.

    `ABSENT` where that is the main table of a network which the template creates: no template can
    add a route to it, so it has local routes only. Raises `Undecided` where the main table is that
    of a network outside the inventory, or where the association names a table outside of it.
    """
    if subnet.type != _SUBNET:
        raise Undecided(f"the subnet {subnet.id}", f"comes from {subnet.type}")
    for association in attached(subnet, "AWS::EC2::SubnetRouteTableAssociation", "SubnetId"):
        return association.follow("RouteTableId")
    vpc = subnet.follow("VpcId")
    if not subnet.inventory.live:
        return ABSENT
    for table in attached(vpc, "AWS::EC2::RouteTable", "VpcId"):
        if table.Live.Main:
            return table
    raise Undecided(f"the main route table of {vpc.id}", "is not among what was read")


def routes_of(subnet: Resource) -> Iterator[Resource]:
    """The routes that a subnet's traffic takes, local ones left out."""
    table = route_table_of(subnet)
    if table is not ABSENT:
        yield from attached(table, "AWS::EC2::Route", "RouteTableId")


def default_routes(subnet: Resource) -> Iterator[Resource]:
    """The routes of a subnet that are for the internet."""
    for route in routes_of(subnet):
        if is_default(route):
            yield route


def is_default(route: Resource) -> bool:
    """Whether a route is for the internet, whatever it leads through."""
    return is_internet(route.DestinationCidrBlock) or is_internet(route.DestinationIpv6CidrBlock)


def is_public(subnet: Resource) -> bool:
    """Whether a subnet has a route to an internet gateway."""
    return any(leads_to_internet_gateway(route) for route in default_routes(subnet))


def leads_to_internet_gateway(route: Resource) -> bool:
    """Whether a route's target is an internet gateway; an unknown gateway is a choice."""
    gateway = route.GatewayId
    if isinstance(gateway, Reference):
        target = route.inventory.resolve(gateway, "a gateway")
        of_attachment = target.type == _ATTACHMENT and gateway.attribute == "InternetGatewayId"
        return target.type == _GATEWAY or of_attachment
    return not absent(gateway) and bool(gateway.startswith("igw-"))


def public_subnets(resource: Resource, name: str) -> list[Resource]:
    """The public ones of the subnets that a list property names.

    Raises `Undecided` where none that is known is public, but some are not known.
    """
    return matching(resource, name, is_public)


def subnet_of(owner: Resource | Props) -> Resource:
    """The subnet that `SubnetId` names.

    Raises `Undecided` where it is outside of the inventory, or left to the default network.
    """
    subnet = owner.follow("SubnetId")
    if subnet is ABSENT:
        in_default_network(owner.resource if isinstance(owner, Props) else owner)
    found: Resource = subnet
    return found


def in_default_network(resource: Resource) -> NoReturn:
    """Raise `Undecided`: only the account knows what its default network is like."""
    raise Undecided(f"the network of {resource.id}", "is the account's default one")
