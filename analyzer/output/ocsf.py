"""OCSF: a Compliance Finding for each verdict, in one JSON array.

Open Cybersecurity Schema Framework, class 2003. UNKNOWN is a warning with its reason, never a pass;
what does not apply is left out. A finding of a template has the account and region that its stack
is meant for.
"""

from __future__ import annotations

import json
from typing import Any

from analyzer.escape import visible
from analyzer.output.exchange import PRODUCT, controls, moment, place, sentence, told
from analyzer.results import Finding, Judgement, RuleInfo, Run, Severity, Verdict

VERSION = "1.5.0"
_CLASS, _CATEGORY, _CREATE = 2003, 2, 1
# "Informational" is OCSF's lowest; it has Fatal above Critical.
_SEVERITIES = {
    Severity.INFO: (1, "Informational"),
    Severity.LOW: (2, "Low"),
    Severity.MEDIUM: (3, "Medium"),
    Severity.HIGH: (4, "High"),
    Severity.CRITICAL: (5, "Critical"),
}
_STATUS = {Verdict.PASS: (1, "Pass"), Verdict.UNKNOWN: (2, "Warning"), Verdict.FAIL: (3, "Fail")}


def ocsf(run: Run) -> str:
    """The run as a JSON array of OCSF events."""
    events = [_event(run, judgement, finding, rule) for judgement, finding, rule in told(run)]
    return json.dumps(events, ensure_ascii=False, indent=1) + "\n"


def _event(run: Run, judgement: Judgement, finding: Finding, rule: RuleInfo) -> dict[str, Any]:
    milliseconds = int(moment(run).timestamp() * 1000)
    severity_id, severity = _SEVERITIES[finding.severity]
    status_id, status = _STATUS[finding.verdict]
    event: dict[str, Any] = {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": _CATEGORY,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Compliance Finding",
        "type_uid": _CLASS * 100 + _CREATE,
        "type_name": "Compliance Finding: Create",
        "time": milliseconds,
        "severity_id": severity_id,
        "severity": severity,
        "status_id": 3 if finding.waiver else 1,  # suppressed, or new
        "status": "Suppressed" if finding.waiver else "New",
        "message": visible(sentence(finding, rule)),
        "metadata": {
            "version": VERSION,
            "product": {"name": PRODUCT, "vendor_name": PRODUCT, "version": run.version},
            "profiles": ["cloud"],
        },
        "finding_info": {
            "uid": finding.fingerprint,
            "title": visible(rule.title),
            "desc": visible(rule.why),
            "types": [finding.family],
            "created_time": milliseconds,
        },
        "compliance": {
            "control": finding.rule,
            "standards": sorted(rule.frameworks),
            "requirements": controls(rule),
            "status_id": status_id,
            "status": status,
        },
        "resources": [
            {
                "uid": visible(finding.resource),
                "type": finding.type,
                "region": finding.region,
                "namespace": visible(place(judgement, finding)),
            }
        ],
        "cloud": {
            "provider": "AWS",
            "region": finding.region,
            "account": {"uid": finding.account or visible(judgement.system), "type": "AWS Account"},
        },
        "unmapped": {
            "engine": finding.engine,
            "hangs_on": [visible(text) for text in finding.hangs_on],
            "property": finding.at,
        },
    }
    if rule.fix:
        event["remediation"] = {"desc": visible(rule.fix)}
    return event
