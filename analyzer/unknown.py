"""Values that are not known: they sit in a resource's properties like any other value.

Testing an `Unknown` (truth, comparison, membership) is a choice point of `analyzer.exploration`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from analyzer.absence import ABSENT, Absent
from analyzer.bounds import Bounds
from analyzer.exploration import (
    EVALUATE,
    PATH_LIMIT,
    Choice,
    Exploration,
    Facts,
    Key,
    Open,
    Path,
    Undecided,
    answer,
    choose,
    current,
    explore,
    predicate_of,
    refuse,
    show,
    token,
)
from analyzer.partial import Partial
from analyzer.reference import Reference

if TYPE_CHECKING:
    from analyzer.model import Location

__all__ = [
    "ABSENT",
    "PATH_LIMIT",
    "Absent",
    "Choice",
    "Condition",
    "Either",
    "Exploration",
    "Key",
    "Open",
    "Partial",
    "Path",
    "Reference",
    "Undecided",
    "Unknown",
    "absent",
    "choose",
    "explore",
    "settle",
    "show",
]


_NUMBERS = ("", "integer", "number")  # the views that leave a number what it is


def _identity(value: Any) -> Any:
    return value


class Unknown(Open):
    """A value that exists but is not known here.

    `subject` names it ("parameter `Encrypt`"), `reason` says why it is not known ("has no value in
    this profile"). `allowed` lists the only values that it can have, `minimum` and `maximum` bound
    it; both are honoured when a choice is made. `secret` values are never shown. `scenario` marks
    a value that is known but opened on purpose.
    """

    __slots__ = (
        "_convert",
        "_view",
        "allowed",
        "key",
        "maximum",
        "may_be_absent",
        "minimum",
        "reason",
        "scenario",
        "secret",
        "source",
        "subject",
    )

    def __init__(
        self,
        subject: str,
        reason: str,
        *,
        key: Key | None = None,
        source: Location | None = None,
        allowed: Sequence[Any] | None = None,
        minimum: float | None = None,
        maximum: float | None = None,
        secret: bool = False,
        scenario: bool = False,
        may_be_absent: bool = False,
    ) -> None:
        self.subject = subject
        self.reason = reason
        self.key: Key = key if key is not None else (subject,)
        self.source = source
        self.allowed = allowed
        self.minimum = minimum
        self.maximum = maximum
        self.secret = secret
        self.scenario = scenario
        self.may_be_absent = may_be_absent
        self._view = ""
        self._convert: Callable[[Any], Any] = _identity

    @property
    def identity(self) -> Any:
        """The key and the conversion through which it is seen."""
        return ("unknown", self.key, self._view)

    def viewed(self, view: str, convert: Callable[[Any], Any]) -> Unknown:
        """The same unknown seen through a conversion, for example text read as a boolean."""
        other = Unknown.__new__(Unknown)
        for slot in Unknown.__slots__:
            setattr(other, slot, getattr(self, slot))
        inner = self._convert
        other._view = f"{self._view}/{view}"
        other._convert = lambda value: convert(inner(value))
        return other

    def _ask(self, question: str, operand: Any = None) -> bool:
        run = current.get()
        if run is None:
            refuse(self.subject, self.reason)
        facts = run.facts.get(self.key)
        if facts is None:
            bounds = Bounds.between(self.minimum, self.maximum)
            facts = run.facts[self.key] = Facts(self.allowed, bounds)
        memory = (self._view, question, token(operand))
        known = facts.answers.get(memory)
        if known is None:
            known = self._implied(facts, question, operand)
        if known is None:
            predicate = predicate_of(question, operand)
            known = answer(run, self.subject, predicate, self.reason, scenario=self.scenario)
            self._learn(facts, question, operand, answer=known)
        facts.answers[memory] = known
        return known

    def _holds(self, value: Any, question: str, operand: Any) -> bool:
        try:
            return bool(EVALUATE[question](self._convert(value), operand))
        except (TypeError, ValueError) as error:
            raise Undecided(self.subject, f"{self.reason} ({error})") from error

    def _implied(self, facts: Facts, question: str, operand: Any) -> bool | None:
        if facts.candidates is not None and not isinstance(operand, Open):
            outcomes = {self._holds(value, question, operand) for value in facts.candidates}
            return outcomes.pop() if len(outcomes) == 1 else None
        return facts.bounds.implies(question, operand) if self._is_number(operand) else None

    def _learn(self, facts: Facts, question: str, operand: Any, *, answer: bool) -> None:
        if isinstance(operand, Open):
            return
        if facts.candidates is not None:
            facts.candidates = [
                value
                for value in facts.candidates
                if self._holds(value, question, operand) == answer
            ]
        elif question == "==" and answer and not self._view:
            facts.candidates = [operand]
        elif self._is_number(operand):
            facts.bounds.learn(question, operand, answer=answer)

    def _is_number(self, operand: Any) -> bool:
        """Whether a question with this operand is about the number that it is."""
        return self._view.rpartition("/")[2] in _NUMBERS and isinstance(operand, int | float)

    def __bool__(self) -> bool:
        return self._ask("truth")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Unknown) and other.key == self.key and other._view == self._view:
            return True
        if isinstance(other, Absent):
            return False
        return self._ask("==", other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: Any) -> bool:
        return self._ask("<", other)

    def __le__(self, other: Any) -> bool:
        return self._ask("<=", other)

    def __gt__(self, other: Any) -> bool:
        return self._ask(">", other)

    def __ge__(self, other: Any) -> bool:
        return self._ask(">=", other)

    def __contains__(self, item: object) -> bool:
        return self._ask("contains", item)

    def startswith(self, prefix: str) -> bool:
        """Choice: does the text start so."""
        return self._ask("startswith", prefix)

    def endswith(self, suffix: str) -> bool:
        """Choice: does the text end so."""
        return self._ask("endswith", suffix)

    def lower(self) -> Unknown:
        """The same text in lower case."""
        return self.viewed("lower", lambda value: str(value).lower())

    def upper(self) -> Unknown:
        """The same text in upper case."""
        return self.viewed("upper", lambda value: str(value).upper())

    def strip(self) -> Unknown:
        """The same text without white space around it."""
        return self.viewed("strip", lambda value: str(value).strip())

    def follow(self, *names: str) -> Any:
        """What an unknown names cannot be followed."""
        self._undecided()

    def __getattr__(self, name: str) -> Any:
        if name[:1].isupper():
            return Unknown(
                f"{self.subject}.{name}",
                self.reason,
                key=(*self.key, name),
                source=self.source,
                secret=self.secret,
                may_be_absent=True,
            )
        if name.startswith("__"):
            raise AttributeError(name)
        self._undecided()

    def _undecided(self, *_: object) -> NoReturn:
        raise Undecided(self.subject, self.reason)

    __iter__ = __len__ = __getitem__ = __hash__ = _undecided
    __int__ = __float__ = __index__ = __str__ = __round__ = _undecided
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _undecided
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _undecided
    __and__ = __rand__ = __or__ = __ror__ = __neg__ = __abs__ = _undecided

    def __format__(self, spec: str) -> str:
        return f"({self.subject})"

    def __repr__(self) -> str:
        return f"Unknown({self.subject!r}, {self.reason!r})"


class Condition(Protocol):
    """Something that holds or not; asking may be a choice point."""

    def holds(self) -> bool:
        """Decide the condition on the current path."""
        ...


@dataclass(frozen=True, eq=False, slots=True)
class Either:
    """`Fn::If` on a condition that is not decided: which value it is, is a choice."""

    condition: Condition
    if_true: Any
    if_false: Any


def settle(value: Any) -> Any:
    """The value on the current path: an `Either` is decided, everything else is itself."""
    while isinstance(value, Either):
        value = value.if_true if value.condition.holds() else value.if_false
    return value


def absent(value: Any) -> bool:
    """Whether a property is not set (an unknown that may be unset is a choice)."""
    if isinstance(value, Unknown) and value.may_be_absent:
        key = (*value.key, "set")
        return not choose(key, value.subject, "is set", value.reason, scenario=value.scenario)
    return isinstance(value, Absent)
