"""`assay plan`: what it prints, what it writes beside that, and what it ends with."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path

import pytest

from analyzer.account.sessions import Account
from analyzer.account.snapshot import Scope, Snapshot
from analyzer.cli.plan import _ACCEPTABLE
from analyzer.savings import KINDS
from tests.cli.conftest import Assay

TEMPLATE = """\
Parameters:
  Class: {Type: String, Default: db.t3.micro}
Resources:
  # The orders.
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: mysql
      EngineVersion: "8.0"
      DBInstanceClass: !Ref Class
      AllocatedStorage: "20"
      MasterUsername: admin
      MasterUserPassword: correct-horse-battery
      MultiAZ: true
      BackupRetentionPeriod: 7
      DeletionProtection: true
  Server:
    Type: AWS::EC2::Instance
    Properties:
      InstanceType: t3.micro
      ImageId: ami-1
      Tags: [{Key: Environment, Value: dev}]
"""
ARCHITECTURE = """\
name: shop
stacks:
  main: {template: template.yaml, region: eu-west-3}
profiles:
  prod:
    budget: {amount: 400}
  dev:
    title: for trying things out
"""
TODAY = ("--date", "2026-11-21")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "architecture.yaml").write_text(ARCHITECTURE)
    return folder


def told(assay: Assay, *arguments: object) -> dict:
    return json.loads(assay("plan", *arguments, *TODAY, "--format", "json").out)


def test_the_plan_has_its_steps_with_the_running_total(assay: Assay, shop: Path) -> None:
    ended = assay("plan", shop, "--profile", "prod", "--budget", "100", *TODAY)
    assert "upgrade mysql 8.0 to 8.4" in ended.out
    assert "-292.00" in ended.out
    assert "under the budget of 100.00" in ended.out
    assert ended.err == ""


def test_the_steps_add_up_to_the_total(assay: Assay, shop: Path) -> None:
    plan = told(assay, shop, "--profile", "prod")
    steps = sum(Decimal(step["usd"]) for step in plan["steps"])
    assert Decimal(plan["before"]) + steps == Decimal(plan["total"])


def test_the_profile_s_own_budget_is_the_default(assay: Assay, shop: Path) -> None:
    assert told(assay, shop, "--profile", "prod")["limit"] == "400"
    assert told(assay, shop, "--profile", "dev")["limit"] is None


def test_the_budget_is_no_failure_that_a_step_mends(assay: Assay, shop: Path) -> None:
    (shop / "architecture.yaml").write_text(ARCHITECTURE.replace("400", "1"))
    plan = told(assay, shop, "--profile", "prod")
    rules = {rule for step in plan["steps"] for rule in step["mends"]}
    assert not any(rule.startswith("COST-BUD") for rule in rules)
    assert not any(row["rule"].startswith("COST-BUD") for row in plan["left"])


def test_spending_is_counted_from_today(assay: Assay, shop: Path) -> None:
    plan = told(assay, shop, "--profile", "dev", "--spend", "5")
    assert float(plan["limit"]) == float(plan["before"]) + 5


def test_a_smaller_budget_never_mends_more(assay: Assay, shop: Path) -> None:
    few = told(assay, shop, "--profile", "prod", "--budget", "0")
    many = told(assay, shop, "--profile", "prod")
    assert len(few["left"]) >= len(many["left"])
    assert not few["affordable"]


def test_a_schedule_is_taken_where_it_is_accepted(assay: Assay, shop: Path) -> None:
    before = told(assay, shop, "--profile", "dev")
    assert "schedule" not in [step["kind"] for step in before["steps"]]
    after = told(assay, shop, "--profile", "dev", "--accept", "schedule")
    assert "schedule" in [step["kind"] for step in after["steps"]]
    assert float(after["total"]) < float(before["total"])


def test_a_schedule_is_written_into_the_profile(assay: Assay, shop: Path) -> None:
    ended = assay("plan", shop, "--profile", "dev", "--accept", "schedule", "--diff", *TODAY)
    assert "architecture.yaml" in ended.out
    assert "hours_per_week: 50" in ended.out


def test_a_patch_shows_no_secret(assay: Assay, shop: Path) -> None:
    for format_ in ("text", "json", "markdown", "html"):
        ended = assay("plan", shop, "--profile", "prod", "--format", format_, *TODAY)
        assert "correct-horse" not in ended.out
    assert "correct-horse" not in assay("plan", shop, "--profile", "prod", "--diff", *TODAY).out


def test_what_a_patch_masks_takes_no_sign_of_another_line(assay: Assay, tmp_path: Path) -> None:
    (tmp_path / "queue.yaml").write_bytes(
        b"Resources:\r\n  JobToken:\r\n    Type: AWS::SQS::Queue\r\n    Properties:\r\n"
        b"      SqsManagedSseEnabled: false\r\n"
    )
    lines = assay("plan", tmp_path / "queue.yaml", "--diff", *TODAY).out.split("\n")
    assert "     Type: AWS::SQS::Queue\r" in lines
    assert "+      SqsManagedSseEnabled: true\r" in lines


def test_nothing_is_written(assay: Assay, shop: Path) -> None:
    assay("plan", shop, "--profile", "prod", *TODAY)
    assert (shop / "template.yaml").read_text() == TEMPLATE


def test_a_plan_that_is_written_has_no_more_to_do(assay: Assay, shop: Path) -> None:
    first = told(assay, shop, "--profile", "dev")
    ended = assay("plan", shop, "--profile", "dev", "--write", "--unsafe", *TODAY)
    assert "wrote" in ended.err
    again = told(assay, shop, "--profile", "dev")
    assert again["steps"] == []
    assert Decimal(again["before"]) <= Decimal(first["total"])
    assert "# The orders." in (shop / "template.yaml").read_text()


def test_what_is_not_safe_is_not_written_unasked(assay: Assay, shop: Path) -> None:
    ended = assay("plan", shop, "--profile", "prod", "--write", *TODAY)
    assert ended.code == 2
    assert "is not safe" in ended.err
    assert (shop / "template.yaml").read_text() == TEMPLATE


OLD_ENGINE = """\
Resources:
  Shop:
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-mysql, EngineVersion: "5.7"}
  Writer:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: aurora-mysql, DBClusterIdentifier: !Ref Shop, DBInstanceClass: db.r5.large}
