"""What the owner says holds, beside what the rules say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from analyzer.findings import Finding, Verdict
from analyzer.results import ClaimResult
from analyzer.system import ControlClaim


def judge_claims(
    claims: Iterable[ControlClaim], findings: Sequence[Finding], profile: str
) -> tuple[ClaimResult, ...]:
    """Each claim of a profile: contradicted by a failure, undecided, confirmed, or not judged.

    A waived failure still contradicts: to accept a risk is not to have removed it.
    """
    return tuple(
        _judged(claim, findings)
        for claim in claims
        if not claim.profiles or profile in claim.profiles
    )


def _judged(claim: ControlClaim, findings: Sequence[Finding]) -> ClaimResult:
    concerned = [finding for finding in findings if _concerns(claim, finding)]
    contradicting = _named(concerned, Verdict.FAIL)
    undecided = _named(concerned, Verdict.UNKNOWN)
    passing = _named(concerned, Verdict.PASS)
    if contradicting:
        verdict = Verdict.FAIL
    elif undecided:
        verdict = Verdict.UNKNOWN
    else:
        verdict = Verdict.PASS if passing else Verdict.SKIP
    return ClaimResult(claim.id, claim.text, verdict, claim.rules, contradicting, undecided)


def _concerns(claim: ControlClaim, finding: Finding) -> bool:
    return any(fnmatchcase(finding.rule, rule) for rule in claim.rules) and (
        not claim.resources
        or any(
            fnmatchcase(name, pattern)
            for pattern in claim.resources
            for name in (finding.resource, f"{finding.stack}/{finding.resource}")
        )
    )


def _named(findings: Iterable[Finding], verdict: Verdict) -> tuple[tuple[str, str], ...]:
    named = ((finding.rule, finding.resource) for finding in findings if finding.verdict is verdict)
    return tuple(dict.fromkeys(named))
