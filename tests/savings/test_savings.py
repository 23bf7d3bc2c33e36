"""What each finder proposes for which resource, and where it keeps still."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from analyzer.assembly import assemble
from analyzer.cost.book import embedded
from analyzer.model import Inventory, Resource
from analyzer.savings import KINDS, Surroundings, find_savings
from analyzer.savings.processors import successors
from analyzer.system import Profile, StackSpec, System
from tests.rules.properties import has_path

TODAY = date(2026, 11, 21)


def of_template(resources: str, **parameters: Any) -> Inventory:
    from pathlib import Path

    stack = StackSpec(
        "main",
        Path("template.yaml"),
        region="eu-west-3",
        parameters=parameters,
        content=resources.encode(),
    )
    return assemble(System("test", ()), Profile("", (stack,)), {}).inventory


def of_account(type_: str, properties: dict[str, Any], live: Mapping[str, Any]) -> Inventory:
    resource = Resource(type_, "arn:thing", properties, region="eu-west-3", live=live)
    return Inventory("account", [resource], live=True)


def one(type_: str, properties: str) -> Inventory:
    """A template of one resource, its properties in flow style."""
    return of_template(f"Resources:\n  Thing: {{Type: '{type_}', Properties: {properties}}}\n")


def proposals(inventory: Inventory, **around: Any) -> list[tuple[str, dict[str, Any]]]:
    """The kinds that are found, and the properties that each sets."""
    return [
        (saving.kind.name, {path: v for _, fix in saving.edits for path, v in fix.set.items()})
        for saving in find_savings(inventory, Surroundings(TODAY, **around))
    ]


def removed(inventory: Inventory) -> list[str]:
    found = find_savings(inventory, Surroundings(TODAY))
    return [key for saving in found for key, fix in saving.edits if fix.remove == ("",)]


VOLUME = "AWS::EC2::Volume"
ATTACHED = """Resources:
  Volume: {{Type: 'AWS::EC2::Volume', Properties: {properties}}}
  Attachment:
    Type: AWS::EC2::VolumeAttachment
    Properties: {{VolumeId: !Ref Volume, InstanceId: i-1, Device: /dev/sdf}}
