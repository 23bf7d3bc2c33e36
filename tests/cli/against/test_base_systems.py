"""Systems, profiles and nested stacks that a change takes away, hides or brings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.against.conftest import Change, database, found, group, shop, template


def test_profiles_that_are_gone_are_told(change: Change) -> None:
    two = shop() + "  dev: {}\n"
    change.base(template_yaml=template(database()), architecture_yaml=two)
    change.made.write("architecture.yaml", shop())
    assert change.run()["base"]["removed"] == [["shop", "dev"]]


def test_what_an_architecture_hides_is_told(change: Change) -> None:
    change.base(a_yaml=template(group(443)))
    change.made.write("architecture.yaml", shop())
    change.made.write("template.yaml", template(group(443)))
    change.made.write("a.yaml", template(group(22)))
    assert change.run()["base"]["removed"] == [["a.yaml", ""]]
    assert "NO LONGER JUDGED a.yaml" in change.check().out


def test_what_an_architecture_takes_over_is_judged_there(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    change.made.write("architecture.yaml", shop())
    assert change.run()["base"]["removed"] == []


NESTED = """AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: parts/inner.yaml}
"""


def test_a_change_inside_a_nested_stack_is_seen(change: Change) -> None:
    change.base(outer_yaml=NESTED, parts__inner_yaml=template(group(443)))
    change.made.write("parts/inner.yaml", template(group(443, 22)))
    assert found(change.run("outer.yaml"), "new", "NET-SG-01") == [("NET-SG-01", "Web")]


@pytest.mark.parametrize("named", [("a",), ("a/template.yaml",), ("a", "b.yaml"), (".",)])
def test_a_change_may_take_away_all_that_a_path_has(change: Change, named: tuple[str, ...]) -> None:
    change.base(a__template_yaml=template(group(443)), b_yaml=template(group(443)))
    Path("a/template.yaml").unlink()
    Path("a").rmdir()
    if named == (".",):
        Path("b.yaml").unlink()
    ended = change.check(*named)
    assert (ended.code, ended.err) == (0, "")
    assert "NO LONGER JUDGED a/template.yaml" in ended.out
    assert f"note: {named[0]}: has nothing left to judge" in ended.out


def test_a_path_that_the_base_has_not_either_is_wrong(change: Change) -> None:
    change.base(template_yaml=template(group(443)))
    assert change.check("nowhere").code == 2


@pytest.mark.parametrize("named", ["a", "a/template.yaml"])
@pytest.mark.parametrize("text", ["", "Resources: [", None])
def test_what_is_broken_or_moved_elsewhere_is_not_gone(
    change: Change, named: str, text: str | None
) -> None:
    change.base(a__template_yaml=template(group(443)))
    if text is None:
        change.made.git("mv", "a", "b")
        change.made.commit()
    else:
        Path("a/template.yaml").write_text(text)
    assert change.check(named).code == 2
