"""Support dates of engine versions."""

from __future__ import annotations

from datetime import date

import pytest

from analyzer.unknown import ABSENT, Partial, Unknown
from analyzer.versions import Support, support

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("engine", "version", "major", "ended", "years"),
    [
        ("aurora-mysql", "5.7.mysql_aurora.2.11.2", "5.7", True, "1-2"),
        ("aurora-mysql", "8.0.mysql_aurora.3.08.0", "8.0", False, ""),
        ("mysql", "8.0.39", "8.0", True, "1-2"),
        ("mysql", "5.7", "5.7", True, "3"),
        ("postgres", "15", "15", False, ""),
        ("postgres", "13.9", "13", True, "1-2"),
        ("mariadb", "10.11.6", "10.11", False, ""),
        ("mariadb", "10.5", "10.5", True, ""),
        ("redis", "7.1", "7", False, ""),
        ("Redis", "5.0.6", "5", True, "1-2"),
    ],
)
def test_support_today(engine, version, major, ended, years):
    dates = support(engine, version)
    assert isinstance(dates, Support)
    assert (dates.version, dates.ended(TODAY), dates.extended_years(TODAY)) == (major, ended, years)


def test_the_last_day_is_still_supported():
    dates = support("mysql", "8.0")
    assert not dates.ended(date(2026, 7, 31))
    assert dates.ended(date(2026, 8, 1))


@pytest.mark.parametrize(
    ("engine", "version", "words"),
    [
        ("mysql", ABSENT, "engine version is not set: AWS chooses one"),
        ("mysql", "99", "the support of mysql 99 is not in the table"),
        ("oracle-ee", "19", "is not in the table"),
        ("mysql", Unknown("parameter `V`", "has no value"), "parameter `V` has no value"),
        ("mysql", Partial("8.", Unknown("parameter `V`", "has no value")), "is not known"),
    ],
)
def test_what_is_not_known_says_why(engine, version, words):
    dates = support(engine, version)
    assert isinstance(dates, Unknown)
    assert words in f"{dates.subject} {dates.reason}"


def test_one_version_is_not_the_prefix_of_another():
    assert support("postgres", "1").subject == "the support of postgres 1"
    assert support("mariadb", "10.1").subject == "the support of mariadb 10.1"
