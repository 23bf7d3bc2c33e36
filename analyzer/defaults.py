"""AWS's own value for a property that a template leaves out: one table, a source per line."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

from analyzer.unknown import ABSENT

_TABLE = Path(__file__).parent / "data" / "defaults.csv"


def default_of(type_: str, path: tuple[str | int, ...]) -> Any:
    """The default at a property path (list positions count as `*`), or `ABSENT`."""
    of_type = _defaults().get(type_)
    if of_type is None:
        return ABSENT
    return of_type.get("/".join("*" if isinstance(part, int) else part for part in path), ABSENT)


@cache
def _defaults() -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            table.setdefault(row["type"], {})[row["property"]] = json.loads(row["value"])
    return table
