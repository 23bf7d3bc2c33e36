"""The front of plans, held against trying everything."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.planning.front import Choice, Point, front, within

NOTHING = Choice((), (0, 0, 0), Decimal(0), (0, 0))


def fix(name: str, usd: str, *, high: int = 0, medium: int = 0, low: int = 0) -> list[Choice]:
    taken = Choice((name,), (high, medium, low), Decimal(usd), (0, 1))
    return [NOTHING, taken]


cents = st.integers(-400, 400).map(lambda cents: Decimal(cents) / 100)
counts = st.integers(0, 3)


@st.composite
def groups(draw: st.DrawFn) -> list[list[Choice]]:
    """A few groups of a few choices; each may be left undecided at no price."""
    found = []
    for group in range(draw(st.integers(0, 5))):
        choices = [NOTHING]
        for number in range(draw(st.integers(1, 3))):
            worth = (draw(counts), draw(counts), draw(counts))
            effort = (draw(st.integers(0, 1)), draw(st.integers(1, 2)))
            choices.append(Choice((f"{group}.{number}",), worth, draw(cents), effort))
        found.append(choices)
    return found


def everything(found: list[list[Choice]]) -> list[Point]:
    points = []
    for choices in product(*found):
        point = Point()
        for choice in choices:
            point = point.plus(choice)
        points.append(point)
    return points


def rank(point: Point) -> tuple[object, ...]:
    """Most mended, then the lowest price, then the least effort."""
    return tuple(-count for count in point.worth), point.usd, point.effort


@given(groups(), st.none() | cents.map(lambda usd: usd * 3))
def test_for_every_limit_no_combination_is_better(found, limit) -> None:
    best = min(
        (p for p in everything(found) if limit is None or p.usd <= limit), key=rank, default=None
    )
    chosen = within(front(found), limit)
    assert (chosen and rank(chosen)) == (best and rank(best))


@given(groups())
def test_a_plan_of_the_front_is_what_its_choices_add_up_to(found) -> None:
    possible = {(p.taken, p.worth, p.usd, p.effort) for p in everything(found)}
    for point in front(found):
        assert (point.taken, point.worth, point.usd, point.effort) in possible


@given(groups())
def test_each_dearer_plan_mends_more(found) -> None:
    points = front(found)
    for cheaper, dearer in pairwise(points):
        assert cheaper.usd < dearer.usd
        assert cheaper.worth < dearer.worth


def test_one_critical_finding_outweighs_all_others() -> None:
    found = [fix("critical", "10", high=1), fix("many", "10", medium=20), fix("few", "1", low=9)]
    chosen = within(front(found), Decimal(10))
    assert chosen is not None
    assert chosen.taken == ("critical",)


def test_a_saving_pays_for_a_fix() -> None:
    found = [fix("fix", "5", high=1), fix("saving", "-4")]
    chosen = within(front(found), Decimal(1))
    assert chosen is not None
    assert chosen.taken == ("fix", "saving")


@pytest.mark.parametrize("limit", ["-5", "-1000"])
def test_below_the_cheapest_plan_there_is_none(limit) -> None:
    assert within(front([fix("saving", "-4")]), Decimal(limit)) is None


def test_the_front_does_not_grow_with_the_amounts() -> None:
    """Sixty fixes of one severity, each dearer than all before it together: sixty-one counts."""
    found = [fix(f"{number}", f"{2**number}", medium=1) for number in range(60)]
    assert len(front(found)) == 61
