"""GitLab's Code Quality report: failures, what is unknown, and inputs that could not be used.

GitLab itself holds the report of a merge request against that of its target, by fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analyzer.escape import visible
from analyzer.findings import OURS, Finding, Severity, Verdict
from analyzer.output.grouping import listed
from analyzer.output.links import below, repository_root
from analyzer.output.merged import Merged, merged
from analyzer.output.remedies import remedy_words
from analyzer.output.text_findings import title
from analyzer.results import Run

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}
_UNDECIDED = "info"
_NOWHERE = "."


def codequality(run: Run, *, root: Path | None = None) -> str:
    """The run as Code Quality; paths are relative to `root`, by default the repository's top."""
    base = root or repository_root(Path.cwd())
    entries = [_entry(run, item, base) for item in merged(run) if not item.finding.waiver]
    entries += _problems(run, base)
    return json.dumps(entries, ensure_ascii=False, indent=1) + "\n"


def _entry(run: Run, item: Merged, root: Path) -> dict[str, Any]:
    finding = item.finding
    failed = finding.verdict is Verdict.FAIL
    place = finding.location
    return _shown(
        description=_words(run, item),
        check=finding.rule,
        severity=_SEVERITIES[finding.severity] if failed else _UNDECIDED,
        fingerprint=item.identity,
        place=_place(place.file if place else "", root),
        line=place.line if place else 0,
    )


def _words(run: Run, item: Merged) -> str:
    finding = item.finding
    said = finding.message or title(run, finding) or "breaks this rule"
    words = f"{finding.resource}: {said}" if _foreign(finding) else f"{finding.resource} {said}"
    if finding.verdict is Verdict.UNKNOWN:
        words = f"Not decided: {'; '.join((words, *finding.hangs_on))}"
    profiles = listed([name for name in item.profiles if name])
    words = f"{words} ({profiles})" if profiles else words
    return f"{words}; patch: {remedy_words(finding.remedy)}" if finding.remedy else words


def _foreign(finding: Finding) -> bool:
    return finding.engine != OURS


def _problems(run: Run, root: Path) -> Iterator[dict[str, Any]]:
    """What could not be used; of two in the same words the second has a fingerprint of its own."""
    seen: Counter[str] = Counter()
    for problem in run.problems:
        if problem.kind == "note":
            continue
        words = f"{problem.kind}\0{problem.file}\0{problem.message}"
        identity = f"{words}\0{seen[words]}".encode("utf-8", "backslashreplace")
        seen[words] += 1
        yield _shown(
            description=f"{problem.message}{f'; {problem.hint}' if problem.hint else ''}",
            check=f"assay/{problem.kind}",
            severity="minor" if problem.kind == "waiver" else "critical",
            fingerprint=hashlib.sha256(identity).hexdigest()[:32],
            place=_place(problem.file, root),
            line=problem.line,
        )


def _place(file: str, root: Path) -> str:
    return visible((below(root, file) or file) if file else _NOWHERE)


def _shown(
    *, description: str, check: str, severity: str, fingerprint: str, place: str, line: int
) -> dict[str, Any]:
    return {
        "description": visible(description),
        "check_name": visible(check),
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": place, "lines": {"begin": max(line, 1)}},
    }
