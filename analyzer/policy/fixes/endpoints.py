"""Endpoints by which subnets without a way out reach the services that they need."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from analyzer.findings import Fix
from analyzer.model import Resource
from analyzer.network import attached, route_table_of
from analyzer.policy.fixes.private import workplaces
from analyzer.policy.fixes.values import Template, ref, written
from analyzer.unknown import ABSENT

_ENDPOINT = "AWS::EC2::VPCEndpoint"
_BY_GATEWAY = "s3"
_HTTPS = 443


def with_endpoints(vpc: Resource, services: Collection[str]) -> Fix:
    """Add the endpoints of services to a network, with a group that admits it.

    They serve all of it, so that whoever lacks the same one is served too.
    AWS PrivateLink Guide, "Access an AWS service using an interface VPC endpoint" and "Gateway
    endpoints for Amazon S3".
    """
    group = f"{vpc.id}EndpointGroup"
    interfaces = [service for service in services if service != _BY_GATEWAY]
    add: dict[str, Template] = {
        f"{vpc.id}{''.join(part.title() for part in service.split('.'))}Endpoint": _interface(
            service, vpc, group
        )
        for service in interfaces
    }
    if interfaces:
        add[group] = _group(vpc)
    gateway = _storage(vpc) if _BY_GATEWAY in services else Fix()
    return Fix(elsewhere=gateway.elsewhere, add={**add, **gateway.add})


def _interface(service: str, vpc: Resource, group: str) -> Template:
    properties = {
        "VpcId": ref(vpc, vpc),
        "ServiceName": _name(service),
        "VpcEndpointType": "Interface",
        "PrivateDnsEnabled": True,
        "SubnetIds": [ref(subnet, vpc) for subnet in workplaces(vpc)],
        "SecurityGroupIds": [{"Ref": group}],
    }
    return {"Type": _ENDPOINT, "Properties": properties}


def _name(service: str) -> Template:
    return {"Fn::Sub": f"com.amazonaws.${{AWS::Region}}.{service}"}


def _group(vpc: Resource) -> Template:
    entry = {
        "Description": "the network itself, by HTTPS",
        "IpProtocol": "tcp",
        "FromPort": _HTTPS,
        "ToPort": _HTTPS,
        "CidrIp": written(vpc.CidrBlock, vpc),
    }
    properties = {
        "GroupDescription": "Endpoints of AWS services",
        "VpcId": ref(vpc, vpc),
        "SecurityGroupIngress": [entry],
    }
    return {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}


def _storage(vpc: Resource) -> Fix:
    """The gateway endpoint of S3, which stands in route tables; the network's or a new one."""
    tables, add = _tables(vpc)
    for endpoint in attached(vpc, _ENDPOINT, "VpcId"):
        if endpoint.ServiceName.endswith(".s3") and endpoint.RouteTableIds:
            ref(endpoint, vpc)
            lacking = [
                table for table in tables if table not in written(endpoint.RouteTableIds, vpc)
            ]
            return Fix(elsewhere={endpoint.key: {"RouteTableIds/-": lacking}}, add=add)
    properties = {
        "VpcId": ref(vpc, vpc),
        "ServiceName": _name(_BY_GATEWAY),
        "RouteTableIds": tables,
    }
    return Fix(add={**add, f"{vpc.id}S3Endpoint": {"Type": _ENDPOINT, "Properties": properties}})


def _tables(vpc: Resource) -> tuple[list[Template], dict[str, dict[str, Any]]]:
    """The route tables of a network; one is added for a subnet that has the main one."""
    tables: list[Template] = []
    add: dict[str, dict[str, Any]] = {}
    for subnet in attached(vpc, "AWS::EC2::Subnet", "VpcId"):
        table = route_table_of(subnet)
        if table is not ABSENT:
            named = ref(table, vpc)
        else:
            own = f"{subnet.id}Routes"
            named = {"Ref": own}
            link = {"SubnetId": ref(subnet, vpc), "RouteTableId": named}
            add[own] = {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": ref(vpc, vpc)}}
            add[f"{own}Link"] = {
                "Type": "AWS::EC2::SubnetRouteTableAssociation",
                "Properties": link,
            }
        if named not in tables:
            tables.append(named)
    return tables, add
