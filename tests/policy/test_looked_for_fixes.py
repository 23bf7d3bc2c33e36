"""Fixes that a rule gives as a function: looked for once the verdict stands."""

from __future__ import annotations

from analyzer.findings import Fix, Verdict
from analyzer.policy.rule import Fail
from analyzer.unknown import Undecided
from tests.policy.test_evaluate import only, unknown


def test_a_fix_may_be_looked_for() -> None:
    finding = only(lambda x: Fail("fails", fix=lambda: {"Size": x.Other + 1}), Other=1)
    assert finding.fix == Fix(set={"Size": 2})


def test_nothing_found_is_no_fix() -> None:
    assert only(lambda x: Fail("fails", fix=lambda: None)).fix is None


def test_what_a_fix_asks_decides_no_verdict() -> None:
    def failing(x: object) -> Fail:
        return Fail("fails", fix=lambda: {"Size": 1} if x.Other else None)  # type: ignore[attr-defined]

    finding = only(failing, Other=unknown("Other"))
    assert (finding.verdict, finding.fix) == (Verdict.FAIL, None)


def test_where_a_fix_cannot_be_decided_there_is_none() -> None:
    def undecided() -> Fix:
        raise Undecided("the zone", "is chosen by AWS")

    assert only(lambda x: Fail("fails", fix=undecided)).fix is None


def test_a_search_that_breaks_leaves_the_verdict_and_is_told() -> None:
    finding = only(lambda x: Fail("fails", fix=lambda: {"Size": 1 // 0}))
    assert finding.verdict is Verdict.FAIL
    assert finding.error == "ZeroDivisionError: integer division or modulo by zero"
