"""From a server out, and to the services of AWS."""

from __future__ import annotations

from typing import Any

import pytest

from tests.network.worlds import asked, att, entry, host, made, ref, route, sg, world


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, "REACHABLE"),
        ({"Sg": sg(egress=[entry(80)])}, "CLOSED"),
        ({"PrivateOut": None}, "EXPOSED-BUT-UNREACHABLE"),
        ({"PublicOut": None}, "EXPOSED-BUT-UNREACHABLE"),
        (
            {"Nat": made("EC2::NatGateway", SubnetId=ref("Public"), ConnectivityType="private")},
            "EXPOSED-BUT-UNREACHABLE",
        ),
        (
            {"PrivateOut": route("PrivateTable", TransitGatewayId="tgw-0123456789abcdef0")},
            "UNKNOWN",
        ),
        ({"Host": host("Public")}, "REACHABLE"),
        (
            {
                "Public": made("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.0.0.0/24"),
                "Host": host("Public"),
            },
            "EXPOSED-BUT-UNREACHABLE",
        ),
    ],
)
def test_a_way_out(change: dict[str, Any], verdict: str) -> None:
    parts = {"Sg": sg(), "Host": host("Private"), **change}
    assert asked(world(parts), "internet", 443, source="Host").verdict == verdict


def endpoint(service: str, **more: Any) -> dict[str, Any]:
    return made(
        "EC2::VPCEndpoint",
        VpcId=ref("Vpc"),
        ServiceName=f"com.amazonaws.eu-west-3.{service}",
        **more,
    )


def interface(**more: Any) -> dict[str, Any]:
    return {
        "VpcEndpointType": "Interface",
        "SubnetIds": [ref("Private")],
        "SecurityGroupIds": [att("Door", "GroupId")],
        "PrivateDnsEnabled": True,
        **more,
    }


CUT = {"PrivateOut": None}


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        (CUT, "EXPOSED-BUT-UNREACHABLE"),
        ({}, "REACHABLE"),
        ({**CUT, "E": endpoint("ecr.api", **interface())}, "REACHABLE"),
        ({**CUT, "E": endpoint("ecr.dkr", **interface())}, "EXPOSED-BUT-UNREACHABLE"),
        (
            {**CUT, "E": endpoint("ecr.api", **interface(PrivateDnsEnabled=False))},
            "EXPOSED-BUT-UNREACHABLE",
        ),
        # Its private names take the traffic from the NAT gateway, and its group stops it.
        ({"Door": sg(entry(80)), "E": endpoint("ecr.api", **interface())}, "CLOSED"),
    ],
)
def test_a_way_to_a_service(parts: dict[str, Any], verdict: str) -> None:
    every = {"Sg": sg(), "Door": sg(entry(443, "10.0.0.0/16")), "Host": host("Private"), **parts}
    assert asked(world(every), "ecr.api", 443, source="Host").verdict == verdict


def test_a_gateway_endpoint_serves_the_tables_that_it_names() -> None:
    parts = {**CUT, "Sg": sg(), "Host": host("Private")}
    routed = endpoint("s3", VpcEndpointType="Gateway", RouteTableIds=[ref("PrivateTable")])
    other = endpoint("s3", VpcEndpointType="Gateway", RouteTableIds=[ref("PublicTable")])
    answer = asked(world(parts, S3=routed), "s3", 443, source="Host")
    assert answer.verdict == "REACHABLE"
    assert answer.path[-2:] == ["S3", "s3"]
    assert (
        asked(world(parts, S3=other), "s3", 443, source="Host").verdict == "EXPOSED-BUT-UNREACHABLE"
    )
