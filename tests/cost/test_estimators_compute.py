"""Instances, groups, volumes and tasks: quantities and amounts worked out by hand, in Paris."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from analyzer.cost.schedule import HOURS, Schedule, hours_of_week, read_schedule
from analyzer.cost_lines import LineKind
from analyzer.errors import InputError
from analyzer.model import Resource
from analyzer.unknown import Reference, Unknown

PARIS = "eu-west-3"
INSTANCE = "AWS::EC2::Instance"
GROUP = "AWS::AutoScaling::AutoScalingGroup"


@pytest.fixture
def group(aws):
    """A group of t3.medium in a private subnet, each with a 20 GiB gp3 volume."""

    def make(launch: dict | None = None, public: bool = False, **properties) -> list[Resource]:
        data = {
            "InstanceType": "t3.medium",
            "BlockDeviceMappings": [{"Ebs": {"VolumeSize": 20, "VolumeType": "gp3"}}],
        }
        return [
            aws("AWS::EC2::Subnet", "Subnet", region=PARIS, MapPublicIpOnLaunch=public),
            aws(
                "AWS::EC2::LaunchTemplate",
                "Template",
                region=PARIS,
                LaunchTemplateData=data | (launch or {}),
            ),
            aws(
                GROUP,
                "Group",
                region=PARIS,
                **{
                    "LaunchTemplate": {"LaunchTemplateId": Reference("main/Template")},
                    "VPCZoneIdentifier": [Reference("main/Subnet")],
                    "MinSize": "2",
                    "MaxSize": "10",
                    "DesiredCapacity": "2",
                }
                | properties,
            ),
        ]

    return make


def test_a_group_runs_its_desired_capacity(group, bill):
    lines = bill(*group())
    assert lines.usd("EC2/instance-hours") == Decimal("68.91")  # 2 x 730 x 0.0472
    assert lines.usd("EBS/storage") == Decimal("3.71")  # 2 x 20 x 0.0928
    assert "DesiredCapacity assumed" in lines.one("EC2/instance-hours").assumption
    assert not lines.of("VPC/public-ipv4")


def test_usage_says_how_many_instances_run(group, bill):
    lines = bill(*group(), usage={"Group": {"instances": "4.5"}})
    line = lines.one("EC2/instance-hours")
    assert line.quantity == Decimal("4.5") * 730
    assert line.assumption == "usage: instances 4.5; Linux assumed"


def test_without_desired_capacity_the_minimum_is_assumed(group, bill):
    resources = group()
    del resources[2].properties["DesiredCapacity"]
    assert "MinSize assumed" in bill(*resources).one("EC2/instance-hours").assumption


def test_a_schedule_stops_groups_with_its_tags(group, bill):
    schedule = Schedule(Decimal(50), {"Environment": "dev"})
    tags = [{"Key": "Environment", "Value": "dev", "PropagateAtLaunch": True}]
    lines = bill(*group(Tags=tags), schedule=schedule)
    # 2 x (50 x 52 / 12 = 216.67) x 0.0472; the volumes exist as long as the instances
    assert lines.usd("EC2/instance-hours") == Decimal("20.45")
    assert lines.usd("EBS/storage") == Decimal("1.10")  # 2 x 20 x 216.67 / 730 x 0.0928
    assert "schedule: 50 hours a week x 52 / 12" in lines.one("EC2/instance-hours").assumption
    assert bill(*group(), schedule=schedule).usd("EC2/instance-hours") == Decimal("68.91")


def test_a_stopped_instance_keeps_its_volumes(aws, bill):
    machine = aws(
        INSTANCE,
        region=PARIS,
        InstanceType="t3.micro",
        BlockDeviceMappings=[{"Ebs": {"VolumeSize": 20, "VolumeType": "gp3"}}],
    )
    lines = bill(machine, usage={"It": {"hours_per_week": 50}})
    assert lines.usd("EC2/instance-hours") == Decimal("2.56")  # 216.67 x 0.0118
    assert lines.usd("EBS/storage") == Decimal("1.86")  # 20 x 0.0928


def test_hours_of_a_week_never_exceed_the_month():
    assert hours_of_week(Decimal(168)) == HOURS
    assert hours_of_week(Decimal(60)) == 260  # 60 x 52 / 12
    assert hours_of_week(Decimal(0)) == 0


def test_a_schedule_is_read_from_its_data():
    read = read_schedule({"hours_per_week": 50, "tags": {"Environment": "dev"}})
    assert read == Schedule(Decimal(50), {"Environment": "dev"})
    assert read_schedule(None) is None


@pytest.mark.parametrize(
    "declared", [{}, {"hours_per_week": 200}, {"hours": 5}, {"hours_per_week": "x"}]
)
def test_a_schedule_that_makes_no_sense_is_an_input_error(declared):
    with pytest.raises(InputError, match="schedule"):
        read_schedule(declared)


def test_a_group_in_public_subnets_pays_for_addresses(group, bill):
    lines = bill(*group(public=True))
    assert lines.usd("VPC/public-ipv4") == Decimal("7.30")  # 2 x 730 x 0.005


def test_the_launch_template_decides_about_addresses(group, bill):
    interfaces = {"NetworkInterfaces": [{"AssociatePublicIpAddress": False}]}
    assert not bill(*group(interfaces, public=True)).of("VPC/public-ipv4")


def test_an_elastic_address_is_counted_once(aws, bill):
    subnet = aws("AWS::EC2::Subnet", "Subnet", MapPublicIpOnLaunch=True)
    machine = aws(INSTANCE, "Machine", InstanceType="t3.small", SubnetId=Reference("main/Subnet"))
    address = aws("AWS::EC2::EIP", "Address", InstanceId=Reference("main/Machine"))
    assert bill(subnet, machine, address).usd("VPC/public-ipv4") == Decimal("3.65")  # 730 x 0.005


def test_an_unknown_instance_type_is_an_unknown_line_that_names_the_parameter(group, bill):
    type_ = Unknown("parameter `InstanceType`", "has no value in this profile")
    lines = bill(*group({"InstanceType": type_}))
    line = lines.one("EC2/instance-hours")
    assert (line.kind, line.usd) == (LineKind.UNKNOWN, None)
    assert line.reason == "parameter `InstanceType` has no value in this profile"
    assert lines.usd("EBS/storage") == Decimal("3.71"), "what is known stays priced"


def test_a_type_that_the_region_does_not_sell_is_unknown(group, bill):
    line = bill(*group({"InstanceType": "c8g.large"})).one("EC2/instance-hours")
    assert line.kind is LineKind.UNKNOWN
    assert "c8g.large is not sold in eu-west-3" in line.reason


def test_spot_needs_a_declared_discount(group, bill):
    spot = group({"InstanceMarketOptions": {"MarketType": "spot"}})
    assert bill(*spot).one("EC2/instance-hours").kind is LineKind.UNKNOWN


def test_spot_at_its_declared_discount(group, bill):
    spot = group({"InstanceMarketOptions": {"MarketType": "spot"}})
    usage = {"Group": {"spot": {"discount": "0.70", "source": "the owner's text"}}}
    line = bill(*spot, usage=usage).one("EC2/instance-hours")
    assert round(line.usd, 2) == Decimal("20.67")  # 68.912 x 0.30
    assert line.unit_price == Decimal("0.0472") * Decimal("0.30")
    assert "70 % (the owner's text)" in line.assumption


def test_a_discount_does_nothing_for_on_demand_and_says_so(group, bill):
    line = bill(*group(), usage={"Group": {"spot": {"discount": "0.7"}}}).one("EC2/instance-hours")
    assert round(line.usd, 2) == Decimal("68.91")
    assert "not applied" in line.assumption


def test_mixed_instances_split_on_demand_and_spot(group, bill):
    mixed = group(
        MixedInstancesPolicy={
            "LaunchTemplate": {
                "LaunchTemplateSpecification": {"LaunchTemplateId": Reference("main/Template")},
                "Overrides": [{"InstanceType": "t3.large"}],
            },
            "InstancesDistribution": {
                "OnDemandBaseCapacity": 1,
                "OnDemandPercentageAboveBaseCapacity": 0,
            },
        }
    )
    del mixed[2].properties["LaunchTemplate"]
    lines = bill(*mixed, usage={"Group": {"spot": {"discount": "0.5"}}})
    # one t3.large on demand, one Spot at half of it: 730 x 0.0944 x 1.5
    assert lines.usd("EC2/instance-hours") == Decimal("103.37")


def test_a_root_volume_is_assumed_where_none_is_declared(aws, bill):
    line = bill(aws(INSTANCE, InstanceType="t3.micro")).one("EBS/storage")
    assert line.quantity == 8
    assert "8 GiB gp3" in line.assumption


def test_dedicated_tenancy_is_not_priced_as_shared(aws, bill):
    machine = aws(INSTANCE, InstanceType="m5.large", Tenancy="dedicated")
    assert bill(machine).one("EC2/instance-hours").kind is LineKind.NOT_PRICED


def test_surplus_credits_where_they_are_declared(aws, bill):
    machine = aws(INSTANCE, InstanceType="t3.micro")
    lines = bill(machine, usage={"It": {"surplus_vcpu_hours": 100}})
    assert lines.usd("EC2/cpu-credits") == Decimal("5.00")  # 100 x 0.05


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        ({"Size": 100}, {"EBS/storage": "11.60"}),  # gp2: 100 x 0.116
        (
            {"Size": "500", "VolumeType": "gp3", "Iops": 4000, "Throughput": 250},
            # 500 x 0.0928; 1,000 above 3,000 x 0.0058; 125 MiB/s above 125 = 0.1221 GiB/s x 47.5136
            {"EBS/storage": "46.40", "EBS/iops": "5.80", "EBS/throughput": "5.80"},
        ),
        (
            {"Size": 100, "VolumeType": "io1", "Iops": 1000},
            {"EBS/storage": "14.50", "EBS/iops": "76.00"},  # 100 x 0.145; 1,000 x 0.076
        ),
    ],
)
def test_volumes_by_type(aws, bill, volume, expected):
    lines = bill(aws("AWS::EC2::Volume", region=PARIS, **volume))
    assert {line.name: f"{line.usd:.2f}" for line in lines.lines} == expected


def test_snapshots_where_they_are_declared(aws, bill):
    lines = bill(aws("AWS::EC2::Volume", region=PARIS, Size=1), usage={"It": {"snapshot_gib": 40}})
    assert lines.usd("EBS/snapshots") == Decimal("2.12")  # 40 x 0.053


@pytest.fixture
def service(aws):
    def make(task: dict, **properties) -> list[Resource]:
        return [
            aws("AWS::ECS::TaskDefinition", "Task", region=PARIS, **task),
            aws(
                "AWS::ECS::Service",
                "Service",
                region=PARIS,
                TaskDefinition=Reference("main/Task"),
                **{"LaunchType": "FARGATE"} | properties,
            ),
        ]

    return make


def test_tasks_by_vcpu_and_memory(service, bill):
    lines = bill(*service({"Cpu": "512", "Memory": "1024"}, DesiredCount=2))
    assert lines.usd("Fargate/vcpu-hours") == Decimal("35.48")  # 2 x 0.5 x 730 x 0.0486
    assert lines.usd("Fargate/memory-hours") == Decimal("7.74")  # 2 x 1 x 730 x 0.0053
    assert not lines.of("Fargate/ephemeral-storage")


def test_sizes_written_with_units_are_the_same(service, bill):
    bare = bill(*service({"Cpu": "512", "Memory": "2048"})).usd()
    assert bill(*service({"Cpu": ".5 vCPU", "Memory": "2 GB"})).usd() == bare


def test_graviton_tasks_and_big_disks(service, bill):
    task = {
        "Cpu": 1024,
        "Memory": 2048,
        "RuntimePlatform": {"CpuArchitecture": "ARM64"},
        "EphemeralStorage": {"SizeInGiB": 50},
    }
    lines = bill(*service(task))
    assert lines.usd("Fargate/vcpu-hours") == Decimal("28.38")  # 730 x 0.03888
    assert lines.usd("Fargate/ephemeral-storage") == Decimal("2.83")  # 30 x 730 x 0.000129


def test_no_running_task_costs_nothing(service, bill):
    assert bill(*service({"Cpu": "256", "Memory": "512"}, DesiredCount=0)).usd() == 0


def test_declared_tasks_replace_an_unknown_count(service, bill):
    count = Unknown("parameter `Tasks`", "has no value in this profile")
    resources = service({"Cpu": "1024", "Memory": "2048"}, DesiredCount=count)
    assert bill(*resources).one("Fargate/vcpu-hours").kind is LineKind.UNKNOWN
    known = bill(
        *service({"Cpu": "1024", "Memory": "2048"}, DesiredCount=count),
        usage={"Service": {"tasks": 1}},
    )
    assert known.usd("Fargate/vcpu-hours") == Decimal("35.48")  # 730 x 0.0486


def test_tasks_on_instances_are_free(service, bill):
    lines = bill(*service({"Cpu": "256", "Memory": "512"}, LaunchType="EC2"))
    assert lines.one("Fargate/vcpu-hours").kind is LineKind.FREE


def test_fargate_spot_at_its_declared_discount(service, bill):
    strategy = {
        "LaunchType": "",
        "CapacityProviderStrategy": [{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}],
    }
    task = {"Cpu": "1024", "Memory": "2048"}
    assert bill(*service(task, **strategy)).one("Fargate/vcpu-hours").kind is LineKind.UNKNOWN
    usage = {"Service": {"spot": {"discount": "0.7"}}}
    lines = bill(*service(task, **strategy), usage=usage)
    assert lines.usd("Fargate/vcpu-hours") == Decimal("10.64")  # 730 x 0.0486 x 0.3


def test_public_tasks_have_addresses(service, bill):
    network = {"AwsvpcConfiguration": {"AssignPublicIp": "ENABLED"}}
    lines = bill(*service({"Cpu": "256", "Memory": "512"}, NetworkConfiguration=network))
    assert lines.usd("VPC/public-ipv4") == Decimal("3.65")


def test_every_price_shows_its_date(group, bill):
    priced = [x for x in bill(*group()).lines if x.kind is LineKind.PRICED]
    assert all(line.as_of and line.as_of > date(2021, 1, 1) and line.source for line in priced)
