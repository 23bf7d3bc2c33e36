"""What may be spent, held against what is estimated: budgets as rules of the family `cost`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from analyzer.cost.declared import USD, check_currency
from analyzer.cost_lines import Budget, CostLine, total
from analyzer.findings import Finding, RuleInfo, Severity, Verdict
from analyzer.stated import finding_of
from analyzer.system import Profile, System

FAMILY = "cost"
TOTAL, INCREASE = "COST-BUD-01", "COST-BUD-02"
_SOURCE = "`budget` in the architecture's own file"
_SHOWN = 3

RULES = {
    TOTAL: RuleInfo(
        id=TOTAL,
        title="Profile costs no more than its budget",
        severity=Severity.MEDIUM,
        family=FAMILY,
        why="A budget that nobody holds the estimate against is found out about by the invoice.",
        fix="Take away or shrink what costs most, or ask for a higher budget.",
        source=_SOURCE,
        where="templates",
    ),
    INCREASE: RuleInfo(
        id=INCREASE,
        title="Change adds no more to the cost than it may",
        severity=Severity.MEDIUM,
        family=FAMILY,
        why="Within a budget, costs grow by changes that were each small enough not to be noticed.",
        fix="Take away or shrink what the change adds, or let the increase be approved first.",
        source=_SOURCE,
        where="templates",
    ),
}


def rules_of_budgets(systems: Iterable[System]) -> dict[str, RuleInfo]:
    """The rules that any profile states something for."""
    profiles = [profile for system in systems for profile in system.profiles]
    stated = {
        TOTAL: any(profile.budget for profile in profiles),
        INCREASE: any(profile.increase for profile in profiles),
    }
    return {id_: rule for id_, rule in RULES.items() if stated[id_]}


def judge_budgets(
    system: System,
    profile: Profile,
    budget: Budget | None,
    before: Sequence[CostLine] | None,
    after: Sequence[CostLine],
) -> Iterator[Finding]:
    """What is stated for a profile: its total, and what a change may add to it."""
    if budget is None:
        return
    yield judge_total(system, profile, budget, after)
    if profile.increase is not None:
        yield judge_increase(system, profile, before, after)


def judge_total(
    system: System, profile: Profile, budget: Budget, lines: Sequence[CostLine]
) -> Finding:
    """Whether the estimate is within the budget; undecided where something has no price."""
    estimated, ceiling = _usd(budget.estimated_usd), _usd(budget.usd)
    if budget.exceeded:
        over = _usd(budget.estimated_usd - budget.usd)
        words = f"is estimated at {estimated} a month, {over} more than its budget of {ceiling}"
        return _told(TOTAL, system, profile, Verdict.FAIL, words)
    missing = _without_amount(lines)
    if missing:
        words = f"not decided: {estimated} of the budget of {ceiling} is known to be spent"
        return _told(TOTAL, system, profile, Verdict.UNKNOWN, words, missing)
    return _told(TOTAL, system, profile, Verdict.PASS)


def judge_increase(
    system: System,
    profile: Profile,
    before: Sequence[CostLine] | None,
    after: Sequence[CostLine],
) -> Finding:
    """Whether a change adds no more than it may; `before` is None where nothing was compared.

    What has no price on both sides alike is taken for the same; else it leaves this undecided.
    """
    if before is None:
        return _told(INCREASE, system, profile, Verdict.SKIP, "there is nothing to compare with")
    was, becomes = total(before), total(after)
    allowed = _allowed(system, profile, was)
    added = becomes - was
    gone, come = _difference(before, after)
    if added > allowed and not gone:
        words = f"costs {_usd(added)} a month more ({_usd(was)} before), and may by {_usd(allowed)}"
        return _told(INCREASE, system, profile, Verdict.FAIL, words)
    if come or gone:
        change = f"{_usd(abs(added))} a month {'more' if added > 0 else 'less'}"
        words = f"not decided: what has a price costs {change}, and {_usd(allowed)} may be added"
        missing = _without_amount([*come, *gone])
        return _told(INCREASE, system, profile, Verdict.UNKNOWN, words, missing)
    return _told(INCREASE, system, profile, Verdict.PASS)


def _allowed(system: System, profile: Profile, was: Decimal) -> Decimal:
    amount, unit = profile.increase or (Decimal(0), USD.code)
    if unit == "%":
        return was * amount / 100
    return check_currency(unit, profile.currency or system.currency or USD).to_usd(amount)


def _difference(
    before: Sequence[CostLine], after: Sequence[CostLine]
) -> tuple[list[CostLine], list[CostLine]]:
    """The lines without an amount that only one side has."""
    sides = [[line for line in lines if not line.kind.has_amount] for lines in (before, after)]
    old, new = (Counter(_kind(line) for line in lines) for lines in sides)
    gone = [line for line in sides[0] if _kind(line) in old - new]
    return gone, [line for line in sides[1] if _kind(line) in new - old]


def _kind(line: CostLine) -> tuple[object, ...]:
    return line.type, line.name, line.quantity, line.unit, line.region


def _without_amount(lines: Iterable[CostLine]) -> tuple[str, ...]:
    """What has no price, each once and not without end."""
    named = [
        f"{line.name} of {line.resource}: {line.reason or 'no price'}"
        for line in lines
        if not line.kind.has_amount
    ]
    told = list(dict.fromkeys(named))
    more = [f"and {len(told) - _SHOWN} more without a price"] if len(told) > _SHOWN else []
    return (*told[:_SHOWN], *more)


def _usd(amount: Decimal) -> str:
    return f"{amount:,.2f} USD"


def _told(
    rule: str,
    system: System,
    profile: Profile,
    verdict: Verdict,
    message: str = "",
    hangs_on: tuple[str, ...] = (),
) -> Finding:
    place = system.locate(("profiles", profile.name, "budget")) if system.locate else None
    return finding_of(RULES[rule], verdict, system.name, message, hangs_on=hangs_on, location=place)
