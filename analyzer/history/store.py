"""Writing runs: one file a table, day, account and region, and the run's own row last.

    store/findings/date=2026-11-21/account=111122223333/region=eu-west-3/<run>.parquet
    store/runs/date=2026-11-21/<run>.parquet

Files are never changed, and each run has its own: two that write at once lose nothing. A run whose
row in `runs` is missing was cut short, and is not read.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from analyzer.errors import UsageError
from analyzer.history import rows
from analyzer.history.schema import arrow_schema
from analyzer.results import Run
from analyzer.storage import Storage

_ROWS = {
    "findings": rows.findings,
    "counts": rows.counts,
    "costs": rows.costs,
    "scopes": rows.scopes,
    "coverage": rows.coverage,
}


def save(run: Run, where: str) -> str:
    """Add a run to the store at a local path or fsspec URL; its id. Raises `UsageError`."""
    needed()
    storage = Storage(where)
    id_, day = uuid.uuid4().hex, run.date
    for table, rows_of in _ROWS.items():
        grouped: dict[rows.Place, list[rows.Row]] = {}
        for place, row in rows_of(run):
            grouped.setdefault(place, []).append({"run": id_, **row})
        for (account, region), found in grouped.items():
            name = f"{table}/date={day}/account={_part(account)}/region={_part(region)}/{id_}"
            storage.write(f"{name}.parquet", _parquet(table, found))
    saved = datetime.now(UTC).isoformat(timespec="microseconds")
    last = {"run": id_, "saved": saved, **rows.summary(run, day)}
    storage.write(f"runs/date={day}/{id_}.parquet", _parquet("runs", [last]))
    return id_


def _part(name: str) -> str:
    """A name as a folder: what a path or a hive key cannot hold is escaped."""
    return quote(name, safe="") or "-"


def _parquet(table: str, found: Iterable[rows.Row]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(found), arrow_schema(table)), buffer)
    return buffer.getvalue()


def needed() -> Any:
    """DuckDB and Arrow. Raises `UsageError` where they are not installed."""
    try:
        import duckdb
        import pyarrow as pa
    except ImportError as error:
        raise UsageError(
            f"a history needs {error.name}, which is not installed",
            hint="pip install 'cloud-assay[history]'",
        ) from error
    return duckdb, pa
