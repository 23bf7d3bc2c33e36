"""OCSF: a Compliance Finding for each verdict, in one JSON array.

Open Cybersecurity Schema Framework, class 2003. UNKNOWN is a warning with its reason, never a pass;
what does not apply is left out. A service that was not read whole is a warning of the control
COVERAGE. A finding of a template has the account and region that its stack is meant for. OCSF has
no place for costs: they are `unmapped`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analyzer.cost_lines import LineKind
from analyzer.escape import visible
from analyzer.findings import Finding, RuleInfo, Severity, Verdict
from analyzer.output.exchange import (
    PRODUCT,
    controls,
    moment,
    place,
    remediation,
    sentence,
    told,
)
from analyzer.results import Judgement, Run

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
    costs = {(one.system, one.profile): _Costs.of(one) for one in run.judgements if one.cost}
    events = []
    for judgement, finding, rule in told(run):
        event = _event(run, judgement, finding, rule)
        known = costs.get((judgement.system, judgement.profile))
        if known:
            event["unmapped"]["cost"] = known.shown(finding)
        events.append(event)
    return json.dumps(events, ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class _Costs:
    """What a system costs in a profile, USD a month, as far as it is known."""

    system: Decimal
    resources: Mapping[tuple[str, str], Decimal]  # by stack and id
    unpriced: int  # charges whose price or quantity is not known

    @classmethod
    def of(cls, judgement: Judgement) -> _Costs:
        resources: dict[tuple[str, str], Decimal] = {}
        for line in judgement.cost:
            if line.usd is not None:
                key = (line.stack, line.resource)
                resources[key] = resources.get(key, Decimal(0)) + line.usd
        unpriced = sum(line.kind is LineKind.UNKNOWN for line in judgement.cost)
        return cls(judgement.usd, resources, unpriced)

    def shown(self, finding: Finding) -> dict[str, Any]:
        """The amounts as strings; the resource's alone where it has one."""
        shown = {"system_usd_per_month": f"{self.system:.2f}", "unknown_charges": self.unpriced}
        usd = self.resources.get((finding.stack, finding.resource))
        return shown if usd is None else {"resource_usd_per_month": f"{usd:.2f}", **shown}


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
            "error": visible(finding.error),
        },
    }
    if finding.error:
        event["status_detail"] = visible(f"The rule failed: {finding.error}")
    advice = remediation(finding, rule)
    if advice:
        event["remediation"] = {"desc": visible(advice)}
    return event
