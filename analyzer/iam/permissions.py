"""How far an action goes under a grant: on everything, on some resources, under conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from analyzer.iam.conditions import Test
from analyzer.iam.context import Case, Value, comparable, holds
from analyzer.iam.forms import NO_RESOURCE, by_example, example_of, form_pattern, meets
from analyzer.iam.grants import Grant, Rule
from analyzer.iam.patterns import FIELD, TooManyClasses, expression, holes_in, includes, shown
from analyzer.iam.requests import Request
from analyzer.iam.service_reference import ServiceReference
from analyzer.iam.space import Found, Space

PARTITION = "aws"
# Services that take requests in one region only, whatever region their resources are in.
# AWS General Reference, "Service endpoints and quotas", global services of the partition aws.
_GLOBAL = frozenset({"iam", "organizations", "account", "route53", "cloudfront", "sts", "support"})
_HOME = "us-east-1"
# Keys whose value the caller chooses with the request. IAM User Guide, "AWS global condition
# context keys"; Service Authorization Reference, the keys of IAM and EC2.
_CHOSEN = frozenset(
    {
        "aws:referer",
        "aws:requestedregion",
        "aws:tagkeys",
        "aws:useragent",
        "ec2:instancetype",
        "iam:awsservicename",
        "iam:passedtoservice",
        "iam:policyarn",
        "s3:x-amz-acl",
        "s3:max-keys",
        "sts:externalid",
        "sts:rolesessionname",
    }
)
_CHOSEN_PREFIX = "aws:requesttag/"


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an action goes on resources of one type.

    `always`: every such resource, for a caller of whom the conditions say nothing; `sometimes`:
    every such resource, under some condition. `patterns` are the resources that it is surely
    allowed on, `under` those it is allowed on under a condition, as the policy writes them.
    """

    always: bool = False
    sometimes: bool = False
    patterns: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.patterns or self.under)


NOWHERE = Reach()


