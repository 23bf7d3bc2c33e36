"""The search for the best combination, repeated until making it shows nothing that was not known.

Candidates are tried alone. What they do together is asked where it is likely to differ (two changes
of one resource), and afterwards wherever the plan, made step by step, turns out otherwise.
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


@dataclass
class Search:
    """What is known about how candidates get on with each other; it grows while searching."""

    attempts: Attempts
    candidates: list[Candidate]
    allowance: Decimal | None
    excluding: set[Pair] = field(default_factory=set)
    together: set[Pair] = field(default_factory=set)
    dropped: list[Candidate] = field(default_factory=list)

    def run(self) -> Found:
        """The best combination that holds when it is made."""
        self.excluding.update(excluding(self.candidates))
        for one, other in combinations(self.candidates, 2):
            if one.resource == other.resource and one.usd and other.usd:
                self._compare(one, other)
        while True:
            chosen, points = self._best()
            if not self._learned_from(chosen):
                return self._found(chosen, points)

    def severity(self, trouble: Trouble) -> Severity:
        """How severe a failure is."""
        return self.attempts.state.failing[trouble].severity

    def _best(self) -> tuple[tuple[Candidate, ...], tuple[Point, ...]]:
        relations = Relations(frozenset(self.excluding), frozenset(self.together))
        groups, left_out = groups_of(self.candidates, relations)
        self._drop(left_out)
        points = front(choices(group, relations, self._price, self.severity) for group in groups)
        best = within(points, self.allowance) or points[0]
        by_id = {candidate.id: candidate for candidate in self.candidates}
        return in_order([by_id[name] for name in best.taken], self.severity), points

    def _found(self, chosen: tuple[Candidate, ...], points: tuple[Point, ...]) -> Found:
        expected = (within(points, self.allowance) or points[0]).usd
        adds_up = abs(self.attempts.price(chosen) - expected) < _HALF_CENT
        return Found(chosen, points, tuple(self.dropped), adds_up and not self.dropped)

    def _price(self, names: Pair) -> Decimal:
        return self.attempts.price(c for c in self.candidates if c.id in names)

    def _learned_from(self, chosen: Sequence[Candidate]) -> bool:
        """Whether making the candidates one after the other taught something about them."""
        before = self.attempts.of()
        for number, candidate in enumerate(chosen):
            taken = chosen[: number + 1]
            after = self.attempts.of(*(each.change for each in taken))
            holds = self._holds(taken)
            added = after.usd - before.usd + candidate.surcharge
            if not holds or abs(added - candidate.usd) >= _HALF_CENT:
                learned = [self._compare(candidate, other) for other in chosen[:number]]
                if any(learned):
                    return True
                if not holds:
                    self._drop([candidate])
                    return True
            before = after
        return False

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
