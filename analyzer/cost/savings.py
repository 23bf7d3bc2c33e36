"""What a resource of an account costs by itself, in words for a finding."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from analyzer.cost.book import embedded
from analyzer.cost.estimators.rds import ENGINES
from analyzer.cost.schedule import HOURS, hours_of_week
from analyzer.unknown import Unknown

_CENT = Decimal("0.01")


def monthly_words(
    key: str, quantity: Any, region: str, *, instance_type: str = "", engine: str = ""
) -> str:
    """What a quantity costs, as in "..., about 4.75 USD a month"; "" where it has no price.

    `quantity` counts the item's own unit for a month: GiB, hours. `engine` is named as templates
    name it.
    """
    rate = embedded().rate(
        region, key, instance_type=instance_type, engine=ENGINES.get(engine, engine)
    )
    if isinstance(rate, Unknown) or isinstance(quantity, Unknown):
        return ""
    usd = rate.cost(Decimal(str(quantity))).quantize(_CENT, ROUND_HALF_UP)
    return f", about {usd} USD a month"


def hours_saved(hours_per_week: int) -> Decimal:
    """The hours of a month in which a server does not run that works so many hours a week."""
    return HOURS - hours_of_week(Decimal(hours_per_week))
