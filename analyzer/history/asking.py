"""What the kept runs say: trends, and what became of each finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from urllib.parse import unquote

from analyzer.errors import InputError
from analyzer.history.schema import arrow_schema, upgraded
from analyzer.history.store import needed
from analyzer.storage import Storage

State = Literal["new", "open", "reopened", "resolved", "unknown"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which part of the store is asked: a day from which on, and accounts (all when empty)."""

    since: date | None = None
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A day of a trend: how many verdicts of each kind, and what fails."""

    day: date
    group: str
    failed: int
    unknown: int
    passed: int


@dataclass(frozen=True, slots=True)
class Story:
    """What became of one finding.

    `state` is that of the last run that looked: new, open, reopened, resolved, or unknown where it
    could not be decided any more. `age` is days since it (last) opened; `since` that day.
    """

    identity: str
    account: str
    region: str
    rule: str
    family: str
    severity: str
    resource: str
    message: str
    state: State
    since: date
    last: date
    age: int
    openings: int
    waived: bool = False


@dataclass(frozen=True)
class History:
    """Everything that a store says."""

    days: tuple[date, ...]
    runs: int
    trend: tuple[Point, ...]
    stories: tuple[Story, ...]
    costs: Mapping[date, float] = field(default_factory=dict)  # USD a month, by day

    def in_state(self, *states: State) -> list[Story]:
        """The findings in one of the states."""
        return [story for story in self.stories if story.state in states]


def read_history(
    where: str,
    by: str = "family",
    wanted: Filter | None = None,
    groups: Mapping[str, Any] | None = None,
) -> History:
    """What the store says, trends by `family`, `account`, `rule`, or `control`.

    For `control`, `groups` maps each rule to its controls. Raises `InputError` where there is no
    store, or a file of it cannot be used.
    """
    duckdb, _ = needed()
    chosen = wanted or Filter()
    tables = {table: _read(where, table, chosen) for table in ("runs", "findings", "counts")}
    tables["scopes"], tables["costs"] = (_read(where, name, chosen) for name in ("scopes", "costs"))
    if tables["runs"].num_rows == 0:
        raise InputError("holds no history", file=where, hint="write one with --store")
    with duckdb.connect() as connection:
        for name, rows in tables.items():
            connection.register(name, rows)
        days = [day for (day,) in connection.execute(_DAYS).fetchall()]
        return History(
            days=tuple(map(date.fromisoformat, days)),
            runs=tables["runs"].num_rows,
            trend=tuple(_trend(connection, by, groups or {})),
            stories=tuple(_stories(connection)),
            costs={
                date.fromisoformat(day): usd for day, usd in connection.execute(_COSTS).fetchall()
            },
        )


# The last run of a day that looked at a place tells what was true there on that day.
_LATEST = """
    WITH seen AS (
        SELECT DISTINCT s.run, s.account, s.region, r.day, r.saved
        FROM scopes s JOIN runs r USING (run)
    ), latest AS (
        SELECT run, account, region, day FROM seen
        QUALIFY row_number() OVER (PARTITION BY account, region, day ORDER BY saved DESC) = 1
    )
"""
_DAYS = "SELECT DISTINCT day FROM runs ORDER BY day"
_COSTS = f"""{_LATEST}
    SELECT l.day, sum(c.usd) FROM costs c
    JOIN latest l USING (run, account, region) GROUP BY l.day ORDER BY l.day
"""  # noqa: S608 - no text of a user in it
_COUNTS = f"""{_LATEST}
    SELECT l.day, c.account, c.family, c.rule,
        sum(CASE WHEN c.verdict = 'FAIL' AND NOT c.waived THEN c.number ELSE 0 END),
        sum(CASE WHEN c.verdict = 'UNKNOWN' THEN c.number ELSE 0 END),
        sum(CASE WHEN c.verdict = 'PASS' THEN c.number ELSE 0 END)
    FROM counts c JOIN latest l USING (run, account, region)
    GROUP BY ALL ORDER BY ALL
"""  # noqa: S608 - as above
_SCOPES = """
    SELECT r.saved, r.day, s.account, s.region, s.rule, s.run FROM scopes s
    JOIN runs r USING (run) WHERE s.complete ORDER BY r.saved
"""
_FINDINGS = """
    SELECT f.run, f.identity, f.account, f.region, f.rule, f.family, f.severity, f.verdict,
        f.waived, f.resource, f.message, r.day
    FROM findings f JOIN runs r USING (run) WHERE f.resource <> '*' ORDER BY r.saved
