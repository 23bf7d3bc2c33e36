"""Systems, profiles and nested stacks that a change takes away, hides or brings."""

from __future__ import annotations

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
