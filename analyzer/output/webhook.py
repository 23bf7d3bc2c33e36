"""A run in a few lines, for a chat: plain JSON that a webhook takes as it is, or reshapes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from analyzer.escape import visible
from analyzer.findings import Finding, Severity, Verdict
from analyzer.history.asking import History
from analyzer.output.changes import counts
from analyzer.output.coverage import coverage_words
from analyzer.output.grouping import all_findings, by_severity
from analyzer.output.money import amount
from analyzer.output.remedies import price_words
from analyzer.output.text_parts import last_line
from analyzer.results import Run

_WORST = 5  # findings that are named
_LONGEST = 300  # characters of each
_BYTES = 500  # of each in JSON, where one character takes up to twelve


def webhook(run: Run) -> str:
    """The run alone; `summary` knows of the runs before too."""
    return json.dumps(summary(run), ensure_ascii=False, indent=1) + "\n"


def summary(run: Run, history: History | None = None) -> dict[str, Any]:
    """Text, and the figures it is made of; as JSON under 4 KB whatever the run holds."""
    found = all_findings(run)
    levels = by_severity(found)
    usd = sum(judgement.usd for judgement in run.judgements)
    fields: dict[str, Any] = {
        "date": run.date.isoformat(),
        "complete": run.complete,
        "failures": {level.label: number for level, number in levels.items()},
        "unknown": sum(finding.verdict is Verdict.UNKNOWN for finding in found),
        "passed": sum(finding.verdict is Verdict.PASS for finding in found),
        "usd_per_month": f"{usd:.2f}",
        "worst": _worst(run),
    }
    lines = [last_line(run), f"{amount(usd)} USD a month." if usd else ""]
    if run.coverage:
        fields["coverage"] = coverage_words(run.coverage)
        lines.append(f"Coverage: {fields['coverage']}.")
    if history is not None:
        fields["since"] = history.days[-2].isoformat() if len(history.days) > 1 else None
        fields["changes"] = _changes(history)
        lines.append(", ".join(f"{n} {name}" for name, n in fields["changes"].items()) + ".")
        change = _cost_change(history)
        if change:
            fields["usd_change"] = f"{change:+.2f}"
            lines.append(f"{change:+,.2f} USD a month since the run before.")
    return {"text": "\n".join(filter(None, lines)), **fields}


def _worst(run: Run) -> Sequence[str]:
    """The worst failures that count, those of several profiles once."""
    failed = [f for f in all_findings(run) if counts(f) and f.severity >= Severity.HIGH]
    failed.sort(key=lambda finding: -finding.severity)
    told = list(dict.fromkeys(map(_words, failed)))
    return [_cut(visible(words)) for words in told[:_WORST]]


def _words(finding: Finding) -> str:
    price = price_words(finding.remedy) if finding.remedy else ""
    said = f"{finding.rule} {finding.resource} {finding.message}"
    return f"{said} (patch: {price})" if price else said


def _cut(text: str) -> str:
    shown = text[:_LONGEST]
    while len(json.dumps(shown)) > _BYTES:
        shown = shown[:-1]
    return shown


def _changes(history: History) -> dict[str, int]:
    last = history.days[-1]
    resolved = [story for story in history.in_state("resolved") if story.since == last]
    return {
        "new": len(history.in_state("new")),
        "reopened": len(history.in_state("reopened")),
        "resolved": len(resolved),
    }


def _cost_change(history: History) -> float:
    days = sorted(history.costs)
    return history.costs[days[-1]] - history.costs[days[-2]] if len(days) > 1 else 0.0
