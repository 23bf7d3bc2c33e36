"""What every profile costs, as tables for people, as CSV, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from analyzer.cost.tables import line_table, profile_matrix, summary, to_csv
from analyzer.cost_lines import CostLine, Declared, LineKind
from analyzer.output.grouping import by_system
from analyzer.output.json import plain
from analyzer.output.money import (
    amount,
    budget_style,
    budget_words,
    declared_range,
    declared_words,
    signed,
)
from analyzer.output.text_blocks import BLANK, Block, Span, Table, line, span
from analyzer.results import Judgement, Run


def as_csv(run: Run) -> str:
    """Every cost line of every profile, one row each; amounts in USD per month."""
    return to_csv(line_table(run.judgements))


def as_json(run: Run) -> str:
    """Totals, services, declared and budgeted amounts, and every line, by profile."""
    profiles = [
        {
            "system": judgement.system,
            "profile": judgement.profile,
            "usd": plain(judgement.usd),
            "services": _services(judgement),
            "declared": plain(judgement.declared),
            "budget": plain(judgement.budget),
            "lines": plain(judgement.cost),
        }
        for judgement in run.judgements
    ]
    document = {"date": plain(run.date), "version": run.version, "profiles": profiles}
    return json.dumps(document, indent=1, ensure_ascii=False)


def _services(judgement: Judgement) -> dict[str, str]:
    table = summary(line_table([judgement]), ("service",))
    return {str(row["service"]): f"{row['usd']:f}" for _, row in table.iterrows() if row["usd"]}


def as_blocks(run: Run, *, lines: bool) -> Iterator[Block]:
    """Per system: services by profile, and declared beside estimated; then one row a profile."""
    for system, judgements in by_system(run).items():
        yield line(span(system, "heading"))
        yield BLANK
        yield _matrix(judgements)
        for judgement in judgements:
            if judgement.declared is not None:
                yield BLANK
                yield from _declared(judgement, judgement.declared)
            if lines:
                yield BLANK
                yield line(span(f"{judgement.profile or 'lines'}, line by line", "group"))
                yield _lines(judgement)
        yield BLANK
        yield from _without_amount(judgements)
    yield from totals(run)


def totals(run: Run) -> Iterator[Block]:
    """One row a profile."""
    if run.judgements:
        yield line(span("USD per month, 730 hours, list prices", "group"))
        yield _totals(run)


def _matrix(judgements: list[Judgement]) -> Table:
    """Services down, profiles across, USD per month."""
    table = profile_matrix(line_table(judgements))
    names = [judgement.profile for judgement in judgements]
    rows = []
    for service, row in table.iterrows():
        amounts = dict(zip(table.columns.get_level_values("profile"), row, strict=True))
        rows.append((span(service), *(_money(amounts.get(name, Decimal(0))) for name in names)))
    totals = (Span("total", "group"), *(_money(judgement.usd) for judgement in judgements))
    headers = ("service", *(name or "USD" for name in names))
    return Table(headers, (*rows, totals), frozenset(range(1, len(names) + 1)))


def _money(value: Decimal) -> Span:
    return Span(amount(value) if value else "-")


def _declared(judgement: Judgement, declared: Declared) -> Iterator[Block]:
    """The owner's lines beside ours, and what the owner left out."""
    code = declared.currency
    words = f"{judgement.profile}: {declared_words(judgement)}"
    rate = f"1 {code} = {declared.usd_per_unit} USD, {declared.rate_date}" if code != "USD" else ""
    yield line(span(words, "group"), rate and f"({rate})")
    if not declared.lines:
        return
    rows = [
        (
            span(entry.name),
            Span(amount(entry.declared)),
            Span(amount(entry.estimated)),
            Span(signed(entry.difference), "high" if entry.difference > 0 else "pass"),
        )
        for entry in declared.lines
    ]
    rows.extend(
        (span(f"left out: {name}"), Span("-"), Span(amount(value)), Span(signed(value), "high"))
        for name, value in declared.left_out
    )
    headers = ("declared line", f"declared {code}", f"estimated {code}", "difference")
    yield Table(headers, tuple(rows), frozenset({1, 2, 3}))


def _lines(judgement: Judgement) -> Table:
    rows = tuple(_line(item) for item in judgement.cost if item.kind is not LineKind.FREE)
    headers = ("resource", "charge", "quantity", "unit", "USD", "because")
    return Table(headers, rows, frozenset({2, 4}))


def _line(item: CostLine) -> tuple[Span, ...]:
    quantity = "" if item.quantity is None else f"{item.quantity:,.2f}".rstrip("0").rstrip(".")
    usd = amount(item.usd) if item.usd is not None else item.kind.value
    return (
        span(item.resource),
        span(item.name),
        Span(quantity),
        span(item.unit),
        Span(usd, "" if item.usd is not None else "unknown"),
        span(item.assumption or item.reason),
    )


def _without_amount(judgements: list[Judgement]) -> Iterator[Block]:
    """What the totals do not hold, each once."""
    told: dict[str, list[str]] = {}
    for judgement in judgements:
        for item in judgement.cost:
            if not item.kind.has_amount:
                text = f"{item.name} of {item.resource}: {item.kind.value}, {item.reason}"
                told.setdefault(text, []).append(judgement.profile)
    for text, profiles in told.items():
        where = "" if len(set(profiles)) == len(judgements) else f"({', '.join(set(profiles))})"
        yield line(span("not in the totals:", "unknown"), text, where)
    if told:
        yield BLANK


def _totals(run: Run) -> Table:
    rows = []
    for judgement in run.judgements:
        unknown = sum(item.kind is LineKind.UNKNOWN for item in judgement.cost)
        rows.append(
            (
                span(judgement.system),
                span(judgement.profile),
                Span(amount(judgement.usd)),
                Span(f"{unknown}" if unknown else "-", "unknown" if unknown else ""),
                Span(_in_declared_currency(judgement)),
                span(declared_range(judgement) or "-"),
                Span(budget_words(judgement), budget_style(judgement)),
            )
        )
    headers = ("system", "profile", "USD", "unknown", "estimated", "declared", "budget")
    return Table(headers, tuple(rows), frozenset({2, 3, 4, 5}))


def _in_declared_currency(judgement: Judgement) -> str:
    declared = judgement.declared
    return f"{amount(declared.estimated)} {declared.currency}" if declared else "-"
