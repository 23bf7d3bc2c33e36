"""What a change costs is told charge by charge, and what has no amount is never nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from analyzer.compare.costs import cost_changes
from analyzer.comparison import Before
from analyzer.cost_lines import CostLine, LineKind


def charge(
    usd: str | None, resource: str = "Db", component: str = "hours", key: str = ""
) -> CostLine:
    kind = LineKind.PRICED if usd is not None else LineKind.UNKNOWN
    amount = Decimal(usd) if usd is not None else None
    reason = "" if usd is not None else "no price in the book"
    return CostLine(
        resource, "T", "S", component, kind, usd=amount, reason=reason, stack="main", key=key
    )


def test_what_is_the_same_is_not_told() -> None:
    assert cost_changes([charge("1")], [charge("1.0")], {}) == ()


def test_lines_of_one_charge_are_one() -> None:
    (found,) = cost_changes([charge("1"), charge("2")], [charge("5")], {})
    assert (found.before, found.after, found.difference) == (Decimal(3), Decimal(5), Decimal(2))


def test_a_renamed_resource_is_the_same() -> None:
    assert cost_changes([charge("1", "Old")], [charge("1", "New")], {"main/Old": "main/New"}) == ()


def test_what_comes_and_what_goes_is_told_as_such() -> None:
    found = cost_changes([charge("1", "Old")], [charge("2", "New")], {})
    assert [(change.resource, change.reason) for change in found] == [
        ("New", "is new"),
        ("Old", "is gone"),
    ]


def test_the_greatest_difference_comes_first() -> None:
    found = cost_changes([], [charge("1", "A"), charge("9", "B")], {})
    assert [change.resource for change in found] == ["B", "A"]


def test_what_has_no_amount_any_more_is_told_with_its_reason() -> None:
    (found,) = cost_changes([charge("1")], [charge(None)], {})
    assert (found.before, found.after, found.reason) == (Decimal(1), None, "no price in the book")
    assert found.difference is None


def test_what_has_no_amount_any_more_is_no_saving() -> None:
    changes = cost_changes([charge("15"), charge("2", "A")], [charge(None), charge("5", "A")], {})
    before = Before(usd=Decimal(17), cost=changes)
    assert (before.difference(Decimal(5)), len(before.unpriced)) == (Decimal(3), 1)


def test_what_has_no_amount_on_both_sides_alike_is_not_told() -> None:
    assert cost_changes([charge(None)], [charge(None)], {}) == ()


def test_another_entry_of_the_price_book_is_named_by_what_differs() -> None:
    before, after = charge("1", key="ec2 linux t3.small"), charge("2", key="ec2 linux t3.medium")
    (found,) = cost_changes([before], [after], {})
    assert found.reason == "t3.small -> t3.medium"


def test_another_region_is_why_the_same_costs_otherwise() -> None:
    before, after = charge("1", key="k"), charge("2", key="k")
    (found,) = cost_changes(
        [replace(before, region="eu-west-3")], [replace(after, region="eu-west-1")], {}
    )
    assert found.reason == "eu-west-3 -> eu-west-1"
