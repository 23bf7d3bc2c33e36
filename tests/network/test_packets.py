"""The engine against a second opinion: small worlds, one packet at a time."""

from __future__ import annotations

import json
from ipaddress import ip_address
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.network import INTERNET, addresses_of, reachable
from analyzer.network.address_sets import NOTHING, AddressSet, union
from tests.network.packets import opened, reaches
from tests.network.reaching import inventory_of_template, thing

BLOCKS = (
    "0.0.0.0/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "11.0.0.0/8",
    "11.128.0.0/9",
    "198.51.100.0/24",
    "10.0.0.0/8",
    "10.0.0.0/24",
    "10.0.1.0/24",
)
PORTS = ((22, 22), (0, 65535), (20, 25), (2222, 2222), (1024, 65535), (30000, 40000), (443, 443))
block = st.sampled_from(BLOCKS)
wide = st.sampled_from(BLOCKS[:5])


def regions() -> list[tuple[str, AddressSet]]:
    """The internet in pieces that each block holds as a whole or not at all, one address each."""
    pieces = [INTERNET.family(4)]
    for text in BLOCKS:
        cut = addresses_of(text)
        pieces = [part for piece in pieces for part in (piece & cut, piece - cut) if part]
    return [(f"{ip_address(piece.v4[0][0])}", piece) for piece in pieces]


REGIONS = regions()


@st.composite
def ingress(draw: Any, group: str = "") -> dict[str, Any]:
    low, high = draw(st.sampled_from((*PORTS[:2], *PORTS)))
    entry: dict[str, Any] = {"IpProtocol": draw(st.sampled_from(("tcp", "6", "-1", "udp", "tcp")))}
    if entry["IpProtocol"] != "-1" or draw(st.booleans()):
        entry |= {"FromPort": low, "ToPort": high}
    if group and draw(st.booleans()):
        return entry | {"SourceSecurityGroupId": {"Fn::GetAtt": [group, "GroupId"]}}
    return entry | {"CidrIp": draw(st.one_of(wide, wide, block))}


