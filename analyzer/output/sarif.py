"""SARIF 2.1.0, for code scanning: one run per engine, one result per finding.

A finding that several profiles have is one result that lists them. UNKNOWN is a result of kind
"open", for which the standard allows no level but "none"; a waiver is a suppression. Where the run
was compared, results say whether they are new. Those that are gone are left out: code hosts find
that out by themselves, and show a result of the state "absent" like any other.
"""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from analyzer.escape import visible
from analyzer.findings import OURS, Change, Finding, RuleInfo, Severity, Verdict, Waiver
from analyzer.output.coverage import Shortfall, place, shortfalls
from analyzer.output.exchange import rule_of
from analyzer.output.grouping import all_findings
from analyzer.output.json import plain
from analyzer.output.links import below, repository_root
from analyzer.output.merged import Merged, merged
from analyzer.output.remedies import remedy_words
from analyzer.output.sarif_fixes import sarif_fixes
from analyzer.output.text_findings import fix_words
from analyzer.results import Problem, Run

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
# What GitHub sorts security alerts by, in the middle of its own bands.
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
    Severity.INFO: "0.0",
}
_STATES = {
    Change.NEW: "new",
    Change.UNDECIDED: "new",
    Change.UNCHANGED: "unchanged",
    Change.KNOWN: "unchanged",
    Change.FIXED: "absent",
}
_HOME = {
    "checkov": "https://www.checkov.io",
    "cfn-lint": "https://github.com/aws-cloudformation/cfn-lint",
}


def sarif(run: Run, *, root: Path | None = None) -> str:
    """The run as SARIF; paths are relative to `root`, by default the repository's top folder."""
    base = root or repository_root(Path.cwd())
    told = merged(run)
    engines = [OURS, *sorted({item.finding.engine for item in told} - {OURS})]
    document = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            _run(run, engine, [item for item in told if item.finding.engine == engine], base)
            for engine in engines
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _run(run: Run, engine: str, told: list[Merged], root: Path) -> dict[str, Any]:
    first = {item.finding.rule: item.finding for item in reversed(told)}
    ids = sorted(first)
    places = {id_: place for place, id_ in enumerate(ids)}
    status = next((status for status in run.engines if status.name == engine), None)
    version = run.version if engine == OURS else status.version if status else ""
    driver: dict[str, Any] = {"name": engine}
    if version:
        driver["version"] = visible(version)
    if engine in _HOME:
        driver["informationUri"] = _HOME[engine]
    driver["rules"] = [_rule(rule_of(run, first[id_])) for id_ in ids]
    shown: dict[str, Any] = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"assay/{engine}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "Top folder of the repository."}}},
        "results": [_result(item, places, root) for item in told],
    }
    if engine == OURS:
        shown["invocations"] = [_invocation(run, root)]
        shown["properties"] = {"date": run.date.isoformat()}
    return shown


def _rule(rule: RuleInfo) -> dict[str, Any]:
    parts = [rule.why, rule.fix and f"Fix: {rule.fix}", rule.source and f"Source: {rule.source}"]
    help_ = [visible(part) for part in parts if part] or [visible(rule.title)]
    security = [] if rule.engine == "cfn-lint" else ["security"]
    shown: dict[str, Any] = {
        "id": visible(rule.id),
        "shortDescription": {"text": visible(rule.title or rule.id)},
        "fullDescription": {"text": visible(rule.why or rule.title or rule.id)},
        "help": {"text": "\n".join(help_), "markdown": "\n\n".join(help_)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": [*security, visible(rule.family)],
            "severity": rule.severity.label,
            "frameworks": plain(rule.frameworks),
        },
    }
    if security:
        shown["properties"]["security-severity"] = _SCORES[rule.severity]
    if rule.url.startswith(("https://", "http://")):
        shown["helpUri"] = quote(rule.url, safe=":/?#[]@!$&'()*+,;=%~")
    return shown


def _result(item: Merged, places: dict[str, int], root: Path) -> dict[str, Any]:
    finding = item.finding
    failed = finding.verdict is Verdict.FAIL
    shown: dict[str, Any] = {
        "ruleId": visible(finding.rule),
        "ruleIndex": places[finding.rule],
        "kind": "fail" if failed else "open",
        "level": _LEVELS[finding.severity] if failed else "none",
        "message": {"text": _literal(_message(finding))},
        "locations": [_location(finding, root)],
        "partialFingerprints": {"assay/v1": item.identity},
        "properties": {
            "verdict": finding.verdict.value,
            "severity": finding.severity.label,
            "family": visible(finding.family),
            "profiles": [visible(name) for name in item.profiles],
        },
    }
    extra = {
        "unknownInProfiles": [visible(name) for name in item.unknown],
        "hangsOn": [visible(reason) for reason in finding.hangs_on],
        "also": [visible(id_) for id_ in finding.also],
        "fix": visible(fix_words(finding.fix)),
        "patch": visible(remedy_words(finding.remedy)) if finding.remedy else "",
        "account": visible(finding.account),
        "region": visible(finding.region),
    }
    shown["properties"].update({name: value for name, value in extra.items() if value})
    if failed and finding.remedy is not None:
        shown.update(sarif_fixes(finding, finding.remedy, partial(artifact, root=root)))
    if finding.change in _STATES:
        shown["baselineState"] = _STATES[finding.change]
    if failed and finding.waiver:
        shown["suppressions"] = [_suppression(finding, finding.waiver, root)]
    return shown


