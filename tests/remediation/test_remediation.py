"""Listed first, done only when wanted, and nothing else."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[2] / "fixtures" / "live"))

import emulator as emulators
from emulator import Answer

from analyzer.cli.main import cli
from analyzer.remediation import planning
from analyzer.remediation.applying import apply

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
ACCOUNT = "123456789012"
REGION = "eu-west-3"


@pytest.fixture(scope="module")
def server():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in emulators.CREDENTIALS.items():
            patch.setenv(name, value)
        with emulators.emulator() as running:
            yield running


@pytest.fixture
def aws(server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    server.reset()
    yield server
    server.reset()


@pytest.fixture
def database(aws):
    aws.client("rds", REGION).create_db_instance(
        DBInstanceIdentifier="shop", DBInstanceClass="db.t3.micro", Engine="mysql",
        EngineVersion="8.0.36", AllocatedStorage=20, MasterUsername="admin",
        MasterUserPassword="not-shown",
    )  # fmt: skip
    return aws


def call(aws, action, *more):
    arguments = ["remediate", action, "--region", REGION, "--endpoint-url", aws.url, *more]
    return CliRunner().invoke(cli, arguments, standalone_mode=False)


def manual(aws):
    found = aws.client("rds", REGION).describe_db_snapshots(SnapshotType="manual")
    return {one["DBSnapshotIdentifier"] for one in found["DBSnapshots"]}


def servers(aws, **tags):
    image = "ami-12c6146b"
    made = aws.client("ec2", REGION).run_instances(
        ImageId=image, MinCount=1, MaxCount=1, InstanceType="t3.micro",
        TagSpecifications=[{"ResourceType": "instance",
                            "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}],
    )  # fmt: skip
    return made["Instances"][0]["InstanceId"]


def state(aws, id_):
    found = aws.client("ec2", REGION).describe_instances(InstanceIds=[id_])
    return found["Reservations"][0]["Instances"][0]["State"]["Name"]


def old(name, days, **more):
    return {
        "DBSnapshotIdentifier": name,
        "DBSnapshotArn": f"arn:aws:rds:{REGION}:{ACCOUNT}:snapshot:{name}",
        "SnapshotType": "manual",
        "Status": "available",
        "AllocatedStorage": 100,
        "SnapshotCreateTime": NOW - timedelta(days=days),
        **more,
    }


def test_a_snapshot_has_the_owners_name_in_utc():
    paris = datetime.fromisoformat("2026-11-21T07:05:00+01:00")

    assert planning.snapshot_name("shop", paris) == "snap-shop-2026-11-21-06-05"


def test_only_old_manual_snapshots_of_ones_own_are_stale():
    found = [
        old("old", 8),
        old("young", 7),
        old("automated", 80, SnapshotType="automated"),
        old("kept", 80, TagList=[{"Key": "assay:keep", "Value": ""}]),
        old("shared", 80),
        old("theirs", 80, DBSnapshotArn=f"arn:aws:rds:{REGION}:999999999999:snapshot:theirs"),
        old("being-made", 80, Status="creating"),
    ]

    stale = list(planning.stale_snapshots(found, ["shared"], REGION, ACCOUNT, NOW, 7))

    assert [(action.resource, action.age_days, action.gib) for action in stale] == [("old", 8, 100)]
    assert stale[0].usd == Decimal("10.00")


def test_a_schedule_saves_what_is_out_of_hours():
    server = {"InstanceId": "i-1", "InstanceType": "t3.micro", "State": {"Name": "running"}}

    (action,) = planning.stops([server], "us-east-1", ACCOUNT, planning.Schedule())

    assert action.usd == (Decimal("0.0104") * (730 - Decimal(50) * 52 / 12)).quantize(
        Decimal("0.01")
    )


def test_a_server_of_a_group_is_left_to_its_group():
    server = {
        "InstanceId": "i-1",
        "State": {"Name": "running"},
        "Tags": [{"Key": "aws:autoscaling:groupName", "Value": "web"}],
    }

    assert list(planning.stops([server], REGION, ACCOUNT)) == []


@pytest.mark.parametrize(
    ("moment", "working"),
    [
        ("2026-11-20T08:00:00+00:00", True),
        ("2026-11-20T17:59:00+00:00", True),
        ("2026-11-20T18:00:00+00:00", False),
        ("2026-11-21T12:00:00+00:00", False),
    ],
)
def test_working_hours_begin_and_end_on_the_hour(moment, working):
    assert planning.Schedule().works(datetime.fromisoformat(moment)) is working


def test_nothing_is_done_without_apply(database):
    result = call(database, "snapshot")

    assert result.return_value == 0
    assert "Would do" in result.output
    assert "snap-shop-" in result.output
    assert manual(database) == set()


def test_apply_asks_and_where_nobody_answers_nothing_is_done(database):
    result = call(database, "snapshot", "--apply")

    assert "nobody is there to be asked" in str(result.exception)
    assert manual(database) == set()


def test_a_snapshot_is_taken_once_and_logged(database):
    result = call(database, "snapshot", "--instance", "shop", "--apply", "--yes")

    assert result.return_value == 0, result.output
    (name,) = manual(database)
    (line,) = Path(".assay/actions.jsonl").read_text().splitlines()
    logged = json.loads(line)
    assert (logged["action"], logged["target"], logged["result"]) == ("snapshot", name, "done")
    assert logged["account"] == ACCOUNT
    assert logged["before"] == "available"


def test_a_snapshot_of_the_same_minute_is_enough(database):
    rds = database.client("rds", REGION)
    found = rds.describe_db_instances()["DBInstances"]
    (first,) = planning.snapshots(found, [], REGION, NOW)

    again = planning.snapshots(found, [{"DBSnapshotIdentifier": first.target}], REGION, NOW)

    assert list(again) == []


def test_cleanup_deletes_what_it_listed_and_nothing_else(database):
    rds = database.client("rds", REGION)
    for name in ("old", "shared"):
        rds.create_db_snapshot(DBSnapshotIdentifier=name, DBInstanceIdentifier="shop")
    rds.modify_db_snapshot_attribute(
        DBSnapshotIdentifier="shared", AttributeName="restore", ValuesToAdd=["999999999999"]
    )

    result = call(database, "cleanup", "--days", "0", "--apply", "--yes")

    assert result.return_value == 0, result.output
    assert manual(database) == {"shared"}
    assert call(database, "cleanup", "--days", "0").output.startswith("Nothing to do")


def test_what_has_gone_meanwhile_is_skipped(database):
    rds = database.client("rds", REGION)
    rds.create_db_snapshot(DBSnapshotIdentifier="old", DBInstanceIdentifier="shop")
    found = rds.describe_db_snapshots()["DBSnapshots"]
    listed = list(
        planning.stale_snapshots(found, (), REGION, ACCOUNT, NOW + timedelta(days=3650), 7)
    )
    rds.delete_db_snapshot(DBSnapshotIdentifier="old")

    (outcome,) = apply(listed, database.client, ACCOUNT, None)

    assert (outcome.result, outcome.reason) == ("skipped", "is gone by now, not available")


def test_a_failure_is_told_and_the_rest_goes_on(database):
    rds = database.client("rds", REGION)
    for name in ("a", "b"):
        rds.create_db_snapshot(DBSnapshotIdentifier=name, DBInstanceIdentifier="shop")
    denied = b"<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"
    refused = []

    def once(request):
        if request.operation == "DeleteDBSnapshot" and not refused:
            refused.append(request)
            return Answer(403, denied)
        return None

    database.gate.fault = once
    result = call(database, "cleanup", "--days", "0", "--apply", "--yes", "--format", "json")

    outcomes = json.loads(result.output)["outcomes"]
    assert sorted(outcome["result"] for outcome in outcomes) == ["done", "failed"]
    assert any("AccessDenied" in outcome["reason"] for outcome in outcomes)
    assert result.return_value == 3
    assert len(manual(database)) == 1
    assert len(Path(".assay/actions.jsonl").read_text().splitlines()) == 2


def test_servers_are_stopped_and_started_by_tag(aws):
    dev, prod = servers(aws, Environment="dev"), servers(aws, Environment="prod")

    assert call(aws, "stop", "--apply", "--yes").return_value == 0
    assert (state(aws, dev), state(aws, prod)) == ("stopped", "running")
    assert call(aws, "stop", "--apply", "--yes").output.startswith("Nothing to do")
    assert call(aws, "start", "--apply", "--yes").return_value == 0
    assert state(aws, dev) == "running"


@pytest.mark.parametrize(
    ("action", "more", "words"),
    [
        ("snapshot", ["--instance", "nosuch"], "there is no nosuch"),
        ("schedule", ["--hours", "late"], "is no span of hours"),
        ("schedule", ["--days", "mon-fri"], "'mon-fri' is no day; days are mon, tue"),
        ("schedule", ["--timezone", "Mars/Olympus"], "is none that is known"),
        ("stop", ["--tag", "dev"], "is not Key=Value"),
    ],
)
def test_a_wrong_call_is_one_line(database, action, more, words):
    result = call(database, action, *more)

    assert words in str(result.exception)


def test_what_may_not_be_described_is_one_line(database):
    denied = b"<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"
    database.gate.fault = lambda request: Answer(403, denied) if request.service == "rds" else None

    result = call(database, "snapshot")

    assert "rds:DescribeDBInstances answered AccessDenied" in str(result.exception)
