"""The search for the best combination, repeated until making it shows nothing that was not known.

Candidates are tried alone. What they do together is asked where it is likely to differ (two priced
changes of one resource), and afterwards wherever the plan, made step by step, turns out otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from analyzer.findings import Severity
from analyzer.planning.attempt import Attempts
from analyzer.planning.candidate import Candidate
from analyzer.planning.front import Point, front, within
from analyzer.planning.groups import Pair, Relations, choices, excluding, groups_of
from analyzer.planning.trouble import Trouble, made, mended

_HALF_CENT = Decimal("0.005")
_FEW = 6  # candidates whose combinations are all priced


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates to take, in the order in which to take them, and the whole front.

    `dropped` could not be looked at, or do not go together with the others in a way that pairs do
    not explain; without any, and with prices that add up, the choice is `exact`.
    """

    chosen: tuple[Candidate, ...]
    points: tuple[Point, ...]
    dropped: tuple[Candidate, ...] = ()
    exact: bool = True
    excluding: frozenset[Pair] = frozenset()
    limited: bool = False  # by an amount of money


@dataclass
class Search:
    """What is known about how candidates get on with each other; it grows while searching."""

    attempts: Attempts
    candidates: list[Candidate]
    allowance: Decimal | None
    excluding: set[Pair] = field(default_factory=set)
    together: set[Pair] = field(default_factory=set)
    dropped: list[Candidate] = field(default_factory=list)
    margin: Decimal = Decimal(0)  # what plans cost beyond what their parts explain

    def run(self) -> Found:
        """The best combination that holds when it is made."""
        self.excluding.update(excluding(self.candidates))
        for one, other in combinations(self.candidates, 2):
            if one.usd and other.usd and one.change.touches(other.change):
                self._compare(one, other)
        while True:
            chosen, points = self._best()
            point = self._point(points)
            if self._learned_from(chosen, point.usd):
                continue
            if not self._over(chosen) or point == points[0]:
                return self._found(chosen, points)
            # What they cost together is not explained: a plan is looked for below this one.
            self.margin = (self.allowance or _HALF_CENT) - point.usd + _HALF_CENT

    def severity(self, trouble: Trouble) -> Severity:
        """How severe a failure is."""
        return self.attempts.state.failing[trouble].severity

    def _best(self) -> tuple[tuple[Candidate, ...], tuple[Point, ...]]:
        relations = Relations(frozenset(self.excluding), frozenset(self.together))
        groups, left_out = groups_of(self.candidates, relations)
        self._drop(left_out)
        points = front(choices(group, relations, self._price, self.severity) for group in groups)
        by_id = {candidate.id: candidate for candidate in self.candidates}
        taken = [by_id[name] for name in self._point(points).taken]
        return in_order(taken, self.severity), points

    def _point(self, points: tuple[Point, ...]) -> Point:
        """The best that can be paid for; the cheapest where nothing can."""
        limit = None if self.allowance is None else self.allowance - self.margin
        return within(points, limit) or points[0]

    def _found(self, chosen: tuple[Candidate, ...], points: tuple[Point, ...]) -> Found:
        adds_up = abs(self.attempts.price(chosen) - self._point(points).usd) < _HALF_CENT
        exact = adds_up and not self.dropped and not self.margin
        return Found(
            chosen,
            points,
            tuple(self.dropped),
            exact,
            frozenset(self.excluding),
            self.allowance is not None,
        )

    def _price(self, names: Pair) -> Decimal:
        return self.attempts.price(c for c in self.candidates if c.id in names)

    def _learned_from(self, chosen: Sequence[Candidate], expected: Decimal) -> bool:
        """Whether making all of it taught something about the candidates."""
        if not self._holds(chosen):
            return self._learned_from_steps(chosen)
        excess = self.attempts.price(chosen) - expected
        if abs(excess) < _HALF_CENT:
            return False
        return self._learned_from_prices(chosen)

    def _over(self, chosen: Sequence[Candidate]) -> bool:
        """Whether all of it together costs more than may be spent."""
        return self.allowance is not None and self.attempts.price(chosen) > self.allowance

    def _learned_from_steps(self, chosen: Sequence[Candidate]) -> bool:
        """Find a step that does not go with those before it, and which of them it is.

        Halving finds a place where what holds without a step does not hold with it.
        """
        holds, fails = 0, len(chosen)
        while fails - holds > 1:
            middle = (holds + fails) // 2
            holds, fails = (middle, fails) if self._holds(chosen[:middle]) else (holds, middle)
        candidate, before = chosen[holds], chosen[:holds]
        near, far = _parted(candidate, before)
        if not (self._compare_all(candidate, near) or self._compare_all(candidate, far)):
            self._drop([candidate])
        return True

    def _learned_from_prices(self, chosen: Sequence[Candidate]) -> bool:
        """Find pairs that cost something else together: of one resource first, then of any."""
        pairs = list(combinations(chosen, 2))
        near = [(one, other) for one, other in pairs if one.change.touches(other.change)]
        far = [(one, other) for one, other in pairs if one.usd and other.usd]
        learned = [self._compare(*pair) for pair in near]
        if not any(learned):
            learned = [self._compare(*pair) for pair in far]
        return any(learned) or self._joined(near)

    def _joined(self, near: Sequence[tuple[Candidate, Candidate]]) -> bool:
        """Price a few of one resource together, where more than two of them make the difference."""
        pairs = {frozenset((one.id, other.id)) for one, other in near} - self.together
        if not pairs or len(frozenset().union(*pairs)) > _FEW:
            return False
        self.together.update(pairs)
        return True

    def _compare_all(self, candidate: Candidate, others: Sequence[Candidate]) -> bool:
        learned = [self._compare(candidate, other) for other in others]
        return any(learned)

    def _compare(self, one: Candidate, other: Candidate) -> bool:
        """Make two candidates together; whether that says something that was not known."""
        pair = frozenset((one.id, other.id))
        if pair in self.excluding or pair in self.together:
            return False
        if not self._holds((one, other)):
            self.excluding.add(pair)
            return True
        if abs(self.attempts.price((one, other)) - one.usd - other.usd) >= _HALF_CENT:
            self.together.add(pair)
            return True
        return False

    def _holds(self, taken: Sequence[Candidate]) -> bool:
        """Whether all of it can be made, mends what each mends alone, and breaks nothing."""
        tried = self.attempts.of(*(candidate.change for candidate in taken))
        if tried.refused:
            return False
        before, after = self.attempts.state, self.attempts.state_of(tried)
        wanted = {trouble for candidate in taken for trouble in candidate.mends}
        return not made(before, after) and len(mended(before, after)) >= len(wanted)

    def _drop(self, candidates: Sequence[Candidate]) -> None:
        self.dropped.extend(candidates)
        gone = {candidate.id for candidate in candidates}
        self.candidates = [c for c in self.candidates if c.id not in gone]


def _parted(
    candidate: Candidate, others: Sequence[Candidate]
) -> tuple[list[Candidate], list[Candidate]]:
    """Those that have to do with the same resources, and the others."""
    near = [other for other in others if candidate.change.touches(other.change)]
    return near, [other for other in others if other not in near]


def in_order(
    candidates: Sequence[Candidate], severity: Callable[[Trouble], Severity]
) -> tuple[Candidate, ...]:
    """What saves first, the most first; then fixes, the most severe first, the cheapest first."""

    def rank(candidate: Candidate) -> tuple[bool, int, Decimal, str, int]:
        saves = candidate.usd < 0
        worst = max((severity(trouble) for trouble in candidate.mends), default=Severity.INFO)
        return (
            not saves,
            0 if saves else -worst,
            candidate.usd,
            candidate.resource,
            int(candidate.id),
        )

    return tuple(sorted(candidates, key=rank))
