"""The best choices for every budget at once: totals that no other total beats.

Candidates that have nothing to do with each other are decided one group after the other (Nemhauser
and Ullmann, 1969). Of all partial plans that mend the same, only the cheapest is kept, so that
there are never more of them than there are different counts of mended findings: the search is exact
and does not grow with the amounts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

Worth = tuple[int, ...]
"""How many findings are mended, the most severe first; compared from the left."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to decide about a group: which candidates it takes, at what price and for what.

    `effort` decides between choices of the same worth and price: the less, the better.
    """

    taken: tuple[str, ...]
    worth: Worth
    usd: Decimal  # a month; negative for a saving
    effort: tuple[int, ...] = ()


Group = Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Point:
    """A plan: what is taken from all groups, its price a month, and what it mends."""

    taken: tuple[str, ...] = ()
    worth: Worth = ()
    usd: Decimal = Decimal(0)
    effort: tuple[int, ...] = ()

    def plus(self, choice: Choice) -> Point:
        """The plan with one more group decided."""
        return Point(
            (*self.taken, *choice.taken),
            _sum(self.worth, choice.worth),
            self.usd + choice.usd,
            _sum(self.effort, choice.effort),
        )


def front(groups: Iterable[Group]) -> tuple[Point, ...]:
    """The plans that nothing beats, the cheapest first: each mends more than those before it."""
    points = [Point()]
    for group in groups:
        points = _unbeaten(point.plus(choice) for point in points for choice in group)
    return tuple(points)


def within(points: Sequence[Point], limit: Decimal | None) -> Point | None:
    """The last plan of a front whose price is within the limit; None where none is."""
    affordable = [point for point in points if limit is None or point.usd <= limit]
    return affordable[-1] if affordable else None


def _unbeaten(points: Iterable[Point]) -> list[Point]:
    return list(_rising(sorted(points, key=lambda p: (p.usd, _negative(p.worth), p.effort))))


def _rising(by_price: Iterable[Point]) -> Iterator[Point]:
    """Of plans in the order of their price, those that mend more than every cheaper one."""
    best: Worth | None = None
    for point in by_price:
        if best is None or point.worth > best:
            best = point.worth
            yield point


def _negative(worth: Worth) -> Worth:
    return tuple(-count for count in worth)


def _sum(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    if not one or not other:
        return one or other
    return tuple(left + right for left, right in zip(one, other, strict=True))
