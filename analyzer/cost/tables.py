"""Cost lines as pandas tables: by system, profile, service and component; and as CSV.

Amounts stay `Decimal` in object columns: pandas' own floats would round them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from decimal import Decimal
from typing import TYPE_CHECKING

from analyzer.cost_lines import CostLine
from analyzer.escape import encodable
from analyzer.results import Judgement

if TYPE_CHECKING:
    import pandas as pd

CENT = Decimal("0.01")
LEVELS = ("system", "profile", "service", "component")
_LINE = tuple(field.name for field in fields(CostLine))
COLUMNS = ("system", "profile", *_LINE)


def line_table(judgements: Iterable[Judgement]) -> pd.DataFrame:
    """One row for each cost line, with its system and profile."""
    import pandas as pd

    rows = [
        {"system": encodable(judgement.system), "profile": judgement.profile, **asdict(line)}
        for judgement in judgements
        for line in judgement.cost
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def summary(lines: pd.DataFrame, levels: Sequence[str] = LEVELS) -> pd.DataFrame:
    """USD a month by `levels` (some of `LEVELS`), and how many lines have no amount.

    Rows keep the order in which the lines came.
    """
    table = lines.assign(
        usd=lines["usd"].map(lambda amount: amount if amount is not None else Decimal(0)),
        unknown=(lines["kind"] == "unknown").astype(int),
    )
    groups = table.groupby(list(levels), sort=False, as_index=False)
    return groups.agg(usd=("usd", "sum"), unknown=("unknown", "sum"))


def profile_matrix(lines: pd.DataFrame) -> pd.DataFrame:
    """USD a month: services down, profiles (system, profile) across; zero where there is none."""
    table = summary(lines, ("system", "profile", "service"))
    table = table[table["usd"] != 0]
    matrix = table.pivot(index="service", columns=["system", "profile"], values="usd")
    return matrix.map(lambda amount: amount if isinstance(amount, Decimal) else Decimal(0))


def to_csv(lines: pd.DataFrame) -> str:
    """All lines as CSV, amounts in USD to the cent, prices in full."""
    shown = lines.map(_inert).assign(usd=lines["usd"].map(_cents))
    return str(shown.to_csv(index=False, lineterminator="\n"))


def _inert(value: object) -> object:
    """The value, but no text that a spreadsheet would run as a formula."""
    return (
        f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value
    )


def _cents(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.quantize(CENT):f}"
