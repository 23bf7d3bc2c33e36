"""AWS Security Finding Format, as Security Hub imports it: an array of findings.

UNKNOWN has the compliance status WARNING: Security Hub counts it as not passed. A template's
finding is filed under the account and region that its stack is meant for. Lengths are those of the
"AWS Security Finding Format" pages of the Security Hub User Guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from analyzer.escape import visible
from analyzer.output.exchange import HOME_REGION, controls, moment, sentence, told, words
from analyzer.results import Finding, Judgement, RuleInfo, Run, Severity, Verdict
from analyzer.template.regions import partition_of

BATCH = 100
"""Findings that one import takes."""

_STATUS = {Verdict.PASS: "PASSED", Verdict.FAIL: "FAILED", Verdict.UNKNOWN: "WARNING"}
_LABELS = {Severity.INFO: "INFORMATIONAL"}
_ANY_ACCOUNT = "000000000000"  # for a template that names none


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
    region = finding.region or HOME_REGION
    account = finding.account or _ANY_ACCOUNT
    partition = partition_of(region)
    when = moment(run).isoformat().replace("+00:00", "Z")
    passed = finding.verdict is Verdict.PASS
    shown: dict[str, Any] = {
        "SchemaVersion": "2018-10-08",
        "Id": f"assay/{account}/{region}/{finding.rule}/{finding.fingerprint}",
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
        "Compliance": {"Status": _STATUS[finding.verdict]},
        "Workflow": {"Status": _workflow(finding)},
        "RecordState": "ACTIVE",
        "ProductFields": {
            "assay/System": _cut(judgement.system, 1024) or "-",
            "assay/Profile": _cut(judgement.profile, 1024) or "-",
            "assay/Engine": finding.engine,
        },
    }
    related = controls(rule)[:32]
    if related:
        shown["Compliance"]["RelatedRequirements"] = [_cut(text, 64) for text in related]
    if rule.fix:
        shown["Remediation"] = {"Recommendation": {"Text": _cut(rule.fix, 512)}}
    return shown


def _label(severity: Severity) -> str:
    return _LABELS.get(severity, severity.name)


def _workflow(finding: Finding) -> str:
    if finding.waiver:
        return "SUPPRESSED"
    return "RESOLVED" if finding.verdict is Verdict.PASS else "NEW"


def _cut(text: str, length: int) -> str:
    shown = visible(text)
    return shown if len(shown) <= length else f"{shown[: length - 1]}…"
