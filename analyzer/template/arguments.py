"""The arguments of a function, held against how many it takes."""

from __future__ import annotations

from typing import Any

from analyzer.template.problem import Problem


def arguments(name: str, argument: Any, low: int, high: int) -> list[Any]:
    """The list that a function takes, with `low` to `high` items."""
    if not isinstance(argument, list) or not low <= len(argument) <= high:
        count = f"{low}" if low == high else f"{low} to {high}"
        raise Problem(f"`{name}` needs a list of {count}")
    return argument
