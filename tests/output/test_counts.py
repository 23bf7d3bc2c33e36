"""Numbers with their words: one is told as one, and of many the rest is counted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from analyzer.cli.fix import _left
from analyzer.comparison import Before, CostChange
from analyzer.cost_lines import CostLine, LineKind
from analyzer.findings import Finding, Severity, Verdict
from analyzer.output.coverage import place
from analyzer.output.grouping import few
from analyzer.output.markdown_blocks import Section, fitted
from analyzer.output.markdown_costs import _notes
from analyzer.output.money import unpriced_words
from analyzer.results import Judgement, Run

NAMES = ("a", "b", "c", "d", "e")


def failing(number: int) -> Run:
    found = tuple(
        Finding("ENC-S3-02", Verdict.FAIL, Severity.LOW, "encryption", f"Bucket{each}", "")
        for each in range(number)
    )
    return Run("1", date(2026, 11, 21), (Judgement("shop", "", findings=found),), {})


def changed(number: int) -> Before:
    change = CostChange("Queue", "AWS::SQS::Queue", "SQS/requests", None, Decimal(1))
    return Before(cost=(change,) * number)


def notes(unknown: int) -> str:
    """What stands below the effects of a change that leaves so many charges without a price."""
    line = CostLine("Queue", "AWS::SQS::Queue", "SQS", "requests", LineKind.UNKNOWN)
    judgement = Judgement("shop", "", cost=(line,) * unknown)
    told = "".join(_notes(Run("1", date(2026, 11, 21), (judgement,), {}), [judgement]))
    return told.strip().removeprefix("USD a month at list prices. ")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (few(NAMES[:3], 3), "a, b, c"),
        (few(NAMES, 3), "a, b, c and 2 more"),
        (place(NAMES[:3]), "a, b, c"),
        (place(NAMES[:4]), "a, b, c and 1 more region"),
        (place(NAMES), "a, b, c and 2 more regions"),
        (unpriced_words(changed(0)), ""),
        (unpriced_words(changed(1)), " and 1 charge not known"),
        (unpriced_words(changed(2)), " and 2 charges not known"),
        (notes(1), "1 charge without a known price is not counted."),
        (notes(2), "2 charges without a known price are not counted."),
        (_left(failing(0)), "no failure is left"),
        (_left(failing(1)), "1 failure is left"),
        (_left(failing(2)), "2 failures are left"),
    ],
)
def test_a_number_and_its_word_agree(told: str, words: str) -> None:
    assert told == words


def test_what_stands_behind_the_first_that_does_not_fit_is_counted_with_it() -> None:
    told = fitted([Section("", ["§", "x" * 500, "§"])], 400)
    assert told.count("§") == 1
    assert "2 more entries not shown" in told
