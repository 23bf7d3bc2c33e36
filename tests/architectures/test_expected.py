"""Each system's README says which findings matter; the run is held to it, profile by profile."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from analyzer.cost_lines import LineKind
from analyzer.findings import Verdict
from analyzer.results import Run
from tests.architectures.conftest import FOLDER, SYSTEMS, readme

_LINE = re.compile(
    r"- `(?P<rule>[A-Z0-9-]+)` on `(?P<resource>[^`]+)`(?: \(profiles: (?P<in>[^)]*)\))?: \S"
)
_HEADINGS = {"Expected findings": Verdict.FAIL, "Expected unknowns": Verdict.UNKNOWN}


@dataclass(frozen=True)
class Expected:
    """One line of a README."""

    system: str
    verdict: Verdict
    rule: str
    resource: str
    profiles: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.system}-{self.verdict.value}-{self.rule}-{self.resource}"


def expected() -> Iterator[Expected]:
    for system in SYSTEMS:
        for heading, verdict in _HEADINGS.items():
            for line in section(system, heading):
                match = _LINE.match(line)
                assert match, f"{system}: cannot be read: {line}"
                profiles = tuple(filter(None, re.split(r",\s*", match["in"] or "")))
                yield Expected(system, verdict, match["rule"], match["resource"], profiles)


def section(system: str, heading: str) -> list[str]:
    """The items below a heading, each on one line."""
    text = re.split(r"^## ", readme(system), flags=re.MULTILINE)
    body = next((part for part in text if part.startswith(heading)), "")
    joined = re.sub(r"\n  +", " ", body)
    return [line for line in joined.splitlines() if line.startswith("- ")]


@pytest.mark.parametrize("line", list(expected()), ids=str)
def test_the_run_finds_what_the_readme_says(judged: Run, line: Expected) -> None:
    found = {
        judgement.profile
        for judgement in judged.judgements
        if judgement.system == line.system
        for finding in judgement.findings
        if (finding.rule, finding.verdict) == (line.rule, line.verdict)
        and line.resource in {finding.resource, f"{finding.stack}/{finding.resource}"}
    }
    profiles = {j.profile for j in judged.judgements if j.system == line.system}
    assert found == (set(line.profiles) or profiles)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_readme_names_enough(system: str) -> None:
    assert len(section(system, "Expected findings")) >= 5


def test_all_systems_are_read_without_a_problem(judged: Run) -> None:
    assert {judgement.system for judgement in judged.judgements} == set(SYSTEMS)
    assert [str(problem) for problem in judged.problems] == []
    assert judged.complete


def test_every_profile_has_a_cost_and_no_charge_without_a_price(judged: Run) -> None:
    for judgement in judged.judgements:
        assert judgement.usd > 0
        unknown = [line for line in judgement.cost if line.kind is LineKind.UNKNOWN]
        assert unknown == [], f"{judgement.system} {judgement.profile}"


@pytest.mark.parametrize("system", ["moodle", "webmarket", "clefcloud"])
def test_declared_costs_stand_beside_ours(judged: Run, system: str) -> None:
    declared = [j for j in judged.judgements if j.system == system and j.declared]
    assert declared
    for judgement in declared:
        assert judgement.declared is not None
        assert judgement.declared.left_out or not judgement.declared.lines


def test_what_the_owners_left_out_is_shown(judged: Run) -> None:
    left_out = {
        (judgement.system, name)
        for judgement in judged.judgements
        if judgement.declared is not None
        for name, amount in judgement.declared.left_out
        if amount > 0
    }
    assert ("moodle", "NAT/gateway-hours") in left_out
    assert ("moodle", "EFS/provisioned-throughput") in left_out
    assert ("clefcloud", "NAT/gateway-hours") in left_out


def test_claims_are_contradicted_where_the_owner_contradicts_himself(judged: Run) -> None:
    contradicted = {
        judgement.system
        for judgement in judged.judgements
        for claim in judgement.claims
        if claim.verdict is Verdict.FAIL
    }
    assert "projet-e4" in contradicted


# What cfn-lint rightly says of what an owner declared: a password with a default, and a parameter
# where a secret's reference should stand.
RIGHTLY = {
    ("projet-e4", "W2501"),
    ("projet-e4", "W1011"),
    ("webmarket", "W2501"),
    ("webmarket", "W1011"),
}


def test_templates_say_nothing_to_cfn_lint_but_what_is_declared() -> None:
    files = sorted(
        f"{file}" for file in FOLDER.glob("*/*.yaml") if file.name != "architecture.yaml"
    )
    assert len(files) >= 7
    ended = subprocess.run(
        [sys.executable, "-m", "cfnlint", "--format", "json", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    said = {
        (Path(match["Filename"]).parent.name, match["Rule"]["Id"])
        for match in json.loads(ended.stdout or "[]")
    }
    assert said <= RIGHTLY
