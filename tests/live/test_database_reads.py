"""What is asked about databases and their snapshots, and what a refused answer leaves open."""

from __future__ import annotations

import pytest
from emulator import Answer

DENIED = Answer(
    403,
    b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message>"
    b"</Error><RequestId>1</RequestId></ErrorResponse>",
    (("Content-Type", "text/xml"),),
)


@pytest.fixture
def shared(aws):
    """A database with the service's own snapshot, and one that is open to everyone."""
    rds = aws.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="shop",
        DBInstanceClass="db.t3.micro",
        Engine="mysql",
        EngineVersion="8.4.3",
        AllocatedStorage=20,
        MasterUsername="admin",
        MasterUserPassword="not-shown-anywhere",
    )
    rds.create_db_snapshot(DBSnapshotIdentifier="open", DBInstanceIdentifier="shop")
    rds.modify_db_snapshot_attribute(
        DBSnapshotIdentifier="open", AttributeName="restore", ValuesToAdd=["all"]
    )
    aws.gate.requests.clear()
    return aws


def asked(aws, operation):
    return [request for request in aws.gate.requests if request.operation == operation]


def test_only_manual_snapshots_are_asked_who_they_are_shared_with(shared, run_audit):
    audit = run_audit(["NET-RDS-02"])

    assert audit.verdict("NET-RDS-02", "open") == "FAIL"
    assert len(asked(shared, "DescribeDBSnapshots")) == 1
    assert len(asked(shared, "DescribeDBSnapshotAttributes")) == 1


def test_nobody_is_asked_for_what_no_rule_wants(shared, run_audit):
    run_audit(["ENC-RDS-03"])

    assert asked(shared, "DescribeDBSnapshots")
    assert not asked(shared, "DescribeDBSnapshotAttributes")


def test_a_snapshot_whose_sharing_was_not_told_does_not_pass(shared, run_audit):
    shared.gate.fault = lambda request: (
        DENIED if request.operation == "DescribeDBSnapshotAttributes" else None
    )
    audit = run_audit(["NET-RDS-02"])

    assert audit.verdict("NET-RDS-02", "open") == "UNKNOWN"
    assert not audit.run.complete


def test_databases_whose_snapshots_were_not_told_are_not_without_one(shared, run_audit):
    shared.gate.fault = lambda request: (
        DENIED if request.operation == "DescribeDBSnapshots" else None
    )
    audit = run_audit(["BAK-RDS-11"])

    assert audit.verdict("BAK-RDS-11", "shop") == "UNKNOWN"
