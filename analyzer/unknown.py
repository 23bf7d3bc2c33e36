"""Values that are not known, and the exploration of what code would do for each answer.

An `Unknown` sits in a resource's properties like any other value. Testing it (truth, comparison,
membership) is a *choice point*: `explore` runs the function once per possible answer, depth first,
and hands back every path with the choices that led to it. Outside `explore`, and wherever no choice
can be made (iterating, indexing, arithmetic), `Undecided` is raised: nothing is ever guessed.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Protocol, TypeVar

if TYPE_CHECKING:
    from analyzer.model import Location

T = TypeVar("T")
Key = tuple[Any, ...]

PATH_LIMIT = 64


class Undecided(Exception):  # noqa: N818 - it is no fault of the code that meets it
    """Code needed a value that is not known here."""

    def __init__(self, subject: str, reason: str) -> None:
        super().__init__(f"{subject} {reason}")
        self.subject = subject
        self.reason = reason


class Absent:
    """The value of a property that is not set and for which AWS has no default: always falsy."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __contains__(self, item: object) -> bool:
        return False

    def __getattr__(self, name: str) -> Any:
        if not name[:1].isupper():
            raise AttributeError(name)
        return self

    def follow(self, *names: str) -> Any:
        """Nothing leads nowhere."""
        return self

    def __repr__(self) -> str:
        return "ABSENT"

    def __format__(self, spec: str) -> str:
        return "absent"


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that a path took: about whom, what was asked, and how it was answered."""

    subject: str
    predicate: str
    answer: bool
    reason: str
    scenario: bool = False

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate if self.answer else _negated(self.predicate)}"


@dataclass(frozen=True, slots=True)
class Path(Generic[T]):
    """What one run of the explored function gave: a result, or the error that it raised."""

    choices: tuple[Choice, ...]
    result: T | None = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Exploration(Generic[T]):
    """All paths of a function; `complete` is False when there were more than the limit."""

    paths: tuple[Path[T], ...]
    complete: bool = True


@dataclass(slots=True)
class _Facts:
    """What the current path has already been told about one unknown."""

    candidates: Sequence[Any] | None
    low: Any = None
    high: Any = None
    answers: dict[Key, bool] = field(default_factory=dict)


@dataclass(slots=True)
class _Run:
    script: list[bool]
    taken: list[Choice] = field(default_factory=list)
    facts: dict[Key, _Facts] = field(default_factory=dict)


_current: ContextVar[_Run | None] = ContextVar("exploration", default=None)


def explore(function: Callable[[], T], *, limit: int = PATH_LIMIT) -> Exploration[T]:
    """Run `function` once for every combination of answers that it asks for."""
    paths: list[Path[T]] = []
    script: list[bool] = []
    while True:
        run = _Run(script)
        token = _current.set(run)
        try:
            result, error = function(), None
        except Exception as raised:  # noqa: BLE001 - what the code raised is part of its answer
            result, error = None, raised
        finally:
            _current.reset(token)
        paths.append(Path(tuple(run.taken), result, error))
        answers = [choice.answer for choice in run.taken]
        while answers and not answers[-1]:
            answers.pop()
        if not answers:
            return Exploration(tuple(paths))
        if len(paths) >= limit:
            return Exploration(tuple(paths), complete=False)
        script = [*answers[:-1], False]


def choose(
    key: Key,
    subject: str,
    predicate: str,
    reason: str,
    *,
    scenario: bool = False,
) -> bool:
    """Ask a question that nothing known answers; the same key is answered alike along a path."""
    run = _current.get()
    if run is None:
        raise Undecided(subject, reason)
    facts = run.facts.setdefault(key, _Facts(None))
    known = facts.answers.get(())
    if known is None:
        known = facts.answers[()] = _answer(run, subject, predicate, reason, scenario=scenario)
    return known


def _answer(run: _Run, subject: str, predicate: str, reason: str, *, scenario: bool) -> bool:
    position = len(run.taken)
    answer = run.script[position] if position < len(run.script) else True
    run.taken.append(Choice(subject, predicate, answer, reason, scenario))
    return answer


def _negated(predicate: str) -> str:
    verb, _, rest = predicate.partition(" ")
    return {"is": "is not", "starts": "does not start", "ends": "does not end"}.get(
        verb, f"not: {verb}"
    ) + (f" {rest}" if rest else "")


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_WORDS = {
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
    "==": "is",
    "contains": "is a text or list with",
    "startswith": "starts with",
    "endswith": "ends with",
}
_EVALUATE: dict[str, Callable[[Any, Any], bool]] = {
    **_ORDER,
    "==": operator.eq,
    "contains": operator.contains,
    "startswith": lambda value, prefix: str(value).startswith(prefix),
    "endswith": lambda value, suffix: str(value).endswith(suffix),
    "truth": lambda value, _: bool(value),
}


def _identity(value: Any) -> Any:
    return value


class Unknown:
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
        run = _current.get()
        if run is None:
            raise Undecided(self.subject, self.reason)
        facts = run.facts.get(self.key)
        if facts is None:
            facts = run.facts[self.key] = _Facts(self.allowed, self.minimum, self.maximum)
        memory = (self._view, question, _token(operand))
        known = facts.answers.get(memory)
        if known is None:
            known = self._implied(facts, question, operand)
        if known is None:
            predicate = _predicate(question, operand)
            known = _answer(run, self.subject, predicate, self.reason, scenario=self.scenario)
            self._learn(facts, question, operand, answer=known)
        facts.answers[memory] = known
        return known

    def _holds(self, value: Any, question: str, operand: Any) -> bool:
        try:
            return bool(_EVALUATE[question](self._convert(value), operand))
        except (TypeError, ValueError) as error:
            raise Undecided(self.subject, f"{self.reason} ({error})") from error

    def _implied(self, facts: _Facts, question: str, operand: Any) -> bool | None:
        if facts.candidates is not None and not _is_open(operand):
            outcomes = {self._holds(value, question, operand) for value in facts.candidates}
            return outcomes.pop() if len(outcomes) == 1 else None
        if self._view.rpartition("/")[2] in ("", "integer") and isinstance(operand, int | float):
            return _by_bounds(facts.low, facts.high, question, operand)
        return None

    def _learn(self, facts: _Facts, question: str, operand: Any, *, answer: bool) -> None:
        if _is_open(operand):
            return
        if facts.candidates is not None:
            facts.candidates = [
                value
                for value in facts.candidates
                if self._holds(value, question, operand) == answer
            ]
        elif question == "==" and answer and not self._view:
            facts.candidates = [operand]
        elif question in _ORDER and isinstance(operand, int | float):
            upper = question in ("<", "<=")
            if upper == answer:
                facts.high = operand if facts.high is None else min(facts.high, operand)
            else:
                facts.low = operand if facts.low is None else max(facts.low, operand)

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


def _is_open(value: object) -> bool:
    return isinstance(value, Unknown | Partial | Reference)


def _token(operand: Any) -> Any:
    """A hashable stand-in for an operand, so that a question is recognised when asked again."""
    if isinstance(operand, Unknown):
        return ("unknown", operand.key, operand._view)
    return (type(operand).__name__, repr(operand))


def _predicate(question: str, operand: Any) -> str:
    if question == "truth":
        return "is true"
    return f"{_WORDS[question]} {show(operand)}"


def _by_bounds(low: Any, high: Any, question: str, operand: float) -> bool | None:
    if question == "==":
        outside = (low is not None and operand < low) or (high is not None and operand > high)
        return False if outside else None
    if question in ("<", ">=") and low is not None and low >= operand:
        return question == ">="
    if question in ("<=", ">") and high is not None and high <= operand:
        return question == "<="
    if question in ("<=", ">") and low is not None and low > operand:
        return question == ">"
    if question in ("<", ">=") and high is not None and high < operand:
        return question == "<"
    return None


def show(value: Any) -> str:
    """A value as a message shows it; unknown values by their name."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}'"
    return f"{value}"


