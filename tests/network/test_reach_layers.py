"""What the labelled cases leave out: more layers, more doubts, one small world each."""

from __future__ import annotations

from typing import Any

import pytest

from tests.network.worlds import asked, att, entry, host, made, network, ref, route, sg, world

STRING = {"Type": "String"}


def acl(*entries: dict[str, Any], subnet: str = "Public") -> dict[str, Any]:
    found: dict[str, Any] = {
        "Acl": made("EC2::NetworkAcl", VpcId=ref("Vpc")),
        "AclLink": made(
            "EC2::SubnetNetworkAclAssociation", NetworkAclId=ref("Acl"), SubnetId=ref(subnet)
        ),
    }
    for number, stated in enumerate(entries):
        found[f"Acl{number}"] = made("EC2::NetworkAclEntry", NetworkAclId=ref("Acl"), **stated)
    return found


def rule(number: int, action: str = "allow", **more: Any) -> dict[str, Any]:
    return {
        "RuleNumber": number,
        "RuleAction": action,
        "Protocol": -1,
        "CidrBlock": "0.0.0.0/0",
        **more,
    }


OUT = rule(1, Egress=True)


@pytest.mark.parametrize(
    ("entries", "verdict"),
    [
        ([rule(1), OUT], "REACHABLE"),
        ([rule(1, Protocol=17), OUT], "EXPOSED-BUT-UNREACHABLE"),
        ([rule(1, Protocol=6, PortRange={"From": 20, "To": 30}), OUT], "REACHABLE"),
        ([rule(1, CidrBlock="10.0.0.0/8"), OUT], "EXPOSED-BUT-UNREACHABLE"),
        ([rule(1), rule(1, Egress=True, Protocol=6, PortRange={"From": 1, "To": 1023})],
         "EXPOSED-BUT-UNREACHABLE"),
        ([rule(1), rule(1, Egress=True, Protocol=6, PortRange={"From": 50000, "To": 50000})],
         "REACHABLE"),
        ([rule(1, CidrBlock=ref("Cidr")), OUT], "UNKNOWN"),
        ([rule(1, "deny", CidrBlock=ref("Cidr")), rule(2), OUT], "UNKNOWN"),
        ([rule(1, CidrBlock=ref("Cidr")), rule(2), OUT], "REACHABLE"),
        ([rule(1, "deny"), rule(2, CidrBlock=ref("Cidr")), OUT], "EXPOSED-BUT-UNREACHABLE"),
    ],
)  # fmt: skip
def test_an_access_list_is_read_in_order(entries: list[Any], verdict: str) -> None:
    inventory = world(acl(*entries), parameters={"Cidr": STRING}, Sg=sg(entry()), Host=host())
    assert asked(inventory, "Host").verdict == verdict


def test_an_unknown_rule_beside_an_open_one_does_not_matter() -> None:
    group = sg(entry(source=ref("Cidr")), entry())
    inventory = world(parameters={"Cidr": STRING}, Sg=group, Host=host())
    assert asked(inventory, "Host").verdict == "REACHABLE"


def test_an_unknown_group_beside_an_open_one_does_not_matter() -> None:
    groups = [ref("Foreign"), att("Sg", "GroupId")]
    server = made("EC2::Instance", SubnetId=ref("Public"), SecurityGroupIds=groups)
    parameters = {"Foreign": {"Type": "AWS::EC2::SecurityGroup::Id"}}
    inventory = world(parameters=parameters, Sg=sg(entry()), Host=server)
    assert asked(inventory, "Host").verdict == "REACHABLE"


def test_an_unknown_group_alone_is_what_it_hangs_on() -> None:
    server = made("EC2::Instance", SubnetId=ref("Public"), SecurityGroupIds=[ref("Foreign")])
    parameters = {"Foreign": {"Type": "AWS::EC2::SecurityGroup::Id"}}
    answer = asked(world(parameters=parameters, Host=server), "Host")
    assert answer.verdict == "UNKNOWN"
    assert "Foreign" in f"{answer.depends_on[0]}"


def test_an_entry_on_an_outside_group_counts_where_it_is_carried() -> None:
    server = made("EC2::Instance", SubnetId=ref("Public"), SecurityGroupIds=[ref("Foreign")])
    more = made("EC2::SecurityGroupIngress", GroupId=ref("Foreign"), **entry())
    parameters = {"Foreign": {"Type": "AWS::EC2::SecurityGroup::Id"}}
    inventory = world(parameters=parameters, Host=server, More=more)
    assert asked(inventory, "Host").verdict == "REACHABLE"


