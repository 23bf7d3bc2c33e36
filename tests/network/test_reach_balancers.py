"""Ways through load balancers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.network.balancers import HOST, LB_GROUPS, V2, balanced, behind_alb
from tests.network.reaching import in_order
from tests.network.worlds import asked, att, entry, host, made, ref, sg, world


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
