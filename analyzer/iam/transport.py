"""Statements that refuse what comes in clear."""

from __future__ import annotations

from typing import Any

from analyzer.iam.statements import Statement
from analyzer.unknown import Absent

_KEY = "aws:securetransport"


def denies_clear_text(statement: Statement) -> bool:
    """Whether a statement denies everyone what does not come through TLS."""
    if statement.effect != "Deny" or not any(map(_is_everyone, statement.principals)):
        return False
    conditions = statement.conditions
    if isinstance(conditions, Absent):
        return False
    return any(
        key.lower() == _KEY and _is_false(conditions[operator][key])
        for operator in conditions
        if operator in ("Bool", "BoolIfExists")
        for key in conditions[operator]
    )


def _is_false(value: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    return any(item in ("false", False) for item in values)


def _is_everyone(principal: tuple[str, Any]) -> bool:
    """Whether a principal is anybody at all; an unknown one is a choice point."""
    kind, value = principal
    return kind != "Service" and bool(value == "*")
