"""Trying changes: what a profile says and costs when they are made, each combination once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from analyzer.cost_lines import CostLine, total
from analyzer.findings import Finding
from analyzer.planning.candidate import Candidate, Change, together
from analyzer.planning.trouble import Counting, State, state_of
from analyzer.savings import Edit


@dataclass(frozen=True, slots=True)
class Tried:
    """A profile with changes made: judged and priced again; `refused` says what was not made.

    `dangers` are what somebody has to agree to (a replacement, an interruption). `doubt` is what
    usage that is not declared may add to a month, at least and at most, by `assumptions`.
    `priceless` are charges that have no amount and another one than before.
    """

    findings: tuple[Finding, ...]
    cost: tuple[CostLine, ...]
    refused: tuple[str, ...] = ()
    dangers: tuple[str, ...] = ()
    doubt: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))
    assumptions: tuple[str, ...] = ()
    priceless: tuple[str, ...] = ()

    @property
    def usd(self) -> Decimal:
        """What the profile costs a month."""
        return total(self.cost)

    @property
    def most(self) -> Decimal:
        """What it costs a month at most, by the usage that is assumed."""
        return self.usd + self.doubt[1]

    @property
    def unpriced(self) -> dict[tuple[str, str, str], CostLine]:
        """The charges without an amount."""
        return {
            (line.stack, line.resource, line.name): line
            for line in self.cost
            if not line.kind.has_amount
        }


class Attempt(Protocol):
    """Makes edits, and puts a schedule into the profile where one is given.

    Judging takes longer than pricing, so that prices are asked for without it.
    """

    def __call__(
        self, edits: tuple[Edit, ...], schedule: Mapping[str, Any] | None, *, judged: bool
    ) -> Tried:
        """The profile with the changes, judged where that is asked for, and priced."""


class Attempts:
    """All that was tried on one profile, so that nothing is tried twice."""

    def __init__(self, attempt: Attempt, counting: Counting) -> None:
        self._attempt = attempt
        self._counting = counting
        self._tried: dict[str, Tried] = {}
        self._priced: dict[str, Tried] = {}
        self.before = self.of(Change())
        self.state = self.state_of(self.before)

    def of(self, *changes: Change, judged: bool = True) -> Tried:
        """The profile with these changes; where it need not be judged, there are no findings."""
        made = together(changes)
        key = repr((made.edits, made.schedule))
        if key in self._tried:
            return self._tried[key]
        found = self._tried if judged else self._priced
        if key not in found:
            found[key] = self._attempt(made.edits, made.schedule, judged=judged)
        return found[key]

    def state_of(self, tried: Tried) -> State:
        """What fails there and counts."""
        return state_of(tried.findings, self._counting)

    def price(self, candidates: Iterable[Candidate]) -> Decimal:
        """What candidates add to a month together, at most."""
        changes = [candidate.change for candidate in candidates]
        return self.of(*changes, judged=False).most - self.before.usd
