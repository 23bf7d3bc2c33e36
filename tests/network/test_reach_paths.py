"""Ways through other things, and questions that do not start at the internet."""

from __future__ import annotations

from typing import Any

import pytest

from tests.network.reaching import in_order
from tests.network.worlds import asked, att, entry, host, made, network, ref, route, sg, world

V2 = "ElasticLoadBalancingV2::"


def balanced(
    kind: str,
    *targets: dict[str, Any],
    port: int = 443,
    to: int = 8080,
    target_type: str = "instance",
    **more: Any,
) -> dict[str, Any]:
    protocol = "HTTP" if kind == "application" else "TCP"
    scheme = more.pop("scheme", "internet-facing")
    subnets = [ref(more.pop("subnet", "Public"))]
    action = more.pop("actions", [{"Type": "forward", "TargetGroupArn": ref("Targets")}])
    return {
        "Lb": made(f"{V2}LoadBalancer", Type=kind, Scheme=scheme, Subnets=subnets, **more),
        "Targets": made(
            f"{V2}TargetGroup",
            VpcId=ref("Vpc"),
            Protocol=protocol,
            Port=to,
            TargetType=target_type,
            Targets=list(targets),
        ),
        "Listener": made(
            f"{V2}Listener",
            LoadBalancerArn=ref("Lb"),
            Protocol="HTTPS" if kind == "application" else "TCP",
            Port=port,
            DefaultActions=action,
        ),
    }


LB_GROUPS = {"SecurityGroups": [att("LbSg", "GroupId")]}
HOST = {"Id": ref("Host")}


def behind_alb(to: int = 8080, **more: Any) -> dict[str, Any]:
    return {
        **balanced("application", HOST, to=to, **{**LB_GROUPS, **more}),
        "LbSg": sg(entry(443)),
        "Sg": sg(entry(to, att("LbSg", "GroupId"))),
        "Host": host("Private"),
    }


@pytest.mark.parametrize(
    ("port", "verdict"),
    [(8080, "REACHABLE"), (9200, "REACHABLE"), (22, "CLOSED"), (5432, "CLOSED")],
)
def test_a_balancer_for_http_carries_nothing_else(port: int, verdict: str) -> None:
    answer = asked(world(behind_alb(port)), "Host", port)
    assert answer.verdict == verdict
    if verdict == "REACHABLE":
        wanted = ["internet", "Igw", "LbSg", "Lb", "Listener", "Targets", "Sg", "Host"]
        assert in_order(wanted, answer.path), answer.path


def test_an_internal_balancer_lets_nobody_in() -> None:
    assert asked(world(behind_alb(scheme="internal")), "Host", 8080).verdict == "CLOSED"


def test_a_listener_that_signs_users_in_is_told_apart() -> None:
    sign_in = {"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": {}}
    forward = {"Type": "forward", "Order": 2, "TargetGroupArn": ref("Targets")}
    answer = asked(world(behind_alb(actions=[sign_in, forward])), "Host", 8080)
    assert answer.verdict == "CLOSED"
    assert [way.name for way in answer.identity_ways] == ["Listener"]


def test_a_rule_of_a_listener_forwards_as_well() -> None:
    parts = behind_alb(actions=[{"Type": "fixed-response"}])
    rule = made(
        f"{V2}ListenerRule",
        ListenerArn=ref("Listener"),
        Priority=1,
        Conditions=[],
        Actions=[
            {
                "Type": "forward",
                "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": ref("Targets")}]},
            }
        ],
    )
    assert asked(world(parts), "Host", 8080).verdict == "CLOSED"
    assert asked(world(parts, Rule=rule), "Host", 8080).verdict == "REACHABLE"


def test_servers_of_a_group_are_targets_of_its_target_groups() -> None:
    parts = {
        **balanced("network", port=2222, to=22),
        "Sg": sg(entry()),
        "Template": made(
            "EC2::LaunchTemplate",
            LaunchTemplateData={"SecurityGroupIds": [att("Sg", "GroupId")]},
        ),
        "Group": made(
            "AutoScaling::AutoScalingGroup",
            MinSize="1",
            MaxSize="1",
            VPCZoneIdentifier=[ref("Private")],
            LaunchTemplate={"LaunchTemplateId": ref("Template"), "Version": "1"},
            TargetGroupARNs=[ref("Targets")],
        ),
    }
    answer = asked(world(parts), "Group")
    assert answer.verdict == "REACHABLE"
    assert in_order(["Lb", "Listener", "Targets", "Sg", "Group"], answer.path)


