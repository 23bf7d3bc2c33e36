"""What becomes of findings from run to run, and what two runs at once must not lose."""

from __future__ import annotations

import io
import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from analyzer.cli.main import cli
from analyzer.errors import InputError
from analyzer.findings import Finding, RuleInfo, Severity, Verdict
from analyzer.history import Filter, read_history, save
from analyzer.history.schema import KEY, VERSION
from analyzer.results import CoverageLine, Judgement, Run

ACCOUNT = "111122223333"
REGION = "eu-west-3"
FIRST = date(2026, 11, 1)


def finding(rule="BAK-RDS-01", resource="db", verdict=Verdict.FAIL, **more) -> Finding:
    return Finding(
        rule=rule,
        verdict=verdict,
        severity=Severity.HIGH,
        family="backup",
        resource=resource if resource == "*" else f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{resource}",
        type="AWS::RDS::DBInstance",
        region=more.pop("region", REGION),
        account=ACCOUNT,
        message=more.pop("message", "keeps backups 1 day"),
        **more,
    )


def run(day: int, *findings: Finding, rules=("BAK-RDS-01",), regions=(REGION,)) -> Run:
    return Run(
        version="0",
        date=FIRST + timedelta(days=day),
        judgements=(Judgement(ACCOUNT, "", findings=findings),),
        rules={
            id_: RuleInfo(id_, "Database keeps backups", Severity.HIGH, "backup") for id_ in rules
        },
        coverage=tuple(
            CoverageLine(ACCOUNT, region, "rds", 1, 1, read_at="2026-11-01") for region in regions
        ),
    )


@pytest.fixture
def store(tmp_path) -> str:
    return str(tmp_path / "store")


def states(store: str) -> dict[str, str]:
    return {s.resource.rpartition(":")[2]: s.state for s in read_history(store).stories}


def test_a_finding_is_new_then_open_then_resolved_then_reopened(store):
    seen = []
    for day, fails in enumerate([True, True, False, True]):
        save(run(day, *([finding()] if fails else [])), store)
        seen.append(states(store)["db"])

    assert seen == ["new", "open", "resolved", "reopened"]
    assert read_history(store).stories[0].openings == 2


def test_the_age_counts_from_the_day_on_which_it_opened(store):
    for day in (0, 5, 9):
        save(run(day, finding()), store)

    (story,) = read_history(store).stories
    assert (story.since, story.age) == (FIRST, 9)


def test_a_narrower_run_closes_nothing(store):
    save(run(0, finding()), store)
    save(run(1, rules=("ENC-EFS-01",)), store)
    save(run(2, regions=("us-east-1",)), store)

    assert states(store) == {"db": "new"}


def test_a_bucket_belongs_to_the_account_and_not_to_the_regions_that_were_read(store):
    bucket = replace(finding("BAK-S3-01", region="us-east-2"), type="AWS::S3::Bucket")
    save(run(0, bucket, rules=("BAK-S3-01",), regions=("global", REGION)), store)
    assert states(store) == {"db": "new"}

    save(run(1, rules=("BAK-S3-01",), regions=("global", REGION)), store)
    assert states(store) == {"db": "resolved"}


def test_a_run_that_was_not_let_in_closes_nothing(store):
    save(run(0, finding()), store)
    save(run(1, finding(resource="*", verdict=Verdict.UNKNOWN)), store)

    assert states(store) == {"db": "new"}


def test_what_cannot_be_decided_any_more_is_unknown_not_resolved(store):
    save(run(0, finding()), store)
    save(run(1, finding(verdict=Verdict.UNKNOWN)), store)

    assert states(store) == {"db": "unknown"}


def test_another_message_or_position_is_the_same_finding(store):
    save(run(0, finding(at="SecurityGroupIngress/3/CidrIp", message="a")), store)
    save(run(1, finding(at="SecurityGroupIngress/4/CidrIp", message="b")), store)

    assert states(store) == {"db": "open"}


def test_a_run_without_its_last_row_does_not_count(store):
    save(run(0, finding()), store)
    id_ = save(run(1), store)
    next(Path(store).rglob(f"runs/*/{id_}.parquet")).unlink()

    assert states(store) == {"db": "new"}
    assert read_history(store).runs == 1


def test_two_runs_of_a_day_count_as_the_later_one(store):
    save(run(0, finding()), store)
    save(run(0), store)

    assert not any(point.failed for point in read_history(store).trend)
    assert states(store) == {"db": "resolved"}


def _save_one(arguments) -> str:
    number, where = arguments
    return save(run(0, finding(resource=f"db-{number}")), where)


