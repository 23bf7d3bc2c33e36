"""Networks: flow logs, subnets, routes, peerings and network ACLs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from analyzer.network import (
    admits,
    admits_internet,
    attached,
    covers,
    is_default,
    is_internet,
    is_public,
    leads_to_internet_gateway,
)
from analyzer.policy import Fail, Fix, Inventory, Props, Resource, Skip, absent, rule
from analyzer.policy.fixes import (
    denied_before,
    elsewhere_without_public,
    private_in_zone_of,
    ref,
    with_flow_log,
)

# Where data stores say which subnets they use.
_DATA_SUBNETS = {
    "AWS::RDS::DBSubnetGroup": "SubnetIds",
    "AWS::ElastiCache::SubnetGroup": "SubnetIds",
    "AWS::Redshift::ClusterSubnetGroup": "SubnetIds",
    "AWS::DocDB::DBSubnetGroup": "SubnetIds",
    "AWS::EFS::MountTarget": "SubnetId",
}
# Where servers say in which subnets they start, that take its addresses.
_STARTED = {
    "AWS::EC2::Instance": "SubnetId",
    "AWS::AutoScaling::AutoScalingGroup": "VPCZoneIdentifier",
}


@rule("NET-NACL-01", severity="medium", on="AWS::EC2::NetworkAclEntry")
def network_acl_keeps_administration_out(
    entry: Resource, *, admin_ports: tuple[int, ...] = (22, 3389)
) -> Fail | Skip | None:
    """Network ACL does not admit SSH or RDP from anywhere.

    The network ACL is the second wall, which holds when a security group is opened by mistake. An
    entry counts for what earlier ones, which have lower numbers, have not denied.

    Fix: deny the administration ports in an entry with a lower number, or narrow this one.
    Source: Amazon VPC User Guide, "Control subnet traffic with network access control lists".
    """
    if entry.Egress or entry.RuleAction != "allow":
        return Skip("admits nothing into the subnets")
    name, block = _block(entry, "CidrBlock", "Ipv6CidrBlock")
    admitted = [
        port
        for port in admin_ports
        if admits(entry, port)
        and is_internet(block)
        and admits_internet(block, _denied_before(entry, port))
    ]
    if admitted:
        ports = " and ".join(f"{port}" for port in admitted)
        return Fail(
            f"admits {block} to port {ports}",
            at=name,
            fix=lambda: denied_before(entry, admitted),
        )


def _block(owner: Resource, ipv4: str, ipv6: str) -> tuple[str, str]:
    """The property that holds the address block, and the block."""
    name = ipv6 if absent(getattr(owner, ipv4)) else ipv4
    return name, getattr(owner, name)


def _denied_before(entry: Resource, port: int) -> list[str]:
    acl = entry.follow("NetworkAclId")
    return [
        _block(other, "CidrBlock", "Ipv6CidrBlock")[1]
        for other in attached(acl, "AWS::EC2::NetworkAclEntry", "NetworkAclId")
        if not other.Egress
        and other.RuleAction == "deny"
        and other.RuleNumber < entry.RuleNumber
        and admits(other, port)
    ]


@rule("NET-VPC-01", severity="medium", on="AWS::EC2::VPC")
def network_has_flow_logs(vpc: Resource, *, log_days: int = 365) -> Fail | None:
    """Network has flow logs.

    Without flow logs nobody can tell afterwards who talked to whom.

    Fix: add an AWS::EC2::FlowLog whose ResourceId is the network.
    Source: Amazon VPC User Guide, "Logging IP traffic using VPC Flow Logs".
    """
    for _ in attached(vpc, "AWS::EC2::FlowLog", "ResourceId"):
        return None
    return Fail(
        "has no flow log: nothing that was read records its traffic",
        fix=lambda: with_flow_log(vpc, log_days),
    )


@rule("NET-VPC-02", severity="medium", on="AWS::EC2::Subnet")
def subnet_hands_out_no_public_address(subnet: Resource) -> Fail | None:
    """Subnet does not hand out public addresses.

    A public address should be a decision about one server, not a property of where it stands.

    Fix: set MapPublicIpOnLaunch to false and ask for an address where one is needed.
    Source: Amazon VPC User Guide, "Modify the IP addressing attributes of your subnet".
    """
    if subnet.MapPublicIpOnLaunch:
        return Fail(
            "hands a public address to everything that starts in it",
            at="MapPublicIpOnLaunch",
            fix=lambda: _handing_out_none(subnet),
        )


def _handing_out_none(subnet: Resource) -> Fix:
    """The subnet hands out no address; what starts in it may have no other way out."""
    started = [one for types in _STARTED.items() for one in attached(subnet, *types)]
    names = ", ".join(one.id for one in started)
    note = f"give {names} another way in and out, where there is none" if started else ""
    return Fix(set={"MapPublicIpOnLaunch": False}, note=note)


@rule("NET-VPC-03", severity="medium", on="AWS::EC2::Route")
def peering_routes_are_narrow(
    route: Resource, *, peering_ranges: tuple[str, ...] = ()
) -> Fail | Skip | None:
    """Peering routes are narrow.

    A route for the whole network of the other side reaches all of its tiers, not only the one
    that the peering was made for.

    Fix: route to the blocks of the subnets that are needed, or declare the range in the setting
        `peering_ranges`.
    Source: Amazon VPC Peering Guide, "VPC peering configurations with specific routes".
    """
    if absent(route.VpcPeeringConnectionId):
        return Skip("does not lead through a peering")
    name, block = _block(route, "DestinationCidrBlock", "DestinationIpv6CidrBlock")
    if any(block == declared for declared in peering_ranges):
        return None
    if is_internet(block):
        return Fail(f"sends {block} through a peering", at=name)
    peering, vpc = route.follow("VpcPeeringConnectionId"), route.follow("RouteTableId").VpcId
    peer = peering.follow("VpcId" if peering.PeerVpcId == vpc else "PeerVpcId")
    if covers(block, peer.CidrBlock):
        return Fail(f"reaches all of {peer.id} ({block})", at=name)


@rule("NET-VPC-04", severity="medium", on="AWS::EC2::VPC")
def public_and_private_subnets_are_separated(
    vpc: Resource, inventory: Inventory
) -> list[Fail] | Fail | Skip:
    """Public and private subnets are separated.

    Only what faces the internet belongs in a subnet that leads there; data has a subnet of its
    own, without a route to an internet gateway.

    Fix: add private subnets, and move the data stores into them.
    Source: Amazon VPC User Guide, "Subnets for your VPC".
    """
    subnets = list(attached(vpc, "AWS::EC2::Subnet", "VpcId"))
    if not subnets:
        return Skip("has no subnet here")
    public = [subnet for subnet in subnets if is_public(subnet)]
    if len(public) == len(subnets):
        return Fail("has public subnets only")
    return [
        Fail(
            f"holds data in its public subnet {subnet.id}: {store.id}",
            fix=partial(_moved, store, subnet),
        )
        for subnet in public
        for store in _data_stores(subnet)
    ]


def _data_stores(subnet: Resource) -> Iterator[Resource]:
    for type_, name in _DATA_SUBNETS.items():
        yield from attached(subnet, type_, name)


def _moved(store: Resource, subnet: Resource) -> Fix | None:
    """A data store in private subnets of its network."""
    name = _DATA_SUBNETS[store.type]
    if name != "SubnetId":
        return elsewhere_without_public(store, name)
    private = private_in_zone_of(subnet)
    return Fix(elsewhere={store.key: {name: ref(private, store)}}) if private else None


@rule("NET-VPC-05", severity="medium", on="AWS::EC2::Route")
def private_subnets_avoid_the_internet_gateway(
    route: Resource, *, private_tags: tuple[str, ...] = ("private", "isolated")
) -> list[Fail] | Skip:
    """Private route tables avoid the internet gateway.

    A subnet that is tagged private and leads to an internet gateway deceives whoever places
    something in it.

    Fix: route through a NAT gateway, or correct the tag.
    Source: Amazon VPC User Guide, "Subnets for your VPC".
    """
    if not is_default(route) or not leads_to_internet_gateway(route):
        return Skip("is no default route to an internet gateway")
    table = route.follow("RouteTableId")
    return [
        Fail(
            f"leads the subnet {subnet.id}, tagged {tag.Value}, to the internet",
            at="GatewayId",
            fix=partial(_through_nat, route, subnet),
        )
        for subnet in _subnets_of(table)
        for tag in subnet.Tags
        if _says(tag, private_tags)
    ]


def _through_nat(route: Resource, subnet: Resource) -> Fix | None:
    """The route through the network's NAT gateway, where it has one that stands elsewhere."""
    gateways = [
        gateway
        for gateway in route.inventory.of("AWS::EC2::NatGateway")
        if gateway.follow("SubnetId").follow("VpcId") == subnet.follow("VpcId")
        and gateway.follow("SubnetId") not in _subnets_of(route.follow("RouteTableId"))
    ]
    if len(gateways) != 1:
        return None
    return Fix(set={"NatGatewayId": ref(gateways[0], route)}, remove=("GatewayId",))


def _subnets_of(table: Resource) -> Iterator[Resource]:
    for link in attached(table, "AWS::EC2::SubnetRouteTableAssociation", "RouteTableId"):
        yield link.follow("SubnetId")


def _says(tag: Props, words: tuple[str, ...]) -> bool:
    value = tag.Value.lower()
    return any(word in value for word in words)
