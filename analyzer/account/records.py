"""What was read, as plain data that can be stored: resources, gaps, and the calls made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from analyzer.account.failures import Failure


@dataclass(frozen=True, slots=True)
class Record:
    """One resource as it was read. `unread` says of properties and facts which call failed how."""

    type: str
    arn: str
    region: str
    names: tuple[str, ...]
    properties: Mapping[str, Any]
    live: Mapping[str, Any]
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Miss:
    """Resources of a type that could not be listed, or not all of them."""

    type: str
    call: str
    code: str


@dataclass
class Tally:
    """The calls of one service in one region of an account."""

    planned: int = 0
    answered: int = 0
    denied: int = 0
    throttled: int = 0
    timed_out: int = 0
    failed: int = 0

    def note(self, failure: Failure | None) -> None:
        """Count one call's end."""
        name = "answered" if failure is None else failure.kind.replace(" ", "_")
        setattr(self, name, getattr(self, name) + 1)


@dataclass(frozen=True, slots=True)
class Part:
    """All that was read of one service in one region of an account; the unit of a checkpoint.

    `told` lists, by type, the properties and facts that the planned calls tell; `digest` names the
    plan, so that a part of another plan is not taken for this one's.
    """

    account: str
    region: str
    service: str
    digest: str
    read_at: str  # ISO 8601, UTC
    told: Mapping[str, tuple[str, ...]]
    records: tuple[Record, ...]
    misses: tuple[Miss, ...]
    tally: Tally
    failures: Mapping[str, int]  # "call code" -> how often

    def as_data(self) -> dict[str, Any]:
        """The part as JSON can say it."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Part:
        """The part that `as_data` gave."""
        return cls(
            **{
                **data,
                "told": {name: tuple(told) for name, told in data["told"].items()},
                "records": tuple(
                    Record(**{**record, "names": tuple(record["names"])})
                    for record in data["records"]
                ),
                "misses": tuple(Miss(**miss) for miss in data["misses"]),
                "tally": Tally(**data["tally"]),
            }
        )


def plain(value: Any) -> Any:
    """An answer as JSON can say it: moments as ISO 8601 in UTC, bytes as text."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if key != "ResponseMetadata"}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return value


def pruned(value: Any) -> Any:
    """A value without the nulls in it; None where nothing is left of a map that had only nulls."""
    if isinstance(value, Mapping):
        kept = {key: pruned(item) for key, item in value.items()}
        kept = {key: item for key, item in kept.items() if item is not None}
        return kept if kept or not value else None
    if isinstance(value, list):
        return [item for item in map(pruned, value) if item is not None]
    return value


def paths_to(value: Any, path: list[str]) -> Iterator[tuple[Any, str]]:
    """Every (map, name) at a path that goes through maps and, without saying so, lists."""
    if isinstance(value, list):
        for item in value:
            yield from paths_to(item, path)
    elif isinstance(value, Mapping) and path and path[0] in value:
        if len(path) == 1:
            yield value, path[0]
        else:
            yield from paths_to(value[path[0]], path[1:])