def test_without_a_group_the_default_one_is_carried_which_admits_itself_only() -> None:
    server = made("EC2::Instance", SubnetId=ref("Public"))
    inventory = world(Host=server, Other=server)
    assert asked(inventory, "Host").verdict == "CLOSED"
    assert asked(inventory, "Host", source="Other").verdict == "REACHABLE"


def test_the_default_group_can_be_opened_from_outside() -> None:
    server = made("EC2::Instance", SubnetId=ref("Public"))
    more = made("EC2::SecurityGroupIngress", GroupId=att("Vpc", "DefaultSecurityGroup"), **entry())
    assert asked(world(Host=server, More=more), "Host").verdict == "REACHABLE"


def test_a_server_without_a_subnet_stands_in_the_accounts_own_network() -> None:
    server = made("EC2::Instance", SecurityGroupIds=[att("Sg", "GroupId")])
    assert asked(world(Sg=sg(entry()), Host=server), "Host").verdict == "UNKNOWN"
    assert asked(world(Sg=sg(entry(443)), Host=server), "Host").verdict == "CLOSED"


@pytest.mark.parametrize(
    ("mode", "exclusion", "verdict"),
    [
        ("off", None, "REACHABLE"),
        ("block-ingress", None, "EXPOSED-BUT-UNREACHABLE"),
        ("block-bidirectional", None, "EXPOSED-BUT-UNREACHABLE"),
        ("block-bidirectional", "allow-bidirectional", "REACHABLE"),
        ("block-bidirectional", "allow-egress", "EXPOSED-BUT-UNREACHABLE"),
    ],
)
def test_blocked_public_access_wins(mode: str, exclusion: str | None, verdict: str) -> None:
    options = made("EC2::VPCBlockPublicAccessOptions", InternetGatewayBlockMode=mode)
    excluded = exclusion and made(
        "EC2::VPCBlockPublicAccessExclusion",
        VpcId=ref("Vpc"),
        InternetGatewayExclusionMode=exclusion,
    )
    inventory = world(Sg=sg(entry()), Host=host(), Block=options, Excluded=excluded)
    assert asked(inventory, "Host").verdict == verdict


def test_what_is_blocked_inwards_may_still_go_out() -> None:
    options = made("EC2::VPCBlockPublicAccessOptions", InternetGatewayBlockMode="block-ingress")
    inventory = world(Sg=sg(), Host=host(), Block=options)
    assert asked(inventory, "internet", 443, source="Host").verdict == "REACHABLE"


def firewall(target: str, subnet_route: str = "FirewallOut") -> dict[str, Any]:
    """A gateway's own table that sends what comes in to a firewall first."""
    vpc = ref("Vpc")
    return {
        "Inspection": made("EC2::Subnet", VpcId=vpc, CidrBlock="10.0.9.0/24"),
        "InspectionTable": made("EC2::RouteTable", VpcId=vpc),
        "InspectionLink": made(
            "EC2::SubnetRouteTableAssociation",
            SubnetId=ref("Inspection"),
            RouteTableId=ref("InspectionTable"),
        ),
        subnet_route: route("InspectionTable", GatewayId=ref("Igw")),
        "Wall": made(
            "EC2::VPCEndpoint",
            VpcId=vpc,
            VpcEndpointType="GatewayLoadBalancer",
            ServiceName="com.amazonaws.vpce.eu-west-3.vpce-svc-0123456789abcdef0",
            SubnetIds=[ref("Inspection")],
        ),
        "Edge": made("EC2::RouteTable", VpcId=vpc),
        "EdgeLink": made(
            "EC2::GatewayRouteTableAssociation", GatewayId=ref("Igw"), RouteTableId=ref("Edge")
        ),
        "EdgeIn": route("Edge", target, VpcEndpointId=ref("Wall")),
    }


def test_what_passes_an_appliance_is_not_decided() -> None:
    through = {"PublicOut": route("PublicTable", VpcEndpointId=ref("Wall"))}
    inventory = world(firewall("10.0.0.0/24"), through, Sg=sg(entry()), Host=host())
    answer = asked(inventory, "Host")
    assert answer.verdict == "UNKNOWN"
    assert "Wall" in f"{answer.depends_on[0]}"


def test_an_appliance_before_another_subnet_does_not_matter() -> None:
    inventory = world(firewall("10.0.1.0/24"), Sg=sg(entry()), Host=host())
    assert asked(inventory, "Host").verdict == "REACHABLE"


def test_a_firewall_that_leads_nowhere_lets_nobody_in() -> None:
    through = {
        "PublicOut": route("PublicTable", VpcEndpointId=ref("Wall")),
        "FirewallOut": route("InspectionTable", NatGatewayId=ref("Nat")),
    }
    inventory = world(firewall("10.0.0.0/24"), through, Sg=sg(entry()), Host=host())
    assert asked(inventory, "Host").verdict == "EXPOSED-BUT-UNREACHABLE"