def test_tasks_are_targets_of_their_service() -> None:
    parts = {
        **behind_alb(8080),
        **balanced("application", target_type="ip", **LB_GROUPS),
        "Host": None,
        "Service": made(
            "ECS::Service",
            TaskDefinition="web",
            NetworkConfiguration={
                "AwsvpcConfiguration": {
                    "Subnets": [ref("Private")],
                    "SecurityGroups": [att("Sg", "GroupId")],
                }
            },
            LoadBalancers=[
                {"ContainerName": "web", "ContainerPort": 8080, "TargetGroupArn": ref("Targets")}
            ],
        ),
    }
    assert asked(world(parts), "Service", 8080).verdict == "REACHABLE"


def test_a_classic_balancer_carries_what_it_listens_to() -> None:
    listener = {"LoadBalancerPort": "2222", "InstancePort": "22", "Protocol": "TCP"}
    parts = {
        "Classic": made(
            "ElasticLoadBalancing::LoadBalancer",
            Listeners=[listener],
            Subnets=[ref("Public")],
            SecurityGroups=[att("LbSg", "GroupId")],
            Instances=[ref("Host")],
        ),
        "LbSg": sg(entry(2222)),
        "Sg": sg(entry(22, att("LbSg", "GroupId"))),
        "Host": host("Private"),
    }
    assert asked(world(parts), "Host").verdict == "REACHABLE"
    closed = {**parts, "LbSg": sg(entry(22))}
    assert asked(world(closed), "Host").verdict == "CLOSED"


def test_an_access_list_before_a_balancer_counts() -> None:
    denied = {
        "Acl": made("EC2::NetworkAcl", VpcId=ref("Vpc")),
        "AclLink": made(
            "EC2::SubnetNetworkAclAssociation", NetworkAclId=ref("Acl"), SubnetId=ref("Public")
        ),
    }
    parts = {
        **balanced("network", HOST, port=2222, to=22),
        "Sg": sg(entry()),
        "Host": host("Private"),
    }
    assert asked(world(parts), "Host").verdict == "REACHABLE"
    assert asked(world(parts, denied), "Host").verdict == "EXPOSED-BUT-UNREACHABLE"


def test_a_balancer_translates_between_families() -> None:
    six = made(
        "EC2::Subnet",
        VpcId=ref("Vpc"),
        CidrBlock="10.0.0.0/24",
        Ipv6CidrBlock="2001:db8:1234:1a00::/64",
    )
    out = made(
        "EC2::Route",
        RouteTableId=ref("PublicTable"),
        DestinationIpv6CidrBlock="::/0",
        GatewayId=ref("Igw"),
    )
    parts = {
        **balanced("network", HOST, port=22, to=22, IpAddressType="dualstack", **LB_GROUPS),
        "Public": six,
        "SixOut": out,
        "LbSg": sg(entry(source="::/0")),
        "Host": host("Private"),
    }
    # The server has IPv4 only: it sees the balancer, never a client of the other family.
    assert asked(world(parts, Sg=sg(entry(source="10.0.0.0/24"))), "Host").verdict == "REACHABLE"
    assert asked(world(parts, Sg=sg(entry(source="::/0"))), "Host").verdict != "REACHABLE"


def test_a_balancer_that_faces_the_internet_needs_subnets_that_do() -> None:
    parts = {**balanced("network", HOST, port=22, to=22, subnet="Private"), "Sg": sg(entry())}
    answer = asked(world(parts, Host=host("Private")), "Host")
    assert answer.verdict == "EXPOSED-BUT-UNREACHABLE"


def test_streams_inside_tls_arrive() -> None:
    parts = {**balanced("network", HOST, port=443, to=22), "Sg": sg(entry())}
    parts["Listener"]["Properties"]["Protocol"] = "TLS"
    assert asked(world(parts, Host=host("Private")), "Host").verdict == "REACHABLE"


