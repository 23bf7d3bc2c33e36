"""Small systems in which fixes are tried."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

from analyzer.findings import Finding, Fix
from analyzer.fixes.trial import Outcome, Trial
from analyzer.inputs import Deployment, find_systems
from tests.rules.pack import RULES
from tests.run.systems import TODAY

DAYS = Fix(set={"BackupRetentionPeriod": 7})


def trial(folder: Path, profile: str = "", **files: str) -> Trial:
    """The trial of a profile; files are named by words, `template_yaml` or `architecture_yaml`."""
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(dedent(text), newline="")
    first = "architecture.yaml" if "architecture_yaml" in files else "template.yaml"
    (system,) = find_systems([folder / first], Deployment()).systems
    chosen = next(one for one in system.profiles if one.name == profile)
    return Trial(system, chosen, TODAY, RULES)


def with_fix(folder: Path, text: str, resource: str, fix: Fix, **more: Any) -> Outcome:
    """A template alone with one fix for one of its resources."""
    tried = trial(folder, template_yaml=text, **more)
    return tried.with_fixes([(f"template/{resource}", fix)])


def failing(findings: tuple[Finding, ...], rule: str) -> list[str]:
    """The resources that a rule fails."""
    return [finding.resource for finding in findings if finding.rule == rule and finding.failed]


def changed_lines(outcome: Outcome) -> list[str]:
    """The lines of the diff that come and go."""
    lines = outcome.diff.splitlines()
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]