def test_runs_that_write_at_once_lose_nothing(store):
    with ProcessPoolExecutor(4) as pool:
        ids = set(pool.map(_save_one, [(number, store) for number in range(8)]))

    assert len(ids) == 8
    assert read_history(store).runs == 8


def test_a_filter_leaves_out_other_accounts_and_earlier_days(store):
    save(run(0, finding()), store)
    save(run(3, finding()), store)

    history = read_history(store, wanted=Filter(since=FIRST + timedelta(days=2)))
    assert [story.since for story in history.stories] == [FIRST + timedelta(days=3)]
    assert read_history(store, wanted=Filter(accounts=("999999999999",))).stories == ()


@given(st.lists(st.sampled_from(["FAIL", "PASS", "UNKNOWN", "away"]), min_size=1, max_size=8))
def test_the_story_is_that_of_a_naive_reading(tmp_path_factory, nights):
    store = str(tmp_path_factory.mktemp("store"))
    for day, night in enumerate(nights):
        found = () if night in ("PASS", "away") else (finding(verdict=Verdict(night)),)
        save(run(day, *found, rules=("OTHER-01",) if night == "away" else ("BAK-RDS-01",)), store)

    expected, openings, since = "", 0, 0
    for day, night in enumerate(nights):
        if night == "FAIL":
            if expected in ("", "resolved"):
                openings, since = openings + 1, day
            fresh = "reopened" if openings > 1 else "new"
            expected = fresh if since == day else "open"
        elif night == "PASS" and expected:
            expected = "resolved"
        elif night == "UNKNOWN" and expected not in ("", "resolved"):
            expected = "unknown"
    stories = read_history(store).stories
    assert [story.state for story in stories] == ([expected] if expected else [])
    assert [story.openings for story in stories] == ([openings] if expected else [])


def older(table: str, rows: list[dict], version: str, place: str, store: str) -> None:
    """A file as an earlier version of the store wrote it."""
    buffer = io.BytesIO()
    written = pa.Table.from_pylist(rows).replace_schema_metadata({KEY: version.encode()})
    pq.write_table(written, buffer)
    file = Path(store) / table / place / "old.parquet"
    file.parent.mkdir(parents=True)
    file.write_bytes(buffer.getvalue())


def write_version_1(store: str, version: str = "1") -> None:
    place = f"date=2026-10-31/account={ACCOUNT}/region={REGION}"
    row = {
        "run": "old", "identity": "x", "rule": "BAK-RDS-01", "family": "backup",
        "severity": "high", "verdict": "FAIL", "waived": False, "resource": "arn:aws:rds:::db:old",
        "stack": "", "type": "AWS::RDS::DBInstance", "message": "keeps none",
    }  # fmt: skip
    older("findings", [row], version, place, store)
    older("scopes", [{"run": "old", "rule": "BAK-RDS-01"}], version, place, store)
    last = {
        "run": "old", "saved": "2026-10-31T00:00:00.000000+00:00", "day": "2026-10-31",
        "version": "0", "complete": True,
    }  # fmt: skip
    older("runs", [last], version, "date=2026-10-31", store)


def test_runs_of_an_older_version_of_the_store_still_count(store):
    write_version_1(store)
    save(run(0), store)

    assert states(store) == {"old": "resolved"}


def test_a_store_of_a_newer_version_is_refused_in_one_line(store):
    write_version_1(store, f"{VERSION + 1}")

    with pytest.raises(InputError, match="written by a newer assay"):
        read_history(store)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda store: None, "holds no history"),
        (lambda store: save(run(0), store) and _break(store), "cannot be read as Parquet"),
    ],
)
def test_a_store_that_cannot_be_used_is_one_line(store, make, words):
    make(store)

    with pytest.raises(InputError, match=words):
        read_history(store)


def _break(store: str) -> None:
    next(Path(store).rglob("runs/*/*.parquet")).write_bytes(b"no parquet")


def test_a_store_may_be_any_file_system():
    where = "memory://history-test"
    save(run(0, finding()), where)

    assert states(where) == {"db": "new"}


@pytest.mark.parametrize("format_", ["text", "json", "csv", "html"])
def test_the_command_shows_what_was_found(store, format_):
    save(run(0, finding()), store)
    save(run(1, finding(), finding(resource="=cmd|' /C calc'!A0")), store)

    result = CliRunner().invoke(cli, ["history", store, "--format", format_])

    assert result.exit_code == 0, result.output
    assert "BAK-RDS-01" in result.output
    if format_ == "json":
        assert json.loads(result.output)["runs"] == 2
    if format_ == "csv":
        assert ",=cmd" not in result.output
