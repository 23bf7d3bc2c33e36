"""Cost lines as tables and CSV."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from analyzer.cost.tables import COLUMNS, line_table, profile_matrix, summary, to_csv
from analyzer.cost_lines import CostLine, LineKind
from analyzer.results import Judgement


def line(name: str, usd: str | None, **fields) -> CostLine:
    service, _, component = name.partition("/")
    kind = LineKind.UNKNOWN if usd is None else LineKind.PRICED
    amount = None if usd is None else Decimal(usd)
    return CostLine("It", "T", service, component, kind, usd=amount, **fields)


@pytest.fixture
def table():
    small = (
        line("RDS/storage", "0.1"),
        line("RDS/storage", "0.2"),
        line("EC2/instance-hours", None),
    )
    large = (line("RDS/storage", "10.005"), line("NAT/gateway-hours", "30"))
    return line_table([Judgement("shop", "dev", cost=small), Judgement("shop", "prod", cost=large)])


def test_one_row_for_each_line(table):
    assert len(table) == 5
    assert list(table.columns) == list(COLUMNS)


def test_amounts_stay_decimal(table):
    by_profile = summary(table, ("system", "profile"))
    assert list(by_profile["usd"]) == [Decimal("0.3"), Decimal("40.005")]
    assert list(by_profile["unknown"]) == [1, 0]


def test_levels_keep_the_order_of_the_lines(table):
    assert list(summary(table)["component"]) == [
        "storage",
        "instance-hours",
        "storage",
        "gateway-hours",
    ]


def test_services_down_and_profiles_across(table):
    matrix = profile_matrix(table)
    assert matrix.loc["NAT", ("shop", "dev")] == 0
    assert matrix.loc["RDS", ("shop", "prod")] == Decimal("10.005")


def test_csv_has_cents_and_empty_cells_for_what_is_unknown(table):
    rows = list(csv.DictReader(io.StringIO(to_csv(table))))
    assert [row["usd"] for row in rows] == ["0.10", "0.20", "", "10.00", "30.00"]
    assert {row["profile"] for row in rows} == {"dev", "prod"}


def test_no_cell_is_a_formula():
    hostile = line("EC2/x", "1", assumption='=HYPERLINK("http://example.org")')
    (row,) = csv.DictReader(io.StringIO(to_csv(line_table([Judgement("s", "p", cost=(hostile,))]))))
    assert row["assumption"].startswith("'=")


def test_no_lines_make_an_empty_table():
    empty = line_table([])
    assert to_csv(empty).splitlines() == [",".join(COLUMNS)]
    assert summary(empty).empty
