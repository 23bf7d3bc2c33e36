"""What the HTML report says of the change under review, on top of everything else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from analyzer.comparison import AccessChange, Base, Before
from analyzer.findings import Change
from analyzer.output.changes import (
    fixed,
    is_new,
    moved,
    new_failures,
    newly_unknown,
    not_compared,
)
from analyzer.output.grouping import Shared, by_system
from analyzer.results import Judgement, Run


@dataclass(frozen=True, slots=True)
class SystemChange:
    """One system's findings that are not as they were, each once for all its profiles."""

    system: str
    new: tuple[Shared, ...]
    undecided: tuple[Shared, ...]
    fixed: tuple[Shared, ...]
    uncompared: tuple[Shared, ...]


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """A profile that is not as it was: findings in numbers, and USD a month."""

    judgement: Judgement
    before: Before
    new: int
    undecided: int

    @property
    def difference(self) -> Decimal | None:
        """USD a month after less before; None where one of them is not known."""
        return self.before.difference(self.judgement.usd)


@dataclass(frozen=True, slots=True)
class ChangeView:
    """The change as a whole."""

    base: Base
    systems: tuple[SystemChange, ...]
    profiles: tuple[ProfileChange, ...]
    access: tuple[tuple[Judgement, AccessChange], ...]

    @property
    def new(self) -> int:
        """Failures that were not there before."""
        return sum(len(system.new) for system in self.systems)

    @property
    def undecided(self) -> int:
        """What was decided before and is not any more."""
        return sum(len(system.undecided) for system in self.systems)

    @property
    def fixed(self) -> int:
        """Failures that are gone."""
        return sum(len(system.fixed) for system in self.systems)

    @property
    def uncompared(self) -> int:
        """Failures of which nobody can tell whether they were there before."""
        return sum(len(system.uncompared) for system in self.systems)

    def listed(self, kind: str) -> list[tuple[str, tuple[Shared, ...]]]:
        """The systems that have findings of a kind ("new", "uncompared", ...), with them."""
        found = [(system.system, getattr(system, kind)) for system in self.systems]
        return [(system, items) for system, items in found if items]


def change_view(run: Run) -> ChangeView | None:
    """What changed since the base; None where the run was not compared with one."""
    if run.base is None:
        return None
    return ChangeView(
        base=run.base,
        systems=tuple(
            SystemChange(
                system,
                tuple(new_failures(judgements)),
                tuple(newly_unknown(judgements)),
                tuple(fixed(judgements)),
                tuple(not_compared(judgements)),
            )
            for system, judgements in by_system(run).items()
        ),
        profiles=tuple(_profiles(run)),
        access=tuple(
            (judgement, change)
            for judgement in run.judgements
            for change in (judgement.before.access if judgement.before else ())
            if change.verdict != "no"
        ),
    )


def _profiles(run: Run) -> Iterable[ProfileChange]:
    priced = {id(judgement) for judgement in moved(run.judgements)}
    for judgement in run.judgements:
        before = judgement.before
        if before is None:
            continue
        new = sum(map(is_new, judgement.findings))
        undecided = sum(finding.change is Change.UNDECIDED for finding in judgement.findings)
        if new or undecided or before.fixed or not before.exists or id(judgement) in priced:
            yield ProfileChange(judgement, before, new, undecided)
