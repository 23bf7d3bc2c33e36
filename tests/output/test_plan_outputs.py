"""What a plan looks like in each format, and that nothing in it can do harm there."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from analyzer.findings import Fix, Severity
from analyzer.output.plan_chart import chart_file, plan_chart
from analyzer.output.plan_html import html
from analyzer.output.plan_json import document
from analyzer.output.plan_markdown import markdown
from analyzer.output.plan_rows import headline, reach_rows, step_rows
from analyzer.output.plan_text import blocks
from analyzer.output.plan_words import change_words
from analyzer.output.text import shown
from analyzer.planning.candidate import Candidate, Change
from analyzer.planning.plan import Plan, Reach
from tests.planning.world import Law, World, needs, saving, sum_of

TODAY = date(2026, 11, 21)
HOSTILE = "</style><script>alert(1)</script>\x1b[31m|@everyone"


@pytest.fixture
def plan() -> Plan:
    laws = (
        needs("Encrypted", Severity.HIGH),
        needs("Zones"),
        Law("Password", lambda p: False, severity=Severity.CRITICAL),
    )
    world = World(laws, lambda p: 100 + sum_of(Encrypted=2, Zones=40, Gp3=-7, Arm=-9)(p))
    return world.plan(saving(Gp3=True), saving("arm64", Arm=True), limit=110)


def as_text(plan: Plan, **options: bool) -> str:
    return shown(blocks(plan, {}, **options))


def test_the_headline_says_what_is_reached(plan: Plan) -> None:
    assert headline(plan) == (
        "1 failure mended, 2 failures left; from 100.00 to 95.00 USD a month, "
        "15.00 under the budget of 110.00"
    )


def test_text_has_every_step_with_the_running_total(plan: Plan) -> None:
    lines = [" ".join(line.split()) for line in as_text(plan).splitlines()]
    assert "today 100.00" in lines
    assert "1 Thing save by Gp3 -7.00 93.00" in lines
    assert "2 Thing Encrypted: true Encrypted +2.00 95.00" in lines


def test_text_says_why_the_rest_is_left(plan: Plan) -> None:
    text = as_text(plan)
    assert "no fix is known" in text
    assert "over the budget: +40.00 USD" in text
    assert "--accept arm64" in text


def test_text_says_what_more_would_reach(plan: Plan) -> None:
    assert [(f"{row.total}", row.more) for row in reach_rows(plan)] == [("135.00", "1 medium more")]


def test_a_budget_that_is_said_to_reach_more_is_enough_for_it(plan: Plan) -> None:
    exact = replace(plan, reach=(Reach(Decimal("135.0012"), plan.reach[-1].worth),))
    assert [f"{row.total}" for row in reach_rows(exact)] == ["135.01"]
    assert json.loads(document(exact, {}))["reach"][0]["total"] == "135.01"


@pytest.mark.parametrize(
    ("fix", "words"),
    [
        (Fix(set={"A": {"B": {"C": "required"}}}), "A/B/C: required"),
        (Fix(set={"A": {"Ref": "Group"}}), "A: Group"),
        (Fix(set={"A": {"Fn::GetAtt": ["Key", "Arn"]}}), "A: Key.Arn"),
        (Fix(set={"A": {"Version": "2012", "Statement": [{"Effect": "Deny"}]}}), "sets A"),
        (Fix(set={"A/-": {"Key": "k", "Value": "true"}}), "A with Key k, Value true"),
        (Fix(set={"A/-": {"Fn::Sub": "x" * 60}}), "more in A"),
        (Fix(set={"A": True}, remove=("B",)), "A: true, without B"),
        (Fix(elsewhere={"main/Other": {"A": 1, "B": None}}), "A: 1 (Other), without B (Other)"),
        (Fix(add={"Log": {}, "Role": {}, "Key": {}}), "adds Log, Role and Key"),
        (Fix(add={"Policy": {}}), "adds Policy"),
    ],
)
def test_a_change_is_said_in_a_few_words(fix: Fix, words: str) -> None:
    change = Change((("main/Thing", fix),))
    candidate = Candidate("1", change, "main/Thing", "", frozenset(), Decimal(0), Decimal(0))
    assert change_words(candidate) == words


def test_quiet_text_has_the_steps_and_one_line(plan: Plan) -> None:
    text = as_text(plan, quiet=True)
    assert "no fix is known" not in text
    assert text.rstrip().endswith("the budget of 110.00")


def test_json_has_the_same_steps(plan: Plan) -> None:
    told = json.loads(document(plan, {}))
    assert [step["number"] for step in told["steps"]] == [1, 2]
    assert [step["total"] for step in told["steps"]] == ["93", "95"]
    assert told["steps"][1]["edits"][0]["fix"]["set"] == {"Encrypted": True}
    assert told["reached"] is False


def test_markdown_is_a_table(plan: Plan) -> None:
    text = markdown(plan, {})
    assert "| 1 | `Thing` | save by Gp3 |  | -7.00 | 93.00 |" in text
    assert len(markdown(plan, {}, limit=900)) <= 900


def test_the_page_needs_nothing_from_outside(plan: Plan) -> None:
    page = html(plan, {}, TODAY, "--- a\n+++ b\n")
    assert not re.search(r"(src|href)\s*=", page)
    assert "default-src 'none'" in page


def test_the_chart_names_every_bar(plan: Plan) -> None:
    drawn = plan_chart(plan)
    assert drawn.count("<rect") == 4  # today, a saving, a fix, after the plan
    assert "budget 110.00" in drawn
    assert "after the plan: 95.00" in drawn


def test_the_chart_of_a_page_has_no_style_of_its_own(plan: Plan) -> None:
    assert "<style" not in plan_chart(plan)
    assert "prefers-color-scheme: dark" in chart_file(plan)


def test_the_chart_of_nothing_is_drawn_too() -> None:
    ET.fromstring(plan_chart(World().plan()))  # noqa: S314 - our own


def test_what_is_not_safe_is_marked(plan: Plan) -> None:
    first, *others = plan.steps
    unsafe = replace(first.candidate, safe=False, reason="replaces Thing")
    marked = replace(plan, steps=(replace(first, candidate=unsafe), *others))
    assert [row.safe for row in step_rows(marked)] == [False, True]
    text, table, page = as_text(marked), markdown(marked, {}), html(marked, {}, TODAY)
    assert "save by Gp3 !" in text
    assert "  1 ! replaces Thing" in text
    assert "save by Gp3 \N{WARNING SIGN}" in table
    assert "- 1: replaces Thing" in table
    assert page.count("not safe") == 1


@pytest.fixture
def hostile() -> Plan:
    world = World((Law(HOSTILE, lambda p: p.get(HOSTILE) == HOSTILE, {HOSTILE: HOSTILE}),))
    return world.plan()


def test_names_do_no_harm_in_any_format(hostile: Plan) -> None:
    assert "\x1b" not in as_text(hostile)
    for text in (html(hostile, {}, TODAY, HOSTILE), chart_file(hostile)):
        assert "<script" not in text
        assert "\x1b" not in text
    assert "<script" not in markdown(hostile, {})
    assert "@everyone" not in markdown(hostile, {})
    ET.fromstring(chart_file(hostile))  # noqa: S314 - our own
