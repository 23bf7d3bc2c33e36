"""Whatever goes wrong on the way: the run ends, tells it, and nothing passes unearned."""

from __future__ import annotations

import time

import pytest
from auditing import RULES, audited
from emulator import Answer

from analyzer.cli.exit_codes import INCOMPLETE, VIOLATIONS_AND_INCOMPLETE, exit_code
from analyzer.findings import Severity, Verdict

RULE = "BAK-RDS-01"
ERROR = (
    '<ErrorResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><Error><Type>Sender</Type>'
    "<Code>{}</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>"
)


@pytest.fixture
def database(aws):
    """A database that fails the rule, and one that passes."""
    for name, days in (("short", 1), ("kept", 14)):
        aws.client("rds").create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.t3.micro",
            Engine="mysql",
            EngineVersion="8.0.36",
            AllocatedStorage=20,
            MasterUsername="admin",
            MasterUserPassword="not-shown-anywhere",
            BackupRetentionPeriod=days,
        )
    aws.gate.requests.clear()
    return aws


def refused(code: str, status: int = 400) -> Answer:
    return Answer(status, ERROR.format(code).encode(), (("Content-Type", "text/xml"),))


def always(answer: Answer):
    return lambda request: answer if request.service == "rds" else None


def line_of(audit):
    return next(line for line in audit.run.coverage if line.service == "rds")


def test_without_faults_everything_is_answered(database, run_audit):
    audit = run_audit([RULE])

    assert audit.verdict(RULE, "short") == "FAIL"
    assert audit.verdict(RULE, "kept") == "PASS"
    assert audit.run.complete
    assert line_of(audit).answered == line_of(audit).planned > 0


@pytest.mark.parametrize(
    ("answer", "counted"),
    [
        pytest.param(refused("AccessDenied", 403), "denied", id="denied"),
        pytest.param(refused("Throttling"), "throttled", id="throttled"),
        pytest.param(refused("InternalFailure", 500), "failed", id="broken"),
        pytest.param(refused("ExpiredToken", 403), "denied", id="expired"),
        pytest.param(Answer(body=None), "failed", id="reset"),
        pytest.param(Answer(body=b"<DescribeDBInstancesResponse><Desc"), "failed", id="cut"),
        pytest.param(Answer(body=b"<Describe", length=4000), "failed", id="shorter-than-told"),
        pytest.param(Answer(body=b""), "failed", id="empty"),
    ],
)
def test_what_cannot_be_read_is_unknown_and_told(database, run_audit, answer, counted):
    database.gate.fault = always(answer)

    audit = run_audit([RULE], attempts=2)

    verdicts = {finding.verdict for finding in audit.run.judgements[0].findings}
    assert verdicts == {Verdict.UNKNOWN}
    assert getattr(line_of(audit), counted) > 0
    assert not audit.run.complete
    assert exit_code(audit.run, Severity.LOW) == INCOMPLETE
    message = audit.run.judgements[0].findings[0].message
    assert "rds:DescribeDBInstances" in message


def test_a_third_of_the_calls_throttled_changes_nothing(database, run_audit):
    database.gate.fault = lambda request: (
        refused("Throttling") if request.service == "rds" and request.number % 10 < 3 else None
    )

    audit = run_audit([rule for rule in RULES if "RDS" in rule])

    assert audit.verdict(RULE, "short") == "FAIL"
    assert line_of(audit).answered == line_of(audit).planned


def test_slow_answers_time_out_and_the_run_ends(database, run_audit):
    def slow(request):
        if request.service == "rds":
            time.sleep(1.5)

    database.gate.fault = slow

    audit = run_audit([RULE], attempts=1, read_seconds=0.3)

    assert line_of(audit).timed_out == line_of(audit).planned
    assert {f.verdict for f in audit.run.judgements[0].findings} == {Verdict.UNKNOWN}


def test_pages_without_end_are_a_failure(database, tmp_path):
    page = (
        '<DescribeDBInstancesResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/">'
        "<DescribeDBInstancesResult><DBInstances/><Marker>{}</Marker></DescribeDBInstancesResult>"
        "<ResponseMetadata/></DescribeDBInstancesResponse>"
    )
    database.gate.fault = lambda request: (
        Answer(body=page.format(request.number).encode())
        if request.operation == "DescribeDBInstances"
        else None
    )

    audit = audited(database.url, tmp_path / "s", [RULE], max_pages=5)

    assert ("rds:DescribeDBInstances EndlessPages", 1) in line_of(audit).failures
    assert {f.verdict for f in audit.run.judgements[0].findings} == {Verdict.UNKNOWN}


def test_a_token_that_expires_is_renewed_by_assuming_the_role_again(database, tmp_path):
    def expire_first(request):
        if request.service != "rds":
            return None
        first = next(r for r in database.gate.requests if r.service == "rds")
        same = request.access_key == first.access_key
        return refused("ExpiredToken", 403) if same else None

    database.gate.fault = expire_first

    audit = audited(
        database.url, tmp_path / "s", [RULE], role="arn:aws:iam::123456789012:role/audit"
    )

    assert audit.run.complete
    assert audit.verdict(RULE, "short") == "FAIL"
    assert sum(r.operation == "AssumeRole" for r in database.gate.requests) == 2


def test_one_denied_service_leaves_the_others_judged(database, run_audit):
    database.client("efs").create_file_system(CreationToken="plain", Encrypted=False)
    database.gate.fault = always(refused("AccessDenied", 403))

    audit = run_audit([RULE, "ENC-EFS-01"])

    verdicts = {(f.rule, f.verdict) for f in audit.run.judgements[0].findings}
    assert (RULE, Verdict.UNKNOWN) in verdicts
    assert ("ENC-EFS-01", Verdict.FAIL) in verdicts
    assert exit_code(audit.run, Severity.LOW) == VIOLATIONS_AND_INCOMPLETE


def test_no_secret_of_an_account_is_kept(database, run_audit, tmp_path):
    audit = run_audit()

    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"not-shown-anywhere" not in kept
    assert audit.run.judgements
