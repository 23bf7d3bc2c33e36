"""What an identity may do: every question about identity policies, answered for one holder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from analyzer.iam.actions import action_sets
from analyzer.iam.escalation import ASSUMING, PASS, Way, World, escalations
from analyzer.iam.forms import forms_of
from analyzer.iam.grants import EVERYTHING, Grant, Rule
from analyzer.iam.inclusion import allows_more
from analyzer.iam.patterns import STAR, holes_in, includes, overlap
from analyzer.iam.permissions import PARTITION, Holder, Reach
from analyzer.iam.service_reference import ServiceReference, numbers
from analyzer.iam.statements import Statement

_EVERY_ARN = f"arn:{PARTITION}:{STAR}"
_SOME_SERVICE = "another-service.amazonaws.com"  # one that no condition names


@dataclass(frozen=True, slots=True)
class Power:
    """What a holder can do beyond its work; the words are those of `assay iam check`.

    `admin` is full, effective (one call of IAM away), conditional or no; `escalation`,
    `exfiltration`, `resource_exposure` and `credentials_exposure` are yes, conditional or no.
    """

    admin: str
    escalation: str
    ways: tuple[Way, ...]
    exfiltration: str
    resource_exposure: str
    credentials_exposure: str

    @property
    def answer(self) -> str:
        """Whether taking the holder gains anything: yes, conditional or no."""
        if self.admin in ("full", "effective"):
            return "yes"
        # To name a role that may be assumed is to hand on what that role is for, no more.
        ways = [w.verdict for w in self.ways if w.verdict == "yes" or w.path.actions != ASSUMING]
        answers = (
            self.admin,
            *ways,
            self.exfiltration,
            self.resource_exposure,
            self.credentials_exposure,
        )
        return "yes" if "yes" in answers else "conditional" if "conditional" in answers else "no"


def power_of(holder: Holder, world: World | None = None) -> Power:
    """What a holder can do, beyond what it is there for."""
    ways = tuple(escalations(holder, world))
    return Power(
        admin=administration(holder, ways),
        escalation=_strongest(way.verdict for way in ways),
        ways=ways,
        exfiltration=goes_far(holder, exfiltrating(holder.reference)),
        resource_exposure=goes_far(holder, exposing(holder.reference)),
        credentials_exposure=goes_far(holder, revealing()),
    )


def _strongest(answers: Iterable[str]) -> str:
    found = set(answers)
    return "yes" if "yes" in found else "conditional" if "conditional" in found else "no"


def administration(holder: Holder, ways: Sequence[Way] | None = None) -> str:
    """Whether a holder is an administrator: full, effective, conditional or no."""
    if ways is not None:
        return _administration(holder, ways)
    if "administration" not in holder.memo:
        holder.memo["administration"] = _administration(holder, None)
    found: str = holder.memo["administration"]
    return found


def _administration(holder: Holder, ways: Sequence[Way] | None) -> str:
    if _is_full(holder.grant, holder):
        return "full"
    open_ways = tuple(escalations(holder)) if ways is None else ways
    if any(way.verdict == "yes" and way.path.administers for way in open_ways):
        return "effective"
    bare = _without_conditions(holder.grant)
    if bare != holder.grant and _is_full(bare, Holder(bare, holder.reference)):
        return "conditional"
    return "no"


def _is_full(grant: Grant, holder: Holder) -> bool:
    everything = holder.reference.everything
    if holder.perhaps != everything:
        return False
    if holder.surely == everything:
        return True
    return allows_more(_all_of(everything), grant, holder.reference).verdict == "no"


def _all_of(actions: int) -> Grant:
    rule = Rule(True, actions, (), False, EVERYTHING, EVERYTHING, (), Statement("Allow"))  # noqa: FBT003 - a record
    return Grant(((rule,),))


def _without_conditions(grant: Grant) -> Grant:
    """The grant where every condition is met that helps, and none that hinders."""
    return replace(
        grant,
        layers=tuple(
            tuple(replace(rule, tests=()) for rule in layer if rule.allows or not rule.tests)
            for layer in grant.layers
        ),
    )


def goes_far(holder: Holder, actions: Iterable[str]) -> str:
    """Whether any of the actions is allowed on all resources of its type: yes, conditional, no."""
    answers = [_far(holder.reach(action)) for action in actions if holder.may(action)]
    return _strongest(answers)


def _far(reach: Reach) -> str:
    return "yes" if reach.always else "conditional" if reach.sometimes else "no"


@cache
def exfiltrating(reference: ServiceReference) -> tuple[str, ...]:
    """The actions that read what services store, or copy it to somebody else."""
    return tuple(
        action
        for action in (*action_sets("data"), *action_sets("copies"))
        if reference.number(action) is not None
    )


@cache
def exposing(reference: ServiceReference) -> tuple[str, ...]:
    """The actions that open resources to others: those that manage permissions."""
    named = {*action_sets("permissions")}
    levels = (reference.at(number) for number in numbers(reference.everything))
    named.update(action.name for action in levels if action.level == "P" and action.types)
    return tuple(sorted(named))


@cache
def revealing() -> tuple[str, ...]:
    """The actions that return secrets or credentials."""
    return (*action_sets("credentials"), *action_sets("secrets"))


def passing(holder: Holder) -> str:
    """Which roles the holder may pass, and to which services: any, limited or no."""
    to_any_service = holder.reach(PASS, known={"iam:passedtoservice": (_SOME_SERVICE,)})
    return "any" if to_any_service.always else "limited" if holder.reach(PASS) else "no"


def whole_services(holder: Holder) -> list[str]:
    """The services of which every action is allowed on everything."""
    found = []
    for service in holder.reference.touched(holder.perhaps):
        actions = holder.reference.of_service(service)
        if actions & ~holder.perhaps:
            continue
        if actions & ~holder.surely:
            more = allows_more(_all_of(actions), holder.grant, holder.reference)
            if more.verdict != "no":
                continue
        found.append(service)
    return found


def effective_services(holder: Holder) -> list[str]:
    """The services of which anything is left after all layers."""
    found = []
    for service in holder.reference.touched(holder.perhaps):
        left = holder.perhaps & holder.reference.of_service(service)
        if left and _is_left(holder, left):
            found.append(service)
    return found


def _is_left(holder: Holder, actions: int) -> bool:
    """Whether any of the actions is allowed on anything, whatever the layers take."""
    if holder.is_plain or actions & holder.surely:
        return True
    return any(holder.reach(holder.reference.name(number)) for number in numbers(actions))


@dataclass(frozen=True, slots=True)
class Stars:
    """How Allow statements use `Resource: "*"`: avoidable, bounded, unavoidable, or no.

    `avoidable` are the actions that could name a resource, as the policy writes them.
    """

    answer: str
    avoidable: tuple[str, ...] = ()


def stars(holder: Holder) -> Stars:
    """Whether a star stands where an ARN could."""
    avoidable: dict[str, None] = {}
    answers = set()
    for rule in holder.space.rules:
        if not rule.allows or not rule.resources.is_everything:
            continue
        named = _bindable(rule, holder.reference)
        if not named:
            answers.add("unavoidable")
        elif rule.tests:
            answers.add("bounded")
        else:
            answers.add("avoidable")
            avoidable.update(dict.fromkeys(named))
    order = ("avoidable", "bounded", "unavoidable")
    answer = next((one for one in order if one in answers), "no")
    return Stars(answer, tuple(avoidable))


def _bindable(rule: Rule, reference: ServiceReference) -> list[str]:
    """The action patterns of a statement that take in an action on a resource."""
    if rule.complement:
        return [f"all but {', '.join(map(str, rule.source.not_actions))}"]
    bindable = _acting_on_resources(reference)
    return [
        f"{pattern}"
        for pattern in rule.source.actions
        if reference.matching(f"{pattern}") & bindable
    ]


@cache
def _acting_on_resources(reference: ServiceReference) -> int:
    """The actions for which a star can be avoided."""
    unbounded = action_sets("unbounded")
    actions = (reference.at(number) for number in range(len(reference)))
    return sum(
        1 << number
        for number, action in enumerate(actions)
        if action.types and action.name not in unbounded
    )


def unknown_actions(rules: Iterable[Rule], reference: ServiceReference) -> list[str]:
    """The action patterns that are about no action of the reference."""
    stated = (
        f"{pattern}"
        for rule in rules
        for pattern in (*rule.source.actions, *rule.source.not_actions)
    )
    return [pattern for pattern in dict.fromkeys(stated) if not reference.matching(pattern)]


def actions_without_effect(rules: Iterable[Rule], reference: ServiceReference) -> list[str]:
    """Actions, named in full, that are allowed only on ARNs that they never act on."""
    named: dict[str, bool] = {}
    for rule in rules:
        if not rule.allows:
            continue
        for pattern in rule.source.actions:
            number = reference.number(f"{pattern}")
            if number is not None:
                name = reference.name(number)
                named[name] = named.get(name, False) or _has_effect(rule, name, reference)
    return [name for name, effect in named.items() if not effect]


def _has_effect(rule: Rule, action: str, reference: ServiceReference) -> bool:
    if rule.resources.is_everything or rule.resources.complement:
        return True
    if any(holes_in(value) for value in rule.resources.values):
        return True  # what a resource of the stack is called is not known
    return any(
        overlap(form, value)
        for form in forms_of(action, reference)
        for value in rule.resources.values
    )


def grants_everything(rule: Rule, reference: ServiceReference) -> bool:
    """Whether one statement allows every action on everything that has a name, unconditioned."""
    return (
        rule.allows
        and not rule.tests
        and rule.actions == reference.everything
        and any(includes(value, _EVERY_ARN) for value in rule.resources.values)
        and not rule.resources.complement
    )
