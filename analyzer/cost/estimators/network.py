"""Amazon VPC: NAT gateways, public IPv4 addresses, endpoints, and the rest of a network."""

from __future__ import annotations

from typing import Any

from analyzer.cost.estimators.containers import running_tasks
from analyzer.cost.fleet import GROUP, INSTANCE, public_address, running
from analyzer.cost.registry import (
    Charge,
    Component,
    Context,
    Free,
    NotPriced,
    estimator,
    joined,
    truth,
)
from analyzer.cost.schedule import HOURS
from analyzer.model import Resource
from analyzer.unknown import Absent, Reference

_NAT = "AWS::EC2::NatGateway"
_IN_USE = "vpc.public-ipv4.in-use"
_LOAD_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"


@estimator(_NAT, name="NAT/gateway-hours")
def nat_hours(nat: Resource, context: Context) -> Charge:
    """Every hour that the gateway exists."""
    return Charge("nat.hour", HOURS)


@estimator(_NAT, name="NAT/data-processed")
def nat_data(nat: Resource, context: Context) -> Charge:
    """GiB through the gateway, on top of data transfer."""
    return context.charged("nat.gb", "processed_gib")


@estimator("AWS::EC2::EIP", name="VPC/public-ipv4")
def elastic_address(address: Resource, context: Context) -> Charge:
    """An Elastic IP costs the same in use and idle."""
    return Charge(_IN_USE, HOURS)


@estimator(_NAT, name="VPC/public-ipv4")
def nat_address(nat: Resource, context: Context) -> Charge | None:
    """The gateway's address, unless it is an Elastic IP that is priced itself."""
    if nat.ConnectivityType == "private" or _is_here(nat.AllocationId, context):
        return None
    return Charge(_IN_USE, HOURS)


def _is_here(allocation: Any, context: Context) -> bool:
    """Whether an address is a resource of the inventory, which then has its own line."""
    if isinstance(allocation, Reference):
        return True
    return isinstance(allocation, str) and allocation in context.inventory.resources


@estimator(INSTANCE, GROUP, name="VPC/public-ipv4")
def instance_addresses(owner: Resource, context: Context) -> Charge | None:
    """The addresses that instances get with a public subnet; released while they are stopped."""
    if context.inventory.referrers(owner, "AWS::EC2::EIP", "AWS::EC2::EIPAssociation"):
        return None
    each = public_address(owner)
    if not each.value:
        return None
    count, hours = running(owner, context), context.hours(owner)
    why = joined(each.assumption, count.assumption, hours.assumption)
    return Charge(_IN_USE, count.value * hours.value, why)


@estimator(_LOAD_BALANCER, name="VPC/public-ipv4")
def load_balancer_addresses(balancer: Resource, context: Context) -> Charge | None:
    """One address in each zone of an internet-facing load balancer."""
    if balancer.Scheme == "internal" or balancer.Type == "gateway":
        return None
    mappings = [m for m in balancer.SubnetMappings if not _is_here(m.AllocationId, context)]
    zones = len(list(balancer.Subnets)) + len(mappings)
    why = f"one address in each of {zones} zones"
    return Charge(_IN_USE, zones * HOURS, why) if zones else None


@estimator("AWS::RDS::DBInstance", name="VPC/public-ipv4")
def database_address(db: Resource, context: Context) -> Charge | None:
    """A database that is reachable from the internet has an address for it."""
    return Charge(_IN_USE, HOURS) if truth(db.PubliclyAccessible) else None


@estimator("AWS::ECS::Service", name="VPC/public-ipv4")
def task_addresses(service: Resource, context: Context) -> Charge | None:
    """One address for each task that asks for one."""
    if service.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp != "ENABLED":
        return None
    tasks = running_tasks(service, context)
    return Charge(_IN_USE, tasks.value * HOURS, tasks.assumption)


@estimator("AWS::EC2::VPCEndpoint", name="VPC/endpoint-hours")
def endpoint_hours(endpoint: Resource, context: Context) -> Component:
    """Interface endpoints, each zone; gateway endpoints are free."""
    kind = endpoint.VpcEndpointType
    if isinstance(kind, Absent) or kind == "Gateway":
        return Free("gateway endpoints cost nothing")
    if kind != "Interface":
        return NotPriced(f"{kind} endpoints are not in the price book")
    zones = len(list(endpoint.SubnetIds))
    why = f"{zones} zones x {HOURS} hours"
    return Charge("vpc.endpoint.interface.hour", zones * HOURS, why)


@estimator("AWS::EC2::VPCEndpoint", name="VPC/endpoint-data")
def endpoint_data(endpoint: Resource, context: Context) -> Charge | None:
    """GiB through an interface endpoint."""
    if endpoint.VpcEndpointType != "Interface":
        return None
    return context.charged("vpc.endpoint.interface.gb", "processed_gib")


@estimator("AWS::EC2::TransitGatewayAttachment", name="VPC/transit-gateway-hours")
@estimator("AWS::EC2::TransitGatewayVpcAttachment", name="VPC/transit-gateway-hours")
def transit_hours(attachment: Resource, context: Context) -> Charge:
    """Every hour of an attachment; its data are not declared anywhere."""
    return Charge("vpc.tgw.attachment.hour", HOURS)


@estimator("AWS::EC2::VPNConnection", name="VPC/vpn-hours")
def vpn_hours(connection: Resource, context: Context) -> Charge:
    """Every hour of a site-to-site connection."""
    return Charge("vpc.vpn.hour", HOURS)
