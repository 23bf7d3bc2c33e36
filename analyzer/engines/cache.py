"""Answers of foreign checkers kept between runs: an unchanged file is not checked twice.

The key is a digest of the engine's name and version, its configuration, the regions, the file's
bytes and those of local files that it names as nested templates. One JSON file per key, written
beside its place and moved there, so that two runs can share a folder. Whatever cannot be read or
written is as good as not there. Nothing in it names the file or holds its content.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analyzer.engines.engine import Engine, EngineSettings, Record, Tool
from analyzer.findings import Severity, Verdict

# Raised when what is kept, or how an engine's output is read, changes.
_FORMAT = "1"
_DAYS = 60
_NESTED = re.compile(rb"TemplateURL[\"']?\s*:\s*[\"']?([^\s\"'{}!,]+)")


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """The answer for one file: what was said, or why the checker could not read it."""

    records: tuple[Record, ...] = ()
    unread: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Cache:
    """A folder of answers; `folder` None keeps nothing."""

    folder: Path | None

    def get(self, engine: str, key: str) -> Kept | None:
        """What was kept under a key, or None."""
        place = self._place(engine, key)
        if place is None:
            return None
        try:
            values = json.loads(place.read_text(encoding="utf-8"))
            records = tuple(_record(value) for value in values["records"])
            kept = Kept(records, str(values["unread"]))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        with contextlib.suppress(OSError):  # a shared folder may be readable only
            os.utime(place)
        return kept

    def put(self, engine: str, key: str, answer: Kept) -> None:
        """Keep an answer, and let go of neighbours that nobody asked for in a long time."""
        place = self._place(engine, key)
        if place is None:
            return
        records = [_values(record) for record in answer.records]
        text = json.dumps({"records": records, "unread": answer.unread})
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(place, text)
            _forget_old(place.parent)
        except OSError:
            return

    def _place(self, engine: str, key: str) -> Path | None:
        return self.folder and self.folder / engine / key[:2] / f"{key[2:]}.json"


def default_cache(environment: Mapping[str, str]) -> Cache:
    """The user's cache: `ASSAY_CACHE` names its folder or says "off"."""
    said = environment.get("ASSAY_CACHE", "")
    if said.lower() in ("off", "0", "no", "false"):
        return Cache(None)
    if said:
        return Cache(Path(said))
    bases = [Path(environment["XDG_CACHE_HOME"])] if environment.get("XDG_CACHE_HOME") else []
    bases.extend(home / ".cache" for home in _homes())
    return Cache(bases[0] / "assay" if bases else None)


def _homes() -> tuple[Path, ...]:
    """The home folder of the user; a user of a container may have none."""
    try:
        return (Path.home(),)
    except RuntimeError:
        return ()


def key_of(
    engine: Engine, tool: Tool, settings: EngineSettings, regions: tuple[str, ...], file: Path
) -> str:
    """The digest of everything that the answer for a file depends on; raises `OSError`."""
    content = file.read_bytes()
    config = settings.config_of(engine.name)
    parts = [
        _FORMAT.encode(),
        engine.name.encode(),
        tool.version.encode(),
        Path(config).read_bytes() if config else b"",
        *(_bytes_of(home / name) for home in _homes() for name in engine.user_files),
        ",".join(sorted(regions) if engine.by_region else ()).encode(),
        file.suffix.encode(),
        content,
        *(_bytes_of(file.parent / os.fsdecode(name)) for name in _nested(content)),
    ]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _nested(content: bytes) -> list[bytes]:
    """The local templates that a template names: the engines look into them."""
    return sorted(set(_NESTED.findall(content)))


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (OSError, ValueError):
        return b""


def _values(record: Record) -> dict[str, Any]:
    values = dataclasses.asdict(record)
    return {**values, "verdict": record.verdict.value, "severity": record.severity.value}


def _record(values: Mapping[str, Any]) -> Record:
    fields = dict(values)
    fields["verdict"] = Verdict(fields["verdict"])
    fields["severity"] = Severity(fields["severity"])
    return Record(**fields)


def _write(place: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(name).replace(place)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _forget_old(folder: Path) -> None:
    oldest = time.time() - _DAYS * 86_400
    for entry in os.scandir(folder):
        if entry.stat().st_mtime < oldest:
            Path(entry.path).unlink(missing_ok=True)
