"""What a statement is about: IAM's wildcards, and resources that are all resources.

IAM User Guide, "IAM JSON policy elements: Action" and "Resource": `*` stands for any characters,
`?` for one; actions are compared without regard to case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from analyzer.iam.conditions import shown
from analyzer.iam.statements import Statement
from analyzer.unknown import Open, Partial, Unknown, choose

# Services whose ARNs have a name right after the account, and no type before it.
# Service Authorization Reference, "Resource types defined by" each service.
_UNTYPED = frozenset(
    {"codecommit", "codepipeline", "execute-api", "neptune-db", "s3", "sns", "sqs"}
)
# Services whose actions are on resources of others (the same reference).
_ACTS_ON = {"ec2-instance-connect": ("ec2",), "ssm": ("ssm", "ec2"), "sts": ("iam",)}
_ARN_FIELDS = 6
_EVERY_NAME = re.compile(r"[*?/:]*\*[*?/:]*")
_EVERY_NAME_OF_A_TYPE = re.compile(r"(?:[A-Za-z-]+[/:]?)?[*?/:]*\*[*?/:]*")


def action_matches(pattern: Any, action: str) -> bool:
    """Whether an action pattern takes an action in; an unknown pattern is a choice point."""
    if isinstance(pattern, Unknown) and pattern.allowed is not None:
        values = [value for value in pattern.allowed if action_matches(value, action)]
        return any(pattern == value for value in values)
    if isinstance(pattern, Partial):
        texts = (part if isinstance(part, str) else "*" for part in pattern.parts)
        could = action_matches("".join(texts), action)
        question = ("takes in", f"{pattern}", action)
        return could and choose(question, f"`{pattern}`", f"takes in '{action}'", "is not known")
    if isinstance(pattern, Open):
        same: Any = pattern
        return bool(same == action)
    return _compiled(f"{pattern}".lower()).fullmatch(action.lower()) is not None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.compile("".join(parts), re.DOTALL)


def takes_in(wide: Any, narrow: Any) -> bool:
    """Whether every text of the narrow pattern is surely one of the wide pattern.

    Both are taken as they are shown: what is not known is the same wherever it has the same name.
    """
    pattern, text = f"{wide}", f"{narrow}"
    if pattern == text:
        return True
    open_ended = "*" in text or "?" in text
    if "?" in pattern and open_ended:
        return False
    return _compiled(pattern).fullmatch(text) is not None


def concerns(statement: Statement, action: str) -> bool:
    """Whether the statement is about the action, whatever its effect and its resources."""
    if statement.not_actions:
        return not any(action_matches(pattern, action) for pattern in statement.not_actions)
    return any(action_matches(pattern, action) for pattern in statement.actions)


def grants(statement: Statement, action: str) -> bool:
    """Whether the statement allows the action, on whatever resources."""
    return statement.allows and concerns(statement, action)


def grants_any(statement: Statement, actions: Iterable[str]) -> list[str]:
    """Those of the actions that the statement allows."""
    return [action for action in actions if grants(statement, action)]


def is_every_resource(statement: Statement) -> bool:
    """Whether the statement is about all resources of all services, or all but some."""
    return _reaches_all(statement, "*")


def covers(statement: Statement, action: str) -> bool:
    """Whether the statement is about the action on every resource that the action acts on.

    Every resource is `*`, an ARN that ends in a wildcard before it names anything
    (`arn:aws:s3:::*`, `arn:aws:iam::111122223333:role/*`), or all but some.
    """
    if any(isinstance(pattern, Open) for pattern in statement.actions):
        # An unknown action is a choice for each action: ask where it matters only.
        return _reaches_all(statement, action) and concerns(statement, action)
    return concerns(statement, action) and _reaches_all(statement, action)


def _reaches_all(statement: Statement, action: str) -> bool:
    if statement.not_resources:
        return True
    prefix = action.partition(":")[0].lower()
    return any(_names_none(resource, prefix) for resource in statement.resources)


def _names_none(resource: Any, prefix: str) -> bool:
    if isinstance(resource, Open) and not isinstance(resource, Partial):
        same: Any = resource
        return bool(same == "*")
    return _is_unbounded(shown(resource), prefix)


@lru_cache(maxsize=4096)
def _is_unbounded(resource: str, prefix: str) -> bool:
    if _EVERY_NAME.fullmatch(resource):
        return True
    fields = arn_fields(resource)
    if not fields:
        return False
    service, name = fields[2], fields[5]
    if not any(_compiled(service).fullmatch(one) for one in _ACTS_ON.get(prefix, (prefix,))):
        return False
    names = _EVERY_NAME if service in _UNTYPED else _EVERY_NAME_OF_A_TYPE
    return names.fullmatch(name) is not None


def arn_fields(pattern: str) -> list[str]:
    """The six fields of an ARN pattern, nothing for another text; a last `*` stands for the rest.

    They are: arn, partition, service, region, account, and the name with its type.
    """
    fields = pattern.split(":", _ARN_FIELDS - 1)
    if fields[0] != "arn" or (len(fields) < _ARN_FIELDS and not pattern.endswith("*")):
        return []
    return [*fields, *"*" * (_ARN_FIELDS - len(fields))]
