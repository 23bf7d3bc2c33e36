"""The condition keys that statements ask about: a dimension of requests for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analyzer.iam.conditions import Test
from analyzer.iam.context import Case, Value, cases, comparable, every_case, holds
from analyzer.iam.grants import Rule
from analyzer.iam.service_reference import numbers

_Identity = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One condition key, or one test that is not understood (`atom`)."""

    key: str
    tests: tuple[Test, ...]
    needs: tuple[tuple[int, int], ...]  # statements, and which of the tests each asks for
    rules: int
    atom: bool = False

    def cases(
        self, active: int, known: Mapping[str, Sequence[Value]], *, every: bool
    ) -> Iterable[Case]:
        """The kinds of values that some statements can tell apart; `every` value of each kind."""
        if self.atom:
            return (Case("", 0), Case("", 1))
        needed = 0
        for bit, tests in self.needs:
            if bit & active:
                needed |= tests
        if self.key in known:
            return [Case(value, self._held(value, needed)) for value in known[self.key]]
        asked = list(numbers(needed))
        return [
            Case(case.value, sum(1 << asked[i] for i in numbers(case.held)))
            for case in (every_case if every else cases)(tuple(self.tests[i] for i in asked))
        ]

    def _held(self, value: Value, needed: int) -> int:
        return sum(1 << i for i in numbers(needed) if holds(self.tests[i], value))

    def failing(self, held: int) -> int:
        """The statements that a value leaves out, by the tests that hold for it."""
        return sum(bit for bit, needed in self.needs if needed & ~held)


@dataclass(frozen=True, slots=True)
class Limits:
    """Which values can occur in the requests that are asked about."""

    known: Mapping[str, Sequence[Value]]
    fitting: Callable[[Test, Case], bool] | None

    def of(self, dimension: Dimension, active: int) -> Iterable[Case]:
        """The values of a key that can occur, as far as some statements tell them apart."""
        found = dimension.cases(active, self.known, every=self.fitting is not None)
        if self.fitting is None or dimension.key in self.known:
            return found
        fits = self.fitting
        return [case for case in found if all(fits(test, case) for test in dimension.tests)]


def dimensions(rules: Sequence[Rule]) -> list[Dimension]:
    """A dimension for each key; where its tests cannot be compared, one for each of them."""
    by_key: dict[str, list[tuple[int, Test]]] = {}
    for index, rule in enumerate(rules):
        for test in rule.tests:
            by_key.setdefault(test.key, []).append((1 << index, test))
    found = []
    for key, asked in by_key.items():
        tests = _distinct(test for _, test in asked)
        if comparable(list(tests.values())):
            found.append(_dimension(key, tests, asked))
        else:
            found.extend(
                _dimension(
                    key, {name: test}, [a for a in asked if a[1].identity == name], atom=True
                )
                for name, test in tests.items()
            )
    return found


def _distinct(tests: Iterable[Test]) -> dict[_Identity, Test]:
    return {test.identity: test for test in tests}


def _dimension(
    key: str,
    tests: Mapping[_Identity, Test],
    asked: Sequence[tuple[int, Test]],
    *,
    atom: bool = False,
) -> Dimension:
    position = {name: 1 << index for index, name in enumerate(tests)}
    needs: dict[int, int] = {}
    for bit, test in asked:
        needs[bit] = needs.get(bit, 0) | position[test.identity]
    return Dimension(key, tuple(tests.values()), tuple(needs.items()), sum(needs), atom=atom)
