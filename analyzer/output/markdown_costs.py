"""What a change does to each profile's findings and cost, as tables of Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from analyzer.comparison import CostChange
from analyzer.cost_lines import LineKind
from analyzer.findings import Change, Verdict
from analyzer.output.changes import is_new, is_uncompared, moved
from analyzer.output.grouping import counted, listed
from analyzer.output.markdown_blocks import Section, code, escaped, folded, prose, table
from analyzer.output.money import amount, budget_words, signed, unpriced_words
from analyzer.results import Judgement, Run

_HEADERS = (
    "system", "profile", "new", "fixed", "newly unknown", "before", "after", "change", "budget",
)  # fmt: skip
_CHARGE = ("resource", "charge", "before", "after", "change")
_WORDS = 2  # columns that are no figures


def effects(run: Run) -> Section:
    """A row for each profile that is not as it was, or may not be: findings, and USD a month."""
    priced = {id(judgement) for judgement in moved(run.judgements)}
    told = [
        item
        for item in run.judgements
        if id(item) in priced or _found(item) != (0, 0, 0) or _is_apart(item)
    ]
    rows = [_row(item) for item in told]
    for system, profile in run.base.removed if run.base else ():
        rows.append([escaped(system), escaped(profile), "", "", "", "", "removed", "", ""])
    headers, filled = _filled(rows)
    shown = table(headers, filled, words=sum(name in _HEADERS[:_WORDS] for name in headers))
    return Section(shown.opening, [*shown.entries, *_notes(run, told)] if rows else [])


def cost_headline(run: Run) -> str:
    """`+261.34 to +1,484.53 USD a month in 7 profiles`; empty where no known cost changes."""
    changes = [one.before.difference(one.usd) for one in moved(run.judgements) if one.before]
    known = sorted(filter(None, changes))
    if not known:
        return ""
    ends = dict.fromkeys(signed(change) for change in (known[0], known[-1]))
    where = f" in {len(known):,} profiles" if len(known) > 1 else ""
    return f"{' to '.join(ends)} USD a month{where}"


def _filled(rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """The headers and the rows without the columns in which nothing stands."""
    used = [place for place in range(len(_HEADERS)) if any(row[place] for row in rows)]
    return [_HEADERS[place] for place in used], [[row[place] for place in used] for row in rows]


def _is_apart(judgement: Judgement) -> bool:
    return any(map(is_uncompared, judgement.findings))


def _found(judgement: Judgement) -> tuple[int, int, int]:
    undecided = [f for f in judgement.findings if f.change is Change.UNDECIDED]
    return (
        sum(map(is_new, judgement.findings)),
        len(judgement.before.fixed if judgement.before else ()),
        sum(finding.verdict is Verdict.UNKNOWN for finding in undecided),
    )


def _row(judgement: Judgement) -> list[str]:
    new, fixed, undecided = _found(judgement)
    return [
        escaped(judgement.system),
        escaped(judgement.profile),
        f"**{new:,}**" if new else "",
        f"{fixed:,}" if fixed else "",
        f"{undecided:,}" if undecided else "",
        *_costs(judgement),
        escaped(budget_words(judgement).removeprefix("budget ")),
    ]


def _costs(judgement: Judgement) -> tuple[str, str, str]:
    """Before, after and the change, USD a month."""
    before = judgement.before
    after = amount(judgement.usd) if judgement.cost else ""
    if before is None:
        return "not known" if _is_apart(judgement) else "", after, ""
    if not before.exists:
        return "new", after, ""
    if not (judgement.cost or before.usd):
        return "", "", ""
    if before.usd is None:
        return "not known", after, ""
    change = before.difference(judgement.usd)
    words = f"**{signed(change)}**" if change else "0.00"
    return amount(before.usd), after, f"{words}{unpriced_words(before)}"


def _notes(run: Run, told: list[Judgement]) -> Iterator[str]:
    yield "\nUSD a month at list prices."
    unpriced = sum(line.kind is LineKind.UNKNOWN for item in told for line in item.cost)
    if unpriced:
        one, many = "charge without a known price is", "charges without a known price are"
        yield f" {counted(unpriced, one, many)} not counted."
    same = len(run.judgements) - len(told)
    if same:
        yield f" {counted(same, 'other profile is', 'other profiles are')} as before."
    yield "\n"


def charges(run: Run, most: int = 0) -> Iterator[Section]:
    """The charges that changed, the largest change first; once for profiles that have the same.

    Where `most` is not 0, so many of each; the others are summed up.
    """
    found: dict[tuple[str, tuple[CostChange, ...]], list[str]] = {}
    for judgement in moved(run.judgements):
        changed = judgement.before.cost if judgement.before else ()
        found.setdefault((judgement.system, changed), []).append(judgement.profile)
    for (system, changed), profiles in found.items():
        names = listed([name for name in profiles if name])
        whose = f"{system} ({names})" if names else system
        largest = sorted(changed, key=lambda line: -abs(line.counted))
        shown = table(_CHARGE, list(_charges(largest, most or len(largest))), words=_WORDS)
        fold = folded(f"{whose}: {counted(len(changed), 'charge')} changed", shown.entries)
        yield Section(fold.opening + shown.opening.lstrip("\n"), shown.entries, fold.closing)


def _charges(changed: Sequence[CostChange], most: int) -> Iterator[list[str]]:
    yield from map(_charge, changed[:most])
    rest = changed[most:]
    if rest:
        known = [line.difference for line in rest if line.difference is not None]
        unknown = f" and {len(rest) - len(known):,} not known" if len(known) < len(rest) else ""
        total = sum(known, Decimal(0))
        yield ["", f"and {len(rest):,} smaller ones", "", "", f"{signed(total)}{unknown}"]


def _charge(line: CostChange) -> list[str]:
    why = f" ({prose(line.reason)})" if line.reason else ""
    return [
        code(line.resource),
        f"{escaped(line.name)}{why}",
        _amount(line.before),
        _amount(line.after),
        "" if line.difference is None else signed(line.difference),
    ]


def _amount(value: Decimal | None) -> str:
    return "" if value is None else amount(value)
