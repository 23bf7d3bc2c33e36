"""What a statement's conditions ask for, one key at a time.

IAM User Guide, "Conditions with multiple context keys or values": all operators and keys have to
hold, the values of one key are alternatives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analyzer.exploration import token
from analyzer.iam.statements import Statement
from analyzer.unknown import Absent, Partial, Reference, Unknown

_OPERATOR = re.compile(r"(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?")
_WILDCARD = re.compile(r"[*?]")


@dataclass(frozen=True, slots=True)
class Test:
    """One key of a condition block, in lower case, with its operator and alternatives.

    `for_all` holds for a request without the key, as `if_exists` does; `for_any` asks for one of
    the request's values.
    """

    operator: str
    key: str
    values: tuple[Any, ...]
    for_all: bool = False
    if_exists: bool = False
    for_any: bool = False

    def __str__(self) -> str:
        sets = "ForAllValues:" if self.for_all else "ForAnyValue:" if self.for_any else ""
        values = ", ".join(f"{value}" for value in self.values)
        return f"{sets}{self.operator}{'IfExists' * self.if_exists} {self.key} {values}"

    @property
    def identity(self) -> tuple[Any, ...]:
        """What tells it from every other test: two values may be shown alike."""
        values = tuple(token(value) for value in self.values)
        return (self.operator, self.key, values, self.for_all, self.if_exists, self.for_any)

    @property
    def negated(self) -> bool:
        """Whether the operator excludes its values, and admits all others."""
        return "Not" in self.operator

    @property
    def positive(self) -> str:
        """The operator without its negation."""
        return self.operator.replace("Not", "")

    @property
    def patterns(self) -> bool:
        """Whether the operator reads wildcards in its values."""
        return self.positive in ("StringLike", "ArnLike", "ArnEquals")

    @property
    def needs_key(self) -> bool:
        """Whether a request without the key does not pass."""
        return not (self.if_exists or self.for_all or (self.negated and not self.for_any))


def tests(statement: Statement) -> Iterator[Test]:
    """The tests of a statement's conditions; all of them have to hold.

    Raises `Undecided` where the conditions are not known.
    """
    conditions = statement.conditions
    if isinstance(conditions, Absent):
        return
    for operator in conditions:
        match = _OPERATOR.fullmatch(operator)
        sets, name, if_exists = match.groups() if match else (None, operator, None)
        for key in conditions[operator]:
            value = conditions[operator][key]
            folded = key.lower()
            yield Test(
                operator=name,
                key=folded,
                values=tuple(value) if isinstance(value, list) else (value,),
                for_all=sets == "ForAllValues",
                if_exists=bool(if_exists),
                for_any=sets == "ForAnyValue",
            )


def names_some(test: Test, label: str = "") -> bool:
    """Whether each value says more, before its first wildcard, than the label (a pattern).

    Without wildcards every value does; a value that is not known is asked whether it is `*`.
    """
    return all(_names_one(test, value, label) for value in test.values)


def _names_one(test: Test, value: Any, label: str) -> bool:
    if not test.patterns or isinstance(value, Reference):
        return True
    if isinstance(value, Unknown):
        return bool(value != "*")
    known = _WILDCARD.split(shown(value))[0]
    return re.sub(f"^(?:{label})?", "", known) != ""


def shown(value: Any) -> str:
    """A text whose holes count as names: a wildcard beside a hole still stands for the rest."""
    if isinstance(value, Partial):
        return "".join(part if isinstance(part, str) else "x" for part in value.parts)
    return f"{value}"
