"""How long ago something happened, from dates as accounts and templates write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from analyzer.unknown import Absent, Open, Undecided


def days_since(value: Any, today: date) -> int:
    """Whole days from an ISO 8601 date or moment to a date; moments count in UTC.

    Negative where it lies ahead. Raises `Undecided` where the value is not known, not set, or no
    date: what may never have happened is asked with `absent` before.
    """
    if isinstance(value, Open):
        subject = getattr(value, "subject", f"{value}")
        raise Undecided(subject, getattr(value, "reason", "is not known"))
    if isinstance(value, Absent):
        raise Undecided("a date", "is not set")
    return (today - _day(f"{value}")).days


def _day(text: str) -> date:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Undecided(f"'{text}'", "is no date") from None
    return (moment if moment.tzinfo is None else moment.astimezone(UTC)).date()