def test_groups_and_addresses_belong_to_the_interface() -> None:
    def part(subnet: str, group: str, index: str) -> dict[str, Any]:
        groups = [att(group, "GroupId")]
        return {"DeviceIndex": index, "SubnetId": ref(subnet), "GroupSet": groups}

    parts = {"Open": sg(entry()), "Closed": sg()}
    crossed = [part("Public", "Closed", "0"), part("Private", "Open", "1")]
    straight = [part("Public", "Open", "0"), part("Private", "Closed", "1")]
    for interfaces, verdict in ((crossed, "EXPOSED-BUT-UNREACHABLE"), (straight, "REACHABLE")):
        server = made("EC2::Instance", NetworkInterfaces=interfaces)
        assert asked(world(parts, Host=server), "Host").verdict == verdict


def test_an_imported_group_is_what_it_hangs_on() -> None:
    server = made(
        "EC2::Instance",
        SubnetId=ref("Public"),
        SecurityGroupIds=[{"Fn::ImportValue": "shared-group"}],
    )
    answer = asked(world(Host=server), "Host")
    assert answer.verdict == "UNKNOWN"
    assert "shared-group" in f"{answer.depends_on[0]}"


def test_one_balancer_behind_another_is_followed() -> None:
    parts = {
        **behind_alb(scheme="internal", subnet="Private"),
        "LbSg": sg(entry(443)),
        "Front": made(
            f"{V2}LoadBalancer", Type="network", Scheme="internet-facing", Subnets=[ref("Public")]
        ),
        "FrontTargets": made(
            f"{V2}TargetGroup",
            VpcId=ref("Vpc"),
            Protocol="TCP",
            Port=443,
            TargetType="alb",
            Targets=[{"Id": ref("Lb")}],
        ),
        "FrontListener": made(
            f"{V2}Listener",
            LoadBalancerArn=ref("Front"),
            Protocol="TCP",
            Port=443,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("FrontTargets")}],
        ),
    }
    answer = asked(world(parts), "Host", 8080)
    assert answer.verdict == "REACHABLE"
    assert in_order(["Front", "FrontListener", "Lb", "Listener", "Host"], answer.path)


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


# From one thing to another.


def test_inside_a_network_groups_decide() -> None:
    inventory = world(
        Sg=sg(entry(5432, att("Web", "GroupId"))),
        Web=sg(),
        Host=host("Private"),
        App=host("Public", "Web"),
        Other=host("Public", "Sg"),
    )
    assert asked(inventory, "Host", 5432, source="App").verdict == "REACHABLE"
    assert asked(inventory, "Host", 5432, source="Other").verdict == "CLOSED"
    assert asked(inventory, "Host", 22, source="App").verdict == "CLOSED"


def test_what_is_let_out_counts_too() -> None:
    egress = [entry(443)]
    inventory = world(
        Sg=sg(entry(5432, "10.0.0.0/16")),
        Web=sg(egress=egress),
        Host=host("Private"),
        App=host("Public", "Web"),
    )
    answer = asked(inventory, "Host", 5432, source="App")
    assert answer.verdict == "EXPOSED-BUT-UNREACHABLE"
    assert answer.blocked_by is not None
    assert answer.blocked_by.name == "Web"


@pytest.mark.parametrize(
    ("source", "verdict"),
    [("10.0.0.0/24", "REACHABLE"), ("10.0.1.0/24", "CLOSED"), ("10.0.0.128/25", "UNKNOWN")],
)
def test_an_address_that_aws_chooses_is_somewhere_in_its_subnet(source: str, verdict: str) -> None:
    inventory = world(
        Sg=sg(entry(5432, source)), Web=sg(), Host=host("Private"), App=host("Public", "Web")
    )
    assert asked(inventory, "Host", 5432, source="App").verdict == verdict


def peered(*routes: str) -> dict[str, Any]:
    found = {
        **network("Other", 1),
        "Peering": made("EC2::VPCPeeringConnection", VpcId=ref("Vpc"), PeerVpcId=ref("OtherVpc")),
        "There": route("PrivateTable", "10.1.0.0/16", VpcPeeringConnectionId=ref("Peering")),
        "Back": route("OtherPrivateTable", "10.0.0.0/16", VpcPeeringConnectionId=ref("Peering")),
        "Sg": sg(entry(source="10.0.0.0/16"), vpc="OtherVpc"),
        "Own": sg(),
        "Host": host("OtherPrivate"),
        "App": host("Private", "Own"),
    }
    return {name: one for name, one in found.items() if name not in routes}


