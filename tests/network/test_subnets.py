from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analyzer.model import Gap, Inventory, Resource
from analyzer.network import (
    all_hold,
    attached,
    is_public,
    matching,
    public_subnets,
    route_table_of,
    subnet_of,
)
from analyzer.unknown import ABSENT, Reference, Undecided, Unknown, choose, explore

Make = Callable[..., Inventory]
FOREIGN = Unknown("parameter `Foreign`", "has no value")


def ref(id_: str, attribute: str = "") -> Reference:
    return Reference(f"main/{id_}", attribute)


def network(**more: tuple[str, dict[str, Any]]) -> dict[str, tuple[str, dict[str, Any]]]:
    return {
        "Vpc": ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
        "Gateway": ("AWS::EC2::InternetGateway", {}),
        "Attachment": (
            "AWS::EC2::VPCGatewayAttachment",
            {"VpcId": ref("Vpc"), "InternetGatewayId": ref("Gateway")},
        ),
        "Private": ("AWS::EC2::Subnet", {"VpcId": ref("Vpc")}),
        "Subnet": ("AWS::EC2::Subnet", {"VpcId": ref("Vpc")}),
        "Table": ("AWS::EC2::RouteTable", {"VpcId": ref("Vpc")}),
        "Association": (
            "AWS::EC2::SubnetRouteTableAssociation",
            {"SubnetId": ref("Subnet"), "RouteTableId": ref("Table")},
        ),
        **more,
    }


def route(**properties: Any) -> tuple[str, dict[str, Any]]:
    stated = {"RouteTableId": ref("Table"), "DestinationCidrBlock": "0.0.0.0/0", **properties}
    return "AWS::EC2::Route", stated


def subnet(inventory: Inventory, id_: str = "Subnet") -> Resource:
    return inventory.resources[f"main/{id_}"]


@pytest.mark.parametrize(
    "gateway", [ref("Gateway"), ref("Attachment", "InternetGatewayId"), "igw-1"]
)
def test_a_default_route_to_an_internet_gateway_makes_a_subnet_public(
    inventory_of: Make, gateway: Any
) -> None:
    inventory = inventory_of(**network(Route=route(GatewayId=gateway)))
    assert is_public(subnet(inventory))


@pytest.mark.parametrize(
    "properties",
    [
        {"NatGatewayId": "nat-1"},
        {"GatewayId": "vgw-1"},
        {"GatewayId": ref("Gateway"), "DestinationCidrBlock": "203.0.113.0/24"},
        {"GatewayId": ref("Gateway"), "RouteTableId": ref("Other")},
    ],
)
def test_other_routes_do_not(inventory_of: Make, properties: dict[str, Any]) -> None:
    other = ("AWS::EC2::RouteTable", {"VpcId": ref("Vpc")})
    inventory = inventory_of(**network(Route=route(**properties), Other=other))
    assert not is_public(subnet(inventory))


def test_a_subnet_without_association_has_local_routes_only(inventory_of: Make) -> None:
    inventory = inventory_of(**network(Route=route(GatewayId=ref("Gateway"))))
    assert route_table_of(subnet(inventory, "Private")) is ABSENT
    assert not is_public(subnet(inventory, "Private"))


def test_the_main_table_of_a_foreign_network_is_not_known(inventory_of: Make) -> None:
    inventory = inventory_of(Subnet=("AWS::EC2::Subnet", {"VpcId": FOREIGN}))
    with pytest.raises(Undecided, match="Foreign"):
        is_public(subnet(inventory))


def test_in_an_account_the_main_table_says_so() -> None:
    table = Resource(
        "AWS::EC2::RouteTable", "Table", {"VpcId": ref("Vpc")}, stack="main", live={"Main": True}
    )
    vpc = Resource("AWS::EC2::VPC", "Vpc", {}, stack="main", live={})
    own = Resource("AWS::EC2::Subnet", "Subnet", {"VpcId": ref("Vpc")}, stack="main", live={})
    Inventory("account", [vpc, table, own], live=True)
    assert route_table_of(own) is table


def test_an_unknown_gateway_is_a_choice(inventory_of: Make) -> None:
    inventory = inventory_of(**network(Route=route(GatewayId=FOREIGN)))
    outcomes = [path.result for path in explore(lambda: is_public(subnet(inventory))).paths]
    assert outcomes == [True, False]


