"""What a store of runs says, as text, tables of data, and a page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date

from analyzer.content import content
from analyzer.history import History
from analyzer.history.asking import Point, Story
from analyzer.output.csv import safe
from analyzer.output.grouping import counted
from analyzer.output.html import environment_of
from analyzer.output.html_view import PastRuns
from analyzer.output.json import plain
from analyzer.output.text_blocks import BLANK, Block, Span, Table, line, span
from analyzer.output.trend import Series, line_chart

_SHOWN = 20  # findings of each state that text lists
_STATES = (
    ("new", "new since the run before", "high"),
    ("reopened", "come back", "high"),
    ("resolved", "resolved by the last run", "pass"),
    ("unknown", "failed before, and cannot be decided any more", "unknown"),
    ("open", "still open", "medium"),
)


def blocks(history: History, by: str) -> Iterator[Block]:
    """The history as text: the trend, then what became of the findings."""
    yield BLANK
    yield line(
        span("history", "heading"),
        f"{counted(history.runs, 'run')} on {counted(len(history.days), 'day')},",
        f"{history.days[0]} to {history.days[-1]}",
    )
    yield BLANK
    yield _trend(history, by)
    for state, title, style in _STATES:
        stories = _last(history, state)
        if not stories:
            continue
        yield BLANK
        yield line(span(f"{title}: {len(stories):,}", "group"))
        for story in stories[:_SHOWN]:
            age = f"{counted(story.age, 'day')} old" if state in ("open", "unknown") else ""
            when = f"on {story.since}" if state in ("resolved", "reopened") else age
            yield line(
                span(state.upper(), style),
                span(story.rule, "rule"),
                story.resource,
                f"({story.account} {story.region}),",
                story.message,
                when and f"- {when}",
                indent=2,
            )
        if len(stories) > _SHOWN:
            yield line(f"and {len(stories) - _SHOWN:,} more: --format csv lists all", indent=2)
    yield BLANK
    yield line(_sum(history))


def _last(history: History, state: str) -> list[Story]:
    """The findings in a state; of the resolved ones those of the last day."""
    return [
        story
        for story in history.stories
        if story.state == state and (state != "resolved" or story.since == history.days[-1])
    ]


def _sum(history: History) -> str:
    standing = [story for story in history.stories if story.state in ("new", "open", "reopened")]
    oldest = max((story.age for story in standing), default=0)
    words = [f"{counted(len(standing), 'finding')} open, the oldest for {counted(oldest, 'day')}"]
    changes = ("new", "reopened", "resolved", "unknown")
    words += [f"{len(_last(history, state)):,} {state}" for state in changes]
    if history.costs:
        days = sorted(history.costs)
        last, before = history.costs[days[-1]], history.costs[days[0]]
        words.append(f"{last:,.2f} USD a month ({last - before:+,.2f} since {days[0]})")
    return ", ".join(words) + "."


def _trend(history: History, by: str) -> Table:
    """Failures by group: the first day, the last, and the change."""
    rows = []
    for series in series_of(history):
        first, last = series.points[0], series.points[-1]
        change = last.failed - first.failed
        style = "high" if change > 0 else "pass" if change < 0 else ""
        rows.append(
            (
                span(series.group),
                Span(f"{first.failed:,}"),
                Span(f"{last.failed:,}"),
                Span(f"{change:+,}" if change else "0", style),
                Span(f"{last.unknown:,}", "unknown" if last.unknown else ""),
                Span(f"{last.passed:,}"),
            )
        )
    headers = (by, f"{history.days[0]}", f"{history.days[-1]}", "change", "unknown", "pass")
    return Table(headers, tuple(rows), frozenset(range(1, len(headers))))


def series_of(history: History) -> list[Series]:
    """Every group with its days and its drawing."""
    groups: dict[str, list[Point]] = {}
    for point in history.trend:
        groups.setdefault(point.group, []).append(point)
    return [
        Series(
            group,
            tuple(points),
            line_chart([(p.day, p.failed) for p in points], "FAIL", f"failures of {group} by day"),
        )
        for group, points in groups.items()
    ]


def as_csv(history: History) -> str:
    """A row for each finding that ever failed."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    names = (
        "state", "since", "last", "age_days", "openings", "account", "region", "rule", "family",
        "severity", "resource", "message", "waived", "identity",
    )  # fmt: skip
    writer.writerow(names)
    for story in history.stories:
        writer.writerow(
            [
                story.state, story.since, story.last, story.age, story.openings,
                *(safe(text) for text in (
                    story.account, story.region, story.rule, story.family, story.severity,
                    story.resource, story.message,
                )),
                story.waived, story.identity,
            ]
        )  # fmt: skip
    return buffer.getvalue()


def as_json(history: History) -> str:
    """Everything, as it is in `History`."""
    return json.dumps(plain(history), ensure_ascii=False, indent=1) + "\n"


def past_runs(history: History) -> PastRuns:
    """The history as the report shows it beside the run."""
    total: dict[date, int] = {}
    for point in history.trend:
        total[point.day] = total.get(point.day, 0) + point.failed
    costs = sorted(history.costs.items())
    return PastRuns(
        sentence=_sum(history),
        failures=line_chart(sorted(total.items()), "FAIL", "failures by day"),
        cost=line_chart(costs, "cost", "USD a month by day"),
        series=tuple(series_of(history)),
    )


def as_html(history: History, by: str) -> str:
    """A page with a line for each group, and the findings by state."""
    environment = environment_of(content("reports") / "assay")
    return environment.get_template("history.html.j2").render(
        history=history,
        past=past_runs(history),
        by=by,
        states=[(state, title, _last(history, state)) for state, title, _ in _STATES],
    )
