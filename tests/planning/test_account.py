"""The savings of an account: one step a kind, judged and priced on what was read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from analyzer.cost.book import embedded
from analyzer.cost.estimate import estimate
from analyzer.cost.usage import read_usage
from analyzer.model import Inventory, Resource
from analyzer.planning.account import AccountTrial, plan_account
from analyzer.planning.making import Wanted
from analyzer.planning.plan import Plan, Why
from analyzer.planning.trouble import Counting
from analyzer.results import Judgement
from analyzer.savings import Surroundings

TODAY = date(2026, 11, 21)


def resource(type_: str, name: str, properties: dict[str, Any], **live: Any) -> Resource:
    return Resource(type_, f"arn:{name}", properties, region="eu-west-3", live=live)


@pytest.fixture
def account() -> Inventory:
    found = [
        *(
            resource(
                "AWS::EC2::Volume",
                f"volume-{n}",
                {"Size": 100, "VolumeType": "gp2"},
                State="in-use",
            )
            for n in range(3)
        ),
        resource("AWS::EC2::EIP", "address", {}, Attached=False),
        resource("AWS::EC2::Snapshot", "old", {}, Created="2020-01-01", Gib=50, Encrypted=True),
    ]
    return Inventory("account", found, live=True)


def planned(inventory: Inventory, **wanted: Any) -> Plan:
    lines = estimate(inventory, read_usage({}, inventory), None, embedded(), today=TODAY)
    judgement = Judgement("111122223333", "live", cost=lines)
    trial = AccountTrial(inventory, judgement, {}, {}, TODAY)
    return plan_account(trial, Wanted(fixes=False, **wanted), Counting(), Surroundings(TODAY))


def test_volumes_of_one_kind_are_one_step(account: Inventory) -> None:
    (step,) = planned(account).steps
    assert step.candidate.title == "Volumes on gp3 instead of gp2: 3"
    assert step.usd == 300 * (Decimal("0.0928") - Decimal("0.116"))


def test_what_does_not_come_back_asks(account: Inventory) -> None:
    (left,) = planned(account).left
    assert left.why is Why.ASKS
    assert left.candidate is not None
    assert left.candidate.title.endswith(": 2")


def test_what_is_accepted_goes(account: Inventory) -> None:
    plan = planned(account, accepted=frozenset({"idle"}))
    assert {step.candidate.kind.name for step in plan.steps if step.candidate.kind} == {
        "gp3",
        "idle",
    }
    assert plan.total < planned(account).total


def test_the_inventory_itself_is_not_changed(account: Inventory) -> None:
    before = [dict(each.properties) for each in account]
    planned(account, accepted=frozenset({"idle"}))
    assert [dict(each.properties) for each in account] == before


def test_an_account_s_failures_are_no_part_of_it(account: Inventory) -> None:
    plan = planned(account)
    assert not plan.failing
    assert plan.reached
