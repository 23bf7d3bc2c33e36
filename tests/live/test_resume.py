"""A run that is killed at any moment goes on where it was; a saved snapshot is judged again."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from emulator import CREDENTIALS

from analyzer.cli.main import cli

RULES = ["--rule", "*-RDS-*", "--rule", "*-EFS-*", "--rule", "*-DDB-*", "--no-prices"]


@pytest.fixture
def account(aws, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, days in (("short", 1), ("kept", 14)):
        aws.client("rds").create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.t3.micro",
            Engine="mysql",
            EngineVersion="8.0.36",
            AllocatedStorage=20,
            MasterUsername="admin",
            MasterUserPassword="not-shown",
            BackupRetentionPeriod=days,
        )
    aws.client("efs").create_file_system(CreationToken="plain", Encrypted=False)
    aws.gate.requests.clear()
    return aws


def arguments(aws, *more):
    return [
        "audit", "--endpoint-url", aws.url, "--region", "us-east-1", "--rate", "*=1000",
        "--date", "2026-11-21", "--format", "json", *RULES, *more,
    ]  # fmt: skip


def run(aws, *more):
    result = CliRunner().invoke(cli, arguments(aws, *more), standalone_mode=False)
    assert result.exception is None, result.exception
    return json.loads(result.stdout), result.return_value


def verdicts(found):
    return {
        (finding["rule"], finding["resource"], finding["verdict"])
        for judgement in found["judgements"]
        for finding in judgement["findings"]
    }


def test_a_run_killed_in_the_middle_goes_on_and_says_the_same(account, tmp_path):
    whole, _ = run(account, "--snapshot", "whole")
    account.gate.requests.clear()

    def wait_for_files(request):
        if request.service == "elasticfilesystem":
            time.sleep(60)

    account.gate.fault = wait_for_files
    killed = subprocess.Popen(
        [Path(sys.executable).parent / "assay", *arguments(account, "--snapshot", "half")],
        env={**os.environ, **CREDENTIALS},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    half = tmp_path / "half" / "123456789012" / "us-east-1"
    deadline = time.monotonic() + 60
    while not (half / "rds.json.gz").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    killed.kill()
    killed.wait()
    done = {file.name for file in half.iterdir() if not file.name.startswith(".")}
    assert "rds.json.gz" in done
    assert "efs.json.gz" not in done
    account.gate.fault = None
    account.gate.requests.clear()

    resumed, _ = run(account, "--snapshot", "half", "--resume")

    assert verdicts(resumed) == verdicts(whole)
    assert "rds" not in {request.service for request in account.gate.requests}
    assert "elasticfilesystem" in {request.service for request in account.gate.requests}


def test_going_on_with_the_snapshot_of_another_day_is_told(account, tmp_path):
    whole, code = run(account, "--snapshot", "kept")
    plan = tmp_path / "kept" / "plan.json"
    begun = json.loads(plan.read_text())
    plan.write_text(json.dumps({**begun, "started": "2026-10-09T02:00:00+00:00"}))
    account.gate.requests.clear()

    resumed, again = run(account, "--snapshot", "kept", "--resume")

    assert "s3" not in {request.service for request in account.gate.requests}
    assert whole["problems"] == []
    (note,) = resumed["problems"]
    assert note["message"] == "was begun on 2026-10-09: what was read then is not read again"
    assert (note["kind"], again) == ("note", code)


def test_what_was_not_read_before_the_end_is_unknown(account, tmp_path):
    run(account, "--snapshot", "kept")
    (tmp_path / "kept" / "123456789012" / "us-east-1" / "efs.json.gz").unlink()

    found, code = run(account, "--from", "kept")

    assert ("ENC-EFS-01", "*", "UNKNOWN") in verdicts(found)
    assert ("efs", "") in {(line["service"], line["read_at"]) for line in found["coverage"]}
    assert code == 4


def test_a_snapshot_is_judged_again_without_asking_anybody(account, tmp_path):
    first, _ = run(account, "--snapshot", "kept")
    account.gate.requests.clear()
    (tmp_path / "assay.yaml").write_text("policy: {backup_days: 30}\n")

    again, _ = run(account, "--from", "kept")

    kept = "arn:aws:rds:us-east-1:123456789012:db:kept"
    assert ("BAK-RDS-01", kept, "PASS") in verdicts(first)
    assert ("BAK-RDS-01", kept, "FAIL") in verdicts(again)
    assert account.gate.requests == []


def test_a_rule_that_needs_what_was_not_read_does_not_pass(account):
    run(account, "--snapshot", "kept")

    others = ["--rule", "BAK-EC-*", "--rule", "BAK-BKP-*", "--no-prices", "--format", "json"]
    result = CliRunner().invoke(cli, ["audit", "--from", "kept", *others], standalone_mode=False)

    assert result.exception is None, result.exception
    found = json.loads(result.stdout)
    assert {verdict for _, _, verdict in verdicts(found)} == {"UNKNOWN"}


def test_a_damaged_part_is_told_and_what_needs_it_is_unknown(account, tmp_path):
    run(account, "--snapshot", "kept")
    part = tmp_path / "kept" / "123456789012" / "us-east-1" / "rds.json.gz"
    part.write_bytes(part.read_bytes()[:40])

    found, code = run(account, "--from", "kept")

    assert any("no readable part" in problem["message"] for problem in found["problems"])
    assert ("BAK-RDS-01", "*", "UNKNOWN") in verdicts(found)
    assert code == 4


def test_a_run_that_cannot_be_told_is_written_all_the_same(account, tmp_path):
    nobody = ["--webhook", "http://127.0.0.1:1/secret", "--output", "found.json"]

    result = CliRunner().invoke(cli, arguments(account, *nobody), standalone_mode=False)

    assert "the webhook at 127.0.0.1 cannot be reached" in str(result.exception)
    assert json.loads((tmp_path / "found.json").read_text())["judgements"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--from", "nowhere"], "holds no snapshot"),
        (["--resume"], "there is no snapshot below"),
        (["--account", "12"], "is no account id"),
        (["--account", "999999999999"], "other accounts are entered by a role"),
        (["--rule", "NO-SUCH-*"], "no rule or family fits"),
        (["--workers", "2", "--output", "x.html"], "prints a summary"),
        (["--workers", "2", "--webhook", "https://chat.example.com"], "prints a summary"),
        (["--workers", "2", "--security-hub"], "prints a summary"),
    ],
)
def test_a_wrong_call_is_one_line(account, more, words):
    result = CliRunner().invoke(cli, arguments(account, *more), standalone_mode=False)

    assert words in str(result.exception)


def test_an_existing_snapshot_is_not_overwritten(account):
    run(account, "--snapshot", "kept")

    result = CliRunner().invoke(
        cli, arguments(account, "--snapshot", "kept"), standalone_mode=False
    )

    assert "holds a snapshot already" in str(result.exception)


def test_without_credentials_the_run_ends_with_one_line(account, monkeypatch):
    for name in CREDENTIALS:
        if name.startswith("AWS_") and "KEY" in name:
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")

    result = CliRunner().invoke(cli, arguments(account), standalone_mode=False)

    assert "NoCredentialsError" in str(result.exception)
    assert "check the credentials" in str(result.exception)


def test_a_dry_run_prints_the_calls_and_their_policy(account):
    result = CliRunner().invoke(cli, [*arguments(account), "--dry-run"], standalone_mode=False)

    text, _, policy = result.stdout.partition("The least policy that permits it:\n")
    assert re.match(r"Read for \d+ rules: \d+ types of resources\.\n", text)
    assert "  rds:DescribeDBInstances\n" in text
    actions = {
        action for statement in json.loads(policy)["Statement"] for action in statement["Action"]
    }
    assert "rds:DescribeDBInstances" in actions
    assert not any(name.startswith("sqs:") for name in actions)
    assert account.gate.requests == []


def test_an_organisation_is_read_account_by_account(account, monkeypatch):
    organizations = account.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    made = organizations.create_account(AccountName="shop", Email="shop@example.com")
    other = made["CreateAccountStatus"]["AccountId"]

    found, _ = run(account, "--organization", "--role", "audit", "--snapshot", "all")

    assert {judgement["system"] for judgement in found["judgements"]} == {"123456789012", other}
    assert "shop" in {judgement["title"] for judgement in found["judgements"]}
    assumed = [request for request in account.gate.requests if request.operation == "AssumeRole"]
    assert len(assumed) == 1
    one = CliRunner().invoke(
        cli,
        ["audit", "--from", "all", "--account", other, "--format", "json", *RULES],
        standalone_mode=False,
    )
    assert [j["system"] for j in json.loads(one.stdout)["judgements"]] == [other]
