"""`assay baseline` and `check --baseline`: what a repository starts with does not fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from analyzer.baseline import Entry, read_baseline, written
from analyzer.findings import Finding
from tests.cli.against.conftest import database, group, shop, template
from tests.cli.conftest import Assay, Ended
from tests.scratch import scratch

FILE = Path("assay-baseline.yaml")
DAY = date(2026, 6, 1)
Call = Callable[..., Ended]


@pytest.fixture
def baseline(assay: Assay) -> Call:
    def call(*arguments: object, today: str = "2026-06-01") -> Ended:
        return assay("baseline", *arguments, "--engine", "assay", "--date", today)

    return call


@pytest.fixture
def check(assay: Assay) -> Call:
    def call(*arguments: object) -> Ended:
        known = () if "--baseline" in arguments else ("--baseline", FILE)
        return assay("check", *arguments, *known, "--engine", "assay", "--date", "2026-06-01")

    return call


def entries(file: Path = FILE) -> list[dict[str, Any]]:
    loaded: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return list(loaded["findings"])


def rules(file: Path = FILE) -> set[str]:
    return {entry["rule"] for entry in entries(file)}


def notes(ended: Ended) -> list[str]:
    run = json.loads(ended.out)
    return [problem["message"] for problem in run["problems"] if problem["kind"] == "note"]


def test_what_is_known_does_not_fail(baseline: Call, check: Call) -> None:
    Path("a.yaml").write_text(template(group(22)))
    assert (baseline("a.yaml").code, check("a.yaml").code) == (0, 0)


def test_what_is_not_known_fails(baseline: Call, check: Call) -> None:
    Path("a.yaml").write_text(template(group(22)))
    baseline("a.yaml")
    Path("a.yaml").write_text(template(group(22), database(days="0")))
    assert check("a.yaml").code == 1


def test_what_is_known_is_marked(baseline: Call, check: Call) -> None:
    Path("a.yaml").write_text(template(group(22)))
    baseline("a.yaml")
    run = json.loads(check("a.yaml", "--format", "json").out)
    changes = {f["change"] for f in run["judgements"][0]["findings"] if f["verdict"] == "FAIL"}
    assert changes == {"known"}


def test_fixes_of_what_is_known_are_not_worked_out_for_text(
    baseline: Call, check: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("a.yaml").write_text(template(group(22)))
    baseline("a.yaml")
    Path("a.yaml").write_text(template(group(22), database(days="0")))
    asked: list[Finding] = []
    monkeypatch.setattr("analyzer.run.with_remedies", lambda _, found: asked.extend(found) or found)
    check("a.yaml")
    assert {finding.resource for finding in asked if finding.fix} == {"Database"}


def test_an_entry_says_what_a_reviewer_asks(baseline: Call) -> None:
    Path("a.yaml").write_text(template(database(days="0")))
    baseline("a.yaml")
    entry = next(entry for entry in entries() if entry["rule"] == "BAK-RDS-01")
    assert {**entry, "fingerprint": "", "since": str(entry["since"])} == {
        "rule": "BAK-RDS-01",
        "title": "Database instance keeps automated backups long enough",
        "resource": "a/Database",
        "at": "BackupRetentionPeriod",
        "file": "a.yaml",
        "since": "2026-06-01",
        "fingerprint": "",
    }


def test_the_file_is_the_same_however_often_it_is_written(baseline: Call) -> None:
    Path("a.yaml").write_text(template(group(22), database(days="0")))
    baseline("a.yaml")
    first = FILE.read_text()
    baseline("a.yaml", today="2026-07-01")
    assert FILE.read_text() == first


def test_what_is_fixed_goes_by_itself(baseline: Call) -> None:
    Path("a.yaml").write_text(template(group(22), database(days="0")))
    baseline("a.yaml")
    Path("a.yaml").write_text(template(group(22), database(days="7")))
    baseline("a.yaml")
    assert "BAK-RDS-01" not in rules()


def test_nothing_comes_by_itself(baseline: Call) -> None:
    Path("a.yaml").write_text(template(group(22)))
    baseline("a.yaml")
    Path("a.yaml").write_text(template(group(22), database(days="0")))
    baseline("a.yaml")
    assert "BAK-RDS-01" not in rules()


def test_what_is_added_on_purpose_has_its_own_day(baseline: Call) -> None:
    Path("a.yaml").write_text(template(group(22)))
    baseline("a.yaml")
    Path("a.yaml").write_text(template(group(22), database(days="0")))
    baseline("a.yaml", "--add", today="2026-07-01")
    days = {entry["resource"]: str(entry["since"]) for entry in entries()}
    assert days == {"a/Web": "2026-06-01", "a/Database": "2026-07-01"}


def test_what_is_added_leaves_every_profile_known(baseline: Call, check: Call) -> None:
    Path("template.yaml").write_text(template(group(22)))
    Path("architecture.yaml").write_text(shop() + "  dev: {}\n")
    baseline(".")
    Path("template.yaml").write_text(template(group(22), database(days="0")))
    baseline(".", "--add")
    assert {tuple(entry["profiles"]) for entry in entries()} == {("dev", "prod")}
    assert check(".").code == 0


def test_what_another_profile_has_too_keeps_its_first_day(baseline: Call) -> None:
    Path("template.yaml").write_text(template(group(22)))
    Path("architecture.yaml").write_text(shop())
    baseline(".")
    Path("architecture.yaml").write_text(shop() + "  dev: {}\n")
    baseline(".", "--add", today="2026-07-01")
    told = {(tuple(entry["profiles"]), str(entry["since"])) for entry in entries()}
    assert told == {(("dev", "prod"), "2026-06-01")}


def test_an_entry_that_matches_nothing_is_reported_at_its_line(baseline: Call, check: Call) -> None:
    Path("a.yaml").write_text(template(database(days="0")))
    baseline("a.yaml")
    Path("a.yaml").write_text(template(database(days="7")))
    ended = check("a.yaml", "--format", "json")
    problem = next(p for p in json.loads(ended.out)["problems"] if "BAK-RDS-01" in p["message"])
    line = FILE.read_text().splitlines()[problem["line"] - 1]
    assert (problem["message"], line) == (
        "BAK-RDS-01 on a/Database matches nothing any more",
        "- rule: BAK-RDS-01",
    )


def test_a_moved_file_is_still_known(baseline: Call, check: Call) -> None:
    Path("a.yaml").write_text(template(group(22), database(days="0")))
    baseline(".")
    Path("deep").mkdir()
    Path("a.yaml").rename("deep/b.yaml")
    assert check("deep").code == 0


def test_a_moved_file_takes_its_entries_along(baseline: Call) -> None:
    Path("a.yaml").write_text(template(database(days="0")))
    baseline(".")
    Path("a.yaml").rename("b.yaml")
    baseline(".", today="2026-07-01")
    assert {(e["file"], str(e["since"])) for e in entries()} == {("b.yaml", "2026-06-01")}


def test_a_copy_of_a_file_is_not_known(baseline: Call, check: Call) -> None:
    Path("a.yaml").write_text(template(database(days="0")))
    baseline(".")
    Path("b.yaml").write_text(template(database(days="0")))
    assert check(".").code == 1


def test_what_a_moved_file_has_twice_is_known_twice(baseline: Call, check: Call) -> None:
    open_group = group(22, 443) + database() + "      VPCSecurityGroups: [!Ref Web]\n"
    Path("a.yaml").write_text(template(open_group))
    baseline(".")
    assert 2 in {entry.get("count") for entry in entries()}
    Path("a.yaml").rename("b.yaml")
    assert check(".").code == 0


def test_of_two_moved_files_it_is_not_guessed_which_is_which(baseline: Call, check: Call) -> None:
    Path("a.yaml").write_text(template(database(days="0")))
    baseline(".")
    for name in ("b.yaml", "c.yaml"):
        Path(name).write_text(template(database(days="0")))
    Path("a.yaml").unlink()
    run = json.loads(check(".", "--format", "json").out)
    assert "known" not in {f["change"] for one in run["judgements"] for f in one["findings"]}


def test_moved_positions_of_a_list_are_still_known(baseline: Call, check: Call) -> None:
    Path("a.yaml").write_text(template(group(443, 22)))
    baseline("a.yaml")
    Path("a.yaml").write_text(template(group(22, 443)))
    assert check("a.yaml").code == 0


def test_one_more_of_the_same_is_not_known(baseline: Call, check: Call) -> None:
    Path("a.yaml").write_text(template(group(22)))
    baseline("a.yaml")
    Path("a.yaml").write_text(template(group(22, 3389)))
    assert check("a.yaml").code == 1


def test_it_is_the_same_from_wherever_assay_is_called(
    baseline: Call, check: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("deep").mkdir()
    Path("deep/a.yaml").write_text(template(group(22)))
    baseline("deep")
    monkeypatch.chdir("deep")
    assert check("a.yaml", "--baseline", Path("..") / FILE).code == 0


def test_what_was_not_judged_stays(baseline: Call, check: Call) -> None:
    Path("a.yaml").write_text(template(database(days="0")))
    Path("b.yaml").write_text(template(group(22)))
    baseline(".")
    before = rules()
    baseline("a.yaml")
    assert rules() == before
    assert notes(check("a.yaml", "--format", "json")) == []


def test_a_failure_in_another_profile_is_not_known(baseline: Call, check: Call) -> None:
    Path("template.yaml").write_text(template(database(days="3")))
    dev = shop() + "  dev:\n    policy: {backup_days: 1}\n"
    Path("architecture.yaml").write_text(dev)
    baseline(".")
    entry = next(entry for entry in entries() if entry["rule"] == "BAK-RDS-01")
    assert entry["profiles"] == ["prod"]
    Path("architecture.yaml").write_text(dev.replace("1}", "5}"))
    assert check(".").code == 1


def test_json_is_written_by_the_name(baseline: Call, check: Call) -> None:
    Path("a.yaml").write_text(template(group(22)))
    baseline("a.yaml", "--output", "known.json")
    assert json.loads(Path("known.json").read_text())["format"] == 1
    assert check("a.yaml", "--baseline", "known.json").code == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "findings: [",
        "[]",
        "just text",
        '{"check_type": "cloudformation", "results": {}}',
        "format: 2\nfindings: []\n",
        "format: 1\nfindings: [{rule: A}]\n",
        "\x00",
    ],
)
def test_a_file_that_is_no_baseline_is_one_line_and_stays(
    baseline: Call, check: Call, text: str
) -> None:
    Path("a.yaml").write_text(template(group(22)))
    FILE.write_text(text)
    for ended in (baseline("a.yaml"), check("a.yaml")):
        assert (ended.code, ended.out, len(ended.err.splitlines())) == (2, "", 1)
        assert str(FILE) in ended.err
        assert "template" not in ended.err
    assert FILE.read_text() == text


def test_a_baseline_of_more_than_a_template_may_hold_is_read(tmp_path: Path) -> None:
    profiles = tuple(f"profile-{number}" for number in range(210_000))
    known = Entry("f" * 32, "NET-SG-01", "", "assay", "a/Web", "", "", "", profiles, 1, DAY)
    file = tmp_path / "known.json"
    file.write_text(written([known], file))
    assert len(read_baseline(file).entries[0].profiles) == len(profiles)


def test_a_count_is_not_written_out(baseline: Call, check: Call) -> None:
    Path("a.yaml").write_text(template(group(22)))
    baseline("a.yaml")
    many = FILE.read_text().replace("  since:", f"  count: {10**15}\n  since:")
    FILE.write_text(many)
    assert check("a.yaml").code == 0


def test_a_baseline_that_is_not_there_is_one_line(check: Call) -> None:
    Path("a.yaml").write_text(template(group(22)))
    ended = check("a.yaml")
    assert (ended.code, len(ended.err.splitlines())) == (2, 1)


def test_it_is_left_as_it_is_where_not_all_could_be_judged(baseline: Call) -> None:
    Path("a.yaml").write_text(template(database(days="0")))
    Path("b.yaml").write_text(template(group(22)))
    baseline(".")
    before = FILE.read_text()
    Path("b.yaml").write_text(template(group(22)) + "  - [")
    ended = baseline(".")
    assert (ended.code, FILE.read_text()) == (2, before)
    assert "is left as it is" in ended.err


def test_beside_a_base_the_baseline_is_the_bases(
    baseline: Call, check: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = scratch(tmp_path / "repository")
    monkeypatch.chdir(made.root)
    made.write("a.yaml", template(group(443)))
    baseline("a.yaml")
    made.commit()
    made.write("a.yaml", template(group(443, 22)))
    baseline("a.yaml", "--add")
    assert check("a.yaml", "--base", "main").code == 1
    assert check("a.yaml", "--base", "main", "--trust-pack").code == 0


def test_a_baseline_that_only_the_change_has_knows_nothing(
    baseline: Call, check: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = scratch(tmp_path / "repository")
    monkeypatch.chdir(made.root)
    made.write("a.yaml", template(group(443)))
    made.commit()
    made.write("a.yaml", template(group(443, 22)))
    baseline("a.yaml")
    ended = check("a.yaml", "--base", "main", "--format", "json")
    assert ended.code == 1
    assert "is not in the base: nothing in it is known" in notes(ended)
