"""A plan as one HTML file that needs neither a network nor a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from analyzer.content import content
from analyzer.findings import RuleInfo
from analyzer.output.html import environment_of
from analyzer.output.plan_chart import plan_chart
from analyzer.output.plan_rows import (
    LeftRow,
    ReachRow,
    StepRow,
    headline,
    left_failures,
    left_savings,
    notes,
    reach_rows,
    step_rows,
)
from analyzer.planning.plan import Plan

_ENTRY = "plan.html.j2"


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything that the page shows, or a section of a report that is about a plan."""

    plan: Plan
    name: str
    date: date
    headline: str
    chart: str
    steps: tuple[StepRow, ...]
    failures: tuple[LeftRow, ...]
    savings: tuple[LeftRow, ...]
    reaches: tuple[ReachRow, ...]
    notes: tuple[str, ...]
    diff: str = ""


def plan_page(plan: Plan, rules: Mapping[str, RuleInfo], day: date, diff: str = "") -> PlanPage:
    """What is shown of a plan; `diff` is its patch, secrets masked."""
    return PlanPage(
        plan=plan,
        name=f"{plan.system} {plan.profile}".rstrip(),
        date=day,
        headline=headline(plan),
        chart=plan_chart(plan),
        steps=step_rows(plan),
        failures=left_failures(plan, rules),
        savings=left_savings(plan),
        reaches=reach_rows(plan),
        notes=tuple(notes(plan)),
        diff=diff,
    )


def html(plan: Plan, rules: Mapping[str, RuleInfo], day: date, diff: str = "") -> str:
    """The page."""
    environment = environment_of(content("reports") / "plan")
    return environment.get_template(_ENTRY).render(page=plan_page(plan, rules, day, diff))
