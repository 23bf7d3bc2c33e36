"""What a change does to costs, budgets and access."""

from __future__ import annotations

import re

import pytest

from tests.cli.against.conftest import Change, database, found, shop, template, verdicts


def test_costs_are_told_charge_by_charge(change: Change) -> None:
    change.base(template_yaml=template(database()))
    change.made.write("template.yaml", template(database(size="db.t3.small")))
    before = change.run()["judgements"][0]["before"]
    hours = next(line for line in before["cost"] if line["name"] == "RDS/instance-hours")
    assert float(hours["after"]) == pytest.approx(2 * float(hours["before"]))


ROLE = """
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}
      Policies:
        - PolicyName: work
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - {{Effect: Allow, Action: {action}, Resource: 'arn:aws:s3:::a/*'}}
"""


@pytest.mark.parametrize(
    ("action", "verdict"), [("['s3:GetObject', 's3:PutObject']", "yes"), ("'s3:GetObject*'", "yes")]
)
def test_new_access_is_told(change: Change, action: str, verdict: str) -> None:
    change.base(template_yaml=template(ROLE.format(action="'s3:GetObject'")))
    change.made.write("template.yaml", template(ROLE.format(action=action)))
    access = change.run()["judgements"][0]["before"]["access"]
    assert [(one["resource"], one["verdict"]) for one in access] == [("Worker", verdict)]


def test_less_access_is_no_new_access(change: Change) -> None:
    change.base(template_yaml=template(ROLE.format(action="'s3:*'")))
    change.made.write("template.yaml", template(ROLE.format(action="'s3:GetObject'")))
    access = change.run()["judgements"][0]["before"]["access"]
    assert [one["verdict"] for one in access] == ["no"]


@pytest.mark.parametrize(
    ("increase", "verdict"), [("1", "FAIL"), ("100", "PASS"), ("1%", "FAIL"), ("200%", "PASS")]
)
def test_what_a_change_adds_is_held_to_what_it_may(
    change: Change, increase: str, verdict: str
) -> None:
    change.base(template_yaml=template(database()), architecture_yaml=shop(increase=increase))
    change.made.write("template.yaml", template(database(size="db.t3.small")))
    assert verdicts(change.run(), "COST-BUD-02") == [verdict]


def test_budgets_are_those_of_the_base(change: Change) -> None:
    change.base(template_yaml=template(database()), architecture_yaml=shop(amount=10))
    change.made.write("architecture.yaml", shop(amount=1000))
    assert verdicts(change.run(), "COST-BUD-01") == ["FAIL"]


@pytest.mark.parametrize("format_", ["text", "comment", "markdown"])
def test_what_has_no_price_any_more_keeps_no_budget(change: Change, format_: str) -> None:
    change.base(template_yaml=template(database()), architecture_yaml=shop())
    change.made.write("template.yaml", template(database(size="db.z9.micro")))
    told = change.check(".", "--format", format_).out
    assert "not decided" in told
    assert not re.search(r"\bkept\b|-1\d\.\d\d", told)


def test_a_role_with_another_name_is_held_to_the_bases_ceiling(change: Change) -> None:
    most = "{Effect: Allow, Action: 's3:GetObject', Resource: '*'}"
    stated = shop() + f"ceilings:\n  - {{id: SHOP-MAX-01, roles: Worker, statements: [{most}]}}\n"
    small, large = (ROLE.format(action=action) for action in ("s3:GetObject", "s3:*"))
    change.base(architecture_yaml=stated, template_yaml=template(small))
    change.made.write("template.yaml", template(large.replace("Worker:", "Other:")))
    assert ("SHOP-MAX-01", "Other") in found(change.run(), "new")


EUROS = 'currency: {code: EUR, usd_per_unit: "%s", date: 2026-05-01, source: the test}\n'


def test_another_rate_makes_no_budget_larger(change: Change) -> None:
    stated = shop(amount=10).replace("10", "10, currency: EUR")
    change.base(template_yaml=template(database()), architecture_yaml=EUROS % "1.2" + stated)
    change.made.write("architecture.yaml", EUROS % "100" + stated)
    assert verdicts(change.run(), "COST-BUD-01") == ["FAIL"]
