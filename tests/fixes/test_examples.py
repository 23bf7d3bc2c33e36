"""The fix of every failing example, written into its file as text, settles it and nothing else."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from analyzer.findings import Verdict
from analyzer.fixes.remedies import remedy_of
from analyzer.fixes.trial import Trial
from analyzer.policy.examples import Example
from analyzer.system import Profile, StackSpec, System
from analyzer.template import read_source
from analyzer.template.editing import Remove, changed
from tests.rules.pack import RULES, examples
from tests.run.systems import TODAY

EXCEPTIONS = Path(__file__).with_name("example_exceptions.csv")
UNSAFE = Path(__file__).with_name("unsafe_examples.csv")
FAILING = [
    example
    for example in examples()
    if example.verdict is Verdict.FAIL and RULES[example.rule].info.where != "accounts"
]


@cache
def reasons() -> dict[str, str]:
    """Why the fix of some examples does not settle them, by example."""
    with EXCEPTIONS.open(encoding="utf-8", newline="") as file:
        return {row["example"]: row["reason"] for row in csv.DictReader(file)}


def _unsafe() -> list[tuple[str, str]]:
    """Examples whose fix asks for a decision, as AWS's documentation has it, and what is told."""
    with UNSAFE.open(encoding="utf-8", newline="") as file:
        return [(row["example"], row["reason"]) for row in csv.DictReader(file)]


@cache
def trial(file: Path) -> Trial:
    """The examples of a file as a template: what only accounts know is taken out of it."""
    source = read_source(file)
    live = [name for name, declared in source.data["Resources"].items() if "Live" in declared]
    source = changed(source, [Remove(("Resources", name, "Live")) for name in live])
    stack = StackSpec("main", file)
    system = System("examples", (Profile("", (stack,)),))
    return Trial(system, system.profiles[0], TODAY, RULES, sources={f"{file}": source})


@pytest.mark.parametrize("example", FAILING, ids=lambda example: example.resource)
def test_the_fix_of_an_example_settles_it_and_nothing_else_comes(example: Example) -> None:
    tried = trial(example.file)
    found = [
        finding
        for finding in tried.before.findings
        if finding.rule == example.rule and finding.resource == example.resource and finding.fix
    ]
    for finding in found:
        remedy = remedy_of(tried, finding)
        assert remedy is not None
        settled = bool(remedy.where) and remedy.holds
        assert settled is (example.resource not in reasons()), remedy.reason


@pytest.mark.parametrize(("name", "reason"), _unsafe())
def test_what_asks_for_a_decision_is_not_safe_and_says_why(name: str, reason: str) -> None:
    example = next(one for one in FAILING if one.resource == name)
    tried = trial(example.file)
    found = [
        finding
        for finding in tried.before.findings
        if (finding.rule, finding.resource) == (example.rule, name)
    ]
    for finding in found:
        remedy = remedy_of(tried, finding)
        assert remedy is not None
        assert not remedy.safe
        assert reason in remedy.reason


def test_every_exception_is_an_example() -> None:
    assert set(reasons()) <= {example.resource for example in FAILING}
