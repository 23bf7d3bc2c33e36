"""Every rule's fix makes its failing examples pass, and breaks no other rule."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from analyzer.findings import Finding, Fix, Verdict
from analyzer.model import Inventory, Resource
from analyzer.policy.evaluate import judge_one
from analyzer.policy.examples import Example
from analyzer.policy.rule import Rule
from tests.rules.pack import RULES, examples, inventory_of
from tests.rules.patching import data_of, patch, reread
from tests.run.systems import TODAY

FAILING = [example for example in examples() if example.verdict is Verdict.FAIL]
# Examples of which more is not known than what their fix mends.
LEFT_OPEN = {"FailNetSg13BesideForeign"}
# What is asked of a server only once it has a role; where this one stands is not known.
CONSEQUENCES = {"FailIamRole05Server": {("NET-REACH-05", "FailIamRole05Server")}}
BAD = (Verdict.FAIL, Verdict.UNKNOWN)
# Properties and values as CloudFormation takes them, and references to what there is.
LINT = "import sys; from cfnlint.runner import main; sys.exit(main())"
LINTED = ("E1001", "E1010", "E1019", "E1020", "E3001", "E3002", "E3003", "E3012", "E3030", "E3031")


def resource_of(example: Example, inventory: Inventory) -> Resource:
    return next(item for item in inventory if item.id == example.resource)


@cache
def fixes_of(example: Example) -> tuple[tuple[Resource, Fix], ...]:
    """The fixes of an example's failures, each with the resource that it is for."""
    inventory = inventory_of(example.file)
    rule, resource = RULES[example.rule], resource_of(example, inventory)
    found = judge_one(rule, resource, inventory, rule.settings, TODAY)
    named = {item.id: item for item in inventory}
    return tuple((named[one.resource], one.fix) for one in found if one.fix)


FIXED = [example for example in FAILING if fixes_of(example)]
each_fix = pytest.mark.parametrize("example", FIXED, ids=lambda example: example.resource)


def without_fix() -> dict[str, str]:
    with Path(__file__).with_name("no_fix.csv").open(encoding="utf-8") as stream:
        return {row["rule"]: row["reason"] for row in csv.DictReader(stream)}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_carries_its_fix_or_says_why_not(rule: str) -> None:
    shown = any(example.rule == rule for example in FIXED)
    assert shown != (rule in without_fix())


def test_what_carries_no_fix_is_a_rule_and_has_a_reason() -> None:
    assert without_fix().keys() <= RULES.keys()
    assert all(without_fix().values())


def judged(rule: Rule, resource: Resource, inventory: Inventory) -> list[Finding]:
    return list(judge_one(rule, resource, inventory, rule.settings, TODAY))


@each_fix
def test_a_fix_makes_its_rule_pass(example: Example, tmp_path: Path) -> None:
    data = data_of(example.file)
    patch(data, fixes_of(example))
    inventory = reread(data, tmp_path)
    if example.resource not in data["Resources"]:
        return  # the resource itself was what had to go
    found = judged(RULES[example.rule], resource_of(example, inventory), inventory)
    bad = (Verdict.FAIL,) if example.resource in LEFT_OPEN else BAD
    wrong = {(one.at, one.message) for one in found if one.verdict in bad}
    before = judged(
        RULES[example.rule],
        resource_of(example, inventory_of(example.file)),
        inventory_of(example.file),
    )
    unfixed = {(one.at, one.message) for one in before if one.fix is None}
    assert wrong <= unfixed


def faults(inventory: Inventory, ids: set[str]) -> set[tuple[str, str]]:
    """What the pack says against some resources: rule and resource."""
    return set(_faults(inventory, ids))


def _faults(inventory: Inventory, ids: set[str]) -> Iterator[tuple[str, str]]:
    for resource in inventory:
        if resource.id in ids:
            for rule in RULES.values():
                if resource.type in rule.types and rule.judges(inventory):
                    found = judged(rule, resource, inventory)
                    if any(one.verdict in BAD for one in found):
                        yield rule.id, resource.id


@each_fix
def test_a_fix_breaks_no_other_rule(example: Example, tmp_path: Path) -> None:
    data = data_of(example.file)
    inventory = inventory_of(example.file)
    touched = {example.resource}
    patch(data, fixes_of(example))
    for resource, fix in fixes_of(example):
        touched |= {resource.id, *fix.add}
        touched |= {inventory.resources[key].id for key in fix.elsewhere}
    new = faults(reread(data, tmp_path), touched) - faults(inventory, touched)
    assert new == CONSEQUENCES.get(example.resource, set())


def linted(files: list[Path]) -> set[tuple[str, str]]:
    """What cfn-lint says against files: the file's name, and the sentence."""
    command = [sys.executable, "-c", LINT, "--format", "json", *map(str, files)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    return {
        (Path(fault["Filename"]).name, fault["Message"])
        for fault in json.loads(ended.stdout)
        if fault["Rule"]["Id"] in LINTED
    }


def test_fixes_write_what_cloudformation_takes(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir(), after.mkdir()
    for file in sorted({example.file for example in FIXED}):
        data = data_of(file)
        for declared in data["Resources"].values():
            declared.pop("Live", None)
        name = f"{file.parent.name}-{file.stem}.json"
        (before / name).write_text(json.dumps(data), encoding="utf-8")
        patch(data, [pair for one in FIXED if one.file == file for pair in fixes_of(one)])
        (after / name).write_text(json.dumps(data), encoding="utf-8")
    known = linted(sorted(before.iterdir()))
    assert sorted(linted(sorted(after.iterdir())) - known) == []
