"""Choice points: running code once for every answer to what is not known.

`explore` runs a function once per possible answer, depth first, and hands back every path with the
choices that led to it. Outside `explore`, and wherever no choice can be made (iterating, indexing,
arithmetic), `Undecided` is raised: nothing is ever guessed.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Generic, NoReturn, TypeVar

from analyzer.bounds import Bounds

T = TypeVar("T")
Key = tuple[Any, ...]

PATH_LIMIT = 64
_refused = [0]  # how many questions were asked where nothing is explored


class Undecided(Exception):  # noqa: N818 - it is no fault of the code that meets it
    """Code needed a value that is not known here."""

    def __init__(self, subject: str, reason: str) -> None:
        super().__init__(f"{subject} {reason}")
        self.subject = subject
        self.reason = reason


class Open:
    """Base of the values that can be asked questions: unknown, partly known, or an id."""

    __slots__ = ()

    @property
    def identity(self) -> Any:
        """A hashable stand-in, so that a question about it is recognised when asked again."""
        return (type(self).__name__, repr(self))


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
class Facts:
    """What the current path has already been told about one unknown."""

    candidates: Sequence[Any] | None
    bounds: Bounds = field(default_factory=Bounds)
    answers: dict[Key, bool] = field(default_factory=dict)


@dataclass(slots=True)
class Trail:
    """One run of the explored function: the answers to give, and those given so far."""

    script: list[bool]
    taken: list[Choice] = field(default_factory=list)
    facts: dict[Key, Facts] = field(default_factory=dict)


current: ContextVar[Trail | None] = ContextVar("exploration", default=None)


def explore(function: Callable[[], T], *, limit: int = PATH_LIMIT) -> Exploration[T]:
    """Run `function` once for every combination of answers that it asks for."""
    paths: list[Path[T]] = []
    script: list[bool] = []
    while True:
        run = Trail(script)
        token = current.set(run)
        try:
            result, error = function(), None
        except Exception as raised:  # noqa: BLE001 - what the code raised is part of its answer
            result, error = None, raised
        finally:
            current.reset(token)
        paths.append(Path(tuple(run.taken), result, error))
        answers = [choice.answer for choice in run.taken]
        while answers and not answers[-1]:
            answers.pop()
        if not answers:
            return Exploration(tuple(paths))
        if len(paths) >= limit:
            return Exploration(tuple(paths), complete=False)
        script = [*answers[:-1], False]


@dataclass(frozen=True, slots=True)
class Cases(Generic[T]):
    """The answers to a question in all cases of what is not known.

    `decided`: every case gave an answer, and none is left. `hangs_on` names what the cases differ
    by, and why one of them gave none.
    """

    answers: tuple[T, ...]
    hangs_on: tuple[str, ...]
    decided: bool


def cases_of(question: Callable[[], T]) -> Cases[T]:
    """Ask a question in every case; what it raises but `Undecided` is raised."""
    exploration = explore(question)
    answers: list[T] = []
    reasons: dict[str, None] = {}
    for path in exploration.paths:
        reasons.update(dict.fromkeys(f"{one.subject} {one.reason}" for one in path.choices))
        if isinstance(path.error, Undecided):
            reasons[f"{path.error}"] = None
        elif path.error is not None:
            raise path.error
        elif path.result is not None:
            answers.append(path.result)
    if not exploration.complete:
        reasons[f"more than {PATH_LIMIT} cases were not all tried"] = None
    decided = exploration.complete and len(answers) == len(exploration.paths)
    return Cases(tuple(answers), tuple(reasons), decided)


def settled(function: Callable[[], T]) -> T | None:
    """What a function gives where it asks nothing, and so on every path; else None."""
    before = _refused[0]
    token = current.set(None)
    try:
        found = function()
    except Undecided:
        return None
    finally:
        current.reset(token)
    return found if _refused[0] == before else None


def refuse(subject: str, reason: str) -> NoReturn:
    """Raise `Undecided` for a question that is asked where nothing is explored."""
    _refused[0] += 1  # also where somebody makes do without the answer: it was asked
    raise Undecided(subject, reason)


def choose(
    key: Key,
    subject: str,
    predicate: str,
    reason: str,
    *,
    scenario: bool = False,
) -> bool:
    """Ask a question that nothing known answers; the same key is answered alike along a path."""
    run = current.get()
    if run is None:
        refuse(subject, reason)
    facts = run.facts.setdefault(key, Facts(None))
    known = facts.answers.get(())
    if known is None:
        known = facts.answers[()] = answer(run, subject, predicate, reason, scenario=scenario)
    return known


def answer(run: Trail, subject: str, predicate: str, reason: str, *, scenario: bool) -> bool:
    """Take the next answer of the path: the scripted one, else yes."""
    position = len(run.taken)
    answer = run.script[position] if position < len(run.script) else True
    run.taken.append(Choice(subject, predicate, answer, reason, scenario))
    return answer


def _negated(predicate: str) -> str:
    verb, _, rest = predicate.partition(" ")
    return {"is": "is not", "starts": "does not start", "ends": "does not end"}.get(
        verb, f"not: {verb}"
    ) + (f" {rest}" if rest else "")


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
EVALUATE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "contains": operator.contains,
    "startswith": lambda value, prefix: str(value).startswith(prefix),
    "endswith": lambda value, suffix: str(value).endswith(suffix),
    "truth": lambda value, _: bool(value),
}


def token(operand: Any) -> Any:
    """A hashable stand-in for an operand, so that a question is recognised when asked again."""
    if isinstance(operand, Open):
        return operand.identity
    return (type(operand).__name__, repr(operand))


def predicate_of(question: str, operand: Any) -> str:
    """A question as a message says it: "is at least 7"."""
    if question == "truth":
        return "is true"
    return f"{_WORDS[question]} {show(operand)}"


def show(value: Any) -> str:
    """A value as a message shows it; unknown values by their name."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}'"
    return f"{value}"
