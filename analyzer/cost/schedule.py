"""When instances run: hours of a month, and schedules that stop them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from analyzer.model import Resource

HOURS = Decimal(730)
"""Hours of a month, as AWS's calculator counts them."""
_HOURS_OF_WEEK = Decimal(168)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Instances and groups that carry all of `tags` run `hours_per_week`, the others always."""

    hours_per_week: Decimal
    tags: Mapping[str, str] = field(default_factory=dict)

    def applies(self, resource: Resource) -> bool:
        """Whether the resource carries the tags (a choice where a tag is not known)."""
        found = {tag.Key: tag.Value for tag in resource.Tags}
        return all(key in found and found[key] == value for key, value in self.tags.items())


def hours_of_week(hours: Decimal) -> Decimal:
    """Hours a month for hours a week: 52 weeks in 12 months; a whole week is a whole month."""
    return HOURS if hours >= _HOURS_OF_WEEK else hours * 52 / 12
