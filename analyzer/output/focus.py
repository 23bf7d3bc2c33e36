"""Cost lines in the columns of FOCUS 1.2, the FinOps Open Cost and Usage Specification.

An estimate is no bill: `x_Estimated` is true in every row, all four costs are list prices, and the
period is the month of the run's day. A line without an amount is no row, because a cost may not be
null; `left_out` names those lines, and `x_ChargesLeftOut` counts them for each profile.
See docs/decisions/0021-focus-export.md.
"""

from __future__ import annotations

import csv as spreadsheets
import io
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from analyzer.cost_lines import CostLine, LineKind
from analyzer.output.csv import safe
from analyzer.output.grouping import counted, few
from analyzer.results import Judgement, ResourceInfo, Run

COLUMNS = (
    "AvailabilityZone", "BilledCost", "BillingAccountId", "BillingAccountName",
    "BillingAccountType", "BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart",
    "CapacityReservationId", "CapacityReservationStatus", "ChargeCategory", "ChargeClass",
    "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart",
    "CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName",
    "CommitmentDiscountQuantity", "CommitmentDiscountStatus", "CommitmentDiscountType",
    "CommitmentDiscountUnit", "ConsumedQuantity", "ConsumedUnit", "ContractedCost",
    "ContractedUnitPrice", "EffectiveCost", "InvoiceId", "InvoiceIssuerName", "ListCost",
    "ListUnitPrice", "PricingCategory", "PricingQuantity", "PricingUnit", "ProviderName",
    "PublisherName", "RegionId", "RegionName", "ResourceId", "ResourceName", "ResourceType",
    "ServiceCategory", "ServiceName", "ServiceSubcategory", "SkuId", "SkuMeter", "SkuPriceDetails",
    "SkuPriceId", "SubAccountId", "SubAccountName", "SubAccountType", "Tags",
    "x_Estimated", "x_System", "x_Profile", "x_Assumption", "x_PriceBlended", "x_PriceAsOf",
    "x_PriceSource", "x_ChargesLeftOut",
)  # fmt: skip
"""Those of the specification in its order, then ours. A null is an empty cell."""

_DATA = Path(__file__).parent / "data"
_NAMED = 5  # lines without an amount that are named
_AWS = "AWS"
Row = dict[str, str]