@dataclass(eq=False, repr=False)
class Holder:
    """A principal with everything that it is granted, ready to be asked many questions.

    Where its account and region are known, "everywhere" means everywhere in them. `memo` keeps what
    others have found out about it.
    """

    grant: Grant
    reference: ServiceReference
    account: str = ""
    region: str = ""
    memo: dict[str, Any] = field(default_factory=dict)
    _reaches: dict[tuple[object, ...], Reach] = field(default_factory=dict)
    _answers: dict[tuple[object, ...], tuple[bool, bool]] = field(default_factory=dict)

    @cached_property
    def space(self) -> Space:
        """The statements and their classes."""
        return Space([self.grant], self.reference)

    @cached_property
    def surely(self) -> int:
        """The actions that are allowed on everything without condition."""
        return self.space.surely(self.space.sides[0])

    @cached_property
    def perhaps(self) -> int:
        """The actions that may be allowed on something."""
        return self.space.perhaps(self.space.sides[0])

    @cached_property
    def is_plain(self) -> bool:
        """Whether nothing takes away from what an Allow says: one layer, and no denial."""
        return len(self.grant.layers) == 1 and not self.space.sides[0].denies

    def may(self, action: str) -> bool:
        """Whether an action may be allowed on anything; quick, and true too often."""
        number = self.reference.number(action)
        return number is not None and bool(self.perhaps >> number & 1)

    def reach(
        self, action: str, type_: str = "", *, known: Mapping[str, Sequence[Value]] | None = None
    ) -> Reach:
        """How far an action goes on resources of a type; "" is the type that it goes farthest on.

        `known` are the values that condition keys can have in the requests that are asked about.
        """
        number = self.reference.number(action)
        if number is None or not self.perhaps >> number & 1:
            return NOWHERE
        if self.surely >> number & 1:
            return Reach(always=True, sometimes=True, patterns=("*",), rules=self._allowing(number))
        key = (action, type_, tuple((known or {}).items()))
        if key not in self._reaches:
            self._reaches[key] = self._reach(action, type_, known or {})
        return self._reaches[key]

    def example(self, action: str) -> Request | None:
        """A request that is surely allowed, on any resource of its kind; None where there is none.

        The resource is one of the holder's account and region where these are known.
        """
        told = self.reference.action(action)
        for type_ in by_example(told.types) if told else ():
            if self.reach(action, type_).always:
                (form,) = self._forms(action, [type_], self.account)
                return Request(action, example_of(form))
        if told and not told.types and self.reach(action).always:
            return Request(action, NO_RESOURCE)
        return None

    def _allowing(self, number: int) -> tuple[Rule, ...]:
        return tuple(
            rule for rule in self.space.rules if rule.allows and rule.actions >> number & 1
        )

    def _reach(self, action: str, type_: str, known: Mapping[str, Sequence[Value]]) -> Reach:
        told = self.reference.action(action)
        types = [type_] if type_ else list(told.types) if told else []
        facts = {**self._facts(action), **known}
        own = [self._on(action, form, facts) for form in self._forms(action, types, self.account)]
        found = max(own, key=_extent)
        if found or not self.account:
            return found
        # Resources of another account: never all of them.
        foreign = [self._on(action, form, facts) for form in self._forms(action, types, FIELD)]
        return replace(max(foreign, key=_extent), always=False, sometimes=False)

    def _forms(self, action: str, types: Sequence[str], account: str) -> list[str]:
        service = action.partition(":")[0]
        stated = (self.reference.arn(service, type_) for type_ in types)
        where = (PARTITION, account or FIELD, self.region or FIELD)
        return [form_pattern(form, *where) for form in stated if form] or [NO_RESOURCE]

    def _facts(self, action: str) -> dict[str, Sequence[Value]]:
        facts: dict[str, Sequence[Value]] = {
            "aws:principalisawsservice": ("false",),
            "aws:securetransport": ("true",),
            "aws:viaawsservice": ("false",),
        }
        if self.account:
            facts["aws:principalaccount"] = facts["aws:resourceaccount"] = (self.account,)
        if action.partition(":")[0].lower() in _GLOBAL:
            facts["aws:requestedregion"] = (_HOME,)
        return facts

    def _on(self, action: str, form: str, known: Mapping[str, Sequence[Value]]) -> Reach:
        active = self.space.about(action)
        key = (active, form, tuple(known.items()))
        if key not in self._reaches:
            self._reaches[key] = self._of_form(active, form, known)
        return self._reaches[key]

    def _of_form(self, active: int, form: str, known: Mapping[str, Sequence[Value]]) -> Reach:
        try:
            if self._is_simple(active):
                return self._of_one_statement(active, form, known)
            classes = self.space.resources(active, form)
            answers = [(one, *self._answer(one.active, known)) for one in classes]
        except TooManyClasses:
            rules = tuple(rule for _, rule in self.space.indexed(active) if rule.allows)
            return Reach(sometimes=True, under=("what the policy names",), rules=rules)
        surely = [one for one, always, _ in answers if always]
        maybe = [one for one, always, some in answers if some and not always]
        if not surely and not maybe:
            return NOWHERE
        patterns, rules = self._named(surely)
        under, more = self._named(maybe)
        return Reach(
            always=len(surely) == len(answers),
            sometimes=len(surely) + len(maybe) == len(answers),
            patterns=patterns,
            under=under,
            rules=(*rules, *more),
        )

    def _is_simple(self, active: int) -> bool:
        """Whether each statement speaks for itself: no denial, no complement, one condition."""
        rules = [rule for _, rule in self.space.indexed(active)]
        return (
            len(self.grant.layers) == 1
            and not any(rule.resources.complement or not rule.allows for rule in rules)
            and sum(bool(rule.tests) for rule in rules) < 2  # noqa: PLR2004 - two may add up
        )

    def _of_one_statement(
        self, active: int, form: str, known: Mapping[str, Sequence[Value]]
    ) -> Reach:
        """The reach where no statement takes from another: no text has to be tried."""
        always = sometimes = False
        patterns: dict[str, None] = {}
        under: dict[str, None] = {}
        rules = []
        for bit, rule in self.space.indexed(active):
            values = [v for v in rule.resources.values if holes_in(v[:1]) or meets(form, v)]
            surely, perhaps = self._answer(bit, known) if values else (False, False)
            if not perhaps:
                continue
            rules.append(rule)
            covered = any(includes(value, form) for value in values)
            always = always or (surely and covered)
            sometimes = sometimes or covered
            (patterns if surely else under).update(dict.fromkeys(map(shown, values)))
        return Reach(always, sometimes, tuple(patterns), tuple(under), tuple(rules))

    def _answer(self, active: int, known: Mapping[str, Sequence[Value]]) -> tuple[bool, bool]:
        """Whether it is allowed always, and whether sometimes, once the caller chose well."""
        key = (active, tuple(known.items()))
        if key not in self._answers:
            side = self.space.sides[0]
            outcomes: dict[tuple[object, ...], bool] = {}
            for left, context, guessed in self.space.contexts(active, known=known):
                # What the caller chooses is chosen well; what it does not, may be anything.
                given = tuple(
                    (name, value)
                    for name, value in context.items()
                    if not is_chosen(name) and name not in known
                )
                doubts = tuple((test.identity, bool(left & self._asking(test))) for test in guessed)
                outcome = (given, doubts)
                outcomes[outcome] = outcomes.get(outcome, False) or side.allowed(left)
            some = any(outcomes.values())
            surely = some and (all(outcomes.values()) or self._is_usual(active, known))
            self._answers[key] = (surely, some)
        return self._answers[key]

    def _is_usual(self, active: int, known: Mapping[str, Sequence[Value]]) -> bool:
        """Whether it is allowed to a caller of whom no condition says anything."""
        side = self.space.sides[0]
        return any(
            side.allowed(left)
            for left, _, _ in self.space.contexts(active, known=known, fitting=_says_nothing)
        )

    def _asking(self, test: object) -> int:
        return sum(
            1 << index
            for index, rule in enumerate(self.space.rules)
            if any(one is test for one in rule.tests)
        )

    def _named(self, found: Sequence[Found]) -> tuple[tuple[str, ...], tuple[Rule, ...]]:
        """The resource patterns of the Allow statements that match, and the statements."""
        patterns: dict[str, None] = {}
        rules: dict[Rule, None] = {}
        for one in found:
            for _, rule in self.space.indexed(one.active):
                if rule.allows:
                    rules[rule] = None
                    values = [v for v in rule.resources.values if _matches(v, one.example)]
                    patterns.update(dict.fromkeys(map(shown, values) if values else ["*"]))
        return tuple(patterns), tuple(rules)


def _matches(pattern: str, example: str) -> bool:
    return expression(pattern).fullmatch(example) is not None


def _says_nothing(test: Test, case: Case) -> bool:
    """Whether a value is none that the test names, so that anybody has it or the like of it."""
    if is_chosen(test.key) or case.value is None:
        return True
    if test.operator == "Bool":
        return case.value == "false"
    if not comparable([test]):
        return bool(case.held) is (test.negated or not test.needs_key)
    positive = replace(test, operator=test.positive, if_exists=False)
    return test.operator != "Null" and not holds(positive, case.value)


def _extent(reach: Reach) -> tuple[bool, bool, bool, bool]:
    return (reach.always, reach.sometimes, bool(reach.patterns), bool(reach.under))


def is_chosen(key: str) -> bool:
    """Whether the caller chooses the value of a condition key with its request."""
    return key in _CHOSEN or key.startswith(_CHOSEN_PREFIX)


def widest(rules: Sequence[Rule]) -> Rule:
    """The statement that says most: one that only looks at the action before the others."""
    return max(rules, key=lambda rule: (rule.is_plain, rule.resources.is_everything))
