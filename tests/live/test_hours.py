"""A development server is judged by the hour at which the account was read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from auditing import RULES, TODAY

from analyzer.audit import AuditRequest, audit


@pytest.mark.parametrize(
    ("read_at", "verdict"),
    [
        ("2026-11-20T10:00:00+00:00", "PASS"),
        ("2026-11-20T22:00:00+00:00", "FAIL"),
        ("2026-11-21T10:00:00+00:00", "FAIL"),
    ],
)
def test_it_may_run_in_working_hours_only(aws, run_audit, read_at, verdict):
    aws.client("ec2").run_instances(
        ImageId="ami-12c6146b",
        MinCount=1,
        MaxCount=1,
        InstanceType="t3.micro",
        TagSpecifications=[
            {"ResourceType": "instance", "Tags": [{"Key": "Environment", "Value": "dev"}]}
        ],
    )
    snapshot = run_audit(["COST-EC2-01"]).snapshot
    part = snapshot.part("123456789012", "us-east-1", "ec2")
    snapshot.save(replace(part, read_at=read_at))

    rules = {"COST-EC2-01": RULES["COST-EC2-01"]}
    run = audit(AuditRequest(snapshot, snapshot.scope(), TODAY, rules, priced=False))

    (finding,) = run.judgements[0].findings
    assert finding.verdict.value == verdict
