"""What a change does, in text: its waivers on top, then what it mends, costs and allows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from analyzer.comparison import AccessChange, CostChange
from analyzer.findings import Change, Finding, Verdict
from analyzer.output.changes import (
    STANDING,
    fixed,
    is_new,
    is_uncompared,
    standing_words,
    system_counts,
)
from analyzer.output.grouping import listed
from analyzer.output.money import amount, signed, unpriced_words
from analyzer.output.text_blocks import BLANK, Block, Line, Span, line, span
from analyzer.output.text_findings import place
from analyzer.results import Judgement, Run

_SHOWN = 20  # lines of one kind; what is more is counted
_BEFORE = (Change.UNCHANGED, Change.KNOWN)
_POLICY = {
    "base": "thresholds, packs and waivers are those of the base",
    "change": "thresholds, packs and waivers are those of the change itself",
}


def is_of_change(finding: Finding) -> bool:
    """Whether a failure or an unknown is told in full: it was not there before, or nobody knows."""
    told = finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN)
    return told and finding.change not in _BEFORE


def opening(run: Run) -> Iterator[Block]:
    """What was compared with, the waivers that the change brings, and the profiles it takes."""
    base = run.base
    if base is None:
        return
    yield BLANK
    yield line(
        span(f"against {base.name}", "heading"), f"at {base.commit[:12]}; {_POLICY[base.policy]}"
    )
    counts = "counts" if base.policy == "change" else "does not count before it is in the base"
    for waiver in base.waivers_added:
        until = f"until {waiver.until}" if waiver.until else ""
        words = (waiver.rule, "on", waiver.resource, until, f"- {waiver.reason}")
        where = span(waiver.location or "", "place")
        yield line(span("WAIVER ADDED", "high"), *words, f"({counts})", where, indent=2)
    for system, profile in base.removed:
        yield line(span("NO LONGER JUDGED", "waived"), system, profile, indent=2)


def effects(judgements: Sequence[Judgement]) -> Iterator[Block]:
    """What is as before, what was mended, and who may do more."""
    yield from _rest(judgements)
    mended = fixed(judgements)
    if mended:
        yield BLANK
        yield line(span("fixed", "group"))
    for item in mended[:_SHOWN]:
        finding = item.finding
        what = (span("fixed", "pass"), span(finding.rule, "rule"), finding.resource)
        where = "" if len(item.profiles) == len(judgements) else f"({listed(item.profiles)})"
        yield line(*what, place(finding), where, finding.message, indent=2)
    yield from _more(mended)
    yield from _access(judgements)


def _rest(judgements: Sequence[Judgement]) -> Iterator[Line]:
    counts = system_counts(judgements)
    if any(counts[kind] for kind in STANDING):
        yield line(f"as before: {', '.join(standing_words(counts))}", indent=2)


def _access(judgements: Sequence[Judgement]) -> Iterator[Block]:
    told: dict[AccessChange, list[str]] = {}
    for judgement in judgements:
        for change in judgement.before.access if judgement.before else ():
            told.setdefault(change, []).append(judgement.profile)
    if told:
        yield BLANK
        yield line(span("access", "group"))
    for change, profiles in told.items():
        who = f"({listed([name for name in profiles if name])})" if any(profiles) else ""
        yield line(_verdict(change), change.resource, who, indent=2)
        if change.example and change.verdict != "no":
            yield line(f"for example {change.example}", indent=6)
        for reason in change.hangs_on:
            yield line(span("hangs on:", "label"), reason, indent=6)


def _verdict(change: AccessChange) -> Span:
    words = {"yes": "MAY DO MORE", "maybe": "NOT DECIDED", "no": "no new access"}
    styles = {"yes": "high", "maybe": "unknown", "no": "pass"}
    return Span(words[change.verdict], styles[change.verdict])


def cost_lines(judgement: Judgement) -> Iterator[Line]:
    """The charges that differ, the greatest difference first."""
    changes = judgement.before.cost if judgement.before else ()
    for change in changes[:_SHOWN]:
        yield line(_signed(change), change.name, change.resource, _reason(change), indent=6)
    yield from _more(changes, indent=6)


def cost_change(judgement: Judgement) -> str:
    """`411.08 USD before (+19.12)`; empty where nothing was compared or nothing differs."""
    before = judgement.before
    if before is None:
        return ""
    if not before.exists:
        return "new"
    if before.usd is None or not (before.cost or before.usd != judgement.usd):
        return ""
    change = before.difference(judgement.usd) or Decimal(0)
    return f"{amount(before.usd)} USD before ({signed(change)}{unpriced_words(before)})"


def _signed(change: CostChange) -> str:
    return "not known" if change.difference is None else signed(change.difference)


def _reason(change: CostChange) -> str:
    return f"({change.reason})" if change.reason else ""


def _more(items: Sequence[object], indent: int = 2) -> Iterator[Line]:
    if len(items) > _SHOWN:
        yield line(f"and {len(items) - _SHOWN:,} more", indent=indent)


def columns(judgement: Judgement) -> tuple[Span, Span]:
    """How many failures of a profile are new, and how many were mended."""
    new = sum(map(is_new, judgement.findings))
    if judgement.before is None and any(map(is_uncompared, judgement.findings)):
        return Span("-", "unknown"), Span("-", "unknown")
    mended = len(judgement.before.fixed) if judgement.before else 0
    return Span(f"{new:,}", "high" if new else ""), Span(f"{mended:,}", "pass" if mended else "")
