"""All requests that some statements can tell apart: finitely many kinds, each with an example.

A statement is a product of independent sets, one for the action, the resource, the principal and
each condition key. In each dimension the values fall into classes that every statement treats
alike; a question about all requests is then a question about all combinations of classes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analyzer.iam.conditions import Test
from analyzer.iam.context import Case, Value
from analyzer.iam.dimensions import Dimension, Limits, dimensions
from analyzer.iam.forms import SOMETHING, meets, telling
from analyzer.iam.grants import Grant, Patterns, Rule
from analyzer.iam.patterns import (
    STAR,
    TooManyClasses,
    classes,
    glob,
    holes_in,
)
from analyzer.iam.service_reference import ServiceReference, numbers

COMBINATION_LIMIT = 2_000_000


@dataclass(frozen=True, slots=True)
class Side:
    """A grant as bits over the statements of a space."""

    allows: tuple[int, ...]
    denies: int

    def possible(self, active: int) -> bool:
        """Whether some Allow of each layer is among the statements."""
        return all(active & layer for layer in self.allows)

    def allowed(self, active: int) -> bool:
        """What IAM answers where exactly these statements match."""
        return not active & self.denies and self.possible(active)

    def certain(self, active: int, settled: int) -> bool:
        """Whether it is allowed whatever becomes of the statements that are not settled."""
        return not active & self.denies and self.possible(active & settled)


@dataclass(frozen=True, slots=True)
class Found:
    """One class of a dimension: the statements that are left, and an example."""

    active: int
    example: str


class Space:
    """The statements of some grants, each with a bit, and the classes that they make."""

    def __init__(self, grants: Sequence[Grant], reference: ServiceReference) -> None:
        self.reference = reference
        self.rules: list[Rule] = []
        self.sides: list[Side] = []
        self._steps = 0
        for grant in grants:
            self.sides.append(self._side(grant))
        self.plain = self._bits(lambda rule: rule.is_plain)
        self.free = self._bits(lambda rule: rule.resources.is_everything)
        self.anyone = self._bits(lambda rule: rule.principals.is_everything)
        self.unconditional = self._bits(lambda rule: not rule.tests)
        self._dimensions = dimensions(self.rules)

    def _side(self, grant: Grant) -> Side:
        layers, denies = [], 0
        for layer in grant.layers:
            allows = 0
            for rule in layer:
                bit = 1 << len(self.rules)
                self.rules.append(rule)
                if rule.allows:
                    allows |= bit
                else:
                    denies |= bit
            layers.append(allows)
        return Side(tuple(layers), denies)

    def _bits(self, test: Callable[[Rule], bool]) -> int:
        return sum(1 << index for index, rule in enumerate(self.rules) if test(rule))

    def indexed(self, active: int) -> Iterator[tuple[int, Rule]]:
        """The statements of a set, each with its bit."""
        for index in numbers(active):
            yield 1 << index, self.rules[index]

    def surely(self, side: Side) -> int:
        """The actions that a side allows on everything, without condition, and denies nowhere."""
        allowed = self.reference.everything
        for layer in side.allows:
            allowed &= self._actions(layer & self.plain)
        return allowed & ~self._actions(side.denies)

    def perhaps(self, side: Side) -> int:
        """The actions that a side allows on something, under some condition, or seems to."""
        allowed = self.reference.everything
        for layer in side.allows:
            allowed &= self._actions(layer)
        return allowed & ~self._actions(side.denies & self.plain)

    def _actions(self, active: int) -> int:
        actions = 0
        for _, rule in self.indexed(active):
            actions |= rule.actions
        return actions

    def action_groups(self, universe: int) -> dict[int, int]:
        """The actions of a set, by the statements that are about them."""
        groups = {0: universe}
        for index, rule in enumerate(self.rules):
            bit = 1 << index
            refined: dict[int, int] = {}
            for active, actions in groups.items():
                if inside := actions & rule.actions:
                    refined[active | bit] = inside
                if outside := actions & ~rule.actions:
                    refined[active] = outside
            groups = refined
        return groups

    def about(self, action: str) -> int:
        """The statements that are about one action, known or not."""
        number = self.reference.number(action)
        if number is None:
            return self._bits(lambda rule: rule.concerns(action))
        return self._bits(lambda rule: bool(rule.actions >> number & 1))

    def unknown_actions(self, among: int) -> list[str]:
        """A name for each kind of action that the patterns of these statements are about.

        Of those patterns only that are about no known action.
        """
        stated = dict.fromkeys(pattern for rule in self.rules for pattern in rule.others)
        names: dict[str, None] = {}
        for odd in dict.fromkeys(p for _, rule in self.indexed(among) for p in rule.others):
            if not self.reference.matching(odd):
                near = [glob(p, variables=False) for p in stated if p != odd and _meet(p, odd)]
                found = classes((glob(odd, variables=False), *near))
                names.update((one.example, None) for one in found if one.matched & 1)
        return list(names)

    def resources(self, active: int, form: str) -> list[Found]:
        """The classes of resources of one form (a pattern), as these statements see them.

        Raises `TooManyClasses`.
        """
        return _split(
            self.indexed(active & ~self.free), active & self.free, form, lambda rule: rule.resources
        )

    def principals(self, active: int, form: str = SOMETHING) -> list[Found]:
        """The classes of principals of one form, as these statements see them.

        Raises `TooManyClasses`.
        """
        return _split(
            self.indexed(active & ~self.anyone),
            active & self.anyone,
            form,
            lambda rule: rule.principals,
        )

    def contexts(
        self,
        active: int,
        *,
        known: Mapping[str, Sequence[Value]] | None = None,
        fitting: Callable[[Test, Case], bool] | None = None,
        done: Callable[[int, int], bool] | None = None,
    ) -> Iterator[tuple[int, dict[str, Value], tuple[Test, ...]]]:
        """Every combination of condition values: the statements that are left, and the values.

        `known` are the only values that keys can have; `fitting` says of a value, and of each test
        on its key, whether it can occur. `done` is asked of statements, and of those
        of them whose conditions are settled, whether to look no further. The third part are tests
        that were taken to hold, or not to, without knowing. Raises `TooManyClasses`.
        """
        yield from self._contexts(
            active, list(self._dimensions), {}, (), Limits(known or {}, fitting), done or _never
        )

    def _contexts(
        self,
        active: int,
        left: list[Dimension],
        context: dict[str, Value],
        guessed: tuple[Test, ...],
        limits: Limits,
        done: Callable[[int, int], bool],
    ) -> Iterator[tuple[int, dict[str, Value], tuple[Test, ...]]]:
        self._steps += 1
        if self._steps > COMBINATION_LIMIT:
            raise TooManyClasses
        left = [dimension for dimension in left if dimension.rules & active]
        open_rules = 0
        for dimension in left:
            open_rules |= dimension.rules
        if done(active, active & ~open_rules):
            return
        if not left:
            yield active, context, guessed
            return
        dimension, *rest = left
        for case in limits.of(dimension, active):
            failing = dimension.failing(case.held)
            told = context if dimension.atom else {**context, dimension.key: case.value}
            atoms = (*guessed, dimension.tests[0]) if dimension.atom else guessed
            yield from self._contexts(active & ~failing, rest, told, atoms, limits, done)


def _meet(one: str, other: str) -> bool:
    """Whether two action patterns begin alike; cheap, and true too often."""
    heads = [re.split("[*?]", pattern, maxsplit=1)[0] for pattern in (one, other)]
    return heads[0].startswith(heads[1]) or heads[1].startswith(heads[0])


def _never(_active: int, _settled: int) -> bool:
    return False


def _split(
    asked: Iterable[tuple[int, Rule]],
    always: int,
    form: str,
    patterns_of: Callable[[Rule], Patterns],
) -> list[Found]:
    rules = [(bit, patterns_of(rule)) for bit, rule in asked]
    values = dict.fromkeys(value for _, stated in rules for value in stated.values)
    # A name that AWS chooses, such as a bucket's ARN, may be of any form.
    forms = [form, *dict.fromkeys(v[0] + STAR for v in values if v and holes_in(v[0]))]
    patterns = [*forms, *(v for v in values if v and (holes_in(v[0]) or meets(form, v)))]
    position = {pattern: 1 << index for index, pattern in reversed(list(enumerate(patterns)))}
    of_form = (1 << len(forms)) - 1
    sets = [
        (bit, sum(position.get(value, 0) for value in stated.values), stated.complement)
        for bit, stated in rules
    ]
    found: dict[int, str] = {}
    for one in classes(tuple(patterns), among=len(forms)):
        if one.matched & of_form:
            active = always
            for bit, wanted, complement in sets:
                if bool(one.matched & wanted) is not complement:
                    active |= bit
            if active not in found:
                found[active] = telling(one, form, patterns)
    return [Found(active, example) for active, example in found.items()]
