"""Whether a moment lies within working hours, as an owner's schedule writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from analyzer.unknown import Open, Undecided

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_working(moment: Any, days: tuple[str, ...], hours: str, timezone: str) -> bool:
    """Whether an ISO 8601 moment is on one of the days, within hours such as `8-18`.

    The first hour counts, the last does not. Raises `Undecided` where the moment is not known, or
    the schedule cannot be read.
    """
    if isinstance(moment, Open):
        raise Undecided("the time of reading", "is not known")
    start, end = _hours(hours)
    known = _days(days)
    try:
        local = datetime.fromisoformat(f"{moment}").astimezone(ZoneInfo(timezone))
    except ZoneInfoNotFoundError:
        raise Undecided(f"the time zone '{timezone}'", "is none that is known") from None
    except ValueError:
        raise Undecided(f"'{moment}'", "is no moment") from None
    return DAYS[local.weekday()] in known and start <= local.hour < end


def hours_per_week(days: tuple[str, ...], hours: str) -> int:
    """How many hours of a week are working hours. Raises `Undecided` as `is_working` does."""
    start, end = _hours(hours)
    return len(_days(days)) * (end - start)


def _days(days: tuple[str, ...]) -> set[str]:
    """The days; one that is misspelt would be a day of rest, and servers stopped on it."""
    for day in days:
        if day not in DAYS:
            raise Undecided(f"'{day}'", f"is no day; days are {', '.join(DAYS)}")
    return set(days)


def _hours(hours: str) -> tuple[int, int]:
    start, _, end = hours.partition("-")
    if not (start.isdigit() and end.isdigit() and int(start) < int(end) <= 24):  # noqa: PLR2004 - a day
        raise Undecided(f"'{hours}'", "is no span of hours such as 8-18")
    return int(start), int(end)
