"""The marks of a badge: colour, shape, letter and count say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.findings import Severity
from analyzer.output.diagram.metrics import width_of
from analyzer.output.diagram.sizes import BADGE_HEIGHT
from analyzer.picture import Badge

MARK_SIZE = 10.5
_GAP = 4.0
_LETTERS = {severity: severity.name[0] for severity in Severity}


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: its CSS class, and what stands in it."""

    style: str
    text: str

    @property
    def width(self) -> float:
        """How wide it is."""
        return width_of(self.text, MARK_SIZE, bold=True) + 12

    def plate(self, x: float, y: float) -> str:
        """Its shape as a path: cut corners for failures, points for what is not decided."""
        cut = BADGE_HEIGHT / 2 if self.style == "unknown" else BADGE_HEIGHT / 4
        side, top = BADGE_HEIGHT - 2 * cut, self.width - 2 * cut
        return (
            f"M{x + cut:.1f} {y:.1f}h{top:.1f}l{cut:g} {cut:g}v{side:g}l-{cut:g} {cut:g}"
            f"h-{top:.1f}l-{cut:g} -{cut:g}v-{side:g}z"
        )


def marks_of(badge: Badge) -> Iterator[Mark]:
    """The failures by the worst of them, and what is not decided."""
    if badge.worst is not None:
        letter = _LETTERS[badge.worst]
        yield Mark(f"fail {badge.worst.label}", f"{letter} {badge.failed}")
    if badge.unknown:
        yield Mark("unknown", f"? {badge.unknown}")


def placed_marks(badge: Badge, x: float) -> Iterator[tuple[Mark, float]]:
    """The marks one after the other, each with its left edge."""
    for mark in marks_of(badge):
        yield mark, x
        x += mark.width + _GAP


def marks_width(badge: Badge) -> float:
    """How wide all marks are together."""
    widths = [mark.width for mark in marks_of(badge)]
    return sum(widths) + _GAP * max(0, len(widths) - 1)
