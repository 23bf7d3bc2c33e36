"""Every labelled case: verdict, path, what an unknown hangs on, scenarios, stepping stones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.network.reaching import answer, cases, in_order, inventory_of_template, scenarios

Case = Mapping[str, Any]
each_case = pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])


def inventory_of(case: Case, **parameters: Any):
    region = case.get("region", "eu-west-3")
    return inventory_of_template(case["template"], region=region, **parameters)


@each_case
def test_the_verdict_is_right(case: Case) -> None:
    expected = case["expect"] if isinstance(case["expect"], list) else [case["expect"]]
    assert answer(inventory_of(case), case["ask"]).verdict in expected


@pytest.mark.parametrize(
    "case", [case for case in cases() if case.get("path")], ids=lambda case: case["id"]
)
def test_the_path_is_named_in_order(case: Case) -> None:
    path = answer(inventory_of(case), case["ask"]).path
    assert in_order(case["path"], path), path


@pytest.mark.parametrize(
    "case", [case for case in cases() if case.get("depends_on")], ids=lambda case: case["id"]
)
def test_an_unknown_answer_says_what_it_hangs_on(case: Case) -> None:
    told = " ".join(f"{doubt}" for doubt in answer(inventory_of(case), case["ask"]).depends_on)
    words = re.findall(r"[\w-]+", case["depends_on"])
    assert all(word in told for word in words), told


@pytest.mark.parametrize(
    "case", [case for case in cases() if case.get("stepping_stones")], ids=lambda case: case["id"]
)
def test_stepping_stones_are_named(case: Case) -> None:
    found = answer(inventory_of(case), case["ask"]).stepping_stones
    assert list(found) == case["stepping_stones"]


@pytest.mark.parametrize(("case", "name", "value", "verdict"), list(scenarios()))
def test_a_parameter_decides(case: Case, name: str, value: str, verdict: str) -> None:
    assert answer(inventory_of(case, **{name: value}), case["ask"]).verdict == verdict


@pytest.mark.parametrize("case", list({c[0]["id"]: c[0] for c in scenarios()}.values()))
def test_all_scenarios_together_are_unknown_and_name_the_parameter(case: Case) -> None:
    inventory = inventory_of_template(case["template"], all_scenarios=True)
    found = answer(inventory, case["ask"])
    assert found.verdict == "UNKNOWN"
    names = {name for other, name, _, _ in scenarios() if other is case}
    assert all(any(name in f"{doubt}" for doubt in found.depends_on) for name in names)


@each_case
def test_what_is_not_reached_says_what_stops_it(case: Case) -> None:
    found = answer(inventory_of(case), case["ask"])
    blocked = found.verdict in ("EXPOSED-BUT-UNREACHABLE", "CLOSED")
    assert (found.blocked_by is not None) == blocked
