"""What every format shows of a plan: one row a step, one a thing that is left, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from analyzer.findings import Finding, RuleInfo, Severity
from analyzer.output.grouping import counted
from analyzer.output.money import amount, signed
from analyzer.output.plan_words import change_words
from analyzer.planning.candidate import Candidate
from analyzer.planning.front import Worth
from analyzer.planning.plan import Left, Plan, Why

LEVELS = tuple(sorted(Severity, reverse=True))
_CENT = Decimal("0.01")
RULES_SHOWN = 3  # that a step mends, in a table


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step: what is changed on which resource, what that mends, and what it costs.

    `doubt` says what is unsafe about it, or what is given up for it.
    """

    number: int
    resource: str
    change: str
    mends: tuple[str, ...]  # rule ids
    severity: Severity | None
    usd: Decimal
    total: Decimal
    safe: bool
    doubt: str = ""
    saves: bool = False


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A failure that stays, or a saving that is not taken: why, and what it would cost."""

    resource: str
    what: str
    why: str
    usd: Decimal | None
    severity: Severity | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class ReachRow:
    """What a dearer budget would reach: so much more a month for so many more failures."""

    total: Decimal
    more: str


def step_rows(plan: Plan) -> tuple[StepRow, ...]:
    """The steps in their order."""
    return tuple(
        StepRow(
            number=number,
            resource=_id_of(step.candidate),
            change=change_words(step.candidate),
            mends=tuple(dict.fromkeys(finding.rule for finding in step.mends)),
            severity=max((finding.severity for finding in step.mends), default=None),
            usd=step.usd,
            total=step.total,
            safe=step.candidate.safe,
            doubt=doubt_words(step.candidate),
            saves=step.usd < 0,
        )
        for number, step in enumerate(plan.steps, 1)
    )


def left_failures(plan: Plan, rules: Mapping[str, RuleInfo]) -> tuple[LeftRow, ...]:
    """The failures that stay, and why."""
    return tuple(
        LeftRow(
            resource=finding.resource,
            what=_title(finding, rules),
            why=why_words(left),
            usd=left.usd,
            severity=finding.severity,
            rule=finding.rule,
        )
        for left in plan.left
        for finding in left.findings
    )


def left_savings(plan: Plan) -> tuple[LeftRow, ...]:
    """The savings that are not taken, and why."""
    return tuple(
        LeftRow(
            resource=_id_of(left.candidate),
            what=change_words(left.candidate),
            why=why_words(left),
            usd=left.usd,
        )
        for left in plan.left
        if not left.findings and left.candidate is not None
    )


def reach_rows(plan: Plan) -> tuple[ReachRow, ...]:
    """What more money would mend, step by step."""
    if not plan.fixes:
        return ()
    here = _worth(plan)
    return tuple(
        ReachRow(enough(reach.total), _more(here, reach.worth))
        for reach in plan.reach
        if reach.worth > here and reach.total > plan.total
    )


def enough(total: Decimal) -> Decimal:
    """An amount in cents that covers a total: a budget below it would not."""
    return total.quantize(_CENT, ROUND_CEILING)


def doubt_words(candidate: Candidate) -> str:
    """What somebody has to know before making a change; "" for nothing."""
    assumed = f"assuming {'; '.join(candidate.assumptions)}" if candidate.assumptions else ""
    range_ = (
        f"from {amount(candidate.usd_low)} to {amount(candidate.usd)} USD"
        if candidate.usd_low != candidate.usd
        else ""
    )
    return "; ".join(filter(None, (candidate.doubt, " ".join(filter(None, (range_, assumed))))))


def why_words(left: Left) -> str:
    """Why something is left, as a phrase."""
    if left.why is Why.NO_FIX:
        return f"no fix is known{f': {left.reason}' if left.reason else ''}"
    if left.why is Why.ASKS and left.candidate is not None and left.candidate.kind is not None:
        return f"--accept {left.candidate.kind.name}: {left.reason}"
    if left.why is Why.DEAR and left.usd is not None:
        return f"over the budget: {signed(left.usd)} USD"
    reason = f": {left.reason}" if left.reason else ""
    return f"{left.why.value}{reason}"


def headline(plan: Plan) -> str:
    """The plan in one sentence."""
    mended = counted(sum(len(step.mends) for step in plan.steps), "failure")
    stay = counted(len(plan.failing), "failure") if plan.failing else "no failure"
    change = f"from {amount(plan.before)} to {amount(plan.total)} USD a month"
    if not plan.fixes:
        return f"{change}{_limit_words(plan)}"
    return f"{mended} mended, {stay} left; {change}{_limit_words(plan)}"


def summary_words(plan: Plan) -> str:
    """What is saved and what is spent."""
    parts = [
        f"savings {amount(plan.savings)}" if plan.savings else "",
        f"fixes {amount(plan.spent)}" if plan.spent else "",
    ]
    return ", ".join(filter(None, parts)) or "no change of cost"


def notes(plan: Plan) -> Iterator[str]:
    """What the totals and the search leave out."""
    if plan.unpriced:
        yield f"not in any total, for they have no amount: {', '.join(plan.unpriced)}"
    if any(step.candidate.assumptions for step in plan.steps):
        yield "usage that is not declared counts at the upper end of what is assumed"
    if plan.open:
        names = dict.fromkeys(f"{finding.rule} of {finding.resource}" for finding in plan.open)
        yield f"not known to pass: {', '.join(names)}"
    if not plan.exact:
        yield "some combinations were not looked at: a better plan may exist"


def _limit_words(plan: Plan) -> str:
    if plan.limit is None:
        return ""
    room = plan.limit - plan.total
    place = f"{amount(room)} under" if room >= 0 else f"{amount(-room)} over"
    return f", {place} the budget of {amount(plan.limit)}"


def _worth(plan: Plan) -> Worth:
    mended = [finding.severity for step in plan.steps for finding in step.mends]
    return tuple(mended.count(level) for level in LEVELS)


def _more(here: Worth, there: Worth) -> str:
    """`1 high, 2 medium; 1 low fewer`: how one reach differs from another."""
    gained = zip(LEVELS, here, there, strict=True)
    parts = [(level.label, after - before) for level, before, after in gained]
    more = ", ".join(f"{count} {label}" for label, count in parts if count > 0)
    fewer = ", ".join(f"{-count} {label}" for label, count in parts if count < 0)
    return f"{more} more{f', but {fewer} fewer' if fewer else ''}"


def _id_of(candidate: Candidate | None) -> str:
    return candidate.resource.rpartition("/")[2] if candidate else ""


def _title(finding: Finding, rules: Mapping[str, RuleInfo]) -> str:
    rule = rules.get(finding.rule)
    return rule.title if rule else finding.message