@pytest.mark.parametrize(
    "target",
    [
        {"TransitGatewayId": ref("Tgw")},
        {"TransitGatewayId": "tgw-0123456789abcdef0"},
        {"GatewayId": ref("Vgw")},
    ],
)
def test_other_gateways_are_no_entry(target: Any) -> None:
    more = {
        "Tgw": made("EC2::TransitGateway"),
        "Vgw": made("EC2::VPNGateway", Type="ipsec.1"),
        "PublicOut": route("PublicTable", **target),
    }
    inventory = world(more, Sg=sg(entry()), Host=host())
    assert asked(inventory, "Host").verdict == "EXPOSED-BUT-UNREACHABLE"


def test_a_longer_prefix_takes_its_part_away() -> None:
    parts = {
        f"Part{number}": route("PublicTable", block, NatGatewayId=ref("Nat"))
        for number, block in enumerate(("0.0.0.0/1", "128.0.0.0/1"))
    }
    inventory = world(parts, Sg=sg(entry()), Host=host())
    assert asked(inventory, "Host").verdict == "EXPOSED-BUT-UNREACHABLE"


def test_a_prefix_list_of_a_route_counts_block_by_block() -> None:
    listed = made(
        "EC2::PrefixList",
        PrefixListName="halves",
        AddressFamily="IPv4",
        MaxEntries=2,
        Entries=[{"Cidr": "0.0.0.0/1"}, {"Cidr": "128.0.0.0/1"}],
    )
    out = made(
        "EC2::Route",
        RouteTableId=ref("PublicTable"),
        DestinationPrefixListId=att("Halves", "PrefixListId"),
        NatGatewayId=ref("Nat"),
    )
    inventory = world(Halves=listed, More=out, Sg=sg(entry()), Host=host())
    assert asked(inventory, "Host").verdict == "EXPOSED-BUT-UNREACHABLE"


def test_an_unknown_destination_is_what_it_hangs_on() -> None:
    more = route("PublicTable", ref("Cidr"), NatGatewayId=ref("Nat"))
    inventory = world(parameters={"Cidr": STRING}, More=more, Sg=sg(entry()), Host=host())
    answer = asked(inventory, "Host")
    assert answer.verdict == "UNKNOWN"
    assert "Cidr" in f"{answer.depends_on[0]}"


def test_a_switch_that_nobody_set_is_tried_both_ways() -> None:
    subnet = made(
        "EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.0.0.0/24", MapPublicIpOnLaunch=ref("On")
    )
    inventory = world(parameters={"On": STRING}, Public=subnet, Sg=sg(entry()), Host=host())
    answer = asked(inventory, "Host")
    assert answer.verdict == "UNKNOWN"
    assert [f"{doubt}" for doubt in answer.depends_on] == [
        "parameter `On` has no value in this profile"
    ]
    closed = world(parameters={"On": STRING}, Public=subnet, Sg=sg(entry(443)), Host=host())
    assert asked(closed, "Host").verdict == "CLOSED"


def test_an_unknown_port_is_tried_both_ways() -> None:
    group = sg(
        {"IpProtocol": "tcp", "FromPort": ref("P"), "ToPort": ref("P"), "CidrIp": "0.0.0.0/0"}
    )
    parameters = {"P": {"Type": "Number"}}
    answer = asked(world(parameters=parameters, Sg=group, Host=host()), "Host")
    assert answer.verdict == "UNKNOWN"
    bounded = {"P": {"Type": "Number", "MinValue": 1024, "MaxValue": 65535}}
    assert asked(world(parameters=bounded, Sg=group, Host=host()), "Host").verdict == "CLOSED"


@pytest.mark.parametrize(
    ("allowed", "verdict"),
    [
        (["0.0.0.0/0", "0.0.0.0/1"], "REACHABLE"),
        (["10.0.0.0/8", "192.168.0.0/16"], "CLOSED"),
        (["10.0.0.0/8", "0.0.0.0/0"], "UNKNOWN"),
    ],
)
def test_allowed_values_bound_a_parameter(allowed: list[str], verdict: str) -> None:
    parameters = {"Cidr": {**STRING, "AllowedValues": allowed}}
    inventory = world(parameters=parameters, Sg=sg(entry(source=ref("Cidr"))), Host=host())
    assert asked(inventory, "Host").verdict == verdict


