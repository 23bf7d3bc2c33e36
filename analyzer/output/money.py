"""What a month costs, in words that text and Markdown share."""

from __future__ import annotations

from decimal import Decimal

from analyzer.comparison import Before
from analyzer.cost_lines import LineKind
from analyzer.output.grouping import counted
from analyzer.results import Judgement


def amount(value: Decimal) -> str:
    """Two decimals and grouped thousands: 1,204.50."""
    return f"{value:,.2f}".replace("-0.00", "0.00")


def signed(value: Decimal) -> str:
    """An amount that is added or taken away: +26.28, -4.10, 0.00 where it is too small to show."""
    shown = amount(value)
    return f"+{shown}" if value > 0 and shown != "0.00" else shown


def unpriced_words(before: Before) -> str:
    """` and 2 charges not known`; empty where the whole change has an amount."""
    number = len(before.unpriced)
    return f" and {counted(number, 'charge')} not known" if number else ""


def cost_words(judgement: Judgement) -> str:
    """`512.30 USD (2 charges without a known price)`."""
    unknown = sum(line.kind is LineKind.UNKNOWN for line in judgement.cost)
    note = f" (and {counted(unknown, 'charge')} without a known price)"
    return f"{amount(judgement.usd)} USD{note if unknown else ''}"


def declared_range(judgement: Judgement) -> str:
    """`485.00 EUR`, `85.00 to 100.00 USD`; empty where nothing is declared."""
    declared = judgement.declared
    if declared is None:
        return ""
    high = "" if declared.low == declared.high else f" to {amount(declared.high)}"
    return f"{amount(declared.low)}{high} {declared.currency}"


def declared_words(judgement: Judgement) -> str:
    """`declared 485.00 EUR, estimated 530.10 EUR (+45.10)`; empty where nothing is declared."""
    declared = judgement.declared
    if declared is None:
        return ""
    words = f"declared {declared_range(judgement)}"
    if declared.currency != "USD":
        words += f", estimated {amount(declared.estimated)} {declared.currency}"
    if declared.estimated > declared.high:
        return f"{words} (+{amount(declared.estimated - declared.high)})"
    if declared.estimated < declared.low:
        return f"{words} (-{amount(declared.low - declared.estimated)})"
    return words if declared.low == declared.high else f"{words} (within)"


def budget_words(judgement: Judgement) -> str:
    """`budget 500.00 EUR exceeded by 12.00 USD`; empty where there is no budget."""
    budget = judgement.budget
    if budget is None:
        return ""
    ceiling = f"budget {amount(budget.amount or budget.usd)} {budget.currency}"
    if budget.exceeded:
        return f"{ceiling} exceeded by {amount(budget.estimated_usd - budget.usd)} USD"
    return f"{ceiling} {'kept' if budget.kept else 'not decided'}"


def budget_style(judgement: Judgement) -> str:
    """How the words about a budget are marked: as a failure, as unknown, or as good."""
    budget = judgement.budget
    if budget is None or budget.kept:
        return "pass"
    return "high" if budget.exceeded else "unknown"
