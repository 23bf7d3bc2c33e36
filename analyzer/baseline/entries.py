"""A baseline's file: sorted, readable in a review, YAML or JSON by the end of its name."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from analyzer.documents import read_document
from analyzer.escape import encodable
from analyzer.findings import OURS, Finding
from analyzer.model import Location, PropertyPath
from analyzer.template.parse import Limits

FORMAT = 1
# Ten times what ten thousand failures need: who starts with many is whom a baseline is for.
_PARTS = "keep one baseline for each part of the repository"
_OTHER = "`assay baseline` writes it"
_LIMITS = Limits(50_000_000, 2_000_000, _PARTS, _PARTS, _OTHER, "a map", _OTHER)
_HEADER = (
    "# Failures that were there before the gate was: `assay check --baseline` lets them pass.\n"
    "# Written by `assay baseline`, which takes out what is fixed; nothing is added by itself.\n"
)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EntryPart(_Part):
    """A failure that is known."""

    fingerprint: str = Field(pattern="^[0-9a-f]{16,}$")
    rule: str
    title: str = ""
    engine: str = OURS
    resource: str = Field(description="stack/id")
    at: str = Field(default="", description="property path")
    file: str = Field(default="", description="relative to this file")
    system: str = Field(default="", description="of an architecture.yaml")
    profiles: list[str] = Field(default=[""], min_length=1)
    count: int = Field(default=1, ge=1, description="how many there are of it in a profile")
    since: date


class BaselineFile(_Part):
    """The file as it is written."""

    format: Literal[1]
    findings: list[EntryPart] = []


@dataclass(frozen=True, slots=True)
class Entry:
    """A known failure in one system, in some of its profiles; `file` is relative to the baseline.

    `position` is where it stands in the file; -1 for one that does not yet.
    """

    fingerprint: str
    rule: str
    title: str
    engine: str
    resource: str
    at: str
    file: str
    system: str
    profiles: tuple[str, ...]
    count: int
    since: date
    position: int = -1


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known failures; `folder` is what their files are relative to."""

    file: str
    folder: Path
    entries: tuple[Entry, ...] = ()
    locate: Callable[[PropertyPath], Location] | None = field(default=None, compare=False)

    def line(self, entry: Entry) -> int:
        """The line of an entry; 0 for one that is not in the file."""
        known = self.locate is not None and entry.position >= 0
        return self.locate(("findings", entry.position)).line if known and self.locate else 0

    def relative(self, file: str) -> str:
        """A finding's file as the baseline writes it."""
        return encodable(Path(os.path.relpath(file, self.folder)).as_posix()) if file else ""

    def fingerprint(self, finding: Finding) -> str:
        """The identity of a finding wherever assay is called from."""
        file = self.relative(finding.location.file if finding.location else "")
        parts = (finding.rule, file, finding.stack, _name(finding, self), finding.at)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

    def resource(self, finding: Finding) -> str:
        """The resource as the baseline writes it."""
        return f"{finding.stack}/{_name(finding, self)}"


def _name(finding: Finding, baseline: Baseline) -> str:
    """A resource's id; a template's path, where it stands for the whole, as a file."""
    whole = not finding.type and finding.location is not None
    same = whole and finding.location and finding.resource == finding.location.file
    return baseline.relative(finding.resource) if same else finding.resource


def read_baseline(file: Path, *, shown: Path | None = None) -> Baseline:
    """The baseline of a file. Raises `InputError` with file and line.

    `shown` is the file that is meant, where another version of it is read.
    """
    written_, source = read_document(file, BaselineFile, limits=_LIMITS)
    entries = tuple(
        Entry(**{**part.model_dump(), "profiles": tuple(part.profiles)}, position=position)
        for position, part in enumerate(written_.findings)
    )
    return Baseline(f"{shown or file}", (shown or file).parent, entries, source.locate)


def written(entries: Iterable[Entry], file: Path) -> str:
    """The text of a baseline's file."""
    ordered = sorted(entries, key=lambda e: (e.file, e.rule, e.system, e.resource, e.at))
    document = {"format": FORMAT, "findings": [_plain(entry) for entry in ordered]}
    if file.suffix == ".json":
        return json.dumps(document, indent=1, ensure_ascii=False, default=str) + "\n"
    import yaml

    dumper = type("Dumper", (getattr(yaml, "CSafeDumper", yaml.SafeDumper),), _WITHOUT_ALIASES)
    text = yaml.dump(document, Dumper=dumper, sort_keys=False, allow_unicode=True, width=1000)
    return _HEADER + text


_WITHOUT_ALIASES = {"ignore_aliases": lambda *_: True}


def _plain(entry: Entry) -> dict[str, Any]:
    """An entry without what goes without saying."""
    told = {
        "rule": entry.rule,
        "title": entry.title,
        "engine": entry.engine,
        "resource": entry.resource,
        "at": entry.at,
        "file": entry.file,
        "system": entry.system,
        "profiles": sorted(entry.profiles),
        "count": entry.count,
        "since": entry.since,
        "fingerprint": entry.fingerprint,
    }
    silent: dict[str, Any] = {"engine": OURS, "count": 1, "profiles": [""]}
    return {k: v for k, v in told.items() if v not in ("", silent.get(k))}
