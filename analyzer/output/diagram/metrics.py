"""How wide texts are, without a screen: the drawing tells the browser, and any font keeps to it.

The widths are Helvetica's, which Arial and Liberation Sans share; another font is drawn as wide as
these by `textLength`. Characters that the tables lack are estimated, with some to spare, and drawn
as they are.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cache
from itertools import accumulate

# Thousandths of the font's size, of the printable ASCII characters from space to tilde, as in the
# font metrics that Adobe publishes for Helvetica and Helvetica Bold.
_PLAIN = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556),
    *(1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778),
    *(667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556),
    *(333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556),
    *(556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)
_BOLD = (
    *(278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611),
    *(975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778),
    *(667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556),
    *(333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611),
    *(611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584),
)
_FIRST, _LAST = " ", "~"
_ELLIPSIS = "\u2026"
_SIGNS = {  # as wide in bold
    "\N{NO-BREAK SPACE}": 278,
    "\N{NARROW NO-BREAK SPACE}": 200,
    "\N{RIGHT SINGLE QUOTATION MARK}": 222,
    "\N{MIDDLE DOT}": 278,
    "\N{MULTIPLICATION SIGN}": 584,
    "\N{MINUS SIGN}": 584,
    "\N{EN DASH}": 556,
    _ELLIPSIS: 1000,
}
_SPARE = 1.14  # for what is estimated, in bold too
_WIDE, _OTHER, _PICTURE = 1000, 620, 1300


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is at most, in the units of its size."""
    table = _BOLD if bold else _PLAIN
    return sum(_units(character, table) for character in text) * size / 1000


def is_measured(text: str) -> bool:
    """Whether the width of a text is known, and not estimated."""
    return all(_known(character, _PLAIN) is not None for character in text)


def _units(character: str, table: tuple[int, ...]) -> float:
    known = _known(character, table)
    return _estimate(character) if known is None else known


@cache
def _known(character: str, table: tuple[int, ...]) -> int | None:
    """The width of a character as the tables have it, with accents or without."""
    if character in _SIGNS:
        return _SIGNS[character]
    if unicodedata.combining(character):
        return 0
    plain = unicodedata.normalize("NFD", character)[0]
    return table[ord(plain) - ord(_FIRST)] if _FIRST <= plain <= _LAST else None


def _estimate(character: str) -> float:
    category = unicodedata.category(character)
    if unicodedata.east_asian_width(character) in "WF":
        return _SPARE * (_PICTURE if category == "So" else _WIDE)
    return _SPARE * (_WIDE if category in ("So", "Lo", "Cn", "Co") else _OTHER)


def shortened(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """The text, or as much of it as there is room for, with an ellipsis."""
    most = max(0, int(room / size * 1000))  # no more of a text than could be seen is measured
    table = _BOLD if bold else _PLAIN
    widths = list(accumulate(_units(character, table) for character in text[: most + 1]))
    if len(widths) == len(text) and (not widths or widths[-1] <= most):
        return text
    fitting = bisect_right(widths, most - _units(_ELLIPSIS, table))
    kept = text[:fitting].rstrip()
    return f"{kept}{_ELLIPSIS}" if kept else ""


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
