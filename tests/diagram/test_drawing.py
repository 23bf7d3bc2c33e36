"""What is drawn where: small templates, one claim each."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from analyzer.cost_lines import CostLine, LineKind
from analyzer.diagram import draw
from analyzer.diagram.catalog import named
from analyzer.model import Inventory, Resource
from analyzer.output.diagram import laid_out
from analyzer.picture import Card, Diagram, Spread, Sundry, Tier, cards_of
from tests.network.reaching import inventory_of_template

TWO = ("eu-west-3a", "eu-west-3b")


def made(type_: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{type_}", "Properties": properties}


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def network(*zones: str) -> dict[str, Any]:
    """A network with a subnet in each zone."""
    subnets = {
        f"Subnet{number}": made(
            "EC2::Subnet", VpcId=ref("Vpc"), CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=zone
        )
        for number, zone in enumerate(zones)
    }
    return {"Vpc": made("EC2::VPC", CidrBlock="10.0.0.0/16"), **subnets}


def picture(**resources: Any) -> Diagram:
    parameters = {"Given": {"Type": "String"}, "Many": {"Type": "List<AWS::EC2::Subnet::Id>"}}
    conditions = {"Perhaps": {"Fn::Equals": [ref("Given"), "yes"]}}
    template = {"Parameters": parameters, "Conditions": conditions, "Resources": resources}
    return draw(inventory_of_template(json.dumps(template)))


def card(diagram: Diagram, id_: str) -> Card:
    return next(each for each in cards_of(diagram) if each.id == f"main/{id_}")


def database(**more: Any) -> dict[str, Any]:
    return {
        "Group": made("RDS::DBSubnetGroup", SubnetIds=[ref("Subnet0"), ref("Subnet1")]),
        "Db": made("RDS::DBInstance", Engine="mysql", DBSubnetGroupName=ref("Group"), **more),
    }


def test_database_in_one_of_two_zones_is_not_put_into_either():
    diagram = picture(**network(*TWO), **database())

    assert card(diagram, "Db").spread is Spread.ONE
    assert len(card(diagram, "Db").subnets) == 2


def test_database_that_names_its_zone_stands_there():
    diagram = picture(**network(*TWO), **database(AvailabilityZone="eu-west-3b"))

    assert card(diagram, "Db").subnets == ("main/Subnet1",)


def test_database_with_a_standby_has_a_pair():
    diagram = picture(**network(*TWO), **database(MultiAZ=True))

    assert card(diagram, "Db").spread is Spread.STANDBY


def test_standby_that_is_not_known_is_said():
    diagram = picture(**network(*TWO), **database(MultiAZ=ref("Given")))

    assert card(diagram, "Db").spread is Spread.ONE
    assert "standby not known" in card(diagram, "Db").note


def test_what_stands_in_subnets_of_a_parameter_has_no_known_place():
    balancer = made("ElasticLoadBalancingV2::LoadBalancer", Subnets=ref("Many"))

    region = picture(Balancer=balancer).regions[0]

    assert [each.id for each in region.unplaced] == ["main/Balancer"]
    assert "Many" in region.unplaced[0].explained
    assert region.services == ()


def test_function_without_a_network_is_a_service_of_the_region():
    region = picture(Function=made("Lambda::Function")).regions[0]

    assert [each.id for each in region.services] == ["main/Function"]


def test_function_in_a_network_stands_in_its_subnets():
    where = {"SubnetIds": [ref("Subnet0"), ref("Subnet1")]}
    diagram = picture(**network(*TWO), Function=made("Lambda::Function", VpcConfig=where))

    assert card(diagram, "Function").spread is Spread.EVERY


def test_services_of_no_region_are_outside():
    diagram = picture(User=made("IAM::User"), Zone=made("Route53::HostedZone", Name="a.example"))

    assert {each.id for each in diagram.outside} == {"main/User", "main/Zone"}


def test_listener_and_target_group_belong_to_their_balancer():
    diagram = picture(
        **network(*TWO),
        Balancer=made("ElasticLoadBalancingV2::LoadBalancer", Subnets=[ref("Subnet0")]),
        Targets=made("ElasticLoadBalancingV2::TargetGroup", Port=80, VpcId=ref("Vpc")),
        Listener=made(
            "ElasticLoadBalancingV2::Listener",
            LoadBalancerArn=ref("Balancer"),
            DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("Targets")}],
        ),
    )

    held = card(diagram, "Balancer").part.resources
    assert set(held) == {"main/Balancer", "main/Targets", "main/Listener"}


def test_role_of_one_function_belongs_to_it_and_that_of_two_is_counted():
    role = made("IAM::Role", AssumeRolePolicyDocument={})
    own = {"Fn::GetAtt": ["Own", "Arn"]}
    both = {"Fn::GetAtt": ["Both", "Arn"]}

    diagram = picture(
        Own=role,
        Both=role,
        A=made("Lambda::Function", Role=own),
        B=made("Lambda::Function", Role=both),
        C=made("Lambda::Function", Role=both),
    )

    assert card(diagram, "A").part.resources == ("main/A", "main/Own")
    assert [(each.label, each.count) for each in diagram.counted] == [("IAM role", 1)]


def test_types_that_nobody_knows_are_counted():
    diagram = picture(Odd={"Type": "Custom::Thing"}, New=made("Nobody::Knows"))

    assert {each.label for each in diagram.counted} == {"Custom::Thing", "Nobody knows"}


def test_many_of_the_same_are_one_card():
    diagram = picture(**{f"Queue{number}": made("SQS::Queue") for number in range(4)})

    assert [each.count for each in cards_of(diagram)] == [4]


def test_few_of_the_same_keep_their_names():
    diagram = picture(**{f"Queue{number}": made("SQS::Queue") for number in range(3)})

    assert [each.name for each in cards_of(diagram)] == ["Queue0", "Queue1", "Queue2"]


def test_what_hangs_on_a_condition_is_not_certain():
    diagram = picture(Queue={"Type": "AWS::SQS::Queue", "Condition": "Perhaps"})

    assert not card(diagram, "Queue").certain


def test_subnet_without_routes_out_is_isolated_and_with_stores_only_is_for_data():
    alone = picture(**network(*TWO))
    stores = picture(**network(*TWO), **database())

    assert {each.tier for each in alone.regions[0].networks[0].subnets} == {Tier.ISOLATED}
    assert {each.tier for each in stores.regions[0].networks[0].subnets} == {Tier.DATA}


def test_secret_in_a_name_is_not_shown():
    named = [{"Key": "Name", "Value": "hunter2-in-clear"}]
    template = {"Resources": {"Queue": made("SQS::Queue", Tags=named)}}
    inventory = inventory_of_template(json.dumps(template))

    diagram = draw(inventory, secrets={"hunter2-in-clear"})

    assert "hunter2" not in next(cards_of(diagram)).name


def test_networks_with_something_in_them_come_first():
    diagram = picture(
        Empty=made("EC2::VPC", CidrBlock="10.1.0.0/16"),
        **network(*TWO),
        Server=made("EC2::Instance", SubnetId=ref("Subnet0")),
    )

    assert [each.id for each in diagram.regions[0].networks] == ["main/Vpc", "main/Empty"]


def test_what_no_network_holds_is_said_to_have_no_known_place():
    files = picture(Files=made("EFS::FileSystem")).regions[0].unplaced[0]

    assert files.explained == "no network that was read holds it"


def test_live_thing_goes_by_its_name_and_not_by_the_end_of_its_arn():
    arn = "arn:aws:elasticloadbalancing:eu-west-3:111122223333:loadbalancer/app/shop/2f628"
    balancer = Resource("AWS::ElasticLoadBalancingV2::LoadBalancer", arn, {"Name": "shop"})

    assert [each.name for each in cards_of(draw(Inventory("live", [balancer])))] == ["shop"]


def test_types_are_counted_in_words():
    assert named("AWS::RDS::DBSubnetGroup") == "RDS DB subnet group"
    assert named("AWS::EC2::EIP") == "EC2 EIP"
    assert named("AWS::IAM::InstanceProfile") == "IAM instance profile"


def line(resource: str, service: str, usd: str) -> CostLine:
    return CostLine(resource, "", service, "x", LineKind.PRICED, usd=Decimal(usd), stack="main")


def test_what_no_single_thing_costs_is_told_by_kind():
    costs = [line("Bucket", "S3", "5"), line("network", "DataTransfer", "9"),
             line("account", "DataTransfer", "-8"), line("account", "S3", "-1"),
             line("support", "Support", "2")]  # fmt: skip
    inventory = inventory_of_template(json.dumps({"Resources": {"Bucket": made("S3::Bucket")}}))

    diagram = draw(inventory, costs)

    assert diagram.sundries == (
        (Sundry.TRAFFIC, Decimal(9)),
        (Sundry.GIVEN, Decimal(-9)),
        (Sundry.OTHER, Decimal(2)),
    )
    assert (diagram.usd, diagram.elsewhere.usd) == (Decimal(7), Decimal(2))
    notes = " ".join(laid_out(diagram).notes)
    assert "Traffic: $9.00" in notes
    assert "Given free to every account: \N{MINUS SIGN}$9.00" in notes
