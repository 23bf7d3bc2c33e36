"""What costs nothing: types that are free, and what AWS gives every account each month."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many units a month that every account gets for nothing, for ever.

    Offers that end after a year are never counted.
    """

    name: str
    component: str
    quantity: Decimal
    unit: str
    as_of: date | None  # None: known from the page, no day of reading recorded
    source: str

    @property
    def text(self) -> str:
        """The allowance as a line's assumption says it."""
        return f"{self.name}: AWS gives every account {self.quantity:,f} {self.unit} a month free"


@cache
def allowances() -> Mapping[str, Allowance]:
    """The allowances by price book key; keys of one allowance share it."""
    found: dict[str, Allowance] = {}
    for row in _rows("allowances.csv"):
        allowance = Allowance(
            name=row["name"],
            component=row["component"],
            quantity=Decimal(row["quantity"]),
            unit=row["unit"],
            as_of=date.fromisoformat(row["as_of"]) if row["as_of"] else None,
            source=row["source"],
        )
        found.update(dict.fromkeys(row["keys"].split(), allowance))
    return found


def free_reason(type_: str) -> str:
    """Why a resource type costs nothing; empty where it is not known to be free."""
    namespace = type_.rpartition("::")[0]
    return _free_types().get(type_) or _free_types().get(f"{namespace}::*", "")


@cache
def _free_types() -> dict[str, str]:
    return {row["type"]: row["reason"] for row in _rows("free_types.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
