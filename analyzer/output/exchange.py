"""What the formats that platforms take have in common: which findings, whose, and since when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time

from analyzer.results import Finding, Judgement, RuleInfo, Run, Verdict

PRODUCT = "assay"
HOME_REGION = "us-east-1"
"""Where a platform files what belongs to no region."""


def told(run: Run) -> Iterator[tuple[Judgement, Finding, RuleInfo]]:
    """Every verdict that a platform wants to know: not what does not apply."""
    for judgement in run.judgements:
        for finding in judgement.findings:
            if finding.verdict is not Verdict.SKIP:
                yield judgement, finding, rule_of(run, finding)


def rule_of(run: Run, finding: Finding) -> RuleInfo:
    """What is known of a finding's rule; foreign ones may say little."""
    known = run.rules.get(finding.rule)
    return known or RuleInfo(finding.rule, finding.rule, finding.severity, finding.family)


def moment(run: Run) -> datetime:
    """The beginning of the run's day, UTC: runs have a date, so that they can be repeated."""
    return datetime.combine(run.date, time(), UTC)


def controls(rule: RuleInfo) -> list[str]:
    """The controls that a rule answers, as `framework/control`."""
    return [f"{name}/{id_}" for name, ids in rule.frameworks.items() for id_ in ids]


def sentence(finding: Finding, rule: RuleInfo) -> str:
    """What is said about the resource; the rule's title where it passes."""
    if finding.verdict is Verdict.PASS:
        return f"{rule.title}."
    waived = f" Waived: {finding.waiver.reason}." if finding.waiver else ""
    return f"{finding.resource} {finding.message or rule.title}.{waived}"


def place(judgement: Judgement, finding: Finding) -> str:
    """Where a finding of a template stands, or whose it is."""
    where = f" {finding.location}" if finding.location else ""
    return f"{judgement.system} {judgement.profile}{where}".strip()


def words(type_: str) -> list[str]:
    """The words of a type's name: `AWS::RDS::DBInstance` has Aws, Rds, Db, Instance."""
    pattern = r"[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z0-9]+|[A-Z0-9]+|[a-z0-9]+"
    return [word.capitalize() for part in type_.split("::") for word in re.findall(pattern, part)]
