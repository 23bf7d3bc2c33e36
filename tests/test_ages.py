"""Ages in days, and what has none."""

from __future__ import annotations

from datetime import date

import pytest

from analyzer.ages import days_since
from analyzer.unknown import ABSENT, Undecided, Unknown

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("2026-11-21", 0),
        ("2026-11-20T23:59:59+00:00", 1),
        ("2026-11-14T08:00:00Z", 7),
        ("2026-11-21T00:30:00+02:00", 1),  # half past ten in the evening before, in UTC
        ("2026-11-01T10:00:00", 20),
        ("2026-11-25", -4),
    ],
)
def test_days_are_whole_and_count_in_utc(value: str, days: int) -> None:
    assert days_since(value, TODAY) == days


def test_what_is_not_known_stays_undecided_with_its_reason() -> None:
    unread = Unknown("Created of snap", "could not be read: rds:Describe answered AccessDenied")
    with pytest.raises(Undecided, match="Created of snap could not be read"):
        days_since(unread, TODAY)


@pytest.mark.parametrize("value", [ABSENT, "yesterday", ""])
def test_what_is_no_date_has_no_age(value: object) -> None:
    with pytest.raises(Undecided):
        days_since(value, TODAY)
