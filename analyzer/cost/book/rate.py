"""A price: what one unit costs, in tiers, and where and when it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analyzer.unknown import Undecided

ZERO = Decimal(0)
ENDLESS = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Tier:
    """The price in USD of each unit above `start` and up to `end` units a month."""

    start: Decimal
    end: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class Rate:
    """The price of one charge in one region, USD per `unit`.

    Units below the first tier cost nothing (AWS gives them to every account). `as_of` is the date
    of AWS's publication, `source` where it was read.
    """

    key: str
    region: str
    tiers: tuple[Tier, ...]
    unit: str
    as_of: date
    source: str

    @property
    def price(self) -> Decimal:
        """The price of the first unit that is not free; zero for what costs nothing at all."""
        return next((tier.price for tier in self.tiers if tier.price), ZERO)

    @property
    def free_units(self) -> Decimal:
        """How many units a month cost nothing before the first paid tier."""
        paid = next((tier for tier in self.tiers if tier.price), None)
        return paid.start if paid else ZERO

    def cost(self, quantity: Decimal) -> Decimal:
        """What so many units cost in one month, USD, each tier at its own price.

        Raises `Undecided` past the last tier that the book carries.
        """
        if quantity > self.tiers[-1].end:
            raise Undecided(
                f"the price of {self.key} in {self.region}",
                f"is carried up to {self.tiers[-1].end:,f} {self.unit} a month only",
            )
        return sum(
            (
                (min(quantity, tier.end) - tier.start) * tier.price
                for tier in self.tiers
                if quantity > tier.start
            ),
            ZERO,
        )