def test_a_peering_needs_routes_both_ways() -> None:
    answer = asked(world(peered()), "Host", source="App")
    assert answer.verdict == "REACHABLE"
    assert in_order(["App", "There", "Peering", "Sg", "Host"], answer.path)
    for missing in ("There", "Back"):
        parts = peered(missing)
        # Without it the private table's default route leads to a NAT gateway.
        assert asked(world(parts), "Host", source="App").verdict == "EXPOSED-BUT-UNREACHABLE"


def test_a_group_of_the_peer_may_be_named() -> None:
    parts = {**peered(), "Sg": sg(entry(22, att("Own", "GroupId")), vpc="OtherVpc")}
    assert asked(world(parts), "Host", source="App").verdict == "REACHABLE"


def transit(**more: Any) -> dict[str, Any]:
    def attached(prefix: str) -> dict[str, Any]:
        return made(
            "EC2::TransitGatewayVpcAttachment",
            TransitGatewayId=ref("Tgw"),
            VpcId=ref(f"{prefix}Vpc"),
            SubnetIds=[ref(f"{prefix}Private")],
        )

    parts = peered("Peering")
    return {
        **parts,
        "Tgw": made("EC2::TransitGateway", **more),
        "Here": attached(""),
        "Far": attached("Other"),
        "There": route("PrivateTable", "10.0.0.0/8", TransitGatewayId=ref("Tgw")),
        "Back": route("OtherPrivateTable", "10.0.0.0/8", TransitGatewayId=ref("Tgw")),
    }


def test_a_transit_gateway_joins_what_is_attached_to_it() -> None:
    assert asked(world(transit()), "Host", source="App").verdict == "REACHABLE"
    apart = transit(DefaultRouteTableAssociation="disable")
    assert asked(world(apart), "Host", source="App").verdict == "EXPOSED-BUT-UNREACHABLE"
    alone = {**transit(), "Far": None}
    assert asked(world(alone), "Host", source="App").verdict == "EXPOSED-BUT-UNREACHABLE"


def test_a_transit_gateway_from_outside_is_what_it_hangs_on() -> None:
    parts = {
        **transit(),
        "There": route("PrivateTable", "10.0.0.0/8", TransitGatewayId="tgw-0123456789abcdef0"),
    }
    answer = asked(world(parts), "Host", source="App")
    assert answer.verdict == "UNKNOWN"
    assert "tgw-0123456789abcdef0" in f"{answer.depends_on[0]}"


def test_two_networks_meet_in_the_internet_where_both_are_open() -> None:
    parts = {
        **network("Other", 1),
        "Sg": sg(entry(), vpc="OtherVpc"),
        "Own": sg(),
        "Host": host("OtherPublic"),
        "App": host("Private", "Own"),
    }
    answer = asked(world(parts), "Host", source="App")
    assert answer.verdict == "REACHABLE"
    assert in_order(["App", "Nat", "internet", "OtherIgw", "Host"], answer.path) or in_order(
        ["App", "Nat", "OtherIgw", "Host"], answer.path
    )
    office = {**parts, "Sg": sg(entry(source="198.51.100.0/24"), vpc="OtherVpc")}
    assert asked(world(office), "Host", source="App").verdict in (
        "CLOSED",
        "EXPOSED-BUT-UNREACHABLE",
    )


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("198.51.100.7/32", "REACHABLE"),
        ("203.0.113.0/24", "CLOSED"),
        ("10.0.1.0/24", "REACHABLE"),
        ("10.9.0.0/16", "EXPOSED-BUT-UNREACHABLE"),
    ],
)
def test_a_block_may_ask(source: str, verdict: str) -> None:
    group = sg(entry(source="198.51.100.0/24"), entry(source="10.0.0.0/8"))
    assert asked(world(Sg=group, Host=host()), "Host", source=source).verdict == verdict


def test_a_block_behind_a_gateway_needs_a_route_back() -> None:
    group = sg(entry(source="10.0.0.0/8"))
    back = route("PrivateTable", "10.9.0.0/16", GatewayId=ref("Vgw"))
    vgw = made("EC2::VPNGateway", Type="ipsec.1")
    inventory = world(Sg=group, Host=host("Private"), Back=back, Vgw=vgw)
    assert asked(inventory, "Host", source="10.9.0.0/16").verdict == "REACHABLE"


# Out.


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
