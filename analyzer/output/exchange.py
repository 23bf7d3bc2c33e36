"""What the formats that platforms take have in common: which findings, whose, and since when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time

from analyzer.findings import Finding, RuleInfo, Severity, Verdict
from analyzer.output.coverage import coverage_words
from analyzer.output.remedies import remedy_words
from analyzer.results import CoverageLine, Judgement, Run

PRODUCT = "assay"
COVERAGE = RuleInfo(
    "COVERAGE",
    "Every planned call to the service is answered",
    Severity.INFO,
    "coverage",
    why="What was not read was not judged: that nothing is said of it is no pass.",
    fix="Permit the calls that were denied, and audit again.",
    where="accounts",
)
"""What a platform is told of a service that was not read whole, in the place of a rule."""

HOME_REGION = "us-east-1"
"""Where a platform files what belongs to no region."""


def told(run: Run) -> Iterator[tuple[Judgement, Finding, RuleInfo]]:
    """Every verdict that a platform wants to know, not what does not apply; then `unread`."""
    for judgement in run.judgements:
        for finding in judgement.findings:
            if finding.verdict is not Verdict.SKIP:
                yield judgement, finding, rule_of(run, finding)
    for judgement, finding in unread(run):
        yield judgement, finding, COVERAGE


def unread(run: Run) -> Iterator[tuple[Judgement, Finding]]:
    """An UNKNOWN for each service in a region of an account that was not read whole.

    An account that nothing was judged of has a judgement without findings.
    """
    judged = {judgement.system: judgement for judgement in run.judgements}
    for line in run.coverage:
        if not line.complete:
            yield judged.get(line.account) or Judgement(line.account, ""), _unread(line)


def _unread(line: CoverageLine) -> Finding:
    words = coverage_words((line,))
    return Finding(
        rule=COVERAGE.id,
        verdict=Verdict.UNKNOWN,
        severity=COVERAGE.severity,
        family=COVERAGE.family,
        resource=f"{line.account}/{line.region}/{line.service}",
        type="AWS::Account",
        message=f"was not read whole: {words}",
        region=line.region,
        account=line.account,
        hangs_on=tuple(what for what, _ in line.failures) or (words,),
    )


def rule_of(run: Run, finding: Finding) -> RuleInfo:
    """What is known of a finding's rule; foreign ones may say little."""
    known = run.rules.get(finding.rule)
    return known or RuleInfo(
        finding.rule, finding.rule, finding.severity, finding.family, engine=finding.engine
    )


def moment(run: Run) -> datetime:
    """When accounts were last read, UTC, and never before the run's day begins.

    A run has a date and no time, so that it can be repeated: where no account was read, or on an
    earlier day, it is the beginning of the run's day.
    """
    day = datetime.combine(run.date, time(), UTC)
    return max((day, *(_moment(line.read_at) for line in run.coverage if line.read_at)))


def _moment(text: str) -> datetime:
    """A moment in ISO 8601; UTC where it names no zone."""
    told = datetime.fromisoformat(text)
    return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)


def controls(rule: RuleInfo) -> list[str]:
    """The controls that a rule answers, as `framework/control`."""
    return [f"{name}/{id_}" for name, ids in rule.frameworks.items() for id_ in ids]


def sentence(finding: Finding, rule: RuleInfo) -> str:
    """What is said about the resource; the rule's title where it passes."""
    if finding.verdict is Verdict.PASS:
        return f"{rule.title}."
    waived = f" Waived: {finding.waiver.reason}." if finding.waiver else ""
    return f"{finding.resource} {finding.message or rule.title}.{waived}"


def remediation(finding: Finding, rule: RuleInfo) -> str:
    """How the rule says that it is mended, and what a patch of its own does and costs."""
    patch = f"Patch: {remedy_words(finding.remedy)}." if finding.remedy else ""
    return " ".join(filter(None, (rule.fix, patch)))


def place(judgement: Judgement, finding: Finding) -> str:
    """Where a finding of a template stands, or whose it is."""
    where = f" {finding.location}" if finding.location else ""
    return f"{judgement.system} {judgement.profile}{where}".strip()


def words(type_: str) -> list[str]:
    """The words of a type's name: `AWS::RDS::DBInstance` has Aws, Rds, Db, Instance."""
    pattern = r"[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z0-9]+|[A-Z0-9]+|[a-z0-9]+"
    return [word.capitalize() for part in type_.split("::") for word in re.findall(pattern, part)]
