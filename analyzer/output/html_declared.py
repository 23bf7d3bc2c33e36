"""What an owner declares beside what the template says, what is deployed, and our estimate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from analyzer.cost_lines import CostLine, DeclaredLine, shared_out, total
from analyzer.findings import Finding, Verdict
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
class Quantity:
    """How much of a charge a template and the usage come to, and how much of it is given free."""

    charge: str
    amount: Decimal
    unit: str
    free: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Cost:
    """A declared cost: the quantities as authored, and what is deployed, USD a month."""

    line: DeclaredLine
    quantities: tuple[Quantity, ...]
    deployed: Decimal | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A charge that no declared line covers, in the owner's currency a month; deployed in USD."""

    name: str
    amount: Decimal
    quantities: tuple[Quantity, ...]
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


def costs(
    judgement: Judgement, deployed: Judgement | None
) -> tuple[tuple[Cost, ...], tuple[LeftOut, ...]]:
    """The declared cost lines of a profile, and the charges that they leave out."""
    declared = judgement.declared
    if declared is None:
        return (), ()
    covers = [line.covers for line in declared.lines]
    ours, others = shared_out(judgement.cost, covers)
    theirs, their_others = shared_out(deployed.cost if deployed else (), covers)
    rows = zip(declared.lines, ours, theirs, strict=True)
    return (
        tuple(
            Cost(line, tuple(_quantities(mine)), total(live) if deployed else None)
            for line, mine, live in rows
        ),
        tuple(
            LeftOut(
                name,
                amount,
                tuple(_quantities(line for line in others if line.name == name)),
                total(line for line in their_others if line.name == name) if deployed else None,
            )
            for name, amount in declared.left_out
        ),
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


def _quantities(lines: Iterable[CostLine]) -> Iterator[Quantity]:
    """How much of each charge lines come to; what is given free stands in lines of its own."""
    used: dict[tuple[str, str], Decimal] = {}
    free: dict[tuple[str, str], Decimal] = {}
    for line in lines:
        if line.quantity is not None:
            key = (line.name, line.unit)
            side = free if line.quantity < 0 else used
            side[key] = side.get(key, Decimal(0)) + abs(line.quantity)
    for (name, unit), amount in used.items():
        yield Quantity(name, amount, unit, free.get((name, unit), Decimal(0)))
