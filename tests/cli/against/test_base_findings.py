"""`assay check --base`: what a change makes new, and what it mends."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.findings import Finding
from tests.cli.against.conftest import (
    RULE,
    Change,
    database,
    fixed,
    found,
    group,
    shop,
    template,
)


def test_what_was_there_does_not_fail(change: Change) -> None:
    change.base(template_yaml=template(group(22)))
    assert change.check().code == 0


def test_what_is_new_fails(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    change.made.write("template.yaml", template(group(443, 22)))
    assert change.check().code == 1


def test_only_what_is_new_is_called_new(change: Change) -> None:
    change.base(template_yaml=template(group(22), database(days="0")))
    change.made.write("template.yaml", template(group(22, 3389), database(days="0")))
    run = change.run()
    assert {resource for _, resource in found(run, "new")} == {"Web"}
    assert ("BAK-RDS-01", "Database") in found(run, "unchanged")


def test_a_rule_put_before_another_does_not_make_that_one_new(change: Change) -> None:
    change.base(template_yaml=template(group(22)))
    change.made.write("template.yaml", template(group(3389, 22)))
    new = [
        finding["at"]
        for judgement in change.run()["judgements"]
        for finding in judgement["findings"]
        if finding["change"] == "new"
    ]
    assert {at.partition("/")[2][:1] for at in new} <= {"0", ""}


@pytest.mark.parametrize("named", ["shop", "shop/template.yaml"])
def test_a_link_to_what_the_base_has_elsewhere_is_a_change(change: Change, named: str) -> None:
    bad = template(group(22))
    change.base(
        shop__architecture_yaml=shop(), shop__template_yaml=template(group(443)), bad_yaml=bad
    )
    (change.made.root / "shop/template.yaml").unlink()
    (change.made.root / "shop/template.yaml").symlink_to("../bad.yaml")
    assert (RULE, "Web") in found(change.run(named), "new")


def test_a_repository_is_reached_by_a_link(change: Change, tmp_path: Path) -> None:
    change.base(template_yaml=template(group(22)))
    (tmp_path / "link").symlink_to(change.made.root)
    assert change.check(tmp_path / "link" / "template.yaml").code == 0


@pytest.mark.parametrize(("format_", "worked_out"), [("text", {"Web"}), ("json", {"Web", "Old"})])
def test_fixes_of_what_was_there_are_worked_out_where_they_are_shown(
    change: Change, monkeypatch: pytest.MonkeyPatch, format_: str, worked_out: set[str]
) -> None:
    change.base(a_yaml=template(group(443), group(22, name="Old")), b_yaml=template(group(22)))
    change.made.write("a.yaml", template(group(443, 22), group(22, name="Old")))
    asked: list[Finding] = []
    monkeypatch.setattr("analyzer.run.with_remedies", lambda _, found: asked.extend(found) or found)
    change.check("a.yaml", "--format", format_)
    assert {finding.resource for finding in asked if finding.rule == RULE} == worked_out


def test_what_was_mended_is_fixed(change: Change) -> None:
    change.base(template_yaml=template(database(days="0")))
    change.made.write("template.yaml", template(database(days="7")))
    assert ("BAK-RDS-01", "Database") in fixed(change.run())


def test_what_went_with_its_resource_is_fixed_and_says_so(change: Change) -> None:
    change.base(template_yaml=template(group(22), database()))
    change.made.write("template.yaml", template(database()))
    gone = change.run()["judgements"][0]["before"]["fixed"]
    assert gone
    assert all("went with its resource" in finding["message"] for finding in gone)


def test_what_became_undecided_is_neither_fixed_nor_fails(change: Change) -> None:
    change.base(template_yaml=template(database(days="0")))
    open_ = "Parameters:\n  Days: {Type: Number}\n" + template(database(days="!Ref Days"))
    change.made.write("template.yaml", open_)
    run = change.run()
    assert ("BAK-RDS-01", "Database") in found(run, "newly unknown")
    assert "BAK-RDS-01" not in {rule for rule, _ in fixed(run)}
    assert change.check().code == 0
    assert change.check(".", "--strict").code == 1


@pytest.mark.parametrize("committed", [True, False])
def test_a_moved_file_makes_nothing_new(change: Change, committed: bool) -> None:
    change.base(old_yaml=template(group(22), database(days="0")))
    change.made.git("mv", "old.yaml", "new.yaml")
    if committed:
        change.made.commit()
    run = change.run()
    assert (found(run, "new"), fixed(run)) == ([], [])


def test_a_moved_folder_makes_nothing_new_where_it_is_named_itself(change: Change) -> None:
    files = {"old__architecture_yaml": shop(), "old__template_yaml": template(group(22))}
    change.base(**files)
    change.made.git("mv", "old", "new")
    change.made.commit()
    assert (change.check("new").code, change.run("new")["base"]["removed"]) == (0, [])


def test_a_renamed_resource_makes_nothing_new(change: Change) -> None:
    change.base(template_yaml=template(group(22), database(days="0")))
    change.made.write("template.yaml", template(group(22, name="Front"), database(days="0")))
    run = change.run()
    assert (found(run, "new"), fixed(run)) == ([], [])


def test_a_template_that_the_base_does_not_have_is_new(change: Change) -> None:
    change.base(first_yaml=template(database()))
    change.made.write("second.yaml", template(group(22)))
    run = change.run("second.yaml")
    assert not run["judgements"][0]["before"]["exists"]
    assert change.check("second.yaml").code == 1


def test_work_that_is_not_committed_is_judged_too(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    change.made.commit(template_yaml=template(group(443), database()))
    change.made.write("template.yaml", template(group(443, 22), database()))
    assert found(change.run(), "new", "NET-SG")


def test_commits_of_the_branch_itself_are_not_the_changes(change: Change) -> None:
    change.base(template_yaml=template(group(22)))
    change.made.git("checkout", "--quiet", "main")
    change.made.commit(template_yaml=template(group(443)))
    change.made.git("checkout", "--quiet", "change")
    assert change.check().code == 0
