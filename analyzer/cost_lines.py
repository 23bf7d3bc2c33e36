"""Costs: what each component of a resource costs in a month, and what was declared."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase


class LineKind(enum.StrEnum):
    """What a cost line says: a price, that the thing is free, or why there is no price."""

    PRICED = "priced"
    FREE = "free"
    UNKNOWN = "unknown"
    NOT_PRICED = "not priced"

    @property
    def has_amount(self) -> bool:
        """Whether anybody knows what it costs, if only that it costs nothing."""
        return self in (LineKind.PRICED, LineKind.FREE)


@dataclass(frozen=True, slots=True)
class CostLine:
    """One component of one resource's monthly cost (730 hours), in USD.

    `service`/`component` name the charge (`EC2/instance-hours`); `quantity` x `unit_price` is `usd`
    up to tiers; `assumption` says where the quantity comes from when the template does not state
    it; `reason` says why there is no amount (UNKNOWN, NOT_PRICED, FREE).
    """

    resource: str
    type: str
    service: str
    component: str
    kind: LineKind
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    usd: Decimal | None = None
    assumption: str = ""
    reason: str = ""
    stack: str = ""
    region: str = ""
    key: str = ""  # the price book's key of the charge
    as_of: date | None = None  # of the price
    source: str = ""  # of the price
    share: Decimal = Decimal(1)  # of the list price that is paid: less for Spot

    @property
    def name(self) -> str:
        """The charge as claims name it: `EC2/instance-hours`."""
        return f"{self.service}/{self.component}"


def total(lines: Iterable[CostLine]) -> Decimal:
    """Sum of the lines that have an amount, USD per month."""
    return sum((line.usd for line in lines if line.usd is not None), Decimal(0))


def shared_out(
    lines: Iterable[CostLine], covers: Iterable[Collection[str]]
) -> tuple[list[list[CostLine]], list[CostLine]]:
    """The lines that each of some globs over charge names cover, and those that none does.

    A line that several cover counts for the first of them only, so that all add up to the whole.
    """
    rest = list(lines)
    shares = []
    for patterns in covers:
        share = [line for line in rest if any(fnmatchcase(line.name, glob) for glob in patterns)]
        taken = set(map(id, share))
        rest = [line for line in rest if id(line) not in taken]
        shares.append(share)
    return shares, rest


@dataclass(frozen=True, slots=True)
class DeclaredLine:
    """One line of the owner's own estimate beside ours, USD and declared currency per month."""

    name: str
    declared: Decimal  # in `currency`, per month
    estimated_usd: Decimal
    estimated: Decimal  # in `currency`
    covers: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()  # covered lines that have no amount

    @property
    def difference(self) -> Decimal:
        """Estimated minus declared."""
        return self.estimated - self.declared


@dataclass(frozen=True, slots=True)
class Declared:
    """The owner's declared monthly cost beside ours, all in `currency` unless the name says USD.

    `left_out` holds (charge name, amount) for what we price and no declared line covers.
    """

    currency: str
    low: Decimal
    high: Decimal
    estimated_usd: Decimal
    estimated: Decimal
    usd_per_unit: Decimal
    rate_date: date | None
    rate_source: str
    lines: tuple[DeclaredLine, ...] = ()
    left_out: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Budget:
    """A monthly ceiling and what we estimate against it, in USD.

    `complete` where all that is estimated has an amount: else nobody knows that it is kept.
    """

    usd: Decimal
    estimated_usd: Decimal
    currency: str = "USD"
    amount: Decimal = Decimal(0)
    complete: bool = True

    @property
    def exceeded(self) -> bool:
        """Whether the estimate is above the ceiling."""
        return self.estimated_usd > self.usd

    @property
    def kept(self) -> bool:
        """Whether the whole estimate is within the ceiling."""
        return self.complete and not self.exceeded
