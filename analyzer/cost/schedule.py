"""When instances run: hours of a month, and schedules that stop them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from analyzer.errors import InputError
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


def read_schedule(declared: Mapping[str, Any] | None, *, file: str = "") -> Schedule | None:
    """A schedule from a profile's `schedule`; None without one. Raises `InputError`."""
    if declared is None:
        return None
    unknown = set(declared) - {"hours_per_week", "tags"}
    if unknown:
        hint = "known are hours_per_week and tags"
        raise InputError(f"schedule has an unknown key {min(unknown)}", file=file, hint=hint)
    try:
        hours = Decimal(str(declared["hours_per_week"]))
    except (KeyError, InvalidOperation) as error:
        raise InputError("schedule has no number hours_per_week", file=file) from error
    if not 0 <= hours <= _HOURS_OF_WEEK:
        raise InputError(f"schedule: a week has no {hours} hours", file=file)
    tags = {str(key): str(value) for key, value in (declared.get("tags") or {}).items()}
    return Schedule(hours, tags)


def hours_of_week(hours: Decimal) -> Decimal:
    """Hours a month for hours a week: 52 weeks in 12 months; a whole week is a whole month."""
    return HOURS if hours >= _HOURS_OF_WEEK else hours * 52 / 12
