"""How long AWS supports a database engine's version: `analyzer/data/engine_versions.yaml`, read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from analyzer.unknown import Absent, Partial, Reference, Undecided, Unknown

_TABLE = Path(__file__).parent / "data" / "engine_versions.yaml"


@dataclass(frozen=True, slots=True)
class Support:
    """The support dates of one major version.

    `standard_end` is None where AWS has announced no end; `charged_from`, `third_year_from` and
    `extended_end` are None where there is no Extended Support, or no price for its third year.
    """

    engine: str
    version: str  # the major version: "5.7"
    standard_end: date | None
    charged_from: date | None
    third_year_from: date | None
    extended_end: date | None
    source: str
    as_of: date

    def ended(self, today: date) -> bool:
        """Whether standard support is over."""
        return self.standard_end is not None and today > self.standard_end

    def extended_years(self, today: date) -> str:
        """Which price of Extended Support holds: "1-2", "3", or "" where none is charged."""
        if self.charged_from is None or today < self.charged_from:
            return ""
        if self.third_year_from is not None and today >= self.third_year_from:
            return "3"
        return "1-2"


def support(engine: Any, version: Any) -> Support | Unknown:
    """The support of an engine's version, both as a template writes them.

    `support("aurora-mysql", "5.7.mysql_aurora.2.11.2")` is that of 5.7. Unknown where the version
    is not set (AWS chooses one), not known, or not in the table.
    """
    for value, what in ((engine, "engine"), (version, "engine version")):
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Absent | Partial | Reference):
            absent = isinstance(value, Absent)
            reason = "is not set: AWS chooses one" if absent else f"is not known ({value})"
            return Unknown(f"the {what}", reason)
    name, number = str(engine).lower(), str(version).lower()
    versions = _versions().get(name, {})
    matches = [major for major in versions if number == major or number.startswith(f"{major}.")]
    if not matches:
        return Unknown(f"the support of {name} {number}", "is not in the table of engine versions")
    return versions[max(matches, key=len)]


def supported_successor(version: Support, today: date) -> Support | None:
    """The nearest later version of the engine that is in standard support; None without one."""
    later = [
        other
        for other in _versions().get(version.engine, {}).values()
        if release(other.version) > release(version.version) and not other.ended(today)
    ]
    return min(later, key=lambda other: release(other.version), default=None)


def release(version: Any) -> tuple[int, ...]:
    """The numbers of an engine's version: (15, 4) of "15.4".

    Raises `Undecided` where the version is not set (AWS chooses one) or not known.
    """
    if isinstance(version, Unknown):
        raise Undecided(version.subject, version.reason)
    if isinstance(version, Absent):
        raise Undecided("the engine version", "is not set: AWS chooses one")
    if isinstance(version, Partial | Reference):
        raise Undecided("the engine version", f"is not known ({version})")
    return tuple(int(part) for part in re.findall(r"\d+", f"{version}"))


@cache
def _versions() -> dict[str, dict[str, Support]]:
    import yaml  # heavy, and needed only where there is a database

    with _TABLE.open(encoding="utf-8") as file:
        engines = yaml.load(file, Loader=yaml.CSafeLoader)
    return {
        engine: {
            version: Support(
                engine=engine,
                version=version,
                source=table["source"],
                as_of=table["as_of"],
                **dates,
            )
            for version, dates in table["versions"].items()
        }
        for engine, table in engines.items()
    }
