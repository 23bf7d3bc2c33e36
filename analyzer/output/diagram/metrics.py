"""How wide texts are: a small table of Helvetica's widths, for measuring without a screen.

Arial, Liberation Sans and Helvetica have the same widths; what is wider is allowed for.
"""

from __future__ import annotations

import unicodedata
from functools import cache

# Thousandths of the font's size, of the printable ASCII characters from space to tilde, as in the
# font metrics that Adobe publishes for Helvetica.
_WIDTHS = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556),
    *(1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778),
    *(667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556),
    *(333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556),
    *(556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)
_FIRST, _LAST = " ", "~"
_BOLD = 1.09
_SPARE = 1.04  # for fonts that stand in for Helvetica
_WIDE, _OTHER, _PICTURE = 1000, 620, 1300
_ELLIPSIS = "\u2026"


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is at most, in the units of its size."""
    units = sum(_units(character) for character in text)
    return units * size / 1000 * _SPARE * (_BOLD if bold else 1)


@cache
def _units(character: str) -> int:
    if _FIRST <= character <= _LAST:
        return _WIDTHS[ord(character) - ord(_FIRST)]
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return _PICTURE if unicodedata.category(character) == "So" else _WIDE
    plain = unicodedata.normalize("NFD", character)[0]
    if _FIRST <= plain <= _LAST:
        return _units(plain)
    return _WIDE if unicodedata.category(character) in ("So", "Lo", "Cn", "Co") else _OTHER


def shortened(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """The text, or as much of it as there is room for, with an ellipsis."""
    if width_of(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width_of(kept.rstrip() + _ELLIPSIS, size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip() + _ELLIPSIS if kept else ""


def wrapped(words: list[str], size: float, room: float) -> list[str]:
    """Pieces of text as lines that fit, broken between pieces only."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]}  \u00b7  {word}" if lines else ""
        if lines and width_of(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(shortened(word, size, room))
    return lines
