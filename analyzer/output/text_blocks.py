"""What text output is made of: lines of styled words, and tables."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.escape import visible


@dataclass(frozen=True, slots=True)
class Span:
    """Words in one style; what they say is already harmless to show."""

    text: str
    style: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headers; `right` are the columns that hold numbers."""

    headers: tuple[str, ...]
    rows: tuple[tuple[Span, ...], ...]
    right: frozenset[int] = frozenset()


Block = Line | Table

BLANK: Line = ()


def span(text: object, style: str = "") -> Span:
    """Words from anywhere, made harmless."""
    return Span(visible(text), style)


def line(*parts: object, indent: int = 0) -> Line:
    """A line of spans and plain words, a blank between them; empty ones are left out."""
    spans: list[Span] = []
    for part in parts:
        piece = part if isinstance(part, Span) else span(part)
        if piece.text:
            if spans:
                spans.append(Span(" "))
            spans.append(piece)
    return (Span(" " * indent), *spans) if indent else tuple(spans)


def words(block: Line) -> str:
    """A line without its styles."""
    return "".join(piece.text for piece in block)
