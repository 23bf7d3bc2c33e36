"""A plan: what to change in which order, what that costs, and what is left."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from decimal import Decimal

from analyzer.findings import Finding
from analyzer.planning.candidate import Candidate
from analyzer.planning.front import Worth


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a plan, at its place in the order.

    `usd` is what it adds to what stands before it, `total` what the profile then costs a month.
    """

    candidate: Candidate
    mends: tuple[Finding, ...]
    usd: Decimal
    total: Decimal


class Why(enum.StrEnum):
    """Why a plan leaves something."""

    NO_FIX = "no fix"
    NOT_WRITTEN = "cannot be written"
    NOT_PRICED = "price not known"
    BREAKS = "breaks another rule"
    UNSAFE = "not safe"
    ASKS = "asks for a decision"
    EXCLUDED = "does not go with other changes"
    DEAR = "over the budget"


@dataclass(frozen=True, slots=True)
class Left:
    """A failure that stays, or a saving that is not taken, and why.

    `usd` is what the change would add to a month, None where that is not known.
    """

    why: Why
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    candidate: Candidate | None = None
    usd: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """What a budget reaches: the total a month from which on so many findings can be mended."""

    total: Decimal
    worth: Worth


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes for one profile.

    `limit` is what the profile may cost a month, USD; None where there is no ceiling. `open` are
    findings that are not known to pass or fail. `unpriced` charges of the profile have no amount in
    any of the totals. `reach` says for every total what can be mended; `exact` that no combination
    was left out of the search; `fixes` that it is about failures too, not about savings only.
    """

    system: str
    profile: str
    before: Decimal
    limit: Decimal | None
    steps: tuple[Step, ...]
    left: tuple[Left, ...]
    open: tuple[Finding, ...] = ()
    unpriced: tuple[str, ...] = ()
    reach: tuple[Reach, ...] = ()
    exact: bool = True
    fixes: bool = True

    @property
    def total(self) -> Decimal:
        """What the profile costs a month after the last step."""
        return self.steps[-1].total if self.steps else self.before

    @property
    def affordable(self) -> bool:
        """Whether the total is within the limit."""
        return self.limit is None or self.total <= self.limit

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The failures that stay."""
        return tuple(finding for left in self.left for finding in left.findings)

    @property
    def reached(self) -> bool:
        """Whether nothing fails any more, within the limit."""
        return self.affordable and not self.failing

    @property
    def savings(self) -> Decimal:
        """What the steps that cost less than nothing save a month; a positive amount."""
        return -sum((step.usd for step in self.steps if step.usd < 0), Decimal(0))

    @property
    def spent(self) -> Decimal:
        """What the other steps add to a month."""
        return sum((step.usd for step in self.steps if step.usd > 0), Decimal(0))