@st.composite
def acl_entries(draw: Any, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for egress in (False, True):
        numbers = draw(st.lists(st.integers(1, 9), unique=True, max_size=3))
        for number in [*numbers, *([90] if draw(st.booleans()) else [])]:
            low, high = draw(st.sampled_from(PORTS))
            protocol = draw(st.sampled_from((6, -1, 17, 6)))
            entry: dict[str, Any] = {
                "NetworkAclId": {"Ref": name},
                "RuleNumber": number,
                "Egress": egress,
                "Protocol": protocol,
                "RuleAction": draw(st.sampled_from(("allow", "deny", "allow"))),
                "CidrBlock": draw(st.one_of(block, wide)),
            }
            if protocol != -1:
                entry["PortRange"] = {"From": low, "To": high}
            if number == 90:
                entry |= {"Protocol": -1, "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}
                entry.pop("PortRange", None)
            found[f"{name}{'Out' if egress else 'In'}{number}"] = {
                "Type": "AWS::EC2::NetworkAclEntry",
                "Properties": entry,
            }
    return found


@st.composite
def subnet(draw: Any, name: str, cidr: str) -> dict[str, Any]:
    """A subnet with a table, routes, and perhaps an access list."""
    found: dict[str, Any] = {
        name: {
            "Type": "AWS::EC2::Subnet",
            "Properties": {
                "VpcId": {"Ref": "Vpc"},
                "CidrBlock": cidr,
                "MapPublicIpOnLaunch": draw(st.sampled_from((True, True, False))),
            },
        },
        f"{name}Table": {
            "Type": "AWS::EC2::RouteTable",
            "Properties": {"VpcId": {"Ref": "Vpc"}},
        },
    }
    if draw(st.sampled_from((True, True, True, False))):
        found[f"{name}Link"] = {
            "Type": "AWS::EC2::SubnetRouteTableAssociation",
            "Properties": {"SubnetId": {"Ref": name}, "RouteTableId": {"Ref": f"{name}Table"}},
        }
    for number, text in enumerate(draw(st.lists(wide, unique=True, min_size=1, max_size=3))):
        target = draw(st.sampled_from(("GatewayId", "GatewayId", "NatGatewayId")))
        found[f"{name}Route{number}"] = {
            "Type": "AWS::EC2::Route",
            "Properties": {
                "RouteTableId": {"Ref": f"{name}Table"},
                "DestinationCidrBlock": text,
                target: {"Ref": "Igw" if target == "GatewayId" else "Nat"},
            },
        }
    if draw(st.sampled_from((True, False, False))):
        found[f"{name}Acl"] = {
            "Type": "AWS::EC2::NetworkAcl",
            "Properties": {"VpcId": {"Ref": "Vpc"}},
        }
        found[f"{name}AclLink"] = {
            "Type": "AWS::EC2::SubnetNetworkAclAssociation",
            "Properties": {"SubnetId": {"Ref": name}, "NetworkAclId": {"Ref": f"{name}Acl"}},
        }
        found |= draw(acl_entries(f"{name}Acl"))
    return found


@st.composite
def host(draw: Any) -> dict[str, Any]:
    groups = [
        {"Fn::GetAtt": [name, "GroupId"]}
        for name in draw(st.sampled_from((["Sg"], ["Sg", "Other"])))
    ]
    stated = draw(st.sampled_from((None, None, True, False)))
    found: dict[str, Any] = {}
    if stated is None:
        properties: dict[str, Any] = {"SubnetId": {"Ref": "Inner"}, "SecurityGroupIds": groups}
    else:
        part = {"DeviceIndex": "0", "SubnetId": {"Ref": "Inner"}, "GroupSet": groups}
        properties = {"NetworkInterfaces": [{**part, "AssociatePublicIpAddress": stated}]}
    if draw(st.sampled_from((True, False, False))):
        found["Eip"] = {"Type": "AWS::EC2::EIP", "Properties": {"InstanceId": {"Ref": "Host"}}}
    return found | {"Host": {"Type": "AWS::EC2::Instance", "Properties": properties}}


@st.composite
def balancer(draw: Any) -> dict[str, Any]:
    """A Network Load Balancer before the host."""
    properties: dict[str, Any] = {
        "Type": "network",
        "Scheme": draw(st.sampled_from(("internet-facing", "internet-facing", "internal"))),
        "Subnets": [{"Ref": draw(st.sampled_from(("Outer", "Outer", "Inner")))}],
    }
    if draw(st.booleans()):
        properties["SecurityGroups"] = [{"Fn::GetAtt": ["NlbSg", "GroupId"]}]
    target: dict[str, Any] = {"Id": {"Ref": "Host"}}
    if draw(st.booleans()):
        target["Port"] = draw(st.sampled_from((22, 2222)))
    targets: dict[str, Any] = {
        "VpcId": {"Ref": "Vpc"},
        "Protocol": "TCP",
        "Port": draw(st.sampled_from((22, 443))),
        "TargetType": "instance",
        "Targets": [target],
    }
    kept = draw(st.sampled_from((None, "true", "false")))
    if kept:
        targets["TargetGroupAttributes"] = [{"Key": "preserve_client_ip.enabled", "Value": kept}]
    action = {"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}
    listener = {
        "LoadBalancerArn": {"Ref": "Nlb"},
        "Protocol": "TCP",
        "Port": draw(st.sampled_from((22, 2222, 443))),
        "DefaultActions": [action],
    }
    kind = "AWS::ElasticLoadBalancingV2::"
    return {
        "Nlb": {"Type": f"{kind}LoadBalancer", "Properties": properties},
        "Targets": {"Type": f"{kind}TargetGroup", "Properties": targets},
        "Listener": {"Type": f"{kind}Listener", "Properties": listener},
    }


@st.composite
def worlds(draw: Any) -> dict[str, Any]:
    vpc = {"Ref": "Vpc"}
    found: dict[str, Any] = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Igw": {"Type": "AWS::EC2::InternetGateway"},
        "Nat": {
            "Type": "AWS::EC2::NatGateway",
            "Properties": {"SubnetId": {"Ref": "Outer"}, "ConnectivityType": "private"},
        },
    }
    if draw(st.sampled_from((True, True, True, False))):
        found["Attachment"] = {
            "Type": "AWS::EC2::VPCGatewayAttachment",
            "Properties": {"VpcId": vpc, "InternetGatewayId": {"Ref": "Igw"}},
        }
    for name, source in (("Sg", "NlbSg"), ("Other", ""), ("NlbSg", "")):
        entries = draw(st.lists(ingress(source), min_size=name == "Sg", max_size=3))
        found[name] = {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "small world",
                "VpcId": vpc,
                "SecurityGroupIngress": entries,
            },
        }
    found |= draw(subnet("Outer", "10.0.0.0/24")) | draw(subnet("Inner", "10.0.1.0/24"))
    found |= draw(host())
    if draw(st.booleans()):
        found |= draw(balancer())
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": found}


def big(clients: AddressSet) -> bool:
    return clients.size4 >= 2**24


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.sampled_from((22, 2222)))
def test_sets_and_packets_agree(world: dict[str, Any], port: int) -> None:
    admitted, paper = NOTHING, NOTHING
    for client, region in REGIONS:
        if reaches(world, "Host", client, port):
            admitted |= region
        if opened(world, "Host", client, port):
            paper |= region
    verdict = (
        "REACHABLE" if big(admitted) else "EXPOSED-BUT-UNREACHABLE" if big(paper) else "CLOSED"
    )
    inventory = inventory_of_template(json.dumps(world))
    found = reachable("internet", thing(inventory, "Host"), "tcp", port)
    assert found.verdict == verdict
    assert union(map(addresses_of, found.admitted)) & INTERNET == admitted
