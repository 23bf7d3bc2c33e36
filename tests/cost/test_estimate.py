"""How charges become lines: totals over an account, allowances once, and what is not known."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.cost.book import embedded
from analyzer.cost.estimate import estimate
from analyzer.cost.registry import estimators
from analyzer.cost.usage import Usage, read_usage
from analyzer.cost_lines import LineKind
from analyzer.model import Gap, Inventory, Resource
from analyzer.unknown import Either, Partial, Reference, Unknown, choose

PARIS = "eu-west-3"
BUCKET = "AWS::S3::Bucket"


class Condition:
    """A condition of a template that nothing decides."""

    def holds(self) -> bool:
        return choose(("condition", "Big"), "condition `Big`", "is true", "hangs on a parameter")


def test_tiers_are_those_of_the_whole_account(aws, bill):
    buckets = [aws(BUCKET, name, region=PARIS) for name in ("One", "Two")]
    usage = {"One": {"storage_gib": 40_000}, "Two": {"storage_gib": 60_000}}
    lines = bill(*buckets, usage=usage)
    # 51,200 x 0.024 + 48,800 x 0.023; alone, both would be cheaper by what the tiers give twice
    assert lines.usd("S3/storage-standard") == Decimal("2351.20")
    one, two = lines.of("S3/storage-standard")
    assert one.usd * 3 == two.usd * 2


def test_regions_have_tiers_of_their_own(aws, bill):
    buckets = [aws(BUCKET, "One", region=PARIS), aws(BUCKET, "Two", region="us-east-1")]
    usage = {"One": {"storage_gib": 51_200}, "Two": {"storage_gib": 51_200}}
    # 51,200 x 0.024 + 51,200 x 0.023
    assert bill(*buckets, usage=usage).usd("S3/storage-standard") == Decimal("2406.40")


def test_an_allowance_is_given_once_to_an_account(aws, bill):
    def alarms(account):
        return [
            aws(
                "AWS::CloudWatch::Alarm", f"A{index}", stack=account, account=account, region=region
            )
            for index, region in enumerate([PARIS] * 6 + ["us-east-1"] * 6)
        ]

    assert bill(*alarms("111122223333")).usd("CloudWatch/alarms") == Decimal("0.20")
    both = bill(*alarms("111122223333"), *alarms("444455556666"))
    assert both.usd("CloudWatch/alarms") == Decimal("0.40")
    given = [line for line in both.of("CloudWatch/alarms") if line.quantity < 0]
    assert {line.resource for line in given} == {"account 111122223333", "account 444455556666"}
    assert "AWS gives every account 10 alarms a month free" in given[0].assumption


@given(st.lists(st.integers(min_value=0, max_value=200_000), min_size=1, max_size=5))
def test_lines_add_up_to_the_price_of_the_total(amounts):
    buckets = [Resource(BUCKET, f"B{i}", {}, stack="s", region=PARIS) for i in range(len(amounts))]
    inventory = Inventory("test", buckets)
    declared = {f"B{index}": {"storage_gib": gib} for index, gib in enumerate(amounts)}
    lines = estimate(
        inventory,
        read_usage(declared, inventory),
        None,
        embedded(),
        today=date(2026, 11, 20),
    )
    total = sum(line.usd for line in lines)
    expected = embedded().rate(PARIS, "s3.standard.storage").cost(Decimal(sum(amounts)))
    assert abs(total - expected) < Decimal("1e-15")


def test_a_free_type_says_that_it_is_free(aws, bill):
    (line,) = bill(aws("AWS::EC2::VPC")).lines
    assert (line.name, line.kind, line.usd) == ("EC2/VPC", LineKind.FREE, None)
    assert line.reason


def test_a_type_that_nobody_estimates_says_so(aws, bill):
    (line,) = bill(aws("AWS::SageMaker::Endpoint")).lines
    assert (line.kind, line.usd) == (LineKind.NOT_PRICED, None)
    assert line.reason == "assay does not estimate this type"


def test_an_undecided_size_gives_the_amounts_between_which_it_lies(aws, bill):
    size = Either(Condition(), 100, 10)
    volume = aws("AWS::EC2::Volume", region=PARIS, Size=size, VolumeType="gp3")
    line = bill(volume).one("EBS/storage")
    assert line.kind is LineKind.UNKNOWN
    # 10 x 0.0928 and 100 x 0.0928
    assert "between USD 0.93 and 9.28 a month" in line.reason
    assert "condition `Big`" in line.reason


def test_a_choice_that_changes_nothing_is_no_matter(aws, bill):
    size = Either(Condition(), 10, 10)
    volume = aws("AWS::EC2::Volume", region=PARIS, Size=size, VolumeType="gp3")
    assert bill(volume).usd("EBS/storage") == Decimal("0.93")


def test_a_resource_that_may_not_exist_is_unknown(aws, bill):
    secret = aws("AWS::SecretsManager::Secret", condition=Condition())
    line = bill(secret).one("SecretsManager/secrets")
    assert line.kind is LineKind.UNKNOWN
    assert "between USD 0.00 and 0.40" in line.reason


def test_a_property_that_makes_no_sense_is_unknown_and_stops_nothing(aws, bill):
    volume = aws("AWS::EC2::Volume", Size="much")
    line = bill(volume, aws("AWS::EC2::EIP", "Ip")).one("EBS/storage")
    assert (line.kind, line.reason) == (LineKind.UNKNOWN, "'much' is not a quantity")


def test_a_region_that_is_not_in_the_book_is_unknown(aws, bill):
    line = bill(aws("AWS::EC2::EIP", region="ap-south-1")).one("VPC/public-ipv4")
    assert line.kind is LineKind.UNKNOWN
    assert "no prices for ap-south-1" in line.reason


def test_resources_that_could_not_be_read_are_no_zero():
    gap = Gap("AWS::EC2::NatGateway", PARIS, "ec2:DescribeNatGateways", "AccessDenied")
    inventory = Inventory("account", [], live=True, gaps=(gap,))
    (line,) = estimate(inventory, Usage(), None, embedded(), today=date(2026, 11, 20))
    assert (line.resource, line.kind) == ("*", LineKind.UNKNOWN)
    assert "AccessDenied" in line.reason


def test_secret_values_never_reach_a_line(aws, bill):
    secret = Unknown("parameter `Password`", "is a secret", secret=True)
    db = aws(
        "AWS::RDS::DBInstance",
        Engine="mysql",
        EngineVersion="8.4",
        DBInstanceClass="db.t3.micro",
        AllocatedStorage=20,
        MasterUserPassword=secret,
    )
    assert not bill(db).unknown


def test_an_estimator_that_raises_makes_one_line_unknown(aws, bill, monkeypatch):
    from analyzer.cost import registry

    def broken(resource, context):
        raise ZeroDivisionError("by nothing")

    monkeypatch.setitem(registry.estimators(), "AWS::EC2::EIP", [("VPC/public-ipv4", broken)])
    line = bill(aws("AWS::EC2::EIP")).one("VPC/public-ipv4")
    assert line.kind is LineKind.UNKNOWN
    assert "ZeroDivisionError" in line.reason


def test_usage_that_changes_nothing_is_not_passed_over(aws, bill):
    endpoint = aws("AWS::EC2::VPCEndpoint", VpcEndpointType="Gateway")
    line = bill(endpoint, usage={"It": {"processed_gib": 5}}).one("EC2/usage")
    assert line.kind is LineKind.NOT_PRICED
    assert "usage declares processed_gib" in line.reason


def test_a_type_with_a_hole_is_unknown(aws, bill):
    type_ = Partial("t3.", Unknown("parameter `Size`", "has no value in this profile"))
    line = bill(aws("AWS::EC2::Instance", InstanceType=type_)).one("EC2/instance-hours")
    assert line.kind is LineKind.UNKNOWN
    assert "t3." in line.reason


class Everything(dict):
    """Properties of which each has the same value, whatever its name."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value

    def get(self, name: str, default: object = None) -> object:
        return self.value


@pytest.mark.parametrize("type_", sorted(estimators()))
@pytest.mark.parametrize(
    "value",
    [
        Unknown("parameter `P`", "has no value"),
        Partial("text", Unknown("parameter `P`", "has no value")),
        Reference("main/Elsewhere"),
        Either(Condition(), "one", "other"),
        "",
        "text",
        "NaN",
        -1,
        True,
        None,
        [],
        [None],
        [{}],
        {},
        {"A": [{}]},
    ],
    ids=lambda value: re.sub(r" at 0x[0-9a-f]+", "", repr(value)),
)
def test_no_property_whatever_stops_an_estimate(type_, value):
    resource = Resource(type_, "It", Everything(value), stack="main", region=PARIS)
    lines = estimate(
        Inventory("test", [resource]), Usage(), None, embedded(), today=date(2026, 11, 20)
    )
    assert all(line.usd is None or 0 <= abs(line.usd) < 10**6 for line in lines)
