"""The waivers that the HTML report lists: by the day on which they end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from analyzer.findings import Finding, Waiver
from analyzer.results import Judgement, Problem, Run

SOON = 30  # days


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A waiver and where it is used; `days` is what is left of it, None without an end."""

    waiver: Waiver
    system: str
    profiles: tuple[str, ...]
    days: int | None


@dataclass(frozen=True, slots=True)
class Waivers:
    """Waivers in use by when they end, and what is said of those that cover nothing (any more)."""

    soon: tuple[WaiverRow, ...]
    later: tuple[WaiverRow, ...]
    endless: tuple[WaiverRow, ...]
    void: tuple[Problem, ...]

    @property
    def used(self) -> tuple[WaiverRow, ...]:
        """Every waiver in use, the next to end first."""
        return (*self.soon, *self.later, *self.endless)


def waivers(run: Run) -> Waivers:
    """The waivers of a run as on its day."""
    rows = _rows(run)
    return Waivers(
        soon=tuple(row for row in rows if row.days is not None and row.days <= SOON),
        later=tuple(row for row in rows if row.days is not None and row.days > SOON),
        endless=tuple(row for row in rows if row.days is None),
        void=tuple(problem for problem in run.problems if problem.kind == "waiver"),
    )


def _rows(run: Run) -> list[WaiverRow]:
    used: dict[tuple[str, Waiver], dict[str, None]] = {}
    for judgement in run.judgements:
        for finding in _waived(judgement):
            if finding.waiver:
                key = (judgement.system, finding.waiver)
                used.setdefault(key, {})[judgement.profile] = None
    rows = [
        WaiverRow(
            waiver,
            system,
            tuple(profiles),
            (waiver.until - run.date).days if waiver.until else None,
        )
        for (system, waiver), profiles in used.items()
    ]
    return sorted(rows, key=lambda r: (r.waiver.until or date.max, r.system, r.waiver.rule))


def _waived(judgement: Judgement) -> Iterable[Finding]:
    return (finding for finding in judgement.findings if finding.waiver and not finding.failed)
