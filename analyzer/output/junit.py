"""JUnit XML, for a build server: a suite per system and profile, a case per verdict.

FAIL is a failure; UNKNOWN and waived failures are skipped, with what they hang on or who answers
for them; a rule that could not be run, and an input that could not be used, are errors. Beside a
base or a baseline only what is new fails: a failure that was there before is skipped and says so.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from analyzer.escape import visible
from analyzer.findings import Finding, Verdict
from analyzer.output.changes import counts, counts_if_strict
from analyzer.output.coverage import coverage_words
from analyzer.output.remedies import remedy_words
from analyzer.output.text_findings import fix_words, subject, title
from analyzer.results import CoverageLine, Judgement, Problem, Run


def junit(run: Run, *, strict: bool = False) -> str:
    """The run as JUnit XML; with `strict`, UNKNOWN is a failure too."""
    root = ET.Element("testsuites", name="assay")
    if run.coverage:
        _suite(root, "coverage", [_coverage(line) for line in run.coverage])
    for judgement in run.judgements:
        name = "/".join(filter(None, (judgement.system, judgement.profile))) or "templates"
        cases = [_case(run, judgement, finding, strict=strict) for finding in judgement.findings]
        _suite(root, name, cases)
    if run.problems:
        _suite(root, "problems", [_problem(problem) for problem in run.problems])
    for kind in ("tests", "failures", "errors", "skipped"):
        root.set(kind, str(sum(int(suite.get(kind, "0")) for suite in root)))
    ET.indent(root, " ")
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _suite(root: ET.Element, name: str, cases: Sequence[ET.Element]) -> None:
    suite = ET.SubElement(root, "testsuite", name=visible(name), tests=str(len(cases)))
    for kind, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(kind, str(sum(case.find(tag) is not None for case in cases)))
    suite.extend(cases)


def _coverage(coverage: CoverageLine) -> ET.Element:
    """A service in a region of an account, an error where it was not read completely."""
    group = f"coverage.{coverage.account}.{coverage.region}"
    case = ET.Element("testcase", classname=visible(group), name=visible(coverage.service))
    if not coverage.complete:
        details = "\n".join(f"{what} ({times})" for what, times in coverage.failures)
        _add(case, "error", coverage_words([coverage]), "not read", details)
    return case


def _case(run: Run, judgement: Judgement, finding: Finding, *, strict: bool) -> ET.Element:
    place = "/".join(filter(None, (finding.stack, finding.resource)))
    at = f" at {finding.at}" if finding.at else ""
    group = (judgement.system, judgement.profile, finding.family)
    case = ET.Element(
        "testcase",
        classname=visible(".".join(filter(None, group))),
        name=visible(f"{finding.rule} {place}{at}"),
    )
    if finding.location:
        case.set("file", visible(finding.location.file))
        if finding.location.line:
            case.set("line", str(finding.location.line))
    _outcome(case, run, finding, strict=strict)
    return case


def _outcome(case: ET.Element, run: Run, finding: Finding, *, strict: bool) -> None:
    message = finding.message or title(run, finding)
    if finding.error:
        _add(case, "error", message, "rule failed", finding.error)
    elif counts(finding):
        _add(case, "failure", message, finding.severity.label, _details(run, finding))
    elif finding.failed:
        _add(case, "skipped", f"failed before: {message}")
    elif counts_if_strict(finding) and strict:
        _add(case, "failure", f"unknown: {message}", "unknown", _details(run, finding))
    elif finding.verdict is Verdict.UNKNOWN:
        _add(case, "skipped", f"unknown: {'; '.join((message, *finding.hangs_on))}")
    elif finding.waiver:
        owner = f" ({finding.waiver.owner})" if finding.waiver.owner else ""
        _add(case, "skipped", f"waived: {finding.waiver.reason}{owner}")
    elif finding.verdict is Verdict.SKIP:
        _add(case, "skipped", message)


def _details(run: Run, finding: Finding) -> str:
    lines = [
        title(run, finding),
        f"{subject(finding)} {finding.location or ''}",
        *(f"hangs on: {reason}" for reason in finding.hangs_on),
        f"fix: {fix_words(finding.fix)}" if finding.fix else "",
        f"patch: {remedy_words(finding.remedy)}" if finding.remedy else "",
        f"also: {', '.join(finding.also)}" if finding.also else "",
    ]
    return "\n".join(visible(line).strip() for line in lines if line)


def _problem(problem: Problem) -> ET.Element:
    case = ET.Element("testcase", classname="problems", name=visible(problem.file or problem.kind))
    if problem.file:
        case.set("file", visible(problem.file))
    tag = {"waiver": "failure", "note": "skipped"}.get(problem.kind, "error")
    _add(case, tag, str(problem), problem.kind)
    return case


def _add(case: ET.Element, tag: str, message: str, type_: str = "", details: str = "") -> None:
    element = ET.SubElement(case, tag, message=visible(message))
    if type_:
        element.set("type", type_)
    if details:
        element.text = details
