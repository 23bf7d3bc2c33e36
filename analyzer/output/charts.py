"""Horizontal bars as SVG, drawn here so that a page needs no script to show them.

Lengths are percentages of the element's width: a bar follows its table's column. The numbers stand
beside every bar in the table, so the drawings are hidden from screen readers.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

_HEIGHT = 12


def bar(amount: Decimal, limit: Decimal, kind: str = "estimated") -> str:
    """One bar, `amount` long on a scale that ends at `limit`; `kind` is its CSS class."""
    return _svg([_rect(0, share(amount, limit), kind)])


def marked_bar(amount: Decimal, limit: Decimal, low: Decimal, high: Decimal) -> str:
    """A bar with a declared range over it: a tick at each end, one tick where they are equal."""
    left, right = share(low, limit), share(high, limit)
    marks = [_tick(left)]
    if right != left:
        middle = _HEIGHT // 2
        marks += [
            _tick(right),
            f'<line class="declared" x1="{left}%" x2="{right}%" y1="{middle}" y2="{middle}"/>',
        ]
    return _svg([_rect(0, share(amount, limit), "estimated"), *marks])


def stack(parts: Iterable[tuple[str, int]]) -> str:
    """Shares of a whole, one after the other; each part is (CSS class, count)."""
    counted = [(kind, count) for kind, count in parts if count]
    total = sum(count for _, count in counted)
    drawn, start = [], Decimal(0)
    for kind, count in counted:
        width = share(Decimal(count), Decimal(total))
        drawn.append(_rect(start, width, kind))
        start += width
    return _svg(drawn)


def share(amount: Decimal, limit: Decimal) -> Decimal:
    """`amount` in percent of `limit`, between 0 and 100, two decimals."""
    if limit <= 0:
        return Decimal(0)
    return round(max(Decimal(0), min(Decimal(100), 100 * amount / limit)), 2)


def _svg(drawn: Iterable[str]) -> str:
    inner = "".join(drawn)
    return f'<svg class="bar" aria-hidden="true" width="100%" height="{_HEIGHT}">{inner}</svg>'


def _rect(start: Decimal | int, width: Decimal, kind: str) -> str:
    return f'<rect class="{kind}" x="{start}%" width="{width}%" height="{_HEIGHT}"/>'


def _tick(at: Decimal) -> str:
    return f'<line class="declared" x1="{at}%" x2="{at}%" y1="0" y2="{_HEIGHT}"/>'
