"""AWS Security Finding Format, as Security Hub imports it: an array of findings.

UNKNOWN has the compliance status WARNING: Security Hub counts it as not passed. A service that was
not read whole is NOT_AVAILABLE, with what was answered as the reason. A template's finding is filed
under the account and region that its stack is meant for. Lengths are those of the "AWS Security
Finding Format" pages of the Security Hub User Guide.

Security Hub ignores an import that is not newer than what it has. `UpdatedAt` is when accounts were
last read, so a later audit of the same day is taken; a run of templates, or of what was read on an
earlier day, has only a date, and of one day its first import stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from analyzer.escape import encodable, visible
from analyzer.findings import Finding, RuleInfo, Severity, Verdict
from analyzer.output.exchange import (
    COVERAGE,
    HOME_REGION,
    controls,
    moment,
    remediation,
    sentence,
    told,
    words,
)
from analyzer.results import Judgement, Run
from analyzer.template.regions import partition_of

BATCH = 100
"""Findings that one import takes."""

_STATUS = {Verdict.PASS: "PASSED", Verdict.FAIL: "FAILED", Verdict.UNKNOWN: "WARNING"}
_LABELS = {Severity.INFO: "INFORMATIONAL"}
_ANY_ACCOUNT = "000000000000"  # for a template that names none
_LONGEST_NAME = 100  # of a system or profile in an Id, which takes 512 characters


def asff(run: Run) -> str:
    """The run as a JSON array of findings."""
    return json.dumps(list(findings(run)), ensure_ascii=False, indent=1) + "\n"


def findings(run: Run) -> Iterator[dict[str, Any]]:
    """Each verdict as Security Hub takes it."""
    for judgement, finding, rule in told(run):
        yield _finding(run, judgement, finding, rule)


def batches(
    findings: Sequence[dict[str, Any]], size: int = BATCH
) -> Iterator[Sequence[dict[str, Any]]]:
    """The findings in parts that one import takes."""
    for start in range(0, len(findings), size):
        yield findings[start : start + size]


def _finding(run: Run, judgement: Judgement, finding: Finding, rule: RuleInfo) -> dict[str, Any]:
    region = finding.region if "-" in finding.region else HOME_REGION  # "global" is no region
    account = finding.account or _ANY_ACCOUNT
    partition = partition_of(region)
    when = moment(run).isoformat().replace("+00:00", "Z")
    passed = finding.verdict is Verdict.PASS
    shown: dict[str, Any] = {
        "SchemaVersion": "2018-10-08",
        "Id": "/".join(("assay", account, region, *_identity(judgement, finding))),
        "ProductArn": f"arn:{partition}:securityhub:{region}:{account}:product/{account}/default",
        "ProductName": "assay",
        "CompanyName": "assay",
        "GeneratorId": finding.rule,
        "AwsAccountId": account,
        "Region": region,
        "Types": ["Software and Configuration Checks/AWS Security Best Practices"],
        "CreatedAt": when,
        "UpdatedAt": when,
        "Severity": {"Label": "INFORMATIONAL" if passed else _label(finding.severity)},
        "Title": _cut(f"{finding.rule} {rule.title}", 256),
        "Description": _cut(sentence(finding, rule), 1024),
        "Resources": [
            {
                "Type": "".join(words(finding.type)) or "Other",
                "Id": _cut(finding.resource, 512),
                "Partition": partition,
                "Region": region,
            }
        ],
        "Compliance": _compliance(finding, rule),
        "Workflow": {"Status": _workflow(finding)},
        "RecordState": "ACTIVE",
        "ProductFields": {
            "assay/System": _cut(judgement.system, 1024) or "-",
            "assay/Profile": _cut(judgement.profile, 1024) or "-",
            "assay/Engine": finding.engine,
        },
    }
    advice = remediation(finding, rule)
    if advice:
        shown["Remediation"] = {"Recommendation": {"Text": _cut(advice, 512)}}
    return shown


def _identity(judgement: Judgement, finding: Finding) -> Iterator[str]:
    """What tells a finding from the others of its account and region, the same in every run."""
    for name in map(encodable, (judgement.system, judgement.profile)):
        safe = quote(name, safe="")
        whole = len(safe) <= _LONGEST_NAME
        yield safe if whole else hashlib.sha256(name.encode()).hexdigest()
    yield from (finding.rule, finding.fingerprint)


def _compliance(finding: Finding, rule: RuleInfo) -> dict[str, Any]:
    shown: dict[str, Any] = {"Status": _STATUS[finding.verdict]}
    if rule is COVERAGE:
        shown["Status"] = "NOT_AVAILABLE"
        shown["StatusReasons"] = [_reason("NOT_READ", text) for text in finding.hangs_on]
    elif finding.error:
        shown["StatusReasons"] = [_reason("RULE_FAILED", finding.error)]
    related = controls(rule)[:32]
    if related:
        shown["RelatedRequirements"] = [_cut(text, 64) for text in related]
    return shown


def _reason(code: str, text: str) -> dict[str, str]:
    return {"ReasonCode": code, "Description": _cut(text, 1024)}


def _label(severity: Severity) -> str:
    return _LABELS.get(severity, severity.name)


def _workflow(finding: Finding) -> str:
    if finding.waiver:
        return "SUPPRESSED"
    return "RESOLVED" if finding.verdict is Verdict.PASS else "NEW"


def _cut(text: str, length: int) -> str:
    shown = visible(text)
    return shown if len(shown) <= length else f"{shown[: length - 1]}…"
