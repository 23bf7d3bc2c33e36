"""Which properties cannot change without a new resource, and what tells one from another."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analyzer.model import PropertyPath

DATA = Path(__file__).parent / "data" / "replacements.json.gz"
_INTERRUPTIONS = DATA.with_name("interruptions.csv")


@dataclass(frozen=True, slots=True)
class Interruption:
    """What a change interrupts, "" for nothing; `since` is the value that it must change from."""

    since: str
    what: str


@cache
def _lines() -> bytes:
    return gzip.decompress(DATA.read_bytes())


@cache
def _said(type_: str) -> dict[str, list[str]]:
    lines = _lines()
    start = lines.find(b"\n" + type_.encode() + b"\t")
    if start < 0:
        return {}
    start += len(type_.encode()) + 2
    found: dict[str, list[str]] = json.loads(lines[start : lines.index(b"\n", start)])
    return found


def replaces(type_: str, path: PropertyPath) -> str:
    """Whether a change at a path makes a new resource: "always", "maybe", or "" for no."""
    for word in ("always", "maybe"):
        if any(_at_or_below(path, said) for said in _said(type_).get(word, ())):
            return word
    return ""


def identity(type_: str) -> list[str]:
    """The properties that tell one resource of a type from another."""
    return [path for path in _said(type_).get("identity", ()) if "/" not in path]


def _at_or_below(path: PropertyPath, said: str) -> bool:
    """Whether two places are the same, or one holds the other."""
    names = ["*" if isinstance(part, int) else part for part in path]
    pairs = zip(names, said.split("/"), strict=False)
    return all(name == other or "*" in (name, other) for name, other in pairs)


def interruption(type_: str, name: str) -> Interruption | None:
    """What a change of a property interrupts, where AWS's documentation says so."""
    return _interruptions().get((type_, name))


@cache
def _interruptions() -> dict[tuple[str, str], Interruption]:
    with _INTERRUPTIONS.open(encoding="utf-8", newline="") as file:
        return {
            (row["type"], row["property"]): Interruption(row["from"], row["what"])
            for row in csv.DictReader(file)
        }
