"""Ways in through accelerators, APIs, distributions and services."""

from __future__ import annotations

from typing import Any

from tests.network.balancers import HOST, balanced, behind_alb
from tests.network.reaching import in_order
from tests.network.worlds import asked, att, entry, host, made, ref, sg, world


def accelerator(endpoint: dict[str, str], *ports: int, **more: Any) -> dict[str, Any]:
    return {
        "Accelerator": made("GlobalAccelerator::Accelerator", Name="a"),
        "Accelerated": made(
            "GlobalAccelerator::Listener",
            AcceleratorArn=ref("Accelerator"),
            Protocol="TCP",
            PortRanges=[{"FromPort": port, "ToPort": port} for port in ports],
        ),
        "Endpoints": made(
            "GlobalAccelerator::EndpointGroup",
            ListenerArn=ref("Accelerated"),
            EndpointGroupRegion="eu-west-3",
            EndpointConfigurations=[{"EndpointId": endpoint}],
            **more,
        ),
    }


def test_an_accelerator_reaches_a_private_server_with_its_clients_address() -> None:
    inventory = world(accelerator(ref("Host"), 22), Sg=sg(entry()), Host=host("Private"))
    answer = asked(inventory, "Host")
    assert answer.verdict == "REACHABLE"
    assert in_order(["internet", "Accelerator", "Endpoints", "Sg", "Host"], answer.path)
    inside = world(
        accelerator(ref("Host"), 22), Sg=sg(entry(source="10.0.0.0/8")), Host=host("Private")
    )
    assert asked(inside, "Host").verdict == "CLOSED"


def test_an_accelerator_needs_a_gateway_and_the_port() -> None:
    parts = accelerator(ref("Host"), 443)
    assert asked(world(parts, Sg=sg(entry()), Host=host("Private"))
                 , "Host").verdict == "EXPOSED-BUT-UNREACHABLE"  # fmt: skip
    override = accelerator(
        ref("Host"), 443, PortOverrides=[{"ListenerPort": 443, "EndpointPort": 22}]
    )
    assert (
        asked(world(override, Sg=sg(entry()), Host=host("Private")), "Host").verdict == "REACHABLE"
    )
    cut = {"Attachment": None, "PublicOut": None}
    assert (
        asked(world(override, cut, Sg=sg(entry()), Host=host("Private")), "Host").verdict
        == "EXPOSED-BUT-UNREACHABLE"
    )


def test_an_accelerator_reaches_an_internal_balancer() -> None:
    parts = {**behind_alb(scheme="internal", subnet="Private"), **accelerator(ref("Lb"), 443)}
    assert asked(world(parts), "Host", 8080).verdict == "REACHABLE"


def api(authorization: str = "NONE") -> dict[str, Any]:
    return {
        "Api": made("ApiGatewayV2::Api", Name="a", ProtocolType="HTTP"),
        "Link": made(
            "ApiGatewayV2::VpcLink",
            Name="l",
            SubnetIds=[ref("Private")],
            SecurityGroupIds=[att("LinkSg", "GroupId")],
        ),
        "LinkSg": sg(),
        "Integration": made(
            "ApiGatewayV2::Integration",
            ApiId=ref("Api"),
            IntegrationType="HTTP_PROXY",
            ConnectionType="VPC_LINK",
            ConnectionId=ref("Link"),
            IntegrationUri=ref("Listener"),
        ),
        "ApiRoute": made(
            "ApiGatewayV2::Route",
            ApiId=ref("Api"),
            RouteKey="$default",
            AuthorizationType=authorization,
            Target={"Fn::Sub": "integrations/${Integration}"},
        ),
    }


def test_an_api_leads_to_an_internal_balancer_unless_it_asks_who_one_is() -> None:
    parts = {
        **behind_alb(scheme="internal", subnet="Private"),
        "LbSg": sg(entry(443, att("LinkSg", "GroupId"))),
    }
    answer = asked(world(parts, api()), "Host", 8080)
    assert answer.verdict == "REACHABLE"
    assert in_order(["internet", "Api", "Link", "Lb", "Host"], answer.path)
    assert asked(world(parts, api("AWS_IAM")), "Host", 8080).verdict == "CLOSED"


def test_a_private_origin_lets_a_distribution_in() -> None:
    origin = made(
        "CloudFront::VpcOrigin",
        VpcOriginEndpointConfig={
            "Arn": ref("Lb"),
            "Name": "o",
            "HTTPSPort": 443,
            "OriginProtocolPolicy": "https-only",
        },
    )
    parts = {
        **behind_alb(scheme="internal", subnet="Private"),
        "LbSg": sg(entry(443, "10.0.0.0/16")),
    }
    assert asked(world(parts), "Host", 8080).verdict == "CLOSED"
    assert asked(world(parts, Origin=origin), "Host", 8080).verdict == "REACHABLE"


def test_an_endpoint_service_is_told_apart() -> None:
    parts = {
        **balanced("network", HOST, scheme="internal", subnet="Private", port=22, to=22),
        "Offer": made(
            "EC2::VPCEndpointService", NetworkLoadBalancerArns=[ref("Lb")], AcceptanceRequired=False
        ),
        "Allowed": made(
            "EC2::VPCEndpointServicePermissions", ServiceId=ref("Offer"), AllowedPrincipals=["*"]
        ),
    }
    answer = asked(world(parts, Sg=sg(entry()), Host=host("Private")), "Host")
    assert answer.verdict == "EXPOSED-BUT-UNREACHABLE"
    assert [f"{way}" for way in answer.identity_ways] == [
        "Offer (offered to every AWS account without acceptance)"
    ]


def test_session_manager_is_told_apart() -> None:
    parts = {
        "Role": made(
            "IAM::Role",
            AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": []},
            ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"],
        ),
        "Profile": made("IAM::InstanceProfile", Roles=[ref("Role")]),
    }
    server = host("Private", IamInstanceProfile=ref("Profile"))
    answer = asked(world(parts, Sg=sg(), Host=server), "Host")
    assert [way.kind for way in answer.identity_ways] == ["session manager"]
