"""A plan as a picture: from what is paid today, step by step, to what is paid after it.

Savings shorten the bar and fixes lengthen it; the numbers stand beside every bar, so colour says
nothing alone. The same drawing stands in a page, whose style sheet colours it, and in a file of its
own, which brings its colours along.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from analyzer.escape import visible
from analyzer.output.money import amount, signed
from analyzer.output.plan_rows import StepRow, headline, step_rows
from analyzer.planning.plan import Plan

_WIDTH, _ROW, _TOP = 860, 26, 30
_LEFT, _RIGHT = 330, 190  # for words, and for numbers
_CHART = _WIDTH - _LEFT - _RIGHT
_BAR = 14
_EDGE = 10
_LEAST = Decimal("1.5")  # of a bar that would not be seen
_WORDS = 44
_NO_ID = re.compile(r"[^\w-]+")
_STYLE = """
svg { background: #fcfcfa; color: #1b2124; font: 13px sans-serif; }
.words, .number { fill: currentColor; }
.number { font-variant-numeric: tabular-nums; }
.soft { fill: #555f65; }
.total { fill: #52727c; }
.saving { fill: #0b6752; }
.fix { fill: #a6330c; }
.way { stroke: #555f65; stroke-width: 1; }
.budget { stroke: currentColor; stroke-width: 1.5; stroke-dasharray: 5 4; }
@media (prefers-color-scheme: dark) {
  svg { background: #15191b; color: #e6e8e5; }
  .soft { fill: #a5afb3; }
  .total { fill: #7fa5b0; }
  .saving { fill: #63cbad; }
  .fix { fill: #ff9166; }
  .way { stroke: #a5afb3; }
}
"""


@dataclass(frozen=True, slots=True)
class _Bar:
    kind: str
    words: str
    start: Decimal
    end: Decimal
    number: str


def plan_chart(plan: Plan) -> str:
    """The plan as an `svg` element without colours of its own."""
    return _svg(plan, "")


def chart_file(plan: Plan) -> str:
    """The plan as a file that is complete in itself, for light and dark."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_svg(plan, _STYLE)}\n'


def _svg(plan: Plan, style: str) -> str:
    bars = list(_bars(plan))
    highest = max((*(max(bar.start, bar.end) for bar in bars), plan.limit or Decimal(0)))
    scale = Decimal(_CHART) / highest if highest > 0 else Decimal(0)
    height = _TOP + _ROW * len(bars) + 12
    drawn = [
        *_budget(plan, scale, height),
        *(part for row, bar in enumerate(bars) for part in _drawn(bar, row, scale)),
    ]
    name = visible(f"{plan.system} {plan.profile}".rstrip())
    slug = f"plan-{_NO_ID.sub('-', name)}"
    described = "; ".join(f"{bar.words}: {bar.number}" for bar in bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plan-chart" role="img"'
        f' viewBox="{-_EDGE} 0 {_WIDTH + 2 * _EDGE} {height}"'
        f' width="{_WIDTH + 2 * _EDGE}" height="{height}"'
        f' aria-labelledby="{slug}-title {slug}-desc">'
        f'<title id="{slug}-title">{escape(f"{name}: {headline(plan)}")}</title>'
        f'<desc id="{slug}-desc">{escape(described)}</desc>'
        + (f"<style>{style}</style>" if style else "")
        + "".join(drawn)
        + "</svg>"
    )


def _bars(plan: Plan) -> Iterable[_Bar]:
    zero = Decimal(0)
    yield _Bar("total", "today", zero, plan.before, amount(plan.before))
    before = plan.before
    for row in step_rows(plan):
        if row.usd:
            kind = "saving" if row.saves else "fix"
            number = f"{signed(row.usd)} = {amount(row.total)}"
            yield _Bar(kind, _words(row), before, row.total, number)
        before = row.total
    free = sum(not row.usd for row in step_rows(plan))
    if free:
        yield _Bar("free", f"{free} more at no cost", before, before, amount(before))
    yield _Bar("total", "after the plan", zero, plan.total, amount(plan.total))


def _words(row: StepRow) -> str:
    words = visible(f"{row.number} {row.resource}: {row.change}")
    return words if len(words) <= _WORDS else f"{words[: _WORDS - 1]}\N{HORIZONTAL ELLIPSIS}"


def _drawn(bar: _Bar, row: int, scale: Decimal) -> Iterable[str]:
    top = _TOP + row * _ROW
    middle = top + _ROW // 2
    left, right = sorted((bar.start * scale, bar.end * scale))
    width = max(right - left, _LEAST)
    yield f'<text class="words" x="0" y="{middle + 4}">{escape(bar.words)}</text>'
    if row and bar.kind != "total":
        x = round(_LEFT + bar.start * scale, 1)
        yield f'<line class="way" x1="{x}" x2="{x}" y1="{top - 6}" y2="{top + 6}"/>'
    yield (
        f'<rect class="{bar.kind}" x="{round(_LEFT + left, 1)}" y="{middle - _BAR // 2}"'
        f' width="{round(width, 1)}" height="{_BAR}">'
        f"<title>{escape(f'{bar.words}: {bar.number}')}</title></rect>"
    )
    yield (
        f'<text class="number" x="{_WIDTH}" y="{middle + 4}" text-anchor="end">'
        f"{escape(bar.number)}</text>"
    )


def _budget(plan: Plan, scale: Decimal, height: int) -> Iterable[str]:
    if plan.limit is None:
        return
    x = round(_LEFT + plan.limit * scale, 1)
    yield f'<line class="budget" x1="{x}" x2="{x}" y1="20" y2="{height}"/>'
    anchor = "end" if plan.limit * scale > _CHART // 2 else "start"
    yield (
        f'<text class="soft" x="{x}" y="14" text-anchor="{anchor}">'
        f"budget {amount(plan.limit)}</text>"
    )
