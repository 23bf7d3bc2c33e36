"""What changed between two states of a profile: findings that went, costs, and access."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from analyzer.findings import Finding, Waiver


@dataclass(frozen=True, slots=True)
class CostChange:
    """One charge of one resource before and after, USD per month; None where it has no amount."""

    resource: str
    type: str
    name: str  # of the charge: EC2/instance-hours
    before: Decimal | None
    after: Decimal | None
    stack: str = ""
    reason: str = ""  # why there is no amount, or what changed in the quantity

    @property
    def difference(self) -> Decimal | None:
        """After minus before; None where one of them has no amount."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before

    @property
    def counted(self) -> Decimal:
        """After minus before as sums have it, in which nothing stands for what has no amount."""
        return (self.after or Decimal(0)) - (self.before or Decimal(0))


@dataclass(frozen=True, slots=True)
class AccessChange:
    """Whether a role, user, group or policy may do more than before.

    `verdict` is "yes", "no" or "maybe"; `example` a request that is allowed now and was not.
    """

    resource: str
    verdict: str
    example: str = ""
    hangs_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """A profile as it was: what is gone since, and what it cost, USD per month.

    `exists` is False for a profile that the base does not have.
    """

    exists: bool = True
    usd: Decimal | None = None
    fixed: tuple[Finding, ...] = ()
    cost: tuple[CostChange, ...] = ()
    access: tuple[AccessChange, ...] = ()

    @property
    def unpriced(self) -> tuple[CostChange, ...]:
        """The charges that changed by nobody knows how much."""
        return tuple(change for change in self.cost if change.difference is None)

    def difference(self, usd: Decimal) -> Decimal | None:
        """What a month costs more now that it costs `usd`, but for what is `unpriced`.

        None where it did not exist, or nobody knows what it cost.
        """
        if not self.exists or self.usd is None:
            return None
        return usd - self.usd - sum((change.counted for change in self.unpriced), Decimal(0))


@dataclass(frozen=True, slots=True)
class Base:
    """What a run was compared with.

    `name` is as the user gave it ("origin/main"), `commit` the merge base. `waivers_added` are in
    the change under review and not in the base; `policy` says whose thresholds, packs and waivers
    were taken: "base" or "change". `removed` are profiles ("system", "profile") judged no longer.
    """

    name: str
    commit: str
    policy: str = "base"
    waivers_added: tuple[Waiver, ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
