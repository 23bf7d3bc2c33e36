"""Worked-out fixes in SARIF: applied as its readers do, they make the patched file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzer.findings import Finding, Remedy, Severity, Verdict
from analyzer.inputs import Deployment, find_systems
from analyzer.output import render
from analyzer.output.sarif_fixes import sarif_fixes
from analyzer.request import Request
from analyzer.run import run
from analyzer.template import MASK
from analyzer.template.editing import unified_diff
from tests.rules.pack import RULES
from tests.run.systems import TODAY

TEMPLATE = """\
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      DBInstanceClass: db.t3.micro
      PubliclyAccessible: true
      BackupRetentionPeriod: 1
"""


@pytest.fixture
def results(tmp_path: Path) -> dict[str, dict[str, object]]:
    """The results by rule."""
    file = tmp_path / "template.yaml"
    file.write_text(TEMPLATE)
    systems = find_systems([file], Deployment()).systems
    document = json.loads(render(run(Request(systems, TODAY, RULES)), "sarif", root=tmp_path))
    return {result["ruleId"]: result for result in document["runs"][0]["results"]}


def applied(fix: dict[str, object], text: str) -> str:
    """The text with the replacements of a fix's one file, from its end."""
    (change,) = fix["artifactChanges"]  # type: ignore[misc]
    lines = text.splitlines(keepends=True)
    for replacement in reversed(change["replacements"]):
        region = replacement["deletedRegion"]
        assert (region["startColumn"], region["endColumn"]) == (1, 1)
        come = replacement.get("insertedContent", {}).get("text", "").splitlines(keepends=True)
        lines[region["startLine"] - 1 : region["endLine"] - 1] = come
    return "".join(lines)


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("NET-RDS-01", "PubliclyAccessible: true", "PubliclyAccessible: false"),
        ("MAZ-RDS-01", "Period: 1\n", "Period: 1\n      MultiAZ: true\n"),
    ],
)
def test_a_fix_makes_the_patched_text(
    results: dict[str, dict[str, object]], rule: str, before: str, after: str
) -> None:
    (fix,) = results[rule]["fixes"]  # type: ignore[misc]
    assert applied(fix, TEMPLATE) == TEMPLATE.replace(before, after)
    assert fix["artifactChanges"][0]["artifactLocation"]["uri"] == "template.yaml"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("A: 1\n", "A: 2\n", True),
        ("A: 1", "A: 2", False),  # a region would end on a line that is not there
        (f"A: {MASK}\n", "A: 2\n", False),
        ("A: 1\n", "A: 1\n", False),
    ],
)
def test_a_fix_that_a_reader_could_not_apply_is_left_out(
    before: str, after: str, told: bool
) -> None:
    finding = Finding("TEST-01", Verdict.FAIL, Severity.LOW, "test", "Thing", "")
    remedy = Remedy(diff=unified_diff("a.yaml", before, after), holds=True)
    assert bool(sarif_fixes(finding, remedy, lambda file: {"uri": file})) is told
