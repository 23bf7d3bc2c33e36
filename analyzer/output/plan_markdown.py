"""A plan as GitHub Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analyzer.findings import RuleInfo
from analyzer.output.grouping import few
from analyzer.output.markdown_blocks import LIMIT, Section, code, escaped, fitted, folded, table
from analyzer.output.money import amount, signed
from analyzer.output.plan_rows import (
    RULES_SHOWN,
    LeftRow,
    StepRow,
    headline,
    left_failures,
    left_savings,
    notes,
    reach_rows,
    step_rows,
    summary_words,
)
from analyzer.planning.plan import Plan


def markdown(plan: Plan, rules: Mapping[str, RuleInfo], *, limit: int = LIMIT) -> str:
    """The plan as Markdown of at most `limit` characters."""
    mark = "\N{WHITE HEAVY CHECK MARK}" if plan.reached else "\N{CROSS MARK}"
    name = f"{plan.system} {plan.profile}".rstrip()
    head = f"## {mark} {escaped(name)}\n\n{escaped(headline(plan))}; {summary_words(plan)}.\n"
    rows = [_step(row) for row in step_rows(plan)]
    today = ["", "", "today", "", "", amount(plan.before)]
    doubts = [row for row in step_rows(plan) if row.doubt]
    failures = left_failures(plan, rules)
    savings = left_savings(plan)
    return fitted(
        [
            Section("", [head]),
            table(("#", "resource", "change", "mends", "USD", "total"), [today, *rows], words=4),
            folded(
                "Before you do it", [f"- {row.number}: {escaped(row.doubt)}\n" for row in doubts]
            ),
            folded(f"Left: {len(failures)}", _left(failures)),
            folded(f"Savings that are not taken: {len(savings)}", _left(savings)),
            folded(
                "What more would reach",
                [f"- {amount(row.total)} USD: {row.more}\n" for row in reach_rows(plan)],
            ),
            Section("\n", [f"- {escaped(note)}\n" for note in notes(plan)]),
        ],
        limit,
    )


def _step(row: StepRow) -> list[str]:
    return [
        f"{row.number}",
        code(row.resource),
        escaped(row.change) + ("" if row.safe else " \N{WARNING SIGN}"),
        escaped(few(row.mends, RULES_SHOWN)),
        signed(row.usd) if row.usd else "",
        amount(row.total),
    ]


def _left(rows: Sequence[LeftRow]) -> list[str]:
    return [
        " ".join(
            filter(
                None,
                (
                    f"- {row.severity.label}" if row.severity else "-",
                    escaped(row.rule),
                    code(row.resource),
                    escaped(row.what),
                    f"({signed(row.usd)} USD)" if row.usd is not None and not row.rule else "",
                    f"\N{EN DASH} {escaped(row.why)}",
                ),
            )
        )
        + "\n"
        for row in rows
    ]