"""


@pytest.mark.parametrize(
    ("properties", "wanted"),
    [
        ("{Size: 100, VolumeType: gp2}", {"VolumeType": "gp3"}),
        ("{Size: 100}", {"VolumeType": "gp3"}),
        ("{Size: 171, VolumeType: gp2}", {"VolumeType": "gp3", "Throughput": 250}),
        (
            "{Size: 2000, VolumeType: gp2}",
            {"VolumeType": "gp3", "Iops": 6000, "Throughput": 250},
        ),
        (
            "{Size: 16000, VolumeType: gp2}",
            {"VolumeType": "gp3", "Iops": 16000, "Throughput": 250},
        ),
    ],
)
def test_a_gp2_volume_becomes_a_gp3_volume_that_is_no_slower(properties, wanted) -> None:
    inventory = of_template(ATTACHED.format(properties=properties))
    assert proposals(inventory) == [("gp3", wanted)]


@pytest.mark.parametrize(
    "properties", ["{Size: 100, VolumeType: gp3}", "{Size: 100, VolumeType: io1, Iops: 500}"]
)
def test_other_volumes_stay(properties) -> None:
    assert proposals(of_template(ATTACHED.format(properties=properties))) == []


def test_the_disks_of_a_launch_template_are_found_at_their_place() -> None:
    data = "{BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {VolumeSize: 8}}]}"
    inventory = one("AWS::EC2::LaunchTemplate", f"{{LaunchTemplateData: {data}}}")
    path = "LaunchTemplateData/BlockDeviceMappings/0/Ebs/VolumeType"
    assert proposals(inventory) == [("gp3", {path: "gp3"})]


def test_what_is_not_known_is_not_proposed_for() -> None:
    inventory = of_template(
        "Parameters: {Type: {Type: String}}\nResources:\n"
        "  Server: {Type: 'AWS::EC2::Instance', Properties: {InstanceType: !Ref Type}}\n"
    )
    assert proposals(inventory) == []


def test_what_may_not_be_created_is_not_proposed_for() -> None:
    inventory = of_template(
        "Parameters: {On: {Type: String}}\nConditions: {Wanted: !Equals [!Ref On, 'yes']}\n"
        "Resources:\n  Server: {Type: 'AWS::EC2::Instance', Condition: Wanted,"
        " Properties: {InstanceType: t3.micro}}\n"
    )
    assert proposals(inventory) == []


@pytest.mark.parametrize(
    ("type_", "properties", "wanted"),
    [
        ("AWS::EC2::Instance", "{InstanceType: t3.micro}", [("arm64", "t4g.micro")]),
        (
            "AWS::EC2::Instance",
            "{InstanceType: m5.large}",
            [("arm64", "m6g.large"), ("arm64", "m7g.large")],
        ),
        ("AWS::EC2::Instance", "{InstanceType: t2.micro}", [("generation", "t3.micro")]),
        ("AWS::EC2::Instance", "{InstanceType: t4g.micro}", []),
        ("AWS::EC2::Instance", "{InstanceType: p4d.24xlarge}", []),
    ],
)
def test_servers_may_run_on_other_processors(type_, properties, wanted) -> None:
    found = proposals(one(type_, properties))
    assert [(kind, values["InstanceType"]) for kind, values in found] == wanted


@pytest.mark.parametrize(
    ("engine", "graviton"),
    [
        ("Engine: mysql, EngineVersion: '8.0'", True),
        ("Engine: mysql, EngineVersion: 8.0.16", False),
        ("Engine: mysql, EngineVersion: 8.0.35", True),
        ("Engine: mysql", True),
        ("Engine: postgres, EngineVersion: '17'", True),
        ("Engine: postgres, EngineVersion: '12.2'", False),
        ("Engine: oracle-ee, EngineVersion: '19'", False),
    ],
)
def test_databases_run_on_graviton_where_their_engine_does(engine: str, graviton: bool) -> None:
    inventory = one("AWS::RDS::DBInstance", f"{{DBInstanceClass: db.t3.micro, {engine}}}")
    kinds = [kind for kind, values in proposals(inventory) if "DBInstanceClass" in values]
    assert kinds == ["graviton"] * graviton


@pytest.mark.parametrize(
    ("engine", "wanted"),
    [
        ("Engine: mysql, EngineVersion: '8.0'", "8.4"),
        ("Engine: mysql, EngineVersion: 5.7.44", "8.4"),
        ("Engine: postgres, EngineVersion: '13'", "14"),
        ("Engine: mysql, EngineVersion: '8.4'", None),
        ("Engine: mysql, EngineVersion: '8.0', DBParameterGroupName: own", None),
    ],
)
def test_engines_leave_extended_support_for_the_next_version(engine, wanted) -> None:
    inventory = one("AWS::RDS::DBInstance", f"{{{engine}}}")
    found = [values["EngineVersion"] for kind, values in proposals(inventory) if kind == "support"]
    assert found == ([wanted] if wanted else [])


@pytest.mark.parametrize(
    ("node", "found"),
    [
        ("CacheNodeType: cache.t3.micro", ["cache.t4g.micro"]),
        ("CacheNodeType: cache.t3.micro, EngineVersion: 5.0.5", []),
        ("CacheNodeType: cache.r5.large, Engine: redis", ["cache.r6g.large"]),
    ],
)
def test_caches_run_on_graviton_where_their_engine_does(node: str, found: list[str]) -> None:
    inventory = one("AWS::ElastiCache::ReplicationGroup", f"{{{node}}}")
    assert [values["CacheNodeType"] for _, values in proposals(inventory)] == found


@pytest.mark.parametrize(
    ("properties", "found"),
    [
        ("{Runtime: python3.13}", {"Architectures": ["arm64"]}),
        ("{Architectures: [x86_64]}", {"Architectures/0": "arm64"}),
        ("{Architectures: [arm64]}", None),
    ],
)
def test_functions_may_run_on_arm64(properties, found) -> None:
    inventory = one("AWS::Lambda::Function", properties)
    assert proposals(inventory) == ([("arm64", found)] if found else [])


WINDOWS = "{OperatingSystemFamily: WINDOWS_SERVER_2022_CORE}"


@pytest.mark.parametrize(
    ("properties", "found"),
    [
        ("{RequiresCompatibilities: [FARGATE]}", 1),
        ("{RequiresCompatibilities: [FARGATE], RuntimePlatform: {CpuArchitecture: ARM64}}", 0),
        (
            f"{{RequiresCompatibilities: [FARGATE], RuntimePlatform: {WINDOWS}}}",
            0,
        ),
        ("{RequiresCompatibilities: [EC2]}", 0),
        ("{Family: old}", 0),
    ],
)
def test_tasks_on_fargate_may_run_on_arm64(properties, found) -> None:
    assert len(proposals(one("AWS::ECS::TaskDefinition", properties))) == found


TAGGED = "{InstanceType: t4g.micro, Tags: [{Key: Environment, Value: dev}]}"


def schedules(inventory: Inventory, **around: Any) -> list[Mapping[str, Any] | None]:
    found = find_savings(inventory, Surroundings(TODAY, **around))
    return [saving.schedule for saving in found if saving.schedule]


def test_tagged_servers_may_rest() -> None:
    (schedule,) = schedules(one("AWS::EC2::Instance", TAGGED))
    assert schedule == {"hours_per_week": Decimal(50), "tags": {"Environment": "dev"}}


def test_a_profile_with_a_schedule_needs_no_other() -> None:
    assert schedules(one("AWS::EC2::Instance", TAGGED), scheduled=True) == []


def test_servers_without_the_tag_do_not_rest() -> None:
    assert schedules(one("AWS::EC2::Instance", "{InstanceType: t4g.micro}")) == []


ZONES = """Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  SubnetA: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
  SubnetB: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24}}
  AddressA: {Type: AWS::EC2::EIP}
  AddressB: {Type: AWS::EC2::EIP}
  NatA:
    Type: AWS::EC2::NatGateway
    Properties: {SubnetId: !Ref SubnetA, AllocationId: !GetAtt AddressA.AllocationId}
  NatB:
    Type: AWS::EC2::NatGateway
    Properties: {SubnetId: !Ref SubnetB, AllocationId: !GetAtt AddressB.AllocationId}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  RouteB:
    Type: AWS::EC2::Route
    Properties:
      {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref NatB}
