"""What a fix changes in a month's cost: an amount, or a range where usage is not declared."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from analyzer.cost_lines import CostLine, total

_RANGES = Path(__file__).parent / "data" / "usage_ranges.csv"
_NOT_DECLARED = " not declared"
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """USD a month between two amounts, None where something new has no price."""

    low: Decimal | None
    high: Decimal | None
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Range:
    """How much of a charge a month may have that nobody declares."""

    low: Decimal
    high: Decimal
    unit: str


def difference(
    before: Iterable[CostLine], after: Iterable[CostLine], changed: Collection[str] = ()
) -> Difference:
    """The change of the cost; new charges by undeclared usage span a range, with its assumption.

    `changed` are the keys of resources of which something changes that prices are made of: a charge
    of theirs that has no amount may have another one then.
    """
    before, after = tuple(before), tuple(after)
    old = {_key(line): line for line in before}
    low = high = total(after) - total(before)
    assumptions: list[str] = []
    for line in after:
        known = old.get(_key(line))
        touched = f"{line.stack}/{line.resource}" in changed
        if _lost(line, known) or (touched and not line.kind.has_amount):
            return Difference(None, None, (f"{line.name} of {line.resource}: {line.reason}",))
        span = _range_of(line) if known is None else None
        if span is not None and line.unit_price is not None:
            low += span.low * line.unit_price
            high += span.high * line.unit_price
            assumptions.append(
                f"{line.name} of {line.resource}: {span.low:,f} to {span.high:,f} {span.unit}"
            )
    return Difference(round(low, 2), round(high, 2), tuple(assumptions))


def _key(line: CostLine) -> _Key:
    return line.stack, line.resource, line.name


def _lost(line: CostLine, known: CostLine | None) -> bool:
    """Whether a charge has no amount that had one, or is new without one."""
    return not line.kind.has_amount and (known is None or known.kind.has_amount)


def _range_of(line: CostLine) -> Range | None:
    return _ranges().get(line.name) if _NOT_DECLARED in line.assumption else None


@cache
def _ranges() -> dict[str, Range]:
    with _RANGES.open(encoding="utf-8", newline="") as file:
        return {
            row["charge"]: Range(Decimal(row["low"]), Decimal(row["high"]), row["unit"])
            for row in csv.DictReader(file)
        }
