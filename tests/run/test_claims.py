from __future__ import annotations

from dataclasses import replace

import pytest

from analyzer.claims import judge_claims
from analyzer.findings import Finding, Severity, Verdict, Waiver
from analyzer.system import ControlClaim


def finding(verdict: Verdict, resource: str = "Data", rule: str = "ENC-RDS-01") -> Finding:
    return Finding(rule, verdict, Severity.HIGH, "encryption", resource, "AWS::RDS::DBInstance")


CLAIM = ControlClaim("rest", "Encrypted at rest", ("ENC-*",), resources=("Data*",))
FAIL, PASS, UNKNOWN, SKIP = Verdict.FAIL, Verdict.PASS, Verdict.UNKNOWN, Verdict.SKIP


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([PASS], PASS),
        ([PASS, FAIL, UNKNOWN], FAIL),
        ([PASS, UNKNOWN], UNKNOWN),
        ([SKIP], SKIP),
        ([], SKIP),
    ],
)
def test_a_claim_is_as_good_as_the_worst_finding(given: list[Verdict], expected: Verdict) -> None:
    (result,) = judge_claims([CLAIM], [finding(verdict) for verdict in given], "dev")
    assert result.verdict is expected


def test_a_waived_failure_still_contradicts() -> None:
    waived = replace(finding(FAIL), waiver=Waiver("ENC-RDS-01", "Data", "accepted"))
    (result,) = judge_claims([CLAIM], [waived], "dev")
    assert result.contradicted_by == (("ENC-RDS-01", "Data"),)


def test_only_the_claimed_rules_and_resources_count() -> None:
    others = [finding(FAIL, "Other"), finding(FAIL, rule="BAK-RDS-01"), finding(PASS)]
    (result,) = judge_claims([CLAIM], others, "dev")
    assert result.verdict is PASS


def test_a_claim_may_be_about_some_profiles() -> None:
    assert judge_claims([replace(CLAIM, profiles=("prod",))], [finding(FAIL)], "dev") == ()
