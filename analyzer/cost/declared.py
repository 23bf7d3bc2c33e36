"""The owner's own figures beside ours: declared monthly costs line by line, and budgets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from analyzer.cost.schedule import HOURS
from analyzer.cost_lines import (
    Budget,
    CostLine,
    Declared,
    DeclaredLine,
    LineKind,
    shared_out,
    total,
)
from analyzer.errors import InputError

_ZERO = Decimal(0)
_ONE = Decimal(1)
_PERIODS = {"month": _ONE, "hour": HOURS}


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency and what one unit of it is in USD, at a date that the owner gives."""

    code: str = "USD"
    usd_per_unit: Decimal = _ONE
    date: date | None = None
    source: str = ""

    def from_usd(self, usd: Decimal) -> Decimal:
        """An amount of USD in this currency."""
        return usd / self.usd_per_unit

    def to_usd(self, amount: Decimal) -> Decimal:
        """An amount of this currency in USD."""
        return amount * self.usd_per_unit


USD = Currency()


@dataclass(frozen=True, slots=True)
class ClaimedLine:
    """One line of the owner's table; `covers` are globs over our charge names."""

    name: str
    amount: Decimal
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CostClaim:
    """The owner's declared cost of one profile, in `currency` a `period` (month or hour)."""

    profile: str
    currency: str
    low: Decimal
    high: Decimal
    period: str = "month"
    lines: tuple[ClaimedLine, ...] = field(default=())


def read_claim(declared: Mapping[str, Any], *, file: str = "") -> CostClaim:
    """A claim from an architecture's `claims.costs` entry. Raises `InputError`."""
    try:
        period = declared.get("period", "month")
        if period not in _PERIODS:
            raise InputError(
                f"a declared cost is per month or per hour, not per {period}", file=file
            )
        stated = declared["total"]
        ranged = isinstance(stated, Mapping)
        low, high = (stated["low"], stated["high"]) if ranged else (stated, stated)
        return CostClaim(
            profile=declared["profile"],
            currency=declared.get("currency", USD.code),
            low=Decimal(str(low)),
            high=Decimal(str(high)),
            period=period,
            lines=tuple(
                ClaimedLine(line["name"], Decimal(str(line["amount"])), tuple(line["covers"]))
                for line in declared.get("lines", ())
            ),
        )
    except (KeyError, TypeError, ArithmeticError) as error:
        message = f"a declared cost cannot be read ({type(error).__name__}: {error})"
        raise InputError(message, file=file) from error


def compare(lines: Sequence[CostLine], claim: CostClaim, currency: Currency = USD) -> Declared:
    """The owner's figures beside ours, per month, in the owner's currency."""
    currency = check_currency(claim.currency, currency)
    per_month = _PERIODS[claim.period]
    shares, rest = shared_out(lines, [declared.covers for declared in claim.lines])
    compared = []
    for declared, covered in zip(claim.lines, shares, strict=True):
        usd = total(covered)
        compared.append(
            DeclaredLine(
                name=declared.name,
                declared=declared.amount * per_month,
                estimated_usd=usd,
                estimated=currency.from_usd(usd),
                covers=declared.covers,
                unknown=_without_amount(covered),
            )
        )
    whole = total(lines)
    return Declared(
        currency=currency.code,
        low=claim.low * per_month,
        high=claim.high * per_month,
        estimated_usd=whole,
        estimated=currency.from_usd(whole),
        usd_per_unit=currency.usd_per_unit,
        rate_date=currency.date,
        rate_source=currency.source,
        lines=tuple(compared),
        left_out=_left_out(rest, currency) if claim.lines else (),
    )


def check_currency(code: str, currency: Currency) -> Currency:
    """The currency of that code: USD, or the architecture's own. Raises `InputError`."""
    if code == USD.code:
        return USD
    if code != currency.code:
        hint = "give its rate under `currency` in architecture.yaml"
        raise InputError(f"amounts are declared in {code}, whose rate is not known", hint=hint)
    return currency


def against_budget(
    lines: Sequence[CostLine], amount: Decimal, code: str = "USD", currency: Currency = USD
) -> Budget:
    """A monthly ceiling and what we estimate against it."""
    usd = check_currency(code, currency).to_usd(amount)
    complete = all(line.kind.has_amount for line in lines)
    return Budget(usd, total(lines), code, amount, complete)


def _without_amount(lines: Iterable[CostLine]) -> tuple[str, ...]:
    unknown = (line for line in lines if line.kind is LineKind.UNKNOWN)
    return tuple(dict.fromkeys(f"{line.name} of {line.resource}" for line in unknown))


def _left_out(lines: Iterable[CostLine], currency: Currency) -> tuple[tuple[str, Decimal], ...]:
    """Charge names that no declared line covers, with what they cost, the dearest first."""
    amounts: dict[str, Decimal] = {}
    for line in lines:
        if line.usd:
            amounts[line.name] = amounts.get(line.name, _ZERO) + line.usd
    found = [(name, currency.from_usd(usd)) for name, usd in amounts.items() if usd]
    return tuple(sorted(found, key=lambda entry: (-entry[1], entry[0])))
