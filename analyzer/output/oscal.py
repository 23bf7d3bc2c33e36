"""OSCAL assessment results (NIST).

There is a result for each system, an observation for each verdict that is not a pass, a finding for
each rule. A rule of which something could not be decided is not satisfied, with the reason "other"
and the observations that say why: OSCAL has no third state. What was not read of accounts is a
result of its own, which has observations and no finding; it stands too where nothing was judged.
Identifiers are made of what they name, so that the same run gives the same document.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from typing import Any

from analyzer.escape import encodable, visible
from analyzer.findings import Finding, RuleInfo, Verdict
from analyzer.output.coverage import coverage_words
from analyzer.output.exchange import COVERAGE, controls, moment, rule_of, sentence, unread
from analyzer.output.remedies import remedy_words
from analyzer.output.text_parts import last_line
from analyzer.results import Judgement, Run

VERSION = "1.2.1"
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://assay.invalid/oscal")
_NAMES = "https://assay.invalid/ns/oscal"


def oscal(run: Run) -> str:
    """The run as an OSCAL assessment-results document in JSON."""
    when = moment(run).isoformat()
    results = [_result(run, judgement, when) for judgement in run.judgements]
    if not results or not all(line.complete for line in run.coverage):
        results.append(_coverage(run, when))
    document = {
        "assessment-results": {
            "uuid": _id("document", when, *(judgement.system for judgement in run.judgements)),
            "metadata": {
                "title": "Assessment by assay",
                "last-modified": when,
                "version": run.date.isoformat(),
                "oscal-version": VERSION,
            },
            "import-ap": {"href": "#", "remarks": "The plan is the rules that were run."},
            "results": results,
        }
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _id(*parts: str) -> str:
    return f"{uuid.uuid5(_SPACE, encodable(chr(0).join(parts)))}"


def _result(run: Run, judgement: Judgement, when: str) -> dict[str, Any]:
    name = f"{judgement.system} {judgement.profile}".strip()
    by_rule: dict[str, list[Finding]] = {}
    for finding in judgement.findings:
        if finding.verdict is not Verdict.SKIP:
            by_rule.setdefault(finding.rule, []).append(finding)
    observed = {
        id_: list(
            {
                _observed(judgement, one): _observation(judgement, one, rule_of(run, one), when)
                for one in found
                if one.verdict is not Verdict.PASS
            }.values()
        )
        for id_, found in by_rule.items()
    }
    title = _line(name) or "templates"
    described = f"What the rules of assay say of {_line(name) or 'the templates'}."
    observations = [one for found in observed.values() for one in found]
    result = _described(_id("result", name, when), title, described, when, observations)
    if by_rule:
        result["findings"] = [
            _finding(rule_of(run, found[0]), found, observed[id_], name)
            for id_, found in by_rule.items()
        ]
    return result


def _coverage(run: Run, when: str) -> dict[str, Any]:
    """How far the run reached: what was not read, and what the run comes to."""
    observations = [
        _observation(judgement, finding, COVERAGE, when) for judgement, finding in unread(run)
    ]
    result = _described(
        _id("coverage", when), "Coverage", "How far the assessment reached.", when, observations
    )
    words = f"{coverage_words(run.coverage)}." if run.coverage else ""
    return {**result, "remarks": _line(f"{words} {last_line(run)}")}


def _described(
    id_: str, title: str, description: str, when: str, observations: list[dict[str, Any]]
) -> dict[str, Any]:
    """A result without findings."""
    result: dict[str, Any] = {
        "uuid": id_,
        "title": title,
        "description": description,
        "start": when,
        "reviewed-controls": {"control-selections": [{"include-all": {}}]},
    }
    return {**result, "observations": observations} if observations else result


def _observed(judgement: Judgement, finding: Finding) -> str:
    return _id("observation", judgement.system, judgement.profile, finding.fingerprint)


def _observation(
    judgement: Judgement, finding: Finding, rule: RuleInfo, when: str
) -> dict[str, Any]:
    subject = f"{finding.stack}/{finding.resource}" if finding.stack else finding.resource
    return {
        "uuid": _observed(judgement, finding),
        "title": _line(f"{finding.rule} {finding.verdict.value}"),
        "description": _line(sentence(finding, rule)),
        "methods": ["TEST"],
        "types": ["finding"],
        "subjects": [
            {
                "subject-uuid": _id("subject", judgement.system, judgement.profile, subject),
                "type": "resource",
                "title": _line(subject) or "-",
            }
        ],
        "props": _props(
            verdict=finding.verdict.value,
            severity=finding.severity.label,
            resource_type=finding.type,
            region=finding.region,
            account=finding.account,
            place=f"{finding.location or ''}",
            waived=finding.waiver.reason if finding.waiver else "",
            hangs_on="; ".join(finding.hangs_on),
            error=finding.error,
            patch=remedy_words(finding.remedy) if finding.remedy else "",
        ),
        "collected": when,
    }


def _finding(
    rule: RuleInfo, found: Sequence[Finding], observations: list[dict[str, Any]], name: str
) -> dict[str, Any]:
    verdicts = {finding.verdict for finding in found}
    status: dict[str, Any] = {"state": "satisfied", "reason": "pass"}
    if Verdict.FAIL in verdicts:
        status = {"state": "not-satisfied", "reason": "fail"}
    elif Verdict.UNKNOWN in verdicts:
        failed = any(finding.error for finding in found)
        why = "the rule itself failed" if failed else "something that the rule needs is not known"
        status = {"state": "not-satisfied", "reason": "other", "remarks": f"Not decided: {why}."}
    shown: dict[str, Any] = {
        "uuid": _id("finding", name, rule.id),
        "title": _line(rule.title) or rule.id,
        "description": _line(rule.why or rule.title) or rule.id,
        "target": {
            "type": "objective-id",
            "target-id": re.sub(r"[^A-Za-z0-9._-]", "_", rule.id),
            "status": status,
        },
    }
    props = _props(family=rule.family, controls=" ".join(controls(rule)))
    if props:
        shown["props"] = props
    if observations:
        shown["related-observations"] = [{"observation-uuid": one["uuid"]} for one in observations]
    return shown


def _props(**values: str) -> list[dict[str, str]]:
    """Properties of our own, those without a value left out."""
    return [
        {"name": name.replace("_", "-"), "ns": _NAMES, "value": _line(value)}
        for name, value in values.items()
        if _line(value)
    ]


def _line(text: str) -> str:
    """Text on one line, without blanks around: OSCAL's strings have neither."""
    return " ".join(visible(text).split())
