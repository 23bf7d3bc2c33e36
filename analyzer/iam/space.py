"""All requests that some statements can tell apart: finitely many kinds, each with an example.

A statement is a product of independent sets, one for the action, the resource, the principal and
each condition key. In each dimension the values fall into classes that every statement treats
alike; a question about all requests is then a question about all combinations of classes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from analyzer.iam.conditions import Test
from analyzer.iam.context import Case, Value, cases, comparable, every_case, holds
from analyzer.iam.grants import Grant, Patterns, Rule
from analyzer.iam.patterns import (
    FIELD,
    ONE,
    SEGMENT,
    STAR,
    TextClass,
    TooManyClasses,
    classes,
    expression,
    glob,
    holes_in,
    overlap,
)
from analyzer.iam.service_reference import ServiceReference, numbers

COMBINATION_LIMIT = 2_000_000
NO_RESOURCE = "*"  # what a request names that acts on no resource
SOMETHING = ONE + STAR  # any text but none
_SERVICE_FIELD = 2
_Identity = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One concrete request, as an example: what IAM would be asked."""

    action: str
    resource: str
    principal: str = ""
    context: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        told = [f"{key} {_shown(value)}" for key, value in self.context.items()]
        who = f"{self.principal}: " if self.principal else ""
        return f"{who}{self.action} on {self.resource}" + (
            f" with {', '.join(told)}" if told else ""
        )


def _shown(value: Value) -> str:
    if value is None:
        return "absent"
    return f"[{', '.join(value)}]" if isinstance(value, tuple) else value


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
        self._dimensions = _dimensions(self.rules)

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
            active, list(self._dimensions), {}, (), _Limits(known or {}, fitting), done or _never
        )

    def _contexts(
        self,
        active: int,
        left: list[_Dimension],
        context: dict[str, Value],
        guessed: tuple[Test, ...],
        limits: _Limits,
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
                found[active] = _telling(one, form, patterns)
    return [Found(active, example) for active, example in found.items()]


# What an example has where a form leaves a field of the ARN open, by the field's place.
_FILLING = {1: "aws", 3: "eu-west-1", 4: "111122223333"}


def _telling(one: TextClass, form: str, patterns: Sequence[str]) -> str:
    """An example of a class that reads like an ARN, where one of the class does."""
    fields, open_fields = one.example.split(":", 5), form.split(":", 5)
    if len(fields) != len(open_fields):
        return one.example
    for place, text in _FILLING.items():
        if place < len(fields) and not fields[place] and open_fields[place] == FIELD:
            fields[place] = text
    text = ":".join(fields)
    for telling in (f"{text}example", text):
        matched = (
            1 << index
            for index, pattern in enumerate(patterns)
            if expression(pattern).fullmatch(telling)
        )
        if sum(matched) == one.matched:
            return telling
    return one.example


@dataclass(frozen=True, slots=True)
class _Dimension:
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
        return sum(bit for bit, needed in self.needs if needed & ~held)


@dataclass(frozen=True, slots=True)
class _Limits:
    """Which values can occur in the requests that are asked about."""

    known: Mapping[str, Sequence[Value]]
    fitting: Callable[[Test, Case], bool] | None

    def of(self, dimension: _Dimension, active: int) -> Iterable[Case]:
        found = dimension.cases(active, self.known, every=self.fitting is not None)
        if self.fitting is None or dimension.key in self.known:
            return found
        fits = self.fitting
        return [case for case in found if all(fits(test, case) for test in dimension.tests)]


def _dimensions(rules: Sequence[Rule]) -> list[_Dimension]:
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
) -> _Dimension:
    position = {name: 1 << index for index, name in enumerate(tests)}
    needs: dict[int, int] = {}
    for bit, test in asked:
        needs[bit] = needs.get(bit, 0) | position[test.identity]
    return _Dimension(key, tuple(tests.values()), tuple(needs.items()), sum(needs), atom=atom)


@lru_cache(maxsize=65536)
def form_pattern(
    form: str, partition: str = FIELD, account: str = FIELD, region: str = FIELD
) -> str:
    """The form of a resource type's ARNs as a pattern.

    A partition, region or account has no colon and a bucket's name no slash; every other part that
    is left open can be any text.
    """
    text = form.replace("${Partition}", partition).replace("${Account}", account)
    text = text.replace("${Region}", region).replace("${BucketName}", SEGMENT)
    while "${" in text:
        start = text.index("${")
        text = f"{text[:start]}{STAR}{text[text.index('}', start) + 1 :]}"
    while STAR * 2 in text:
        text = text.replace(STAR * 2, STAR)
    return text


def forms_of(
    action: str, reference: ServiceReference, partition: str = FIELD, account: str = FIELD
) -> tuple[str, ...]:
    """The resources that an action acts on, as patterns; any for one that nobody knows."""
    known = reference.action(action)
    if known is None:
        return (SOMETHING,)
    # An access point is another way to what a bucket holds: the bucket makes the better example.
    types = sorted(known.types, key=lambda type_: type_.startswith("accesspoint"))
    forms = [
        form_pattern(form, partition, account)
        for type_ in types
        if (form := reference.arn(known.service, type_))
    ]
    # S3's types are all optional in the reference, since one of several is enough.
    if not forms or (not known.required and known.service != "s3"):
        forms.append(NO_RESOURCE)
    return tuple(dict.fromkeys(forms))


def meets(form: str, pattern: str) -> bool:
    """Whether some resource of a form can match a pattern; the services of both are asked first."""
    wanted, stated = _service(form), _service(pattern)
    return (not wanted or not stated or wanted == stated) and overlap(form, pattern)


@lru_cache(maxsize=65536)
def _service(pattern: str) -> str:
    """The service that an ARN pattern names; "" where it leaves it open."""
    fields = pattern.split(":", _SERVICE_FIELD + 1)
    if len(fields) <= _SERVICE_FIELD + 1 or fields[0] != "arn":
        return ""
    head = "".join(fields[: _SERVICE_FIELD + 1])
    open_ended = STAR in head or ONE in head or FIELD in fields[_SERVICE_FIELD] or holes_in(head)
    return "" if open_ended else fields[_SERVICE_FIELD]
