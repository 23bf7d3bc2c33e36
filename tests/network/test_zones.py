from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analyzer.model import Inventory
from analyzer.network import shown_zones, zone_named, zone_of, zones_named
from analyzer.unknown import Reference, Undecided, Unknown, explore

Make = Callable[..., Inventory]
GIVEN = Unknown("parameter `Given`", "has no value")
OTHER = Unknown("parameter `Other`", "has no value")


def ref(id_: str) -> Reference:
    return Reference(f"main/{id_}")


def group(make: Make, subnets: Any) -> Any:
    inventory = make(
        A=("AWS::EC2::Subnet", {"AvailabilityZone": "eu-west-1a"}),
        AlsoA=("AWS::EC2::Subnet", {"AvailabilityZone": "eu-west-1a"}),
        B=("AWS::EC2::Subnet", {"AvailabilityZone": "eu-west-1b"}),
        ById=("AWS::EC2::Subnet", {"AvailabilityZoneId": "euw1-az1"}),
        Anywhere=("AWS::EC2::Subnet", {}),
        Group=("AWS::RDS::DBSubnetGroup", {"SubnetIds": subnets}),
    )
    return inventory.resources["main/Group"]


def counts(make: Make, subnets: Any) -> set[int | None]:
    """Over how many zones the subnets may be spread, all answers considered."""
    owner = group(make, subnets)
    paths = explore(lambda: len(zones_named(owner, "SubnetIds"))).paths
    assert [path.error for path in paths if path.error] == []
    return {path.result for path in paths}


@pytest.mark.parametrize(
    ("subnets", "expected"),
    [
        ([], {0}),
        ([ref("A"), ref("AlsoA")], {1}),
        ([ref("A"), ref("B")], {2}),
        ([GIVEN], {1}),
        (["subnet-0a"], {1}),
        ([GIVEN, GIVEN], {1}),
        ([GIVEN, OTHER], {1, 2}),
        ([ref("A"), GIVEN], {1, 2}),
        ([ref("A"), "subnet-0a"], {1, 2}),
        ([ref("A"), ref("Anywhere")], {1, 2}),
        ([GIVEN, ref("A"), ref("B")], {2, 3}),
    ],
)
def test_zones_are_counted_as_far_as_they_can_be(
    inventory_of: Make, subnets: Any, expected: set[int]
) -> None:
    assert counts(inventory_of, subnets) == expected


def test_a_list_that_is_not_known_may_be_of_any_length(inventory_of: Make) -> None:
    with pytest.raises(Undecided, match="parameter `Given`"):
        zones_named(group(inventory_of, GIVEN), "SubnetIds")


def test_a_zone_may_be_given_by_its_id(inventory_of: Make) -> None:
    owner = group(inventory_of, [ref("ById")])
    assert zones_named(owner, "SubnetIds") == ["euw1-az1"]


def test_a_zone_that_aws_chooses_says_so(inventory_of: Make) -> None:
    anywhere = group(inventory_of, []).inventory.resources["main/Anywhere"]
    assert (zone_of(anywhere).subject, zone_of(anywhere).reason) == (
        "the zone of Anywhere",
        "is chosen by AWS",
    )


def test_the_zone_of_a_subnet_from_outside_names_it(inventory_of: Make) -> None:
    inventory = inventory_of(Target=("AWS::EFS::MountTarget", {"SubnetId": "subnet-0a"}))
    zone = zone_named(inventory.resources["main/Target"], "SubnetId")
    assert (zone.subject, zone.reason) == (
        "the zone of 'subnet-0a'",
        "is not part of what was read",
    )


def test_zones_are_shown_in_order() -> None:
    assert shown_zones(["eu-west-1b", "eu-west-1a"]) == "eu-west-1b, eu-west-1a"
    assert shown_zones([]) == "no zone"
