"""Budgets are rules: held to what is estimated, undecided where something has no price."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from analyzer.budgets import INCREASE, TOTAL, judge_budgets
from analyzer.cost_lines import Budget, CostLine, LineKind
from analyzer.findings import Finding, Verdict
from analyzer.system import Profile, System

FREE, UNPRICED = LineKind.FREE, LineKind.NOT_PRICED
SYSTEM = System("shop", ())


def line(usd: int | None, resource: str = "Db", kind: LineKind | None = None) -> CostLine:
    told = kind or (LineKind.UNKNOWN if usd is None else LineKind.PRICED)
    return CostLine(
        resource, "T", "S", "c", told, usd=None if usd is None else Decimal(usd), reason="no price"
    )


def judged(
    after: Sequence[CostLine],
    before: Sequence[CostLine] | None = None,
    *,
    ceiling: int = 100,
    increase: tuple[Decimal, str] | None = (Decimal(10), "USD"),
) -> dict[str, Finding]:
    spent = sum((one.usd or Decimal(0) for one in after), Decimal(0))
    profile = Profile("prod", (), budget=(Decimal(ceiling), "USD"), increase=increase)
    budget = Budget(usd=Decimal(ceiling), estimated_usd=spent)
    return {f.rule: f for f in judge_budgets(SYSTEM, profile, budget, before, after)}


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ([line(100)], Verdict.PASS),
        ([line(101)], Verdict.FAIL),
        ([line(50), line(None)], Verdict.UNKNOWN),
        ([line(50), line(None, kind=UNPRICED)], Verdict.UNKNOWN),
        ([line(50), line(None, kind=FREE)], Verdict.PASS),
        ([line(101), line(None)], Verdict.FAIL),
        ([], Verdict.PASS),
    ],
)
def test_the_total_is_held_to_the_budget(lines: list[CostLine], verdict: Verdict) -> None:
    assert judged(lines)[TOTAL].verdict is verdict


def test_what_has_no_price_is_named() -> None:
    assert judged([line(None, "Queue")])[TOTAL].hangs_on == ("S/c of Queue: no price",)


def test_an_increase_is_skipped_where_nothing_was_compared() -> None:
    assert judged([line(50)])[INCREASE].verdict is Verdict.SKIP


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ([line(50)], [line(60)], Verdict.PASS),
        ([line(50)], [line(61)], Verdict.FAIL),
        ([line(50)], [line(10)], Verdict.PASS),
        ([line(50)], [line(55), line(None)], Verdict.UNKNOWN),
        ([line(50), line(None)], [line(55), line(None)], Verdict.PASS),
        ([line(50)], [line(61), line(None)], Verdict.FAIL),
        ([line(50), line(None)], [line(61)], Verdict.UNKNOWN),  # it may have cost that before
        ([], [line(10)], Verdict.PASS),
    ],
)
def test_an_increase_is_held_to_what_it_may_be(
    before: list[CostLine], after: list[CostLine], verdict: Verdict
) -> None:
    assert judged(after, before)[INCREASE].verdict is verdict


@pytest.mark.parametrize(("after", "verdict"), [(55, Verdict.PASS), (56, Verdict.FAIL)])
def test_an_increase_may_be_so_many_percent(after: int, verdict: Verdict) -> None:
    found = judged([line(after)], [line(50)], increase=(Decimal(10), "%"))
    assert found[INCREASE].verdict is verdict


def test_what_costs_less_is_not_told_as_a_negative_increase() -> None:
    told = judged([line(10), line(None)], [line(50)])[INCREASE].message
    assert "40.00 USD a month less" in told


def test_without_an_allowance_only_the_total_is_judged() -> None:
    assert set(judged([line(50)], [line(1)], increase=None)) == {TOTAL}
