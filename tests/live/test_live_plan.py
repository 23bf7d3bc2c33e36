"""The plan of an account, from what it answers: gp2 volumes, and what nobody uses."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from analyzer.cli.main import main

REGION = "us-east-1"


@pytest.fixture
def snapshot(aws, run_audit, tmp_path: Path) -> Path:
    """An account with two gp2 volumes that no server has, and an address that nothing uses."""
    ec2 = aws.client("ec2", REGION)
    ec2.allocate_address(Domain="vpc")
    for _ in range(2):
        ec2.create_volume(Size=100, VolumeType="gp2", AvailabilityZone=f"{REGION}a")
    run_audit(priced=True)
    return tmp_path / "snapshot"


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict:
    with pytest.raises(SystemExit):
        main(["plan", *map(str, arguments), "--format", "json", "--date", "2026-11-21"])
    return json.loads(capsys.readouterr().out)


def test_an_account_saves_by_gp3(snapshot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = told(capsys, snapshot)
    assert [step["change"] for step in plan["steps"]] == ["Volumes on gp3 instead of gp2: 2"]
    assert Decimal(plan["savings"]) == 200 * (Decimal("0.1") - Decimal("0.08"))
    assert [row["usd"] for row in plan["savings_not_taken"]] == ["-23.650"]


def test_what_nobody_uses_is_released_where_that_is_accepted(
    snapshot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = told(capsys, snapshot, "--accept", "idle")
    assert Decimal(plan["total"]) == 0
    assert Decimal(plan["before"]) > 20