"""


def _trend(connection: Any, by: str, groups: Mapping[str, Any]) -> Iterator[Point]:
    found: dict[tuple[str, str], list[int]] = {}
    for day, account, family, rule, *numbers in connection.execute(_COUNTS).fetchall():
        own = {"family": [family], "account": [account], "rule": [rule]}
        for group in own.get(by, groups.get(rule, ())):
            entry = found.setdefault((day, group), [0, 0, 0])
            for position, number in enumerate(numbers):
                entry[position] += int(number)
    for (day, group), (failed, unknown, passed) in sorted(found.items()):
        yield Point(date.fromisoformat(day), group, failed, unknown, passed)


@dataclass
class _Life:
    """How a finding stands while the runs are gone through."""

    row: tuple[Any, ...]
    since: str
    openings: int = 1
    verdict: str = "FAIL"
    resolved: str = ""
    last: str = ""


def _stories(connection: Any) -> Iterator[Story]:
    """Each finding that ever failed, with what became of it."""
    looked: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for _, day, account, region, rule, run in connection.execute(_SCOPES).fetchall():
        looked.setdefault((account, region, rule), []).append((run, day))
    told: dict[str, dict[str, tuple[Any, ...]]] = {}
    place: dict[str, tuple[str, str, str]] = {}
    for row in connection.execute(_FINDINGS).fetchall():
        told.setdefault(row[1], {})[row[0]] = row
        place[row[1]] = (row[2], row[3], row[4])
    for identity, rows in told.items():
        life = _lived(rows, looked.get(place[identity], ()))
        if life is not None:
            yield _story(identity, life)


def _lived(rows: Mapping[str, tuple[Any, ...]], looked: Iterable[tuple[str, str]]) -> _Life | None:
    """What the runs that looked say of one finding, in order."""
    life: _Life | None = None
    for run, day in looked:
        row = rows.get(run)
        verdict = row[7] if row else "PASS"
        if life is None:
            if verdict == "FAIL" and row:
                life = _Life(row, day)
        elif verdict == "FAIL" and row:
            if life.resolved:
                life.since, life.openings, life.resolved = day, life.openings + 1, ""
            life.row, life.verdict = row, "FAIL"
        elif verdict == "PASS":
            life.resolved = life.resolved or day
        elif not life.resolved:
            life.verdict = "UNKNOWN"
        if life is not None:
            life.last = day
    return life


def _story(identity: str, life: _Life) -> Story:
    _, _, account, region, rule, family, severity, _, waived, resource, message, _ = life.row
    since, last = date.fromisoformat(life.since), date.fromisoformat(life.last)
    return Story(
        identity=identity,
        account=account,
        region=region,
        rule=rule,
        family=family,
        severity=severity,
        resource=resource,
        message=message,
        state=_state(life),
        since=date.fromisoformat(life.resolved) if life.resolved else since,
        last=last,
        age=0 if life.resolved else (last - since).days,
        openings=life.openings,
        waived=bool(waived),
    )


def _state(life: _Life) -> State:
    if life.resolved:
        return "resolved"
    if life.verdict == "UNKNOWN":
        return "unknown"
    if life.since == life.last:
        return "reopened" if life.openings > 1 else "new"
    return "open"


def _read(where: str, table: str, wanted: Filter) -> Any:
    """All rows of a table, with day, account and region from the files' folders."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    storage = Storage(where)
    found = []
    for name in storage.names(table):
        keys = dict(part.split("=", 1) for part in name.split("/") if "=" in part)
        if not name.endswith(".parquet") or not _asked_for(keys, wanted):
            continue
        try:
            rows = pq.read_table(pa.BufferReader(storage.read(name) or b""))
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                "cannot be read as Parquet", file=f"{where}/{name}", hint="remove the file"
            ) from error
        rows = upgraded(table, rows, f"{where}/{name}")
        for key in ("account", "region") if table != "runs" else ():
            value = unquote(keys.get(key, ""))
            rows = rows.append_column(key, pa.array([value] * rows.num_rows, pa.string()))
        found.append(rows)
    return pa.concat_tables(found) if found else _empty(table)


def _asked_for(keys: Mapping[str, str], wanted: Filter) -> bool:
    if wanted.since is not None and keys.get("date", "") < wanted.since.isoformat():
        return False
    account = unquote(keys.get("account", ""))
    return not wanted.accounts or "account" not in keys or account in wanted.accounts


def _empty(table: str) -> Any:
    import pyarrow as pa

    schema = arrow_schema(table)
    for key in ("account", "region") if table != "runs" else ():
        schema = schema.append(pa.field(key, pa.string()))
    return pa.Table.from_pylist([], schema)
