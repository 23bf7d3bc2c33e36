"""Texts with wildcards as automata: which sets of patterns can one text match together?

`classes` answers exactly, with an example for each set, so that "is there a text that these match
and those do not" is a lookup. All patterns run at once as one number: a bit for each position in
each pattern (the shift-and method). IAM User Guide, "IAM JSON policy elements: Resource".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from analyzer.exploration import token
from analyzer.unknown import Open, Partial, Reference, Undecided, Unknown

# Symbols inside a pattern; every other character stands for itself.
STAR = "\x00"  # any text
ONE = "\x01"  # any character
SEGMENT = "\x02"  # any text without a slash, at least one character
FIELD = "\x03"  # any text without a colon
_NO_SLASH = "\x04"  # the first character of a segment
_NO_COLON = "\x05"  # any character but a colon
_STARS = (STAR, SEGMENT, FIELD)
_ONES = (ONE, _NO_SLASH, _NO_COLON)
STATE_LIMIT = 5_000
_OTHERS = "xyzwvq01_%~|"
_FIRST_HOLE = 0xF0000
_HOLES = "\U000f0000-\U0010ffff"
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_LITERAL_VARIABLES = ("*", "?", "$")
_ARN_FIELDS = 6


class TooManyClasses(Undecided):
    """The patterns overlap in more ways than are followed."""

    def __init__(self) -> None:
        super().__init__("the policy", "overlaps in more ways than are followed")


@dataclass(frozen=True, slots=True)
class TextClass:
    """All texts that match the same patterns: their set as bits, and the shortest such text."""

    matched: int
    example: str


_holes: dict[tuple[str, Any], str] = {}
_hole_names: dict[str, str] = {}


def _hole(name: str, value: object = None) -> str:
    """The character that stands for a text which is not known, the same for the same text.

    Two values that are not known may have one name; a variable of policies has no other value.
    """
    identity = (_folded(name) if value is None else name, token(value))
    if identity not in _holes:
        mark = chr(_FIRST_HOLE + len(_holes))
        _holes[identity] = mark
        _hole_names[mark] = name
    return _holes[identity]


def _folded(variable: str) -> str:
    """A variable with its key in lower case, and its default as it is."""
    key, comma, default = variable.partition(",")
    return f"{key.strip().lower()}{comma}{default}"


def holes_in(pattern: str) -> list[str]:
    """The names of the texts in a pattern that are not known."""
    return [_hole_names[c] for c in pattern if c in _hole_names]


def widened(pattern: str) -> str:
    """The pattern with any text in place of what is not known."""
    return _merged("".join(STAR if c in _hole_names else c for c in pattern))


@lru_cache(maxsize=8192)
def shown(pattern: str) -> str:
    """A pattern as a policy writes it."""
    marks = {STAR: "*", ONE: "?", SEGMENT: "*", FIELD: "*", _NO_COLON: "?"}
    return "".join(
        "${" + _hole_names[c] + "}" if c in _hole_names else marks.get(c, c) for c in pattern
    )


def glob(value: object, *, variables: bool = True) -> str:
    """A value of a policy with its wildcards; `variables` as in policies of version 2012-10-17."""
    return _merged("".join(_pieces(value, wild=True, variables=variables)))


def literal(value: object, *, variables: bool = True) -> str:
    """A value of a policy that is compared letter by letter."""
    return "".join(_pieces(value, wild=False, variables=variables))


def arn_glob(value: object, *, variables: bool = True) -> str:
    """A value of ArnLike: a wildcard does not leave its field, but in the last one."""
    fields = glob(value, variables=variables).split(":", _ARN_FIELDS - 1)
    first, last = fields[: _ARN_FIELDS - 1], fields[_ARN_FIELDS - 1 :]
    kept = (field.replace(STAR, FIELD).replace(ONE, _NO_COLON) for field in first)
    return ":".join([*kept, *last])


def _pieces(value: object, *, wild: bool, variables: bool) -> Iterator[str]:
    if isinstance(value, Partial):
        for part in value.parts:
            yield from _pieces(part, wild=wild, variables=variables)
    elif isinstance(value, Reference):
        yield value.text or _hole(f"{value}", value)
    elif isinstance(value, Unknown):
        yield _hole(value.subject, value)
    elif isinstance(value, Open):
        yield _hole(f"{value}", value)
    else:
        text = ("true" if value else "false") if isinstance(value, bool) else f"{value}"
        yield from _texts(text, wild=wild, variables=variables)


def _texts(text: str, *, wild: bool, variables: bool) -> Iterator[str]:
    position = 0
    for match in _VARIABLE.finditer(text) if variables else ():
        yield _wild(text[position : match.start()]) if wild else text[position : match.start()]
        name = match[1].strip()
        yield name if name in _LITERAL_VARIABLES else _hole(name)
        position = match.end()
    yield _wild(text[position:]) if wild else text[position:]


def _wild(text: str) -> str:
    return text.replace("*", STAR).replace("?", ONE)


def _merged(pattern: str) -> str:
    return re.sub(f"{STAR}+", STAR, pattern)


def includes(wide: str, narrow: str) -> bool:
    """Whether surely every text of the narrow pattern is one of the wide one; cheap, not exact.

    What is not known is the same wherever it has the same name.
    """
    if wide in (STAR, narrow):
        return True
    return _greedy(wide).fullmatch(narrow) is not None


@lru_cache(maxsize=2048)
def _greedy(pattern: str) -> re.Pattern[str]:
    forms = {
        STAR: ".*",
        ONE: f"[^{STAR}{SEGMENT}{FIELD}{_HOLES}]",
        SEGMENT: f"[^/{STAR}{ONE}{FIELD}{_NO_COLON}{_HOLES}]+",
        FIELD: f"[^:{STAR}{ONE}{SEGMENT}{_HOLES}]*",
        _NO_COLON: f"[^:{STAR}{ONE}{SEGMENT}{FIELD}{_HOLES}]",
    }
    return re.compile("".join(forms.get(c, re.escape(c)) for c in pattern), re.DOTALL)


@lru_cache(maxsize=16384)
def overlap(one: str, other: str) -> bool:
    """Whether some text matches both patterns."""
    return _Automaton((one, other), frozenset(), 1).meet()


@lru_cache(maxsize=2048)
def expression(pattern: str, *, fold: bool = False) -> re.Pattern[str]:
    """A pattern as a regular expression, to hold against one text."""
    forms = {STAR: ".*", ONE: ".", SEGMENT: "[^/]+", FIELD: "[^:]*", _NO_COLON: "[^:]"}
    text = "".join(forms.get(c, re.escape(c)) for c in pattern)
    return re.compile(text, re.DOTALL | (re.IGNORECASE if fold else 0))


@lru_cache(maxsize=2048)
def classes(
    patterns: tuple[str, ...], folded: frozenset[int] = frozenset(), among: int = 0
) -> tuple[TextClass, ...]:
    """Every set of these patterns that some text matches exactly; `folded` ones ignore case.

    With `among`, only texts that match one of so many first patterns. Raises `TooManyClasses` past
    `STATE_LIMIT` states.
    """
    found = _Automaton(patterns, folded, among).classes()
    wanted = (1 << among) - 1
    return tuple(one for one in found if not among or one.matched & wanted)


class _Automaton:
    """All patterns side by side: a bit says that a pattern is matched up to that symbol."""

    def __init__(self, patterns: Sequence[str], folded: frozenset[int], among: int) -> None:
        """`among`: a text counts while it can still match one of so many first patterns."""
        self.literals: dict[str, int] = {}
        self.ones = dict.fromkeys(_ONES, 0)
        self.loops = dict.fromkeys(_STARS, 0)
        self.start = 0
        self.accepting: list[int] = []
        self.below: dict[int, int] = {}
        self.parts: list[int] = []  # the bits of each pattern
        position = 0
        for index, pattern in enumerate(patterns):
            first = position
            self.start |= 1 << position
            for symbol in pattern.replace(SEGMENT, _NO_SLASH + SEGMENT):
                bit = 1 << position
                if symbol in _ONES:
                    self.ones[symbol] |= bit
                elif symbol in _STARS:
                    self.loops[symbol] |= bit
                    if symbol == STAR:
                        self.below[bit] = bit - (1 << first)
                else:
                    self._add(symbol, bit, fold=index in folded)
                position += 1
            self.accepting.append(1 << position)
            position += 1
            self.parts.append((1 << position) - (1 << first))
        self.alive = sum(self.parts[:among]) if among else -1
        self.any_one = self.ones[ONE] | self.ones[_NO_SLASH] | self.ones[_NO_COLON]
        self.passing = self.loops[STAR] | self.loops[SEGMENT] | self.loops[FIELD]
        self.barred = {
            "/": self.ones[_NO_SLASH] | self.loops[SEGMENT],
            ":": self.ones[_NO_COLON] | self.loops[FIELD],
        }

    def _add(self, symbol: str, bit: int, *, fold: bool) -> None:
        for letter in {symbol.lower(), symbol.upper()} if fold else {symbol}:
            self.literals[letter] = self.literals.get(letter, 0) | bit

    def classes(self) -> Iterator[TextClass]:
        """Breadth first, so that each example is the shortest."""
        found: dict[int, str] = {}
        for state, text in self._states(lambda state: self.alive < 0 or state & self.alive):
            found.setdefault(self._matched(state), text)
        return (TextClass(matched, example) for matched, example in found.items())

    def meet(self) -> bool:
        """Whether some text matches all patterns."""
        every = sum(self.accepting)
        states = self._states(lambda state: all(state & part for part in self.parts))
        return any(state & every == every for state, _ in states)

    def _states(self, counts: Callable[[int], object]) -> Iterator[tuple[int, str]]:
        """The states that count, each with the shortest text that leads there."""
        other = next((c for c in _OTHERS if c not in self.literals), chr(_FIRST_HOLE - 1))
        begin = self._closed(self.start)
        seen = {begin: ""}
        queue = [begin]
        for state in queue:
            text = seen[state]
            yield state, text
            for letter in (*self._letters(state), other):
                after = self._step(state, letter)
                if after not in seen and counts(after):
                    seen[after] = text + letter
                    queue.append(after)
            if len(queue) > STATE_LIMIT:
                raise TooManyClasses

    def _letters(self, state: int) -> list[str]:
        """The letters that mean something to a state; all others mean the same."""
        letters = [letter for letter, bits in self.literals.items() if bits & state]
        barred = (letter for letter, bits in self.barred.items() if bits & state)
        return letters + [letter for letter in barred if letter not in letters]

    def _step(self, state: int, letter: str) -> int:
        free = state & ~self.barred.get(letter, 0)
        moving = self.literals.get(letter, 0) & state
        moving |= self.any_one & free
        return self._closed(moving << 1 | self.passing & free)

    def _closed(self, state: int) -> int:
        while True:
            after = state | (state & self.passing) << 1
            if after == state:
                break
            state = after
        # What follows a star is matched from there on by whatever comes: earlier positions of the
        # same pattern can add nothing.
        stars = state & self.loops[STAR]
        while stars:
            low = stars & -stars
            state &= ~self.below[low]
            stars ^= low
        return state

    def _matched(self, state: int) -> int:
        return sum(1 << index for index, bit in enumerate(self.accepting) if state & bit)
