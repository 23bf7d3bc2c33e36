"""A run over one account, small or large."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from analyzer.findings import Finding, RuleInfo, Severity, Verdict
from analyzer.results import CoverageLine, Judgement, Run

__all__ = ["ACCOUNT", "REGION", "live_run"]

ACCOUNT, REGION = "123456789012", "us-east-1"


def live_run(number: int = 3) -> Run:
    """An account with some failures, a pass, a waiver's absence, and something undecided."""
    one = Finding(
        rule="ENC-EFS-01",
        verdict=Verdict.FAIL,
        severity=Severity.HIGH,
        family="encryption",
        resource=f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:file-system/fs-0",
        type="AWS::EFS::FileSystem",
        region=REGION,
        account=ACCOUNT,
        message="stores its data unencrypted",
    )
    found = [replace(one, resource=f"{one.resource}{index}") for index in range(number)]
    found.append(replace(one, resource=f"{one.resource}-good", verdict=Verdict.PASS, message=""))
    found.append(
        replace(
            one,
            resource="*",
            verdict=Verdict.UNKNOWN,
            message="could not be read: efs:DescribeFileSystems answered AccessDenied",
            hangs_on=("efs:DescribeFileSystems AccessDenied",),
        )
    )
    return Run(
        version="0.1.0",
        date=date(2026, 11, 21),
        judgements=(Judgement(ACCOUNT, "live", findings=tuple(found)),),
        rules={
            "ENC-EFS-01": RuleInfo(
                "ENC-EFS-01",
                "File system is encrypted",
                Severity.HIGH,
                "encryption",
                why="Data at rest is read by whoever holds the disk.",
                fix="Make a new, encrypted file system.",
                frameworks={"aws-fsbp": ("EFS.1",)},
            )
        },
        coverage=(
            CoverageLine(ACCOUNT, REGION, "efs", 2, 1, denied=1, read_at="2026-11-21T00:00:00"),
        ),
    )
