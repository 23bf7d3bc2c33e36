"""A plan for people at a terminal: the steps with their running total, and what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analyzer.findings import RuleInfo, Severity
from analyzer.output.grouping import few
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
from analyzer.output.text_blocks import BLANK, Block, Span, Table, line, span
from analyzer.planning.plan import Plan

_SHOWN_REACHES = 8
_LONGEST = 72  # of a change, in the table


def blocks(plan: Plan, rules: Mapping[str, RuleInfo], *, quiet: bool = False) -> Iterator[Block]:
    """The plan, block by block; `quiet` leaves its steps and the last line only."""
    if quiet:
        yield _steps(plan)
        yield line(span(headline(plan), "pass" if plan.reached else "high"))
        return
    yield BLANK
    yield line(span(f"{plan.system} {plan.profile}".rstrip(), "heading"))
    yield line(span(headline(plan), "pass" if plan.reached else "high"))
    yield BLANK
    yield _steps(plan)
    yield line(summary_words(plan), indent=2)
    yield from _doubts(plan)
    yield from _left("left", left_failures(plan, rules))
    yield from _left("savings that are not taken", left_savings(plan))
    yield from _reaches(plan)
    yield BLANK
    yield from (line(span("note:", "label"), note) for note in notes(plan))


def _steps(plan: Plan) -> Table:
    today = _row("", "", "today", "", "", amount(plan.before))
    rows = [_step(row) for row in step_rows(plan)]
    headers = ("#", "resource", "change", "mends", "USD", "total")
    return Table(headers, (today, *rows), frozenset({0, 4, 5}))


def _step(row: StepRow) -> tuple[Span, ...]:
    mark = "" if row.safe else " !"
    return (
        Span(f"{row.number}"),
        span(row.resource),
        span(f"{_cut(row.change)}{mark}"),
        span(few(row.mends, RULES_SHOWN), _style(row.severity)),
        Span(signed(row.usd) if row.usd else "-", "pass" if row.saves else ""),
        Span(amount(row.total)),
    )


def _cut(words: str) -> str:
    return (
        words
        if len(words) <= _LONGEST
        else f"{words[: _LONGEST - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"
    )


def _row(*cells: str) -> tuple[Span, ...]:
    return tuple(span(cell) for cell in cells)


def _doubts(plan: Plan) -> Iterator[Block]:
    """What to know before each step that is not safe, or gives something up."""
    told = [row for row in step_rows(plan) if row.doubt]
    if told:
        yield BLANK
        yield line(span("before you do it", "group"))
        for row in told:
            mark = span("!", "high") if not row.safe else ""
            yield line(f"{row.number}", mark, span(row.doubt), indent=2)


def _left(title: str, rows: tuple[LeftRow, ...]) -> Iterator[Block]:
    if not rows:
        return
    yield BLANK
    yield line(span(title, "group"))
    for row in rows:
        level = span(row.severity.label.upper(), _style(row.severity)) if row.severity else ""
        usd = signed(row.usd) if row.usd is not None and not row.rule else ""
        yield line(level, span(row.rule, "rule"), row.resource, span(row.what), usd, indent=2)
        yield line(span(row.why), indent=6)


def _reaches(plan: Plan) -> Iterator[Block]:
    rows = reach_rows(plan)
    if not rows:
        return
    yield BLANK
    yield line(span("what more would reach", "group"))
    for row in rows[:_SHOWN_REACHES]:
        yield line(f"{amount(row.total)} USD a month:", span(row.more), indent=2)
    if len(rows) > _SHOWN_REACHES:
        yield line(f"and {len(rows) - _SHOWN_REACHES} more", indent=2)


def _style(severity: Severity | None) -> str:
    return severity.label if severity is not None else ""