def _message(finding: Finding) -> str:
    words = f"{finding.resource} {finding.message or 'breaks this rule'}"
    if finding.engine != OURS:
        words = f"{finding.resource}: {finding.message}" if finding.message else finding.resource
    hangs_on = f" It hangs on: {'; '.join(finding.hangs_on)}." if finding.hangs_on else ""
    fix = f" Fix: {fix_words(finding.fix)}" if finding.fix else ""
    return visible(words.rstrip(".") + "." + hangs_on + fix)


def _literal(text: str) -> str:
    """Message text whose brackets make no link and whose braces make no placeholder."""
    for character in "\\[]":
        text = text.replace(character, f"\\{character}")
    return text.replace("{", "{{").replace("}", "}}")


def _location(finding: Finding, root: Path) -> dict[str, Any]:
    name = visible(finding.resource)
    qualified = "/".join(visible(part) for part in (finding.stack, finding.resource) if part)
    shown: dict[str, Any] = {
        "logicalLocations": [{"name": name, "fullyQualifiedName": qualified, "kind": "resource"}]
    }
    place = finding.location
    if place and place.file:
        shown["physicalLocation"] = _physical(
            place.file, place.line, root, column=place.column, end=place.end_line
        )
    return shown


def _physical(file: str, line: int, root: Path, *, column: int = 0, end: int = 0) -> dict[str, Any]:
    shown: dict[str, Any] = {"artifactLocation": artifact(file, root)}
    if line:
        region = {"startLine": line}
        if column:
            region["startColumn"] = column
        if end > line:
            region["endLine"] = end
        shown["region"] = region
    return shown


def artifact(file: str, root: Path) -> dict[str, str]:
    """A file as SARIF names it: relative to the root with forward slashes, else absolute."""
    name = below(root, file)
    if name:
        return {"uri": quote(name), "uriBaseId": _ROOT}
    path = Path(os.path.abspath(file))  # noqa: PTH100 - a symbolic link keeps its own name
    return {"uri": "file://" + quote(path.as_posix().encode("utf-8", "backslashreplace"))}


def _suppression(finding: Finding, waiver: Waiver, root: Path) -> dict[str, Any]:
    owner = f" (by {waiver.owner})" if waiver.owner else ""
    until = f", until {waiver.until.isoformat()}" if waiver.until else ""
    place = waiver.location
    inside = bool(place and finding.location and place.file == finding.location.file)
    shown: dict[str, Any] = {
        "kind": "inSource" if inside else "external",
        "status": "accepted",
        "justification": visible(f"{waiver.reason}{owner}{until}"),
    }
    if place and place.file:
        shown["location"] = {"physicalLocation": _physical(place.file, place.line, root)}
    return shown


def _invocation(run: Run, root: Path) -> dict[str, Any]:
    broken = [finding for finding in all_findings(run) if finding.error]
    return {
        "executionSuccessful": run.complete,
        "toolExecutionNotifications": [
            *(_unread(short) for short in shortfalls(run)),
            *(_notification(problem, root) for problem in run.problems),
            *(
                {
                    "level": "error",
                    "message": {"text": _literal(visible(f"{finding.rule}: {finding.error}"))},
                    "locations": [_location(finding, root)],
                }
                for finding in broken
            ),
        ],
    }


def _unread(short: Shortfall) -> dict[str, Any]:
    where = f"{short.account}, {place(short.regions)}"
    text = f"not read: {short.what} ({where}; {short.times})"
    return {"level": "error", "message": {"text": _literal(visible(text))}}


def _notification(problem: Problem, root: Path) -> dict[str, Any]:
    hint = f"; {problem.hint}" if problem.hint else ""
    shown: dict[str, Any] = {
        "level": {"waiver": "warning", "note": "note"}.get(problem.kind, "error"),
        "message": {"text": _literal(visible(f"{problem.message}{hint}"))},
    }
    if problem.file:
        physical = _physical(problem.file, problem.line, root)
        shown["locations"] = [{"physicalLocation": physical}]
    return shown
