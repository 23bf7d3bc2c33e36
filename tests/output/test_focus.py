"""FOCUS 1.2: its columns, in its order and types, with totals that are the run's own."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from analyzer.cost_lines import CostLine, LineKind
from analyzer.inputs import Deployment, find_systems
from analyzer.output.focus import COLUMNS, focus, left_out
from analyzer.request import Request
from analyzer.results import CoverageLine, Judgement, ResourceInfo, Run
from analyzer.run import run as judge
from tests.cli.conftest import Assay, assay

__all__ = ["assay"]
HERE = Path(__file__).parent
ROOT = HERE.parent.parent
DAY = date(2026, 11, 21)
LINE = CostLine(
    resource="Web",
    type="AWS::EC2::Instance",
    service="EC2",
    component="instance-hours",
    kind=LineKind.PRICED,
    quantity=Decimal(730),
    unit="Hrs",
    unit_price=Decimal("0.0104"),
    usd=Decimal("7.592"),
    stack="main",
    region="eu-west-3",
    key="ec2.ondemand.linux.shared t3.micro",
    as_of=date(2025, 10, 28),
)
UNKNOWN = replace(LINE, kind=LineKind.UNKNOWN, usd=None, quantity=None, reason="no price")


def table(name: str) -> list[dict[str, str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


RULES = {row["column"]: row for row in table("focus_columns.csv")}


@cache
def estimate() -> Run:
    """The five architectures, priced."""
    systems = find_systems([ROOT / "architectures"], Deployment()).systems
    return judge(Request(systems, DAY, judged=False))


def rows(run: Run) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(focus(run))))


def one(*lines: CostLine, tags: dict[str, str] | None = None, day: date = DAY) -> Run:
    """A run with these lines."""
    resource = ResourceInfo("Web", "AWS::EC2::Instance", "main", "eu-west-3", None, tags or {})
    judgement = Judgement("shop", "prod", "The shop", resources=(resource,), cost=lines)
    return Run("0", day, (judgement,), {})


def test_columns_are_those_of_the_specification_in_its_order_and_then_ours() -> None:
    own = [column for column in COLUMNS if column.startswith("x_")]

    assert list(COLUMNS) == [*sorted(RULES), *own]
    assert next(csv.reader(io.StringIO(focus(estimate())))) == list(COLUMNS)


@pytest.mark.parametrize("column", RULES)
def test_every_value_has_the_type_that_its_column_asks_for(column: str) -> None:
    rule = RULES[column]
    values = {row[column] for row in rows(estimate())}
    if rule["nulls"] == "False":
        assert "" not in values
    allowed = rule["values"].split("|") if rule["values"] else None
    for value in values - {""}:
        assert allowed is None or value in allowed
        if rule["type"] == "Decimal":
            assert re.fullmatch(r"-?\d+(\.\d+)?", value)
        elif rule["type"] == "DateTime":
            assert datetime.fromisoformat(value).utcoffset() is not None
            assert value.endswith("Z")
        elif rule["type"] == "Json":
            assert isinstance(json.loads(value), dict)


def test_totals_are_the_runs() -> None:
    run = estimate()
    for cost in ("BilledCost", "EffectiveCost", "ContractedCost"):
        totals: dict[tuple[str, str], Decimal] = {}
        for row in rows(run):
            key = (row["x_System"], row["x_Profile"])
            totals[key] = totals.get(key, Decimal(0)) + Decimal(row[cost])
        for judgement in run.judgements:
            assert totals[judgement.system, judgement.profile] == judgement.usd


def test_list_costs_are_what_all_would_cost_without_spot() -> None:
    run = estimate()
    listed: dict[str, Decimal] = {}
    for row in rows(run):
        if row["x_System"] == "projet-e4":
            profile = row["x_Profile"]
            listed[profile] = listed.get(profile, Decimal(0)) + Decimal(row["ListCost"])

    on_demand = next(one.usd for one in run.judgements if one.profile == "target")
    assert listed["target-spot"] == listed["target"] == on_demand


def test_quantity_times_price_is_the_cost_of_usage_and_only_credits_have_neither() -> None:
    for row in rows(estimate()):
        if row["ChargeCategory"] == "Usage":
            product = Decimal(row["PricingQuantity"]) * Decimal(row["ListUnitPrice"])
            assert abs(product - Decimal(row["ListCost"])) < Decimal("1e-9")
            assert row["PricingUnit"]
            assert row["PricingCategory"] in ("Standard", "Dynamic")
        else:
            assert row["ChargeCategory"] == "Credit"
            assert Decimal(row["BilledCost"]) < 0
            assert row["PricingQuantity"] == row["PricingUnit"] == row["ListUnitPrice"] == ""


def test_a_price_in_tiers_is_the_mean_and_says_so() -> None:
    (row,) = rows(one(replace(LINE, quantity=Decimal(1000), usd=Decimal(9))))

    assert (row["ListUnitPrice"], row["x_PriceBlended"]) == ("0.009", "true")


def test_spot_is_dynamic_and_its_list_cost_is_what_is_paid_without_its_discount() -> None:
    spot = replace(LINE, share=Decimal("0.3"), quantity=Decimal(100), unit_price=Decimal("0.03"))

    (row,) = rows(one(replace(spot, usd=Decimal(3))))

    assert row["PricingCategory"] == "Dynamic"
    assert (row["BilledCost"], row["ListCost"]) == ("3", "10")
    assert (row["ContractedUnitPrice"], row["ListUnitPrice"]) == ("0.03", "0.1")
    assert rows(one(LINE))[0]["PricingCategory"] == "Standard"


def test_regions_units_and_ids_hold_together() -> None:
    for row in rows(estimate()):
        assert bool(row["RegionId"]) == bool(row["RegionName"])
        assert bool(row["ResourceId"]) == bool(row["ResourceType"]) == bool(row["ResourceName"])
        assert bool(row["SubAccountId"]) == bool(row["SubAccountType"])
        assert not row["PricingUnit"].endswith(("Hrs", "Mo"))


def test_a_row_says_what_was_priced_and_that_it_is_an_estimate() -> None:
    (row,) = rows(one(LINE, tags={"Team": "web"}))

    assert row["ResourceId"] == "shop/main/Web"
    assert row["RegionName"] == "Europe (Paris)"
    assert row["ServiceName"] == "Amazon Elastic Compute Cloud"
    assert json.loads(row["Tags"]) == {"Team": "web"}
    assert (row["SubAccountId"], row["BillingAccountId"]) == ("prod", "shop")
    assert row["x_Estimated"] == "true"


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        (date(2026, 11, 21), "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"),
        (date(2026, 12, 31), "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    ],
)
def test_the_period_is_the_month_of_the_run(day: date, start: str, end: str) -> None:
    (row,) = rows(one(LINE, day=day))

    assert (row["BillingPeriodStart"], row["BillingPeriodEnd"]) == (start, end)
    assert (row["ChargePeriodStart"], row["ChargePeriodEnd"]) == (start, end)


def test_a_line_without_an_amount_is_no_row_and_is_named_and_counted() -> None:
    run = one(LINE, UNKNOWN, replace(LINE, kind=LineKind.FREE, usd=None))
    (row,) = rows(run)

    assert row["x_ChargesLeftOut"] == "1"
    assert left_out(run) == (
        "1 charge without an amount left out: EC2/instance-hours of Web (unknown: no price)"
    )
    assert left_out(one(LINE)) == ""


def test_an_account_pays_for_itself() -> None:
    judgement = Judgement("123456789012", "live", "prod", cost=(LINE,))
    run = Run(
        "0", DAY, (judgement,), {}, coverage=(CoverageLine("123456789012", "eu-west-3", "ec2"),)
    )
    (row,) = rows(run)

    assert (row["BillingAccountId"], row["BillingAccountType"]) == ("123456789012", "Account")
    assert row["SubAccountId"] == ""


def test_untrusted_text_is_no_formula() -> None:
    (row,) = rows(one(replace(LINE, resource="=cmd()", assumption="@x\x1b[2J")))

    assert row["ResourceName"] == "'=cmd()"
    assert row["x_Assumption"].startswith("'@x")
    assert "\x1b" not in row["x_Assumption"]


def test_every_service_that_we_price_is_filed() -> None:
    named = re.compile(r'"([A-Z]\w+)/[a-z0-9-]+"')
    files = (ROOT / "analyzer/cost").rglob("*.py")
    allowances = (ROOT / "analyzer/cost/data/allowances.csv").read_text(encoding="utf-8")
    priced = {name for file in files for name in named.findall(file.read_text(encoding="utf-8"))}
    priced |= set(re.findall(r"\b([A-Z]\w+)/[a-z0-9-]+", allowances))
    for service in priced - {"GiB"}:
        (row,) = rows(one(replace(LINE, service=service)))
        assert row["ServiceCategory"] != "Other", service
        assert row["ServiceName"] != service, service


def test_the_commands_write_it_and_tell_what_is_left_out(assay: Assay, tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(
        "Parameters: {Type: {Type: String}}\nResources:\n  Web:\n    Type: AWS::EC2::Instance\n"
        "    Properties: {InstanceType: !Ref Type, ImageId: a, Tags: [{Key: Team, Value: a}]}\n",
        encoding="utf-8",
    )
    priced = assay("price", template, "--format", "focus")
    assay("check", template, "--engine", "assay", "-o", "costs.focus.csv")

    assert priced.out.startswith("AvailabilityZone,BilledCost,")
    assert "without an amount left out: EC2/instance-hours of Web" in priced.err
    assert (tmp_path / "costs.focus.csv").read_text(encoding="utf-8") == priced.out
    assert '{""Team"": ""a""}' in priced.out


def test_a_secret_in_a_tag_is_masked(assay: Assay, tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(
        "Parameters: {Word: {Type: String, NoEcho: true}}\nResources:\n  Web:\n"
        "    Type: AWS::EC2::Volume\n"
        "    Properties:\n      AvailabilityZone: eu-west-3a\n      Size: 1\n"
        "      Tags: [{Key: Note, Value: !Sub 'a ${Word} b'}, {Key: Word, Value: !Ref Word}]\n",
        encoding="utf-8",
    )

    text = assay("price", template, "--format", "focus", "-p", "Word=hunter2hunter2").out

    assert "AWS::EC2::Volume" in text
    assert "hunter2" not in text
