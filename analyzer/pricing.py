"""A profile's cost: the estimate, beside what the owner declared and what may be spent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analyzer.cost.book import embedded
from analyzer.cost.declared import USD, against_budget, compare
from analyzer.cost.estimate import estimate
from analyzer.cost.schedule import read_schedule
from analyzer.cost.usage import read_usage
from analyzer.cost_lines import Budget, CostLine, Declared
from analyzer.model import Inventory
from analyzer.system import Profile, System


@dataclass(frozen=True, slots=True)
class Priced:
    """Cost lines, USD per month; the declared cost and the budget where there are any."""

    lines: tuple[CostLine, ...] = ()
    declared: Declared | None = None
    budget: Budget | None = None


def price(system: System, profile: Profile, inventory: Inventory, today: date) -> Priced:
    """Estimate a profile. Raises `InputError` where its usage or schedule is wrong."""
    lines = estimate(
        inventory,
        read_usage(profile.usage, inventory, file=system.file),
        read_schedule(profile.schedule, file=system.file),
        embedded(),
        today=today,
    )
    currency = system.currency or USD
    claim = next((claim for claim in system.costs if claim.profile == profile.name), None)
    return Priced(
        lines,
        compare(lines, claim, currency) if claim else None,
        against_budget(lines, *profile.budget, profile.currency or currency)
        if profile.budget
        else None,
    )
