"""The headings of frames: where their texts, amounts and badges stand, measured once for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.output.diagram.marks import marks_width
from analyzer.output.diagram.metrics import width_of
from analyzer.output.diagram.scene import Box, Frame, Rect
from analyzer.output.diagram.sizes import BADGE_HEIGHT, HEAD_SIZE, NAME_SIZE, PAD, SMALL_SIZE

_UP, _DOWN = 11.0, 4.0  # how far a text reaches above and below its line


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the lines of a heading stand, and how wide its texts may be."""

    left: float
    right: float
    name_line: float
    detail_line: float
    name_room: float
    detail_room: float


def heading_of(frame: Frame) -> Heading:
    """The heading of a frame."""
    rect = frame.rect
    name_line = rect.y + (30 if frame.box is Box.NETWORK else 18)
    left, right = rect.x + PAD, rect.right - PAD
    badges, money = marks_width(frame.badge), width_of(frame.amount, SMALL_SIZE)
    end = rect.x + frame.head - PAD if frame.head else right
    beside_name = badges if frame.detail else max(badges, money)
    return Heading(
        left=left,
        right=right,
        name_line=name_line,
        detail_line=name_line + 15,
        name_room=min(end, right - beside_name - (PAD if beside_name else 0)) - left,
        detail_room=min(end, right - money - (PAD if money else 0)) - left,
    )


def headings(frame: Frame) -> Iterator[Rect]:
    """The places of a frame's texts and badges."""
    at = heading_of(frame)
    if frame.box is Box.ZONE:
        wide = min(width_of(frame.name, SMALL_SIZE), frame.rect.w - PAD)
        yield _line(frame.rect.middle[0] - wide / 2, frame.rect.y + 17, wide)
        return
    size = NAME_SIZE if frame.box is Box.SUBNET else HEAD_SIZE
    yield _line(at.left, at.name_line, min(width_of(frame.name, size, bold=True), at.name_room))
    if frame.detail:
        wide = min(width_of(frame.detail, SMALL_SIZE), at.detail_room)
        yield _line(at.left, at.detail_line, wide)
    if frame.amount:
        wide = width_of(frame.amount, SMALL_SIZE)
        level = at.detail_line if frame.detail else at.name_line
        yield _line(at.right - wide, level, wide)
    if marks_width(frame.badge):
        wide = marks_width(frame.badge)
        yield Rect(at.right - wide, at.name_line - 12, wide, BADGE_HEIGHT)


def _line(x: float, level: float, wide: float) -> Rect:
    return Rect(x, level - _UP, wide, _UP + _DOWN)
