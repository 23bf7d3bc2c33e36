"""The columns of the store, by table and version, and the way up from an older version.

Version 1 had no `hangs_on` for findings, and no `complete` for scopes: every scope counted as seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyzer.errors import InputError

VERSION = 2
KEY = b"assay.version"

_TEXT, _TRUTH, _WHOLE, _REAL, _TEXTS = "string", "bool", "int64", "double", "strings"

TABLES: Mapping[str, Mapping[str, str]] = {
    "findings": {
        "run": _TEXT,
        "identity": _TEXT,
        "rule": _TEXT,
        "family": _TEXT,
        "severity": _TEXT,
        "verdict": _TEXT,
        "waived": _TRUTH,
        "resource": _TEXT,
        "stack": _TEXT,
        "type": _TEXT,
        "message": _TEXT,
        "hangs_on": _TEXTS,
    },
    "counts": {
        "run": _TEXT,
        "rule": _TEXT,
        "family": _TEXT,
        "verdict": _TEXT,
        "waived": _TRUTH,
        "number": _WHOLE,
    },
    "costs": {"run": _TEXT, "service": _TEXT, "usd": _REAL, "unpriced": _WHOLE},
    "scopes": {"run": _TEXT, "rule": _TEXT, "complete": _TRUTH},
    "coverage": {
        "run": _TEXT,
        "service": _TEXT,
        "planned": _WHOLE,
        "answered": _WHOLE,
        "denied": _WHOLE,
        "throttled": _WHOLE,
        "timed_out": _WHOLE,
        "failed": _WHOLE,
    },
    "runs": {
        "run": _TEXT,
        "saved": _TEXT,  # ISO 8601, UTC, to the microsecond: runs are in this order
        "day": _TEXT,
        "version": _TEXT,
        "complete": _TRUTH,
    },
}

# What a column holds for rows of a version that did not have it.
_ADDED: Mapping[tuple[str, str], Any] = {
    ("findings", "hangs_on"): [],
    ("scopes", "complete"): True,
}


def arrow_schema(table: str) -> Any:
    """The schema of a table's files, with the version in their metadata."""
    import pyarrow as pa

    types = {
        _TEXT: pa.string(),
        _TRUTH: pa.bool_(),
        _WHOLE: pa.int64(),
        _REAL: pa.float64(),
        _TEXTS: pa.list_(pa.string()),
    }
    fields = [(name, types[kind]) for name, kind in TABLES[table].items()]
    return pa.schema(fields, metadata={KEY: f"{VERSION}".encode()})


def upgraded(table: str, rows: Any, file: str) -> Any:
    """An Arrow table of any known version as one of the present. Raises `InputError`."""
    import pyarrow as pa

    version = (rows.schema.metadata or {}).get(KEY, b"").decode()
    if not version.isdigit():
        raise InputError("is no file of a history", file=file, hint="check the store's path")
    if int(version) > VERSION:
        raise InputError(
            f"was written by a newer assay (version {version} of the store)",
            file=file,
            hint="update assay",
        )
    wanted = arrow_schema(table)
    for name in wanted.names:
        if name not in rows.schema.names:
            if (table, name) not in _ADDED:
                raise InputError(f"lacks the column '{name}'", file=file)
            filling = pa.array([_ADDED[table, name]] * rows.num_rows, wanted.field(name).type)
            rows = rows.append_column(wanted.field(name), filling)
    return rows.select(wanted.names).cast(wanted)
