"""Functions over values of which some hang on an undecided condition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from analyzer.unknown import ABSENT, Condition, Either, Unknown

_MAX_CONDITIONS = 6
_PLAIN = (str, int, float, bool)


def either(condition: Condition, if_true: Any, if_false: Any) -> Any:
    """`Fn::If` on an undecided condition; no question where both branches are the same."""
    if if_true is if_false:
        return if_true
    if type(if_true) is type(if_false) and isinstance(if_true, _PLAIN) and if_true == if_false:
        return if_true
    return Either(condition, if_true, if_false)


def lift(function: Callable[[Sequence[Any]], Any], values: Sequence[Any], depth: int = 0) -> Any:
    """`function(values)` once per combination of the undecided branches among the values.

    Values under one condition agree with one another. Past six conditions the result is unknown.
    """
    open_value = next((value for value in values if isinstance(value, Either)), None)
    if open_value is None:
        return function(values)
    if depth == _MAX_CONDITIONS:
        return _too_many(open_value)
    condition = open_value.condition
    return either(
        condition,
        lift(function, [assume(value, condition, answer=True) for value in values], depth + 1),
        lift(function, [assume(value, condition, answer=False) for value in values], depth + 1),
    )


def assume(value: Any, condition: Condition, *, answer: bool) -> Any:
    """The value under one answer to a condition."""
    while isinstance(value, Either) and value.condition is condition:
        value = value.if_true if answer else value.if_false
    return value


def lift_inside(function: Callable[[Any], Any], value: Any, depth: int = 0) -> Any:
    """`function(value)` once per combination of the undecided branches anywhere inside a value.

    What is not set in a combination is left out of its map or list.
    """
    open_value = _first_inside(value)
    if open_value is None:
        return function(value)
    if depth == _MAX_CONDITIONS:
        return _too_many(open_value)
    condition = open_value.condition
    return either(
        condition,
        lift_inside(function, _assume_inside(value, condition, answer=True), depth + 1),
        lift_inside(function, _assume_inside(value, condition, answer=False), depth + 1),
    )


def merged(value: Any) -> Any:
    """`Fn::If` around whole Properties, undecided: each property hangs on the condition instead."""
    if not isinstance(value, Either):
        return value
    condition = value.condition
    branches = [merged(assume(value, condition, answer=answer)) for answer in (True, False)]
    left, right = ({} if branch is ABSENT else branch for branch in branches)
    if not isinstance(left, dict) or not isinstance(right, dict):
        return left if isinstance(left, Unknown) else right
    return {
        name: Either(condition, left.get(name, ABSENT), right.get(name, ABSENT))
        for name in dict.fromkeys([*left, *right])
    }


def _first_inside(value: Any) -> Either | None:
    if isinstance(value, Either):
        return value
    if isinstance(value, dict | list):
        items = value.values() if isinstance(value, dict) else value
        return next((found for item in items if (found := _first_inside(item))), None)
    return None


def _assume_inside(value: Any, condition: Condition, *, answer: bool) -> Any:
    value = assume(value, condition, answer=answer)
    if isinstance(value, dict):
        pairs = [
            (key, _assume_inside(item, condition, answer=answer)) for key, item in value.items()
        ]
        return {key: item for key, item in pairs if item is not ABSENT}
    if isinstance(value, list):
        items = [_assume_inside(item, condition, answer=answer) for item in value]
        return [item for item in items if item is not ABSENT]
    return value


def _too_many(value: Either) -> Unknown:
    reason = f"hangs on more than {_MAX_CONDITIONS} conditions"
    return Unknown("a value", reason, key=("conditions", id(value)))