@dataclass(frozen=True, eq=False, slots=True)
class Reference:
    """A pointer to a resource of the same inventory (`Ref`, `GetAtt`, or an id that matched).

    `target` is the key of the resource; `attribute` is empty for `Ref`.
    """

    target: str
    attribute: str = ""

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Reference):
            if self.target == other.target and self.attribute == other.attribute:
                return True
            if self.target != other.target and self.attribute == other.attribute:
                return False
        if isinstance(other, Absent | bool):
            return False
        return self._choose("==", other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def _choose(self, question: str, operand: object) -> bool:
        key = ("reference", self.target, self.attribute, question, _token(operand))
        return choose(key, f"{self}", _predicate(question, operand), "is chosen by AWS")

    def __contains__(self, item: object) -> bool:
        return self._choose("contains", item)

    def startswith(self, prefix: str) -> bool:
        """Choice: AWS chooses the text of an id."""
        return self._choose("startswith", prefix)

    def endswith(self, suffix: str) -> bool:
        """Choice: AWS chooses the text of an id."""
        return self._choose("endswith", suffix)

    def lower(self) -> Reference:
        """Identity: the text is not known anyway."""
        return self

    def __format__(self, spec: str) -> str:
        name = self.target.rpartition("/")[2]
        return f"{name}.{self.attribute}" if self.attribute else name

    def __getattr__(self, name: str) -> Any:
        if name[:1].isupper():
            raise Undecided(f"{self}", "is an id, not a structure")
        raise AttributeError(name)

    def _undecided(self, *_: object) -> NoReturn:
        raise Undecided(f"{self}", "is chosen by AWS")

    __iter__ = __len__ = __getitem__ = __hash__ = _undecided
    __int__ = __float__ = __index__ = __str__ = _undecided
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = _undecided


class Partial:
    """A text with holes, such as `arn:aws:s3:::${Bucket}/*`: its known ends still answer."""

    __slots__ = ("parts",)

    def __init__(self, *parts: Any) -> None:
        self.parts: tuple[Any, ...] = tuple(_merged(parts))

    @property
    def head(self) -> str:
        """The known text before the first hole."""
        return self.parts[0] if self.parts and isinstance(self.parts[0], str) else ""

    @property
    def tail(self) -> str:
        """The known text after the last hole."""
        return self.parts[-1] if self.parts and isinstance(self.parts[-1], str) else ""

    def _choose(self, question: str, operand: object) -> bool:
        holes = [part for part in self.parts if isinstance(part, Unknown)]
        reason = holes[0].reason if holes else "is chosen by AWS"
        key = ("partial", f"{self}", question, _token(operand))
        return choose(key, f"`{self}`", _predicate(question, operand), reason)

    def __bool__(self) -> bool:
        solid = any(isinstance(part, str | Reference) for part in self.parts)
        return solid or self._choose("truth", None)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Partial):
            return f"{self}" == f"{other}" or self._choose("==", other)
        if isinstance(other, str):
            return self._could_be(other) and self._choose("==", other)
        if isinstance(other, Unknown | Reference):
            return self._choose("==", other)
        return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    def _could_be(self, text: str) -> bool:
        """Whether some filling of the holes gives `text`: its pieces stand in it, in order."""
        if not text.startswith(self.head) or not text.endswith(self.tail):
            return False
        position = 0
        for piece in self.parts:
            if isinstance(piece, str):
                position = text.find(piece, position)
                if position < 0:
                    return False
                position += len(piece)
        return True

    def __contains__(self, item: object) -> bool:
        if isinstance(item, str) and any(
            isinstance(part, str) and item in part for part in self.parts
        ):
            return True
        return self._choose("contains", item)

    def startswith(self, prefix: str) -> bool:
        """Decided by the known head where it can be."""
        if self.head.startswith(prefix):
            return True
        return prefix.startswith(self.head) and self._choose("startswith", prefix)

    def endswith(self, suffix: str) -> bool:
        """Decided by the known tail where it can be."""
        if self.tail.endswith(suffix):
            return True
        return suffix.endswith(self.tail) and self._choose("endswith", suffix)

    def lower(self) -> Partial:
        """The same text in lower case."""
        return Partial(*(part.lower() for part in self.parts))

    def __add__(self, other: Any) -> Partial:
        return Partial(*self.parts, other)

    def __radd__(self, other: Any) -> Partial:
        return Partial(other, *self.parts)

    def __format__(self, spec: str) -> str:
        return "".join(
            part if isinstance(part, str) else "${" + f"{part}".strip("()") + "}"
            for part in self.parts
        )

    def __repr__(self) -> str:
        return f"Partial({f'{self}'!r})"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self._undecided()

    def _undecided(self, *_: object) -> NoReturn:
        raise Undecided(f"`{self}`", "has a part that is not known")

    __iter__ = __len__ = __getitem__ = __hash__ = _undecided
    __int__ = __float__ = __index__ = __str__ = _undecided
    __lt__ = __le__ = __gt__ = __ge__ = _undecided


def _merged(parts: Sequence[Any]) -> Iterator[Any]:
    """Flatten nested partials and join neighbouring texts."""
    text = ""
    for part in parts:
        for piece in part.parts if isinstance(part, Partial) else (part,):
            if isinstance(piece, str):
                text += piece
            else:
                if text:
                    yield text
                    text = ""
                yield piece
    if text:
        yield text


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
