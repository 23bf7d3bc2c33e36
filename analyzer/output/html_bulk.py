"""The findings of a big run as data for the page's script, which draws only the rows in sight.

Every text stands once in one table and is named by its number: a search looks through the table and
not through the rows, and thousands of findings of the same rules stay small.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analyzer.findings import Excerpt, Finding, Verdict
from analyzer.output.html_parts import Group, Part, Summary, anchored
from analyzer.output.text_findings import fix_words
from analyzer.results import Run

MANY = 1_500  # findings; with more, a page of plain rows opens slowly
# Characters of template lines that a page has room for, and what each profile takes of it.
_ROOM = 1_000_000
_PROFILE = 8_000
_LEAST_ROOM = 200_000


@dataclass(frozen=True, slots=True)
class Packed:
    """Findings as JSON, and how many of them had to leave their template's lines out."""

    text: str
    without_excerpt: int


class _Table:
    """Texts by number, each once; 0 is the empty one."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        self._clean = clean
        self._numbers: dict[str, int] = {"": 0}

    def number(self, text: str) -> int:
        return self._numbers.setdefault(self._clean(text), len(self._numbers))

    @property
    def texts(self) -> list[str]:
        return list(self._numbers)


def is_big(run: Run) -> bool:
    """Whether a run has more findings to show one by one than a page of plain rows should have."""
    told = (Verdict.FAIL, Verdict.UNKNOWN)
    shown = sum(f.verdict in told for judgement in run.judgements for f in judgement.findings)
    return shown > MANY


def pack(parts: Iterable[Part], clean: Callable[[str], str]) -> Packed:
    """The findings of all parts; `clean` marks characters that no page may hold."""
    table = _Table(clean)
    rules: dict[str, int] = {}
    lists: dict[str, list[list[Any]]] = {}
    rows: list[Finding] = []
    places: list[str] = []
    told: list[list[Any]] = []

    def rule_number(entry: Group | Summary) -> int:
        rule = entry.rule
        if rule.id not in rules:
            rules[rule.id] = len(rules)
            names = (rule.id, anchored(rule.id), rule.title or rule.id, rule.family, rule.engine)
            told.append([*map(table.number, names), int(rule.severity)])
        return rules[rule.id]

    parts = list(parts)
    for part in parts:
        for kind, groups in _grouped(part).items():
            lists[f"{part.anchor}.{kind}"] = listed = []
            for group in groups:
                start = len(rows)
                rows += group.findings
                places += map(_place if part.spread else _nowhere, group.findings)
                listed.append([rule_number(group), int(group.severity), start, len(rows)])
        for kind, summaries in _summed(part).items():
            lists[f"{part.anchor}.{kind}"] = [
                [rule_number(each), each.count, [table.number(text) for text, _ in each.reasons]]
                for each in summaries
            ]
    columns = {name: [table.number(text(row)) for row in rows] for name, text in _TEXTS.items()}
    columns["where"] = list(map(table.number, places))
    room = max(_LEAST_ROOM, _ROOM - _PROFILE * len(parts))
    excerpts, shown, left_out = _excerpts(rows, table, room)
    document = {
        "rules": told,
        "lists": lists,
        "columns": {name: numbers for name, numbers in columns.items() if any(numbers)},
        "lines": [row.location.line if row.location else 0 for row in rows],
        "excerpts": excerpts,
        "excerpt": shown,
        "texts": table.texts,
    }
    return Packed(script_safe(document), left_out)


def script_safe(document: Mapping[str, Any]) -> str:
    """A document as JSON that cannot close the element that it stands in."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _grouped(part: Part) -> dict[str, tuple[Group, ...]]:
    return {"fail": part.failures, "unknown": part.undecided, "waived": part.waived}


def _summed(part: Part) -> dict[str, tuple[Summary, ...]]:
    return {"pass": part.passed, "skip": part.skipped}


def _excerpts(
    rows: list[Finding], table: _Table, room: int
) -> tuple[list[list[int]], list[int], int]:
    """The excerpts by number, the number of each row's, and how many found no room.

    The worst findings come first; number 0 is none.
    """
    kept: list[list[int]] = [[]]
    shown = [0] * len(rows)
    left_out = 0
    numbers: dict[Excerpt, int] = {}
    for index in sorted(range(len(rows)), key=lambda index: -rows[index].severity):
        excerpt = rows[index].excerpt
        if excerpt is None:
            continue
        if excerpt not in numbers:
            size = sum(len(line) + 8 for line in excerpt.lines)
            if size > room:
                left_out += 1
                continue
            room -= size
            numbers[excerpt] = len(kept)
            kept.append([excerpt.first_line, *map(table.number, excerpt.lines)])
        shown[index] = numbers[excerpt]
    return kept, shown, left_out


def _place(finding: Finding) -> str:
    return ", ".join(filter(None, (finding.stack, finding.region, finding.account)))


def _nowhere(_: Finding) -> str:
    """In a profile of one place only, no finding says it."""
    return ""


def _usd(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:.2f}"


# What each column holds of a finding; the names are those that the script knows.
_TEXTS: dict[str, Callable[[Finding], str]] = {
    "resource": lambda finding: finding.resource,
    "type": lambda finding: finding.type,
    "message": lambda finding: finding.message,
    "file": lambda finding: finding.location.file if finding.location else "",
    "at": lambda finding: finding.at,
    "fix": lambda finding: fix_words(finding.fix),
    "also": lambda finding: ", ".join(finding.also),
    "hangs": lambda finding: "; ".join(finding.hangs_on),
    "error": lambda finding: finding.error,
    "change": lambda finding: finding.change.value if finding.change else "",
    "reason": lambda finding: finding.waiver.reason if finding.waiver else "",
    "owner": lambda finding: finding.waiver.owner if finding.waiver else "",
    "until": lambda f: f"{f.waiver.until}" if f.waiver and f.waiver.until else "",
    "low": lambda finding: _usd(finding.remedy.usd_low) if finding.remedy else "",
    "high": lambda finding: _usd(finding.remedy.usd_high) if finding.remedy else "",
}
