"""What the process ends with, so that a pipeline can tell a violation from a broken input."""

from __future__ import annotations

from analyzer.findings import Change, Severity, Verdict
from analyzer.results import Judgement, Run

COMPLIANT = 0
VIOLATIONS = 1
BAD_INPUT = 2
INCOMPLETE = 3
VIOLATIONS_AND_INCOMPLETE = 4
_OLD = (Change.UNCHANGED, Change.KNOWN)


def exit_code(run: Run, fail_on: Severity, *, strict: bool = False) -> int:
    """The exit code of a run.

    A failure counts from `fail_on` upwards when no waiver covers it, nor the base or the committed
    baseline has it; with `strict` so does what is UNKNOWN. An input that could not be used ends
    with 2, unless violations were found beside it.
    """
    violated = any(_violated(judgement, fail_on, strict=strict) for judgement in run.judgements)
    if violated:
        return VIOLATIONS if run.complete else VIOLATIONS_AND_INCOMPLETE
    if any(problem.kind == "input" for problem in run.problems):
        return BAD_INPUT
    return COMPLIANT if run.complete else INCOMPLETE


def _violated(judgement: Judgement, fail_on: Severity, *, strict: bool) -> bool:
    return any(
        finding.severity >= fail_on
        and finding.change not in _OLD
        and (finding.failed or (strict and finding.verdict is Verdict.UNKNOWN))
        for finding in judgement.findings
    )
