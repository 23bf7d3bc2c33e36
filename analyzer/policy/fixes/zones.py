"""Another zone for what stands in one: subnets that are there already, and NAT gateways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from analyzer.findings import Fix
from analyzer.model import Props, Resource
from analyzer.network import attached, default_routes, is_public, route_table_of, zone_of, zones_of
from analyzer.policy.fixes.values import Template, place, ref, written
from analyzer.unknown import ABSENT, Undecided

_SUBNET = "AWS::EC2::Subnet"
_ASSOCIATION = "AWS::EC2::SubnetRouteTableAssociation"
_ROUTE = "AWS::EC2::Route"


def in_another_zone(owner: Resource | Props, name: str, count: int) -> Fix | None:
    """Add subnets to a list property until it covers so many zones; None where there are too few.

    They are of the same network and, public or private, of the same kind; first those that share
    the route table of one that is named.
    """
    resource = owner.resource if isinstance(owner, Props) else owner
    path = place(owner.at(name)) if isinstance(owner, Props) else name
    added = _added(owner.follow_all(name), count)
    return Fix(set={f"{path}/-": [ref(subnet, resource) for subnet in added]}) if added else None


def mapped_in_another_zone(balancer: Resource, count: int) -> Fix | None:
    """The same for a load balancer, which names its subnets in one of two ways."""
    if not balancer.SubnetMappings:
        return in_another_zone(balancer, "Subnets", count)
    added = _added([one.follow("SubnetId") for one in balancer.SubnetMappings], count)
    mappings = [{"SubnetId": ref(subnet, balancer)} for subnet in added]
    return Fix(set={"SubnetMappings/-": mappings}) if added else None


def _added(subnets: Sequence[Resource], count: int) -> list[Resource]:
    added = list(_candidates(subnets, count)) if subnets else []
    return added if len(zones_of([*subnets, *added])) >= count else []


def _candidates(subnets: Sequence[Resource], count: int) -> Iterator[Resource]:
    """The subnets to add, one for each zone that is missing."""
    first = subnets[0]
    zones, public = zones_of(subnets), is_public(first)
    tables = [_table_key(subnet) for subnet in subnets]
    beside = [
        subnet
        for subnet in attached(first.follow("VpcId"), _SUBNET, "VpcId")
        if is_public(subnet) == public and subnet.stack == first.stack
    ]
    for subnet in sorted(beside, key=lambda subnet: _table_key(subnet) not in tables):
        if len(zones) < count and zone_of(subnet) not in zones:
            zones.append(zone_of(subnet))
            yield subnet


def _table_key(subnet: Resource) -> str:
    table = route_table_of(subnet)
    return "" if table is ABSENT else f"{table.key}"


def one_gateway_a_zone(gateway: Resource, served: Iterable[Resource]) -> Fix | None:
    """Give each other zone that a NAT gateway serves one of its own, and a route to it.

    Amazon VPC User Guide, "NAT gateway basics": create a NAT gateway in each zone. None where such
    a zone has no public subnet for it.
    """
    own = gateway.follow("SubnetId")
    by_zone: dict[str, list[Resource]] = {}
    for subnet in served:
        if zone_of(subnet) != zone_of(own):
            by_zone.setdefault(f"{zone_of(subnet)}", []).append(subnet)
    fix = Fix()
    for zone, subnets in by_zone.items():
        stand = _public_in(zone, own)
        if stand is None:
            return None
        name = f"{gateway.id}{zone.rpartition('-')[2].upper()}"
        fix = _both(fix, Fix(add=_gateway(name, stand, gateway)))
        for subnet in subnets:
            fix = _both(fix, _led(subnet, subnets, name, gateway))
    return fix


def _both(first: Fix, second: Fix) -> Fix:
    return Fix(elsewhere={**first.elsewhere, **second.elsewhere}, add={**first.add, **second.add})


def _public_in(zone: str, own: Resource) -> Resource | None:
    for subnet in attached(own.follow("VpcId"), _SUBNET, "VpcId"):
        if zone_of(subnet) == zone and is_public(subnet):
            return subnet
    return None


def _gateway(name: str, stand: Resource, of: Resource) -> dict[str, Template]:
    address = f"{name}Address"
    return {
        address: {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc"}},
        name: {
            "Type": "AWS::EC2::NatGateway",
            "Properties": {
                "SubnetId": ref(stand, of),
                "AllocationId": {"Fn::GetAtt": [address, "AllocationId"]},
            },
        },
    }


def _led(subnet: Resource, of_zone: list[Resource], name: str, of: Resource) -> Fix:
    """Lead a subnet through a gateway: by its own table's route, or by a table for its zone."""
    table = route_table_of(subnet)
    if all(user in of_zone for user in _users(table)):
        routes = [route for route in default_routes(subnet) if ref(route, of)]
        return Fix(elsewhere={route.key: {"NatGatewayId": {"Ref": name}} for route in routes})
    own = f"{name}Routes"
    links = [link for link in attached(subnet, _ASSOCIATION, "SubnetId") if ref(link, of)]
    return Fix(
        elsewhere={link.key: {"RouteTableId": {"Ref": own}} for link in links},
        add={
            own: {"Type": table.type, "Properties": {"VpcId": written(table.VpcId, of)}},
            **_copied_routes(table, own, name, of),
        },
    )


def _users(table: Resource) -> list[Resource]:
    return [link.follow("SubnetId") for link in attached(table, _ASSOCIATION, "RouteTableId")]


def _copied_routes(table: Resource, own: str, gateway: str, of: Resource) -> dict[str, Template]:
    """The routes of a table, the one through a NAT gateway through another one."""
    if list(attached(table, "AWS::EC2::VPCEndpoint", "RouteTableIds")):
        raise Undecided(table.id, "leads to endpoints too")
    routes: dict[str, Template] = {}
    for number, route in enumerate(attached(table, _ROUTE, "RouteTableId"), 1):
        properties = written(route.properties, of) | {"RouteTableId": {"Ref": own}}
        if "NatGatewayId" in properties:
            properties["NatGatewayId"] = {"Ref": gateway}
        routes[f"{own}{number}"] = {"Type": _ROUTE, "Properties": properties}
    return routes


def second_member(members: Sequence[Resource]) -> Fix | None:
    """Add a member to a database cluster, like the first in all but its name and its zone.

    One that does not say whether it is public is not.

    Amazon Aurora User Guide, "Adding Aurora Replicas to a DB cluster".
    """
    if not members:
        return None
    first = members[0]
    properties = written(first.properties, first)
    for own in ("AvailabilityZone", "DBInstanceIdentifier"):
        properties.pop(own, None)
    properties.setdefault("PubliclyAccessible", False)
    added = {"Type": first.type, "Properties": properties}
    if first.deletion_policy:
        added["DeletionPolicy"] = first.deletion_policy
    if first.update_replace_policy:
        added["UpdateReplacePolicy"] = first.update_replace_policy
    return Fix(add={f"{first.id}Replica": added})


def mount_targets(files: Resource, targets: Sequence[Resource], count: int) -> Fix | None:
    """Add mount targets like the first one in subnets of other zones.

    Amazon EFS User Guide, "Managing mount targets": one in each zone.
    """
    added = _added([target.follow("SubnetId") for target in targets], count)
    if not added:
        return None
    first = targets[0]
    properties = written(first.properties, first)
    properties.pop("IpAddress", None)
    return Fix(
        add={
            f"{files.id}TargetIn{subnet.id}": {
                "Type": first.type,
                "Properties": {**properties, "SubnetId": ref(subnet, first)},
            }
            for subnet in added
        }
    )
