"""Small templates: a network with a public and a private subnet, and what a test adds."""

from __future__ import annotations

import json
from typing import Any

from analyzer.model import Inventory
from analyzer.network import Reachability, reachable
from tests.network.reaching import inventory_of_template, thing

ANYONE = "0.0.0.0/0"


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def att(name: str, attribute: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, attribute]}


def made(type_: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{type_}", "Properties": properties}


def entry(port: int | None = 22, source: Any = ANYONE, protocol: str = "tcp", **more: Any) -> Any:
    name = "CidrIp"
    if (
        isinstance(source, dict)
        and "Fn::GetAtt" in source
        and source["Fn::GetAtt"][1]
        in (
            "GroupId",
            "DefaultSecurityGroup",
            "ClusterSecurityGroupId",
        )
    ):
        name = "SourceSecurityGroupId"
    elif isinstance(source, str) and ":" in source:
        name = "CidrIpv6"
    ports = {} if port is None else {"FromPort": port, "ToPort": port}
    return {"IpProtocol": protocol, name: source, **ports, **more}


def sg(*ingress: Any, vpc: str = "Vpc", egress: Any = None) -> dict[str, Any]:
    more = {} if egress is None else {"SecurityGroupEgress": egress}
    return made(
        "EC2::SecurityGroup",
        GroupDescription="small world",
        VpcId=ref(vpc),
        SecurityGroupIngress=list(ingress),
        **more,
    )


def host(subnet: str = "Public", *groups: str, **more: Any) -> dict[str, Any]:
    named = [att(group, "GroupId") for group in groups or ("Sg",)]
    return made("EC2::Instance", SubnetId=ref(subnet), SecurityGroupIds=named, **more)


def route(table: str, to: str = ANYONE, **target: Any) -> dict[str, Any]:
    return made("EC2::Route", RouteTableId=ref(table), DestinationCidrBlock=to, **target)


def network(name: str = "", block: int = 0) -> dict[str, Any]:
    """A network of its own: `Vpc`, `Igw`, `Public`, `Private`, their tables, and a NAT gateway."""
    vpc = ref(f"{name}Vpc")

    def link(subnet: str) -> dict[str, Any]:
        return made(
            "EC2::SubnetRouteTableAssociation",
            SubnetId=ref(f"{name}{subnet}"),
            RouteTableId=ref(f"{name}{subnet}Table"),
        )

    found = {
        "Vpc": made("EC2::VPC", CidrBlock=f"10.{block}.0.0/16"),
        "Igw": made("EC2::InternetGateway"),
        "Attachment": made(
            "EC2::VPCGatewayAttachment", VpcId=vpc, InternetGatewayId=ref(f"{name}Igw")
        ),
        "Public": made(
            "EC2::Subnet", VpcId=vpc, CidrBlock=f"10.{block}.0.0/24", MapPublicIpOnLaunch=True
        ),
        "Private": made("EC2::Subnet", VpcId=vpc, CidrBlock=f"10.{block}.1.0/24"),
        "PublicTable": made("EC2::RouteTable", VpcId=vpc),
        "PrivateTable": made("EC2::RouteTable", VpcId=vpc),
        "PublicLink": link("Public"),
        "PrivateLink": link("Private"),
        "PublicOut": route(f"{name}PublicTable", GatewayId=ref(f"{name}Igw")),
        "PrivateOut": route(f"{name}PrivateTable", NatGatewayId=ref(f"{name}Nat")),
        "NatAddress": made("EC2::EIP"),
        "Nat": made(
            "EC2::NatGateway",
            SubnetId=ref(f"{name}Public"),
            AllocationId=att(f"{name}NatAddress", "AllocationId"),
        ),
    }
    return {f"{name}{id_}": resource for id_, resource in found.items()}


def world(*parts: dict[str, Any], parameters: Any = None, **resources: Any) -> Inventory:
    """The inventory of the first network, more parts, and resources; None leaves one out."""
    every: dict[str, Any] = network()
    for part in parts:
        every |= part
    every |= resources
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": parameters or {},
        "Resources": {name: one for name, one in every.items() if one is not None},
    }
    if not parameters:
        del template["Parameters"]
    return inventory_of_template(json.dumps(template))


def asked(
    inventory: Inventory, target: str, port: int | None = 22, source: str = "internet", **more: Any
) -> Reachability:
    ends = [
        thing(inventory, name) if f"main/{name}" in inventory.resources else name
        for name in (source, target)
    ]
    return reachable(*ends, more.pop("protocol", "tcp"), port, **more)
