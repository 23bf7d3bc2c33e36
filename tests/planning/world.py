"""A small world to plan in: properties, rules over them, and a price that need not add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from analyzer.cost_lines import CostLine, LineKind
from analyzer.findings import Finding, Fix, Severity, Verdict
from analyzer.planning.attempt import Attempts, Tried
from analyzer.planning.candidate import Change
from analyzer.planning.making import Wanted, make_plan
from analyzer.planning.plan import Plan
from analyzer.planning.proposals import Proposal
from analyzer.planning.trouble import Counting
from analyzer.savings import KINDS

Properties = Mapping[str, Any]
Price = Callable[[Properties], Any]


@dataclass(frozen=True)
class Law:
    """One rule: the resource passes where `holds`; `sets` is the fix that its failure carries."""

    name: str
    holds: Callable[[Properties], bool | None]
    sets: Mapping[str, Any] | None = None
    severity: Severity = Severity.MEDIUM

    def fix(self, properties: Properties) -> Mapping[str, Any] | None:
        """What a failure proposes, where properties are so."""
        return self.sets


@dataclass(frozen=True)
class World:
    """One resource `main/Thing`; `price` may give None where an amount is not known."""

    laws: tuple[Law, ...] = ()
    price: Price = lambda properties: 0
    start: Mapping[str, Any] = field(default_factory=dict)
    refuses: Callable[[Properties], str] = lambda properties: ""

    def attempt(self, edits, schedule, *, judged: bool) -> Tried:
        properties = dict(self.start)
        for _, fix in edits:
            properties.update(fix.set)
        if schedule is not None:
            properties["schedule"] = schedule
        refusal = self.refuses(properties)
        return Tried(
            tuple(self._finding(law, properties) for law in self.laws if judged),
            self._cost(properties),
            (refusal,) if refusal else (),
        )

    def plan(
        self,
        *savings: Proposal,
        least: Severity = Severity.LOW,
        strict: bool = False,
        **wanted: Any,
    ) -> Plan:
        if wanted.get("limit") is not None:
            wanted["limit"] = Decimal(str(wanted["limit"]))
        attempts = Attempts(self.attempt, Counting(least, strict))
        return make_plan("shop", "prod", savings, attempts, Wanted(**wanted))

    def _finding(self, law: Law, properties: Properties) -> Finding:
        holds = law.holds(properties)
        verdict = {True: Verdict.PASS, False: Verdict.FAIL, None: Verdict.UNKNOWN}[holds]
        return Finding(
            rule=law.name,
            verdict=verdict,
            severity=law.severity,
            family="test",
            resource="Thing",
            type="AWS::Test::Thing",
            stack="main",
            fix=Fix(set=law.fix(properties)) if law.sets else None,
        )

    def _cost(self, properties: Properties) -> tuple[CostLine, ...]:
        usd = self.price(properties)
        line = CostLine("Thing", "AWS::Test::Thing", "Test", "hours", LineKind.PRICED, stack="main")
        if usd is None:
            unknown = CostLine(
                "Thing", "AWS::Test::Thing", "Test", "data", LineKind.UNKNOWN, stack="main",
                reason="hangs on usage",
            )  # fmt: skip
            return (line, unknown)
        return (
            CostLine(
                "Thing", "AWS::Test::Thing", "Test", "hours", LineKind.PRICED, stack="main",
                usd=Decimal(str(usd)),
            ),
        )  # fmt: skip


def saving(kind: str = "gp3", **sets: Any) -> Proposal:
    """A saving that sets properties of the resource."""
    change = Change((("main/Thing", Fix(set=sets)),))
    return Proposal(change, "main/Thing", f"save by {', '.join(sets)}", kind=KINDS[kind])


def needs(name: str, severity: Severity = Severity.MEDIUM) -> Law:
    """A rule that wants a property to be true, and whose fix sets it."""
    return Law(name, lambda p: p.get(name) is True, {name: True}, severity)


def sum_of(**amounts: Any) -> Price:
    """What each true property adds."""
    return lambda p: sum(Decimal(str(usd)) for name, usd in amounts.items() if p.get(name))
