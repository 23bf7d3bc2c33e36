"""What cannot be compared with a base."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.against.conftest import (
    BUCKET,
    Change,
    database,
    fixed,
    found,
    group,
    shop,
    template,
)


def test_a_base_that_cannot_be_read_fixes_and_adds_nothing(change: Change) -> None:
    change.base(template_yaml=template(database(days="0")).replace("Properties", "Properties: ["))
    change.made.write("template.yaml", template(database(days="0")))
    run = change.run()
    assert run["judgements"][0]["before"] is None
    assert [p["kind"] for p in run["problems"]] == ["base"]
    assert change.check().code == 4
    assert ("BAK-RDS-01", "Database") in found(run, "not compared")


@pytest.mark.parametrize("format_", ["text", "comment", "markdown", "html"])
def test_what_is_not_compared_is_not_called_new(change: Change, format_: str) -> None:
    broken = template(database(days="0")).replace("Properties", "Properties: [")
    change.base(template_yaml=broken)
    change.made.write("template.yaml", template(database(days="0")))
    told = change.check(".", "--format", format_).out
    assert re.search(r"\d+(</b>)? not compared", told)
    assert not re.search(r"[1-9]\d*(</b>)? new failure", told)


def test_where_nothing_could_be_judged_no_comment_says_that_all_is_well(change: Change) -> None:
    change.base(template_yaml=template(database()))
    change.made.write("template.yaml", "Resources: [")
    ended = change.check(".", "--format", "comment")
    assert (ended.code, "\N{WHITE HEAVY CHECK MARK}" in ended.out) == (2, False)


def test_places_of_the_base_read_like_those_of_now(change: Change) -> None:
    change.base(a__template_yaml=template(database(days="0")))
    change.made.write("a/template.yaml", template(database(days="7")))
    run = change.run("a")
    files = {f["location"]["file"] for f in run["judgements"][0]["before"]["fixed"]}
    assert files == {"a/template.yaml"}
    assert "assay-base-" not in json.dumps(run)


def test_a_folder_below_the_top_is_compared(
    change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    change.base(deep__template_yaml=template(group(22)))
    monkeypatch.chdir(change.made.root / "deep")
    assert change.check("template.yaml").code == 0


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("origin/nowhere", "there is no commit 'origin/nowhere'"),
        ("--help-me", "is no name of a commit"),
    ],
)
def test_a_base_that_is_not_there_is_one_line(change: Change, ref: str, words: str) -> None:
    change.base(template_yaml=template(database()))
    ended = change.assay("check", ".", f"--base={ref}")
    assert (ended.code, ended.out, len(ended.err.splitlines())) == (2, "", 1)
    assert words in ended.err


def test_an_empty_base_is_not_taken_for_none(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    ended = change.assay("check", ".", "--base", "", "--engine", "assay")
    assert (ended.code, "'' is no name of a commit" in ended.err) == (2, True)


def test_standard_input_has_no_base(change: Change) -> None:
    change.base()
    ended = change.check("-")
    assert (ended.code, ended.err.splitlines()) == (
        2,
        ["assay: standard input has no base; name the template's file"],
    )


def test_a_checker_that_has_findings_on_both_sides_adds_nothing(change: Change) -> None:
    change.base(template_yaml=template(group(22), database(days="0")))
    change.made.write("template.yaml", template(group(22, name="Front"), database(days="0")))
    options = ("--base", "main", "--engine", "cfn-lint,checkov", "--format", "json")
    run = json.loads(change.assay("check", ".", *options).out)
    answered = [engine["name"] for engine in run["engines"] if engine["status"] == "run"]
    assert (found(run, "new"), fixed(run), bool(answered)) == ([], [], True)


def test_what_a_change_has_a_checker_leave_out_is_noted(change: Change) -> None:
    bad = BUCKET.format(name="Bucket", block="maybe")
    ignored = "\n    Metadata: {cfn-lint: {config: {ignore_checks: [E3012]}}}\n    Properties"
    change.base(template_yaml=template(bad))
    change.made.write("template.yaml", template(bad.replace("\n    Properties", ignored)))
    for engine, told in (("cfn-lint", 1), ("assay", 0)):
        ended = change.assay("check", ".", "--base", "main", "--engine", engine)
        assert ended.out.count("cfn-lint is told to leave out E3012 of Bucket") == told


def test_a_checker_that_the_base_does_not_have_is_told_by_its_own_path(change: Change) -> None:
    named = "engines: {checkov: environment/bin/checkov}"
    change.base(template_yaml=template(group(443)), assay_yaml=named)
    options = ("--base", "main", "--engine", "checkov", "--date", "2026-06-01")
    ended = change.assay("check", "template.yaml", *options)
    assert "'environment/bin/checkov'" in ended.out
    assert "assay-base-" not in ended.out


def test_a_configuration_above_the_base_is_never_found(change: Change, tmp_path: Path) -> None:
    (tmp_path / "assay.yaml").write_text("policy: {backup_days: 1}")
    change.base(template_yaml=template(database(days="7")))
    change.made.write("template.yaml", template(database(days="3")))
    assert ("BAK-RDS-01", "Database") in found(change.run(), "new")


def test_systems_of_one_name_are_told_and_not_compared(change: Change) -> None:
    change.base(a__template_yaml=template(group(22)), a__architecture_yaml=shop())
    change.made.write("b/template.yaml", template(group(22)))
    change.made.write("b/architecture.yaml", shop())
    run = change.run()
    assert [judgement["before"] for judgement in run["judgements"]] == [None, None]
    assert {p["kind"] for p in run["problems"]} == {"base"}
    assert change.check().code == 4