"""


def test_what_a_saving_opens_is_taken_with_it_so_that_nothing_is_left_to_save(
    assay: Assay, tmp_path: Path
) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(OLD_ENGINE)
    asked = ("plan", template, "--region", "eu-west-3", "--fail-on", "critical", *TODAY)
    (step,) = json.loads(assay(*asked, "--format", "json").out)["steps"]
    assert step["change"] == (
        "upgrade aurora-mysql 5.7 to 8.0, then run on db.r6g.large instead of db.r5.large"
    )
    assay(*asked, "--write", "--unsafe")
    assert "DBInstanceClass: db.r6g.large" in template.read_text()
    assert json.loads(assay(*asked, "--format", "json").out)["steps"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-", "--write"), "standard input cannot be written"),
        ((".", "--profile", "prod", "--chart", "plan.png"), "a chart is an SVG, not a .png"),
    ],
)
def test_what_cannot_be_made_is_told_before_anything_is(
    assay: Assay, shop: Path, arguments: tuple[str, ...], message: str
) -> None:
    ended = assay("plan", *arguments, *TODAY)
    assert ended.code == 2
    assert message in ended.err


def test_a_safe_plan_is_written(assay: Assay, shop: Path) -> None:
    ended = assay("plan", shop, "--profile", "prod", "--safe", "--write", *TODAY)
    assert ended.code == 1
    assert (shop / "template.yaml").read_text() != TEMPLATE


def test_the_chart_is_a_picture_with_words_for_those_who_do_not_see_it(
    assay: Assay, shop: Path, tmp_path: Path
) -> None:
    assay("plan", shop, "--profile", "prod", "--chart", tmp_path / "plan.svg", *TODAY)
    root = ET.fromstring((tmp_path / "plan.svg").read_text())  # noqa: S314 - our own
    space = "{http://www.w3.org/2000/svg}"
    title, described = root.find(f"{space}title"), root.find(f"{space}desc")
    assert title is not None
    assert described is not None
    assert "shop prod" in str(title.text)
    assert "upgrade mysql" in str(described.text)
    assert root.get("aria-labelledby") == f"{title.get('id')} {described.get('id')}"


def test_the_name_of_the_output_tells_the_format(assay: Assay, shop: Path, tmp_path: Path) -> None:
    assay("plan", shop, "--profile", "prod", "--output", tmp_path / "plan.html", *TODAY)
    page = (tmp_path / "plan.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "http-equiv" in page
    assert "<script" not in page


def test_a_template_alone_has_a_plan_too(assay: Assay, shop: Path) -> None:
    (shop / "architecture.yaml").unlink()
    ended = assay("plan", shop / "template.yaml", "--region", "eu-west-3", *TODAY)
    assert "upgrade mysql" in ended.out


def test_failures_below_the_level_that_counts_are_no_part_of_it(assay: Assay, shop: Path) -> None:
    all_of_them = told(assay, shop, "--profile", "prod")
    high = told(assay, shop, "--profile", "prod", "--fail-on", "high")
    assert len(high["left"]) < len(all_of_them["left"])
    assert {row["severity"] for row in high["left"]} <= {"high", "critical"}


def test_a_policy_that_is_reached_ends_with_zero(assay: Assay, tmp_path: Path) -> None:
    template = tmp_path / "bucket.yaml"
    template.write_text("Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n")
    ended = assay("plan", template, "--fail-on", "critical", *TODAY)
    assert ended.code == 0
    assert "no failure left" in ended.out


def test_a_policy_that_is_not_reached_ends_with_one(assay: Assay, shop: Path) -> None:
    assert assay("plan", shop, "--profile", "prod", *TODAY).code == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--profile", "test"), "there is no profile 'test'"),
        ((), "a plan is for one profile"),
        (("--profile", "prod", "--budget", "much"), "'much' is no amount"),
        (("--profile", "prod", "--budget", "-1"), "'-1' is no amount"),
        (("--profile", "prod", "--budget", "NaN"), "'NaN' is no amount"),
        (("--profile", "prod", "--budget", "1", "--spend", "1"), "give one of them"),
        (("--profile", "prod", "--accept", "magic"), "magic"),
        (("--profile", "prod", "--output", "plan.sarif"), "a plan has no format sarif"),
    ],
)
def test_what_cannot_be_asked_is_told_in_a_line(assay: Assay, shop: Path, arguments, words) -> None:
    ended = assay("plan", shop, *arguments)
    assert ended.code == 2
    assert words in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("{working_hours: late}", "'late' is no span of hours such as 8-18; check working_days"),
        ("{working_days: [Mon]}", "'Mon' is no day; days are mon, tue"),
    ],
)
def test_working_hours_that_cannot_be_read_are_told_in_a_line(
    assay: Assay, shop: Path, tmp_path: Path, policy: str, words: str
) -> None:
    (tmp_path / "assay.yaml").write_text(f"policy: {policy}\n")
    ended = assay("plan", shop, "--profile", "prod")
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert "internal error" not in ended.err


def test_what_does_not_exist_is_told_in_a_line(assay: Assay, tmp_path: Path) -> None:
    ended = assay("plan", tmp_path / "nowhere")
    assert ended.code == 2
    assert "does not exist" in ended.err


def test_a_broken_template_has_no_plan(assay: Assay, shop: Path) -> None:
    (shop / "template.yaml").write_text("Resources: [")
    ended = assay("plan", shop, "--profile", "prod", *TODAY)
    assert ended.code == 2
    assert ended.err.count("\n") == 1


def test_a_broken_usage_has_no_plan(assay: Assay, shop: Path) -> None:
    file = shop / "architecture.yaml"
    file.write_text(ARCHITECTURE + "    usage: {Nothing: {storage_gib: 1}}\n")
    assert assay("plan", shop, "--profile", "dev", *TODAY).code == 2


def test_every_saving_that_asks_can_be_accepted() -> None:
    assert set(_ACCEPTABLE) == {kind.name for kind in KINDS.values() if kind.asks}


def test_several_systems_have_no_plan(assay: Assay, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text("Resources: {A: {Type: 'AWS::SNS::Topic'}}\n")
    ended = assay("plan", tmp_path)
    assert ended.code == 2
    assert "a plan is for one system" in ended.err


def test_an_account_is_chosen_where_a_snapshot_holds_several(assay: Assay, tmp_path: Path) -> None:
    accounts = ("111122223333", "444455556666")
    regions = dict.fromkeys(accounts, ("eu-west-3",))
    scope = Scope(tuple(map(Account, accounts)), regions, digest="", units={}, started="")
    Snapshot(f"{tmp_path}").begin(scope)
    ended = assay("plan", tmp_path, *TODAY)
    assert ended.code == 2
    assert f"give --profile: there is {', '.join(accounts)}" in ended.err
