"""Many accounts on a cluster: the same answers, also when workers die."""

from __future__ import annotations

import json
import os
import signal
import threading
import time

import pytest
from auditing import RULES, TODAY
from emulator import CREDENTIALS

from analyzer.account.plan import plan
from analyzer.account.scan import Means
from analyzer.account.sessions import Account, Connection
from analyzer.account.snapshot import Snapshot
from analyzer.audit import scope_of
from analyzer.organization import Job, audit_organization, cluster, result_of

CHOSEN = ("BAK-RDS-01", "ENC-EFS-01")
IDS = [f"{number:012}" for number in range(1, 9)]


@pytest.fixture
def accounts(aws):
    """Eight accounts, each with a database; the even ones keep backups."""
    sts = aws.client("sts")
    for number, id_ in enumerate(IDS, 1):
        given = sts.assume_role(RoleArn=role(id_), RoleSessionName="seed")["Credentials"]
        import boto3

        boto3.client(
            "rds",
            region_name="us-east-1",
            endpoint_url=aws.url,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        ).create_db_instance(
            DBInstanceIdentifier=f"db-{number}",
            DBInstanceClass="db.t3.micro",
            Engine="mysql",
            EngineVersion="8.0.36",
            AllocatedStorage=20,
            MasterUsername="admin",
            MasterUserPassword="not-shown",
            BackupRetentionPeriod=14 if number % 2 == 0 else 1,
        )
    aws.gate.requests.clear()
    return aws


def role(id_):
    return f"arn:aws:iam::{id_}:role/audit"


def begun(aws, folder):
    planned = plan([RULES[id_] for id_ in CHOSEN], priced=False)
    accounts = [Account(id_, role=role(id_)) for id_ in IDS]
    regions = dict.fromkeys(IDS, ("us-east-1", "eu-west-3"))
    scope = scope_of(accounts, regions, planned, "2026-11-21T00:00:00+00:00")
    Snapshot(str(folder)).begin(scope)
    means = Means(Connection(endpoint_url=aws.url), {"*": 1000})
    return Job(str(folder), TODAY, CHOSEN, means=means, priced=False), scope


@pytest.mark.filterwarnings("default")
def test_each_account_is_judged_and_a_dead_worker_loses_nothing(accounts, tmp_path, monkeypatch):
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    job, scope = begun(accounts, tmp_path / "snapshot")
    accounts.gate.fault = lambda request: time.sleep(0.05)

    with cluster("", 2) as client:
        before = client.run(os.getpid)
        victim = next(iter(before.values()))
        kill = threading.Timer(1.0, os.kill, (victim, signal.SIGKILL))
        kill.start()
        summaries = {one.account.id: one for one in audit_organization(job, scope, client)}
        kill.join()
        survivors = set(client.run(os.getpid).values())

    assert victim not in survivors
    assert set(summaries) == set(IDS)
    assert {one.error for one in summaries.values()} == {""}
    failing = {id_ for id_, one in summaries.items() if one.failures}
    assert failing == set(IDS[::2])
    assert all(line.complete for one in summaries.values() for line in one.coverage)
    stored = result_of(job.where, IDS[0])
    assert {f["rule"] for f in stored["judgements"][0]["findings"]} == {"BAK-RDS-01"}
    assert len(json.dumps(stored)) > 0
