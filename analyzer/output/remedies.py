"""A fix that was worked out, in words: whether it is safe, what it does, and its price."""

from __future__ import annotations

from analyzer.findings import Remedy
from analyzer.output.money import amount, signed


def remedy_words(remedy: Remedy) -> str:
    """`safe, +26.28 USD a month`; `unsafe: replaces the database, no change of cost`."""
    kind = "safe" if remedy.safe else "unsafe" if remedy.diff else "not written"
    reason = f": {remedy.reason}" if remedy.reason else ""
    place = f"in the {remedy.where}" if remedy.where not in ("", "template") else ""
    doubt = "" if remedy.holds or not remedy.diff else "does not settle the finding by itself"
    return ", ".join(filter(None, (f"{kind}{reason}", place, price_words(remedy), doubt)))


def price_words(remedy: Remedy) -> str:
    """What a fix adds to the month, in USD, with what it assumes."""
    low, high = remedy.usd_low, remedy.usd_high
    if low is None or high is None:
        return "price not known" if remedy.diff else ""
    if low != high:
        assumed = f", assuming {'; '.join(remedy.assumptions)}" if remedy.assumptions else ""
        return f"from {amount(low)} to {amount(high)} USD a month{assumed}"
    return f"{signed(low)} USD a month" if low else "no change of cost"
