"""A line over days as SVG, small enough to stand in a table's cell or above a table.

Every line has its own group in the table beside it, so the drawing needs no legend; its points have
titles for the pointer, and the numbers stand in the table for everybody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from analyzer.history.asking import Point

_WIDTH, _HEIGHT, _EDGE = 600, 160, 8


@dataclass(frozen=True, slots=True)
class Series:
    """A group over all days, and its drawing."""

    group: str
    points: tuple[Point, ...]
    chart: str


def line_chart(points: Sequence[tuple[date, float]], kind: str, label: str) -> str:
    """One line from the first day to the last; zero is at the bottom. `kind` is its CSS class."""
    if not points:
        return ""
    first, last = points[0][0], points[-1][0]
    days = max((last - first).days, 1)
    highest = max(1, *(value for _, value in points))
    placed = [
        (
            _EDGE + (_WIDTH - 2 * _EDGE) * (day - first).days / days,
            _HEIGHT - _EDGE - (_HEIGHT - 2 * _EDGE) * value / highest,
            day,
            value,
        )
        for day, value in points
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in placed)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{day}: {value:,.0f}</title></circle>'
        for x, y, day, value in placed
    )
    base = _HEIGHT - _EDGE
    return (
        f'<svg class="trend {kind}" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        f' aria-label="{escape(label)}" preserveAspectRatio="none">'
        f'<line class="axis" x1="{_EDGE}" x2="{_WIDTH - _EDGE}" y1="{base}" y2="{base}"/>'
        f'<polyline points="{path}"/>{dots}</svg>'
    )
