"""A plan as JSON, for other tools: amounts are texts, in USD a month."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from analyzer.findings import RuleInfo
from analyzer.output.json import plain
from analyzer.output.plan_rows import (
    LEVELS,
    StepRow,
    enough,
    left_failures,
    left_savings,
    notes,
    step_rows,
)
from analyzer.planning.plan import Plan, Step

FORMAT = 1


def document(plan: Plan, rules: Mapping[str, RuleInfo]) -> str:
    """The plan, complete."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "system": plan.system,
        "profile": plan.profile,
        "before": plan.before,
        "total": plan.total,
        "limit": plan.limit,
        "savings": plan.savings,
        "spent": plan.spent,
        "reached": plan.reached,
        "affordable": plan.affordable,
        "exact": plan.exact,
        "steps": [_step(step, row) for step, row in zip(plan.steps, step_rows(plan), strict=True)],
        "left": [asdict(row) for row in left_failures(plan, rules)],
        "savings_not_taken": [asdict(row) for row in left_savings(plan)],
        "reach": [
            {
                "total": enough(reach.total),
                "mended": {
                    level.label: count for level, count in zip(LEVELS, reach.worth, strict=True)
                },
            }
            for reach in plan.reach
        ],
        "notes": list(notes(plan)),
    }
    return json.dumps(plain(told), ensure_ascii=False, indent=1) + "\n"


def _step(step: Step, row: StepRow) -> dict[str, Any]:
    candidate = step.candidate
    return {
        **asdict(row),
        "usd_low": candidate.usd_low,
        "usd_high": candidate.usd,
        "kind": candidate.kind.name if candidate.kind else "fix",
        "source": candidate.source,
        "edits": [{"resource": key, "fix": asdict(fix)} for key, fix in candidate.change.edits],
        "schedule": candidate.change.schedule,
        "findings": [
            {"rule": finding.rule, "resource": finding.resource, "at": finding.at}
            for finding in step.mends
        ],
    }
