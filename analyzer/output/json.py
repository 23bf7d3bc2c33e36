"""The whole run as JSON: what is stored, compared and read by other tools.

`docs/schema/run.json` describes it; `json_schema` derives that file from the same dataclasses.
"""

from __future__ import annotations

import dataclasses
import enum
import json
import math
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from analyzer.escape import encodable
from analyzer.findings import Severity
from analyzer.results import Run

# Raised when a field changes its meaning or goes away; new fields do not raise it.
FORMAT = 1


def document(run: Run) -> str:
    """The run, complete, with fields in the order of their declaration; amounts are strings."""
    return json.dumps({"format": FORMAT, **plain(run)}, ensure_ascii=False, indent=1) + "\n"


def plain(value: Any) -> Any:
    """A value as JSON has it; what JSON does not have is given as its text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in names(type(value))}
    for type_, form in _FORMS:
        if isinstance(value, type_):
            return form(value)
    return encodable(str(value))


# The first type that fits decides: a severity is an integer too.
_FORMS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (Severity, lambda severity: severity.label),
    (enum.Enum, lambda member: member.value),
    (int | None, lambda number: number),
    (str, encodable),
    (Decimal, lambda amount: format(amount, "f")),
    (float, lambda number: number if math.isfinite(number) else str(number)),
    (date, date.isoformat),
    (Mapping, lambda items: {encodable(str(key)): plain(item) for key, item in items.items()}),
    (list | tuple, lambda items: [plain(item) for item in items]),
    (set | frozenset, lambda items: sorted((plain(item) for item in items), key=str)),
)


@cache
def names(type_: type) -> tuple[str, ...]:
    """What is written of a dataclass: its fields, then the values that it computes from them."""
    fields = [field.name for field in dataclasses.fields(type_)]
    computed = [
        name
        for name, member in vars(type_).items()
        if isinstance(member, property) and not name.startswith("_")
    ]
    return (*fields, *computed)
