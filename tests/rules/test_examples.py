"""Every rule's examples are judged as their names say."""

from __future__ import annotations

import pytest

from analyzer.findings import Verdict
from analyzer.policy.evaluate import judge_one
from analyzer.policy.examples import Example, examples_file
from tests.rules.pack import RULES, examples, inventory_of
from tests.run.systems import TODAY

VERDICTS = ("Pass", "Fail", "Unknown", "Skip")


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.resource)
def test_an_example_is_judged_as_its_name_says(example: Example) -> None:
    rule = RULES[example.rule]
    inventory = inventory_of(example.file)
    resource = next(item for item in inventory if item.id == example.resource)
    findings = list(judge_one(rule, resource, inventory, rule.settings, TODAY))
    assert [finding.error for finding in findings if finding.error] == []
    assert {finding.verdict for finding in findings} == {example.verdict}
    assert all(finding.location is not None for finding in findings)
    if example.verdict is Verdict.UNKNOWN:
        assert all(finding.hangs_on for finding in findings)
    if example.verdict in (Verdict.FAIL, Verdict.SKIP):
        assert all(finding.message for finding in findings)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_passing_failing_and_undecidable_examples(rule: str) -> None:
    shown = {example.verdict for example in examples() if example.rule == rule}
    assert {Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN} <= shown


@pytest.mark.parametrize("file", sorted({examples_file(rule) for rule in RULES.values()}), ids=str)
def test_every_resource_that_looks_like_an_example_is_one(file: object) -> None:
    known = {example.resource for example in examples()}
    like = {resource.id for resource in inventory_of(file) if resource.id.startswith(VERDICTS)}
    assert like <= known, "names no rule of the file beside it"
