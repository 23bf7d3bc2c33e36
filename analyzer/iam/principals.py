"""Who a statement lets in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from analyzer.iam.statements import Statement
from analyzer.unknown import Absent, Open, Partial

_ACCOUNT = re.compile(r"(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::.*)?")
# IAM User Guide, "AWS global condition context keys", and the same by service: keys that say who
# asks, or for whom. Compared in lower case, as IAM does.
_LIMITING = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "aws:username",
        "aws:vpcsourceip",
        "cloudfront:sourcearn",
        "elasticfilesystem:accessedviamounttarget",
        "kms:calleraccount",
        "lambda:eventsourcetoken",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)
_OPERATORS = re.compile(
    r"(ForAnyValue:)?(String(Equals|Like)(IgnoreCase)?|Arn(Equals|Like)|IpAddress|Bool)"
)
_EVERYTHING = ("*", "0.0.0.0/0", "::/0", "")


def is_everyone(principal: tuple[str, Any]) -> bool:
    """Whether a principal is anybody at all; an unknown one is a choice point."""
    kind, value = principal
    return kind != "Service" and bool(value == "*")


def lets_everyone_in(statement: Statement) -> bool:
    """Whether an Allow is for anybody, and no condition says which anybody."""
    if not statement.allows:
        return False
    everyone = bool(statement.not_principals) or any(map(is_everyone, statement.principals))
    return everyone and not is_limited(statement)


def is_limited(statement: Statement) -> bool:
    """Whether a condition says who may ask, with a value that is not everything."""
    conditions = statement.conditions
    if isinstance(conditions, Absent):
        return False
    return any(
        _OPERATORS.fullmatch(operator) is not None and _limits(conditions[operator])
        for operator in conditions
    )


def _limits(keys: Mapping[str, Any]) -> bool:
    return any(
        key.lower() in _LIMITING and not any(value in _EVERYTHING for value in _values(keys[key]))
        for key in keys
    )


def _values(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def account_of(principal: tuple[str, Any]) -> str:
    """The account of an AWS principal, "" where it names none; an unknown one raises nothing."""
    kind, value = principal
    if kind not in ("AWS", "*"):
        return ""
    text = value.head if isinstance(value, Partial) else "" if isinstance(value, Open) else value
    match = _ACCOUNT.match(f"{text}")
    return match[1] if match else ""