"""


def test_one_gateway_may_serve_all_zones() -> None:
    inventory = of_template(ZONES)
    assert proposals(inventory) == [("one-nat", {"NatGatewayId": {"Ref": "NatA"}})]
    assert removed(inventory) == ["main/NatB", "main/AddressB"]


def test_a_private_gateway_serves_no_other_zone() -> None:
    private = ZONES.replace(
        "SubnetId: !Ref SubnetB, AllocationId: !GetAtt AddressB.AllocationId",
        "SubnetId: !Ref SubnetB, ConnectivityType: private",
    )
    assert "one-nat" not in dict(proposals(of_template(private)))


def test_an_address_that_nothing_uses_may_go() -> None:
    assert removed(of_template("Resources: {Address: {Type: 'AWS::EC2::EIP'}}")) == ["main/Address"]


@pytest.mark.parametrize(
    ("type_", "live", "goes"),
    [
        ("AWS::EC2::EIP", {"Attached": False}, True),
        ("AWS::EC2::EIP", {"Attached": True}, False),
        ("AWS::EC2::EIP", {}, False),
        ("AWS::EC2::Volume", {"State": "available"}, True),
        ("AWS::EC2::Volume", {"State": "in-use"}, False),
        ("AWS::EC2::Snapshot", {"Created": "2026-01-01T00:00:00Z"}, True),
        ("AWS::EC2::Snapshot", {"Created": "2026-11-01T00:00:00Z"}, False),
        ("AWS::EC2::Snapshot", {}, False),
    ],
)
def test_what_an_account_does_not_use_may_go(type_, live, goes) -> None:
    assert removed(of_account(type_, {}, live)) == (["/arn:thing"] if goes else [])


def test_snapshots_of_a_backup_plan_stay() -> None:
    tags = {"Tags": [{"Key": "aws:backup:source-resource", "Value": "x"}]}
    old = {"Created": "2020-01-01T00:00:00Z"}
    assert removed(of_account("AWS::EC2::Snapshot", tags, old)) == []


@pytest.mark.parametrize(
    ("type_", "properties"),
    [
        ("AWS::EC2::Instance", "{InstanceType: m5.metal}"),  # m6g.metal has two thirds of its vCPUs
        ("AWS::ElastiCache::CacheCluster", "{CacheNodeType: cache.t2.medium}"),  # less memory
        ("AWS::EC2::Instance", "{InstanceType: m5.24xlarge}"),  # m6g ends at 16xlarge
    ],
)
def test_a_successor_is_as_large(type_: str, properties: str) -> None:
    assert proposals(one(type_, properties)) == []


PREFIXES = {"ec2": "", "rds": "db.", "elasticache": "cache."}


@pytest.mark.parametrize(("service", "family"), sorted(successors()))
def test_every_successor_of_the_table_has_a_size_that_the_book_knows(service, family) -> None:
    sizes = ("micro", "medium", "large", "xlarge", "2xlarge")
    for successor in successors()[service, family]:
        names = (f"{PREFIXES[service]}{successor.family}.{size}" for size in sizes)
        assert any(isinstance(embedded().memory_gib(name), Decimal) for name in names)


def test_every_kind_names_its_source() -> None:
    assert all(kind.source.startswith("https://") for kind in KINDS.values())


@pytest.mark.parametrize(
    ("type_", "path"),
    [
        ("AWS::RDS::DBInstance", "AllowMajorVersionUpgrade"),
        ("AWS::RDS::DBInstance", "EngineVersion"),
        ("AWS::RDS::DBCluster", "EngineVersion"),
        ("AWS::ECS::TaskDefinition", "RuntimePlatform/CpuArchitecture"),
        ("AWS::EC2::LaunchTemplate", "LaunchTemplateData/InstanceType"),
        ("AWS::EC2::Volume", "Throughput"),
        ("AWS::EC2::Route", "NatGatewayId"),
    ],
)
def test_what_is_set_is_a_property(type_: str, path: str) -> None:
    assert has_path(type_, path)


def test_the_book_prices_what_is_proposed_for_the_systems_here() -> None:
    rate = embedded().rate("eu-west-3", "ec2.ondemand.linux.shared", instance_type="t4g.micro")
    assert rate.price == Decimal("0.0094")
