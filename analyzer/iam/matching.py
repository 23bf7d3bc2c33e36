"""What a statement grants: IAM's wildcards, and resources that are all resources.

IAM User Guide, "IAM JSON policy elements: Action" and "Resource": `*` stands for any characters,
`?` for one; actions are compared without regard to case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from analyzer.iam.statements import Statement
from analyzer.unknown import Open


def action_matches(pattern: Any, action: str) -> bool:
    """Whether an action pattern takes an action in; an unknown pattern is a choice point."""
    if isinstance(pattern, Open):
        same: Any = pattern
        return bool(same == action)
    return _compiled(f"{pattern}".lower()).fullmatch(action.lower()) is not None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.compile("".join(parts), re.DOTALL)


def grants(statement: Statement, action: str) -> bool:
    """Whether the statement allows the action, on whatever resources."""
    if not statement.allows:
        return False
    if statement.not_actions:
        return not any(action_matches(pattern, action) for pattern in statement.not_actions)
    return any(action_matches(pattern, action) for pattern in statement.actions)


def grants_any(statement: Statement, actions: Iterable[str]) -> list[str]:
    """Those of the actions that the statement allows."""
    return [action for action in actions if grants(statement, action)]


def is_every_resource(statement: Statement) -> bool:
    """Whether the statement is about all resources: `*`, or all but some."""
    return bool(statement.not_resources) or any(resource == "*" for resource in statement.resources)
