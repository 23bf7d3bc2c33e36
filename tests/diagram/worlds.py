"""Random inventories: networks, zones, subnets known and not, and what may stand in them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from analyzer.model import Inventory
from tests.network.reaching import inventory_of_template

_NAMES = st.text(min_size=1, max_size=40) | st.sampled_from(
    ["", "\x1b[31mred", "<script>alert(1)</script>", "名前" * 30, "a" * 300, "\u202eabc", "]]>"]
)
_FREE = (
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::CloudWatch::Alarm",
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::CloudFront::Distribution",
    "AWS::Nobody::Knows",
    "Custom::Thing",
    "AWS::EC2::InternetGateway",
)


@st.composite
def inventories(draw: Any) -> Inventory:
    """An account in small: its networks may be none, and its things may stand anywhere."""
    resources: dict[str, Any] = {"Only": {"Type": "AWS::SNS::Topic"}}
    subnets: list[str] = []
    for number in range(draw(st.integers(0, 4))):
        resources[f"Vpc{number}"] = _made("EC2::VPC", draw, CidrBlock=f"10.{number}.0.0/16")
        if draw(st.booleans()):
            resources[f"Gateway{number}"] = _made("EC2::InternetGateway", draw)
            resources[f"Attachment{number}"] = {
                "Type": "AWS::EC2::VPCGatewayAttachment",
                "Properties": {
                    "VpcId": {"Ref": f"Vpc{number}"},
                    "InternetGatewayId": {"Ref": f"Gateway{number}"},
                },
            }
        for position in range(draw(st.integers(0, 7))):
            name = f"Subnet{number}x{position}"
            subnets.append(name)
            resources[name] = _subnet(number, position, draw)
            if draw(st.booleans()) and f"Gateway{number}" in resources:
                resources.update(_route(name, number))
    for number in range(draw(st.integers(0, 14))):
        kind = draw(st.sampled_from(list(_STANDING)))
        chosen = draw(st.lists(st.sampled_from([*subnets, "Given"]), min_size=1, max_size=4))
        name = f"{kind}{number}"
        resources.update(_placed(name, kind, list(dict.fromkeys(chosen)), draw))
    for number in range(draw(st.integers(0, 12))):
        resources[f"Free{number}"] = {"Type": draw(st.sampled_from(_FREE))}
    template = {"Parameters": {"Given": {"Type": "String"}}, "Resources": resources}
    return inventory_of_template(json.dumps(template))


def _made(type_: str, draw: Any, **properties: Any) -> dict[str, Any]:
    tags = [{"Key": "Name", "Value": draw(_NAMES)}] if draw(st.booleans()) else []
    return {"Type": f"AWS::{type_}", "Properties": {**properties, "Tags": tags}}


def _subnet(vpc: int, position: int, draw: Any) -> dict[str, Any]:
    zone = draw(st.sampled_from([*(f"eu-west-3{letter}" for letter in "abcdef"), None]))
    more = {"AvailabilityZone": zone} if zone else {}
    block = f"10.{vpc}.{position}.0/24"
    return _made("EC2::Subnet", draw, VpcId={"Ref": f"Vpc{vpc}"}, CidrBlock=block, **more)


def _route(subnet: str, vpc: int) -> dict[str, Any]:
    """A table of its own for a subnet, with a way to the internet."""
    table, ref = f"Table{subnet}", {"Ref": f"Table{subnet}"}
    target = {"GatewayId": {"Ref": f"Gateway{vpc}"}, "DestinationCidrBlock": "0.0.0.0/0"}
    return {
        table: {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": {"Ref": f"Vpc{vpc}"}}},
        f"Route{subnet}": {
            "Type": "AWS::EC2::Route",
            "Properties": {"RouteTableId": ref, **target},
        },
        f"Association{subnet}": {
            "Type": "AWS::EC2::SubnetRouteTableAssociation",
            "Properties": {"RouteTableId": ref, "SubnetId": {"Ref": subnet}},
        },
    }


# What stands in subnets: its type, the property that names them, and whether that is a list.
_STANDING: dict[str, tuple[str, str, bool]] = {
    "Instance": ("EC2::Instance", "SubnetId", False),
    "Nat": ("EC2::NatGateway", "SubnetId", False),
    "Balancer": ("ElasticLoadBalancingV2::LoadBalancer", "Subnets", True),
    "Group": ("AutoScaling::AutoScalingGroup", "VPCZoneIdentifier", True),
    "Function": ("Lambda::Function", "VpcConfig", True),
    "Cache": ("ElastiCache::ServerlessCache", "SubnetIds", True),
    "Files": ("FSx::FileSystem", "SubnetIds", True),
    "Database": ("RDS::DBSubnetGroup", "SubnetIds", True),
}


def _placed(name: str, kind: str, subnets: list[str], draw: Any) -> dict[str, Any]:
    """Something in subnets; a database comes with the group that names them."""
    refs = [{"Ref": subnet} for subnet in subnets]
    type_, where, many = _STANDING[kind]
    place: Any = refs if many else refs[0]
    made = {
        name: _made(type_, draw, **{where: {"SubnetIds": refs} if kind == "Function" else place})
    }
    if kind != "Database":
        return made
    properties = {"MultiAZ": draw(st.booleans()), "DBSubnetGroupName": {"Ref": name}}
    return {**made, f"Db{name}": _made("RDS::DBInstance", draw, **properties)}