def test_an_address_of_its_own_makes_an_interface_public() -> None:
    more = {
        "Eni": made(
            "EC2::NetworkInterface", SubnetId=ref("Public"), GroupSet=[att("Sg", "GroupId")]
        ),
        "Eip": made("EC2::EIP"),
        "EipLink": made(
            "EC2::EIPAssociation",
            AllocationId=att("Eip", "AllocationId"),
            NetworkInterfaceId=ref("Eni"),
        ),
        "Attached": made(
            "EC2::NetworkInterfaceAttachment",
            InstanceId=ref("Host"),
            NetworkInterfaceId=ref("Eni"),
            DeviceIndex="1",
        ),
    }
    inventory = world(more, Sg=sg(entry()), Closed=sg(), Host=host("Private", "Closed"))
    answer = asked(inventory, "Host")
    assert answer.verdict == "REACHABLE"
    assert "Eip" in answer.path


def test_nothing_connects_to_a_function() -> None:
    function = made(
        "Lambda::Function",
        Role="arn:aws:iam::111122223333:role/x",
        Code={"ZipFile": "x"},
        VpcConfig={"SubnetIds": [ref("Private")], "SecurityGroupIds": [att("Sg", "GroupId")]},
    )
    inventory = world(Sg=sg(entry(None, protocol="-1")), Function=function, Host=host())
    assert asked(inventory, "Function", 443).verdict == "EXPOSED-BUT-UNREACHABLE"
    assert asked(inventory, "Function", 443, source="Host").verdict == "EXPOSED-BUT-UNREACHABLE"
    assert asked(inventory, "Host", source="Function").verdict == "REACHABLE"


def test_udp_is_asked_for_itself() -> None:
    inventory = world(Sg=sg(entry(53, protocol="udp")), Host=host())
    assert asked(inventory, "Host", 53, protocol="udp").verdict == "REACHABLE"
    assert asked(inventory, "Host", 53).verdict == "CLOSED"


@pytest.mark.parametrize("protocol", ["icmp", "1", "-1"])
def test_protocols_without_ports_are_asked_without_one(protocol: str) -> None:
    group = sg({"IpProtocol": protocol, "FromPort": -1, "ToPort": -1, "CidrIp": "0.0.0.0/0"})
    assert asked(world(Sg=group, Host=host()), "Host", None, protocol="icmp").verdict == "REACHABLE"


def test_the_limit_is_an_argument() -> None:
    from analyzer.network import Limit

    inventory = world(Sg=sg(entry(source="198.51.100.0/24")), Host=host())
    assert asked(inventory, "Host").verdict == "CLOSED"
    assert asked(inventory, "Host").admitted == ("198.51.100.0/24",)
    assert asked(inventory, "Host", limit=Limit.of_prefixes(24)).verdict == "REACHABLE"


def test_a_group_is_reached_where_it_is_carried() -> None:
    inventory = world(Sg=sg(entry()), Other=sg(entry(80)), Host=host("Public", "Sg", "Other"))
    assert asked(inventory, "Sg").path[-1] == "Host"
    assert asked(inventory, "Sg", 80).verdict == "CLOSED"
    assert asked(inventory, "Other", 80).verdict == "REACHABLE"


def test_a_database_that_does_not_say_is_public_where_its_network_has_a_gateway() -> None:
    group = made(
        "RDS::DBSubnetGroup",
        DBSubnetGroupDescription="x",
        SubnetIds=[ref("Public"), ref("Private")],
    )
    db = made(
        "RDS::DBInstance",
        Engine="postgres",
        DBSubnetGroupName=ref("Stores"),
        VPCSecurityGroups=[att("Sg", "GroupId")],
    )
    inventory = world(Sg=sg(entry(5432)), Stores=group, Db=db)
    assert asked(inventory, "Db", 5432).verdict == "REACHABLE"


def test_a_key_without_source_groups_opens_the_nodes_of_a_cluster() -> None:
    nodes = made(
        "EKS::Nodegroup",
        ClusterName=ref("Cluster"),
        NodeRole="arn:aws:iam::111122223333:role/x",
        Subnets=[ref("Public")],
        RemoteAccess={"Ec2SshKey": "key"},
    )
    cluster = made(
        "EKS::Cluster",
        RoleArn="arn:aws:iam::111122223333:role/x",
        ResourcesVpcConfig={"SubnetIds": [ref("Public")]},
    )
    inventory = world(Cluster=cluster, Nodes=nodes)
    assert asked(inventory, "Nodes").verdict == "REACHABLE"
    assert asked(inventory, "Nodes", 10250).verdict == "CLOSED"


def test_two_networks_do_not_share_a_gateway() -> None:
    crossed = {"OtherPublicOut": route("OtherPublicTable", GatewayId=ref("Igw"))}
    group = sg(entry(), vpc="OtherVpc")
    inventory = world(network("Other", 1), crossed, Sg=group, Host=host("OtherPublic"))
    assert asked(inventory, "Host").verdict == "EXPOSED-BUT-UNREACHABLE"
