"""The owner's figures beside ours."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from analyzer.cost.declared import (
    ClaimedLine,
    CostClaim,
    Currency,
    against_budget,
    compare,
    read_claim,
)
from analyzer.cost_lines import CostLine, LineKind
from analyzer.errors import InputError

EURO = Currency("EUR", Decimal("1.25"), date(2026, 11, 20), "the owner")


def line(name: str, usd: str | None, resource: str = "It") -> CostLine:
    service, _, component = name.partition("/")
    kind = LineKind.UNKNOWN if usd is None else LineKind.PRICED
    amount = None if usd is None else Decimal(usd)
    return CostLine(resource, "", service, component, kind, usd=amount)


LINES = (
    line("EC2/instance-hours", "50"),
    line("RDS/instance-hours", "100"),
    line("RDS/extended-support", None, "Database"),
    line("NAT/gateway-hours", "30"),
    line("NAT/gateway-hours", "10"),
    line("VPC/public-ipv4", "60"),
)
CLAIM = CostClaim(
    "medium",
    "EUR",
    Decimal(200),
    Decimal(200),
    lines=(
        ClaimedLine("Servers", Decimal(60), ("EC2/*",)),
        ClaimedLine("Database", Decimal(70), ("RDS/*",)),
    ),
)


def test_each_declared_line_stands_beside_ours():
    servers, database = compare(LINES, CLAIM, EURO).lines
    assert (servers.declared, servers.estimated, servers.difference) == (60, 40, -20)  # 50 / 1.25
    assert (database.estimated_usd, database.estimated) == (100, 80)
    assert database.unknown == ("RDS/extended-support of Database",)


def test_what_no_declared_line_covers_is_left_out_dearest_first():
    left_out = compare(LINES, CLAIM, EURO).left_out
    assert left_out == (("VPC/public-ipv4", Decimal(48)), ("NAT/gateway-hours", Decimal(32)))


def test_declared_lines_and_what_they_leave_out_are_the_whole():
    compared = compare(LINES, CLAIM, EURO)
    parts = sum(x.estimated for x in compared.lines) + sum(usd for _, usd in compared.left_out)
    assert parts == compared.estimated == Decimal(200)
    assert compared.estimated_usd == 250


def test_a_line_that_two_declared_lines_cover_counts_once():
    twice = (ClaimedLine("a", Decimal(1), ("EC2/*",)), ClaimedLine("b", Decimal(1), ("*",)))
    first, second = compare(LINES, CostClaim("p", "USD", Decimal(2), Decimal(2), lines=twice)).lines
    assert (first.estimated_usd, second.estimated_usd) == (50, 200)


def test_an_hourly_figure_is_a_month_of_730_hours():
    claim = CostClaim(
        "dev",
        "USD",
        Decimal("0.1"),
        Decimal("0.2"),
        period="hour",
        lines=(ClaimedLine("NAT", Decimal("0.048"), ("NAT/*",)),),
    )
    compared = compare(LINES, claim)
    assert (compared.low, compared.high) == (73, 146)
    assert compared.lines[0].declared == Decimal("35.04")  # 0.048 x 730


def test_a_claim_with_a_total_only_leaves_nothing_out():
    compared = compare(LINES, CostClaim("p", "USD", Decimal(85), Decimal(100)))
    assert compared.left_out == ()
    assert (compared.low, compared.high) == (85, 100)


def test_a_currency_without_a_rate_is_an_input_error():
    with pytest.raises(InputError, match="EUR, whose rate is not known; give its rate"):
        compare(LINES, CLAIM)


def test_the_rate_and_its_date_are_carried_along():
    compared = compare(LINES, CLAIM, EURO)
    assert (compared.usd_per_unit, compared.rate_date, compared.rate_source) == (
        Decimal("1.25"),
        date(2026, 11, 20),
        "the owner",
    )


def test_a_claim_is_read_from_its_data():
    claim = read_claim(
        {
            "profile": "dev",
            "total": {"low": 85, "high": 100.5},
            "lines": [{"name": "EC2", "amount": 7.5, "covers": ["EC2/*", "EBS/*"]}],
        }
    )
    assert (claim.currency, claim.low, claim.high) == ("USD", 85, Decimal("100.5"))
    assert claim.lines == (ClaimedLine("EC2", Decimal("7.5"), ("EC2/*", "EBS/*")),)


@pytest.mark.parametrize(
    "declared",
    [
        {"total": 5},
        {"profile": "p"},
        {"profile": "p", "total": "much"},
        {"profile": "p", "total": 5, "period": "year"},
        {"profile": "p", "total": 5, "lines": [{"name": "x"}]},
    ],
)
def test_a_claim_that_cannot_be_read_is_an_input_error(declared):
    with pytest.raises(InputError, match="declared cost"):
        read_claim(declared)


def test_a_budget_in_the_owners_currency():
    budget = against_budget(LINES, Decimal(180), "EUR", EURO)
    assert (budget.usd, budget.estimated_usd, budget.exceeded) == (225, 250, True)  # 180 x 1.25
    assert not against_budget(LINES, Decimal(250)).exceeded


def test_a_budget_beside_what_has_no_amount_is_not_known_to_be_kept():
    assert not against_budget(LINES, Decimal(9999)).kept
    assert against_budget(LINES[:2], Decimal(9999)).kept