def focus(run: Run) -> str:
    """Every line that has an amount as CSV with a header, lines ended by a line feed."""
    buffer = io.StringIO()
    writer = spreadsheets.DictWriter(buffer, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for judgement in run.judgements:
        writer.writerows(_rows(run, judgement))
    return buffer.getvalue()


def left_out(run: Run) -> str:
    """What has no amount and is therefore no row, in a sentence; "" where there is nothing."""
    lines = dict.fromkeys(
        f"{line.name} of {line.resource} ({line.kind.value}: {line.reason})"
        for judgement in run.judgements
        for line in judgement.cost
        if not line.kind.has_amount
    )
    if not lines:
        return ""
    named = few(list(lines), _NAMED)
    return f"{counted(len(lines), 'charge')} without an amount left out: {named}"


def _rows(run: Run, judgement: Judgement) -> Iterator[Row]:
    resources = {(found.stack, found.id): found for found in judgement.resources}
    common = _period(run.date) | _payer(run, judgement)
    for line in judgement.cost:
        if line.kind is LineKind.PRICED and line.usd is not None:
            resource = resources.get((line.stack, line.resource))
            yield common | _cost(line, line.usd) | _charge(line) | _what(judgement, line, resource)


def _period(day: date) -> Row:
    """The month of a day, its end excluded."""
    start = datetime(day.year, day.month, 1, tzinfo=UTC)
    end = datetime(day.year + day.month // 12, day.month % 12 + 1, 1, tzinfo=UTC)
    first, last = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (start, end))
    return {
        "BillingPeriodStart": first,
        "BillingPeriodEnd": last,
        "ChargePeriodStart": first,
        "ChargePeriodEnd": last,
    }


def _payer(run: Run, judgement: Judgement) -> Row:
    """Who pays: an account where one was read, else the system, and its profile below it."""
    live = any(line.account == judgement.system for line in run.coverage)
    below = "" if live else judgement.profile
    return {
        "BillingAccountId": safe(judgement.system),
        "BillingAccountName": safe(judgement.title or judgement.system),
        "BillingAccountType": "Account" if live else "System",
        "BillingCurrency": "USD",
        "SubAccountId": safe(below),
        "SubAccountName": safe(below),
        "SubAccountType": "Profile" if below else "",
        "InvoiceIssuerName": _AWS,
        "ProviderName": _AWS,
        "PublisherName": _AWS,
        "x_Estimated": "true",
        "x_System": safe(judgement.system),
        "x_Profile": safe(judgement.profile),
        "x_ChargesLeftOut": f"{sum(not line.kind.has_amount for line in judgement.cost)}",
    }


def _cost(line: CostLine, usd: Decimal) -> Row:
    """What is paid, and what that would be at the list price."""
    paid = dict.fromkeys(("BilledCost", "ContractedCost", "EffectiveCost"), _number(usd))
    return {**paid, "ListCost": _number(_listed(line, usd))}


def _listed(line: CostLine, paid: Decimal) -> Decimal:
    return paid / line.share if line.share else paid


def _charge(line: CostLine) -> Row:
    """What kind of charge it is; what AWS gives every account is a credit, without a quantity."""
    if line.usd is not None and line.usd < 0:
        return {"ChargeCategory": "Credit", "ChargeFrequency": "Usage-Based"}
    quantity = line.quantity or Decimal(0)
    price, blended = _unit_price(line, quantity)
    unit = _units().get(line.unit, line.unit)
    return {
        "ChargeCategory": "Usage",
        "ChargeFrequency": "Usage-Based",
        "ConsumedQuantity": _number(quantity),
        "ConsumedUnit": unit,
        "PricingCategory": "Standard" if line.share == 1 else "Dynamic",
        "PricingQuantity": _number(quantity),
        "PricingUnit": unit,
        "ListUnitPrice": _number(_listed(line, price)),
        "ContractedUnitPrice": _number(price),
        "x_PriceBlended": "true" if blended else "false",
    }


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}" if value else "0"


def _unit_price(line: CostLine, quantity: Decimal) -> tuple[Decimal, bool]:
    """What times the quantity is the cost, and whether it is a mean over the price's tiers."""
    price, usd = line.unit_price or Decimal(0), line.usd or Decimal(0)
    if not quantity or abs(quantity * price - usd) < Decimal("1e-12"):
        return price, False
    return usd / quantity, True


def _what(judgement: Judgement, line: CostLine, resource: ResourceInfo | None) -> Row:
    """The service, the price and the resource that a line is about."""
    service = _services().get(line.service, {})
    category = service.get("category", "Other")
    known = _regions().get(line.region)
    described = f"{line.name} of {line.resource}"
    row = {
        "ChargeDescription": described,
        "ServiceName": service.get("name", line.service),
        "ServiceCategory": category,
        "ServiceSubcategory": service.get("subcategory", f"Other ({category})"),
        "SkuId": line.key,
        "SkuMeter": line.component,
        "SkuPriceId": f"{line.key}/{line.region}",
        "RegionId": line.region if known else "",
        "RegionName": known or "",
        "x_Assumption": line.assumption,
        "x_PriceAsOf": f"{line.as_of or ''}",
        "x_PriceSource": line.source,
    }
    if line.type:
        place = "/".join(filter(None, (judgement.system, line.stack, line.resource)))
        row |= {"ResourceId": place, "ResourceName": line.resource, "ResourceType": line.type}
    if resource is not None and resource.tags:
        row["Tags"] = json.dumps(dict(resource.tags), ensure_ascii=False, sort_keys=True)
    return {column: safe(text) for column, text in row.items()}


@cache
def _services() -> Mapping[str, Mapping[str, str]]:
    return {row["service"]: row for row in _read("focus_services.csv")}


@cache
def _units() -> Mapping[str, str]:
    return {row["unit"]: row["focus"] for row in _read("focus_units.csv")}


@cache
def _regions() -> Mapping[str, str]:
    return {row["region"]: row["name"] for row in _read("regions.csv")}


def _read(name: str) -> Iterator[Row]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    yield from spreadsheets.DictReader(line for line in lines if not line.startswith("#"))