def test_routes_that_could_not_be_read_are_not_taken_for_none(inventory_of: Make) -> None:
    whole = inventory_of(**network())
    gap = Gap("AWS::EC2::Route", "eu-west-3", "DescribeRouteTables", "UnauthorizedOperation")
    inventory = Inventory("test", list(whole), gaps=(gap,))
    with pytest.raises(Undecided, match="DescribeRouteTables"):
        is_public(subnet(inventory))


def test_a_public_subnet_is_found_beside_a_foreign_one(inventory_of: Make) -> None:
    group = ("AWS::RDS::DBSubnetGroup", {"SubnetIds": [FOREIGN, ref("Subnet"), ref("Private")]})
    inventory = inventory_of(**network(Route=route(GatewayId=ref("Gateway")), Group=group))
    found = public_subnets(inventory.resources["main/Group"], "SubnetIds")
    assert [resource.id for resource in found] == ["Subnet"]


def test_private_subnets_beside_a_foreign_one_are_not_decided(inventory_of: Make) -> None:
    group = ("AWS::RDS::DBSubnetGroup", {"SubnetIds": [ref("Private"), FOREIGN]})
    inventory = inventory_of(**network(Group=group))
    with pytest.raises(Undecided, match="Foreign"):
        public_subnets(inventory.resources["main/Group"], "SubnetIds")


def test_what_is_no_subnet_is_not_judged_as_one(inventory_of: Make) -> None:
    lookup = ("Custom::Lookup", {"ServiceToken": "arn"})
    group = ("AWS::RDS::DBSubnetGroup", {"SubnetIds": [ref("Lookup", "SubnetId")]})
    inventory = inventory_of(Lookup=lookup, Group=group)
    with pytest.raises(Undecided, match="Custom::Lookup"):
        public_subnets(inventory.resources["main/Group"], "SubnetIds")


def test_a_thing_without_a_subnet_stands_in_the_default_network(inventory_of: Make) -> None:
    inventory = inventory_of(Host=("AWS::EC2::Instance", {}))
    with pytest.raises(Undecided, match="the account's default one"):
        subnet_of(inventory.resources["main/Host"])


class Open:
    """A condition that nothing decides."""

    def holds(self) -> bool:
        return choose(("condition",), "condition `Perhaps`", "is true", "is not decided")


def test_a_condition_is_asked_of_what_is_attached_only() -> None:
    vpc = Resource("AWS::EC2::VPC", "Vpc", {}, stack="main")
    log = Resource("AWS::EC2::FlowLog", "Log", {"ResourceId": ref("Vpc")}, stack="main")
    stranger = Resource("AWS::EC2::FlowLog", "Stranger", {}, stack="main", condition=Open())
    Inventory("test", [vpc, log, stranger])
    found = explore(lambda: list(attached(vpc, "AWS::EC2::FlowLog", "ResourceId"))).paths
    assert [path.result for path in found] == [[log]]


def test_what_is_attached_under_a_condition_is_a_choice() -> None:
    vpc = Resource("AWS::EC2::VPC", "Vpc", {}, stack="main")
    properties = {"ResourceId": ref("Vpc")}
    log = Resource("AWS::EC2::FlowLog", "Log", properties, stack="main", condition=Open())
    Inventory("test", [vpc, log])
    found = explore(lambda: list(attached(vpc, "AWS::EC2::FlowLog", "ResourceId"))).paths
    assert [path.result for path in found] == [[log], []]


def test_attached_looks_into_lists(inventory_of: Make) -> None:
    endpoint = ("AWS::EC2::VPCEndpoint", {"RouteTableIds": ["rtb-1", ref("Table")]})
    inventory = inventory_of(**network(Endpoint=endpoint))
    table = inventory.resources["main/Table"]
    found = attached(table, "AWS::EC2::VPCEndpoint", "RouteTableIds")
    assert [resource.id for resource in found] == ["Endpoint"]


def test_matching_raises_only_where_nothing_is_found(inventory_of: Make) -> None:
    group = ("AWS::RDS::DBSubnetGroup", {"SubnetIds": [FOREIGN, ref("Private")]})
    owner = inventory_of(**network(Group=group)).resources["main/Group"]
    assert [found.id for found in matching(owner, "SubnetIds", lambda _: True)] == ["Private"]
    with pytest.raises(Undecided):
        matching(owner, "SubnetIds", lambda _: False)


def test_one_failing_test_decides_for_all() -> None:
    def undecided() -> bool:
        raise Undecided("parameter `Foreign`", "has no value")

    assert all_hold(lambda: True, lambda: True)
    assert not all_hold(undecided, lambda: False)
    with pytest.raises(Undecided):
        all_hold(lambda: True, undecided)
