"""What an owner declares beside what the template says, what is deployed, and our estimate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from analyzer.cost_lines import CostLine, DeclaredLine
from analyzer.findings import Finding, Verdict
from analyzer.output.html_cost import total
from analyzer.output.html_fixes import Sum, settled
from analyzer.results import ClaimResult, Judgement, Run


@dataclass(frozen=True, slots=True)
class Control:
    """A declared control: as authored, as deployed where that was read, and what it takes."""

    claim: ClaimResult
    deployed: Verdict | None
    deployed_failures: tuple[Finding, ...]
    price: Sum | None  # of the fixes that settle what contradicts it


@dataclass(frozen=True, slots=True)
class Cost:
    """A declared cost: the quantities as authored, and what is deployed, USD a month."""

    line: DeclaredLine
    quantities: tuple[tuple[str, Decimal, str], ...]  # charge, quantity, unit
    deployed: Decimal | None


def deployed_of(run: Run, judgement: Judgement) -> Judgement | None:
    """The same system as it was read from an account, where this run has it."""
    if not judgement.templates:
        return None
    accounts = {line.account for line in run.coverage}
    return next(
        (
            other
            for other in run.judgements
            if other.system == judgement.system
            and not other.templates
            and accounts & {finding.account for finding in other.findings}
        ),
        None,
    )


def controls(judgement: Judgement, deployed: Judgement | None) -> tuple[Control, ...]:
    """The declared controls of a profile."""
    return tuple(_control(claim, judgement, deployed) for claim in judgement.claims)


def costs(judgement: Judgement, deployed: Judgement | None) -> tuple[Cost, ...]:
    """The declared cost lines of a profile."""
    declared = judgement.declared
    return tuple(
        Cost(
            line,
            tuple(_quantities(judgement.cost, line.covers)),
            total(found for found in deployed.cost if found.name in line.covers)
            if deployed
            else None,
        )
        for line in (declared.lines if declared else ())
    )


def _control(claim: ClaimResult, judgement: Judgement, deployed: Judgement | None) -> Control:
    against = set(claim.contradicted_by)
    failures = [
        finding
        for finding in judgement.findings
        if finding.failed and (finding.rule, finding.resource) in against
    ]
    told = [f for f in deployed.findings if f.rule in claim.rules] if deployed else []
    return Control(
        claim=claim,
        deployed=_worst(told) if deployed else None,
        deployed_failures=tuple(finding for finding in told if finding.failed),
        price=settled(failures),
    )


def _worst(findings: Iterable[Finding]) -> Verdict:
    verdicts = {finding.verdict for finding in findings}
    order = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS)
    return next((verdict for verdict in order if verdict in verdicts), Verdict.SKIP)


def _quantities(
    lines: Iterable[CostLine], covers: Iterable[str]
) -> Iterable[tuple[str, Decimal, str]]:
    """How much of each charge the template and the usage come to."""
    wanted = set(covers)
    found: dict[tuple[str, str], Decimal] = {}
    for line in lines:
        if line.name in wanted and line.quantity is not None:
            key = (line.name, line.unit)
            found[key] = found.get(key, Decimal(0)) + line.quantity
    for (name, unit), quantity in found.items():
        yield name, quantity, unit
