"""How many fixes are worked out, where there are very many."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.results import Judgement, Run
from tests.run.systems import run_of, written

_PACK = '''\
from analyzer.policy import Fail, Resource, rule


@rule("TST-S3-01", severity="low", on="AWS::S3::Bucket")
def bucket_has_a_name(bucket: Resource) -> Fail | None:
    """Bucket has a name."""
    if not bucket.BucketName:
        return Fail("has no name", fix={"BucketName": f"shop-{bucket.id.lower()}"})


@rule("TST-S3-02", severity="high", on="AWS::S3::Bucket")
def bucket_keeps_versions(bucket: Resource) -> Fail | None:
    """Bucket keeps versions."""
    if bucket.VersioningConfiguration.Status != "Enabled":
        return Fail("keeps none", fix={"VersioningConfiguration": {"Status": "Enabled"}})
'''
_TEMPLATE = "Resources:\n  A: {Type: AWS::S3::Bucket}\n  B: {Type: AWS::S3::Bucket}\n"
_FIXES = 4  # of a template, each tried in two resources


def worked_out(judgement: Judgement) -> list[str]:
    return [finding.rule for finding in judgement.findings if finding.remedy]


def notes(run: Run) -> list[str]:
    return [problem.message for problem in run.problems]


def test_every_fix_is_worked_out_where_there_are_few(tmp_path: Path) -> None:
    run = run_of(written(tmp_path / "one", a__yaml=_TEMPLATE), pack=_PACK)
    assert len(worked_out(run.judgements[0])) == _FIXES
    assert notes(run) == []


def test_the_worst_come_first_where_there_are_too_many_and_the_others_are_counted(
    tmp_path: Path,
) -> None:
    run = run_of(written(tmp_path / "one", a__yaml=_TEMPLATE), pack=_PACK, effort=2 * 3)
    assert sorted(worked_out(run.judgements[0])) == ["TST-S3-01", "TST-S3-02", "TST-S3-02"]
    assert notes(run) == ["fixes of milder failures are not worked out (1): there are too many"]
    assert run.complete


@pytest.mark.parametrize("templates", [2, 70], ids=["in one process", "in several"])
def test_each_profile_has_the_same_share(tmp_path: Path, templates: int) -> None:
    files = {f"t{number:02}__yaml": _TEMPLATE for number in range(templates)}
    run = run_of(written(tmp_path / "many", **files), pack=_PACK, effort=2 * 2 * templates)
    assert all(worked_out(one) == ["TST-S3-02"] * 2 for one in run.judgements)
    assert notes(run) == [
        f"fixes of milder failures are not worked out ({2 * templates}): there are too many"
    ]
