"""A row for each verdict, for spreadsheets; no cell can be taken for a formula.

What was not read of an account is a row of the rule COVERAGE, with the verdict UNKNOWN.
"""

from __future__ import annotations

import csv as spreadsheets
import io
from collections.abc import Iterator

from analyzer.escape import visible
from analyzer.findings import Finding, RuleInfo
from analyzer.output.exchange import controls, told
from analyzer.output.remedies import remedy_words
from analyzer.results import Judgement, Run

COLUMNS = (
    "system", "profile", "account", "region", "rule", "title", "family", "severity", "verdict",
    "waived", "change", "resource", "type", "stack", "file", "line", "property", "message",
    "hangs_on", "controls", "fix", "engine", "fingerprint", "error", "patch", "usd_low", "usd_high",
)  # fmt: skip
"""`waived` is the waiver's reason; `change` stands where the run was compared; `controls` are
separated by blanks, what it hangs on by `; `; `error` is what the rule itself raised; `patch` says
whether its fix is safe and why not, `usd_low` and `usd_high` what that adds to a month's cost."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv(run: Run) -> str:
    """The run as CSV with a header, lines ended by a line feed."""
    buffer = io.StringIO()
    writer = spreadsheets.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for judgement, finding, rule in told(run):
        writer.writerow([safe(text) for text in _cells(judgement, finding, rule)])
    return buffer.getvalue()


def safe(text: str) -> str:
    """A cell that a spreadsheet takes for text."""
    shown = visible(text)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _cells(judgement: Judgement, finding: Finding, rule: RuleInfo) -> Iterator[str]:
    place = finding.location
    yield from (judgement.system, judgement.profile, finding.account, finding.region)
    yield from (finding.rule, rule.title, finding.family, finding.severity.label)
    yield finding.verdict.value
    yield finding.waiver.reason if finding.waiver else ""
    yield finding.change.value if finding.change else ""
    yield from (finding.resource, finding.type, finding.stack)
    yield place.file if place else ""
    yield f"{place.line}" if place and place.line else ""
    yield from (finding.at, finding.message, "; ".join(finding.hangs_on))
    yield from (" ".join(controls(rule)), rule.fix, finding.engine, finding.fingerprint)
    yield finding.error
    remedy = finding.remedy
    yield remedy_words(remedy) if remedy else ""
    for usd in (remedy.usd_low, remedy.usd_high) if remedy else (None, None):
        yield "" if usd is None else f"{usd}"
