"""Does one grant allow a request that another does not?

Decided by trying every class of requests that the statements of both can tell apart: exact where
every condition is understood and every value known. "No" is never said where it is not so; "maybe"
names what it hangs on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from analyzer.exploration import cases_of
from analyzer.iam.context import Value
from analyzer.iam.forms import NO_RESOURCE, SOMETHING, forms_of, meets
from analyzer.iam.grants import Grant, Patterns, Rule
from analyzer.iam.patterns import TooManyClasses, glob, holes_in, includes, overlap, widened
from analyzer.iam.requests import Request
from analyzer.iam.service_reference import ServiceReference, numbers
from analyzer.iam.space import Space

_VARIABLE = re.compile(r"[a-z0-9-]+:[A-Za-z]")  # such as aws:username
_TOO_MANY = "the policies overlap in more ways than are followed"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answer: `verdict` is yes, no or maybe; a yes and a maybe have an example.

    `hangs_on` names what a maybe hangs on.
    """

    verdict: str
    example: Request | None = None
    hangs_on: tuple[str, ...] = ()


def allows_more(a: Grant, b: Grant, reference: ServiceReference) -> Comparison:
    """Whether `a` allows any request that `b` does not."""
    try:
        return _with_missing(_compared(a, b, reference), a, b)
    except TooManyClasses:
        return Comparison("maybe", hangs_on=(_TOO_MANY,))


def in_every_case(question: Callable[[], Comparison]) -> Comparison:
    """One answer for all cases of what is not known: yes or no where all give it, else maybe."""
    cases = cases_of(question)
    verdicts = {one.verdict for one in cases.answers}
    if cases.decided and len(verdicts) == 1 and "maybe" not in verdicts:
        return cases.answers[0]
    example = next((one.example for one in cases.answers if one.example), None)
    more = (reason for one in cases.answers for reason in one.hangs_on)
    return Comparison("maybe", example, tuple(dict.fromkeys((*cases.hangs_on, *more))))


def _with_missing(found: Comparison, a: Grant, b: Grant) -> Comparison:
    if found.verdict == "no" and a.missing:
        return Comparison("maybe", hangs_on=a.missing)
    if found.verdict == "yes" and b.missing:
        return replace(found, verdict="maybe", hangs_on=b.missing)
    return found


def _compared(a: Grant, b: Grant, reference: ServiceReference) -> Comparison:
    maybe = None
    for found in _examples(a, b, reference):
        if found.verdict == "yes":
            return found
        maybe = maybe or found
    if maybe:
        return maybe
    holes = _holes(a, b)
    if not holes:
        return Comparison("no")
    # What is not known was taken for a text that nothing else matches; it may match something.
    for found in _examples(_at_most(_without(a, b)), _at_least(b), reference):
        return replace(found, verdict="maybe", hangs_on=holes)
    return Comparison("no")


def _holes(*grants: Grant) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            hole
            for grant in grants
            for rule in grant.rules
            for value in (*rule.resources.values, *rule.principals.values)
            for hole in holes_in(value)
        )
    )


def _examples(a: Grant, b: Grant, reference: ServiceReference) -> Iterator[Comparison]:
    """Requests that `a` allows and `b` does not."""
    space = Space((_without(a, b), b), reference)
    ours, theirs = space.sides
    universe = space.perhaps(ours) & ~space.surely(theirs)
    groups = space.action_groups(universe)
    left = None
    # What the other side says nothing about is decided soonest.
    for active in sorted(groups, key=lambda active: (theirs.possible(active), active.bit_count())):
        if ours.possible(active):
            for form, number in _forms(space, active, groups[active]).items():
                try:
                    yield from _of_action(space, active, reference.name(number), form)
                except TooManyClasses as error:
                    left = error
                    break
    for name in space.unknown_actions((1 << len(space.rules)) - 1):
        active = space.about(name)
        if ours.possible(active):
            yield from _of_action(space, active, name, SOMETHING)
    if left is not None:
        raise left


def _forms(space: Space, active: int, actions: int) -> dict[str, int]:
    """The forms of resources that the actions of a group act on, each with one of the actions."""
    if not active & ~space.free:  # no statement looks at the resource
        number = next(numbers(actions))
        return {forms_of(space.reference.name(number), space.reference)[0]: number}
    found: dict[str, int] = {}
    for number in numbers(actions):
        for form in forms_of(space.reference.name(number), space.reference):
            found.setdefault(form, number)
    allows = [rule.resources for _, rule in space.indexed(active) if rule.allows]
    return {
        form: number
        for form, number in found.items()
        if any(
            p.complement or any(holes_in(value[:1]) or meets(form, value) for value in p.values)
            for p in allows
        )
    }


def _of_action(space: Space, active: int, action: str, form: str) -> Iterator[Comparison]:
    ours, theirs = space.sides

    def hopeless(left: int, settled: int) -> bool:
        return (
            not ours.possible(left)
            or bool(left & settled & ours.denies)
            or theirs.certain(left, settled)
        )

    for resource in space.resources(active, form):
        if hopeless(resource.active, resource.active & space.anyone & space.unconditional):
            continue
        for principal in space.principals(resource.active):
            for left, context, guessed in space.contexts(principal.active, done=hopeless):
                if ours.allowed(left) and not theirs.allowed(left):
                    request = Request(
                        action,
                        _readable(resource.example),
                        _readable(principal.example) if _names_principals(space) else "",
                        _told(context),
                    )
                    hangs_on = (
                        *(f"{test}" for test in guessed),
                        *_doubts(space, active & ~left, resource.example, principal.example),
                    )
                    yield Comparison("maybe" if hangs_on else "yes", request, hangs_on)


def _doubts(space: Space, unmatched: int, *examples: str) -> tuple[str, ...]:
    """The names that AWS chooses, by which a statement that does not match might match after all.

    A variable of a policy is no doubt: the request says what it is.
    """
    found: dict[str, None] = {}
    for _, rule in space.indexed(unmatched):
        for example, patterns in zip(examples, (rule.resources, rule.principals), strict=True):
            for value in patterns.values:
                names = [*_chosen_by_aws(example), *_chosen_by_aws(value)]
                if names and not patterns.complement and _may_match(value, example):
                    found.update(dict.fromkeys(names))
    return tuple(found)


def _chosen_by_aws(text: str) -> list[str]:
    return [hole for hole in holes_in(text) if not _VARIABLE.match(hole)]


def _may_match(pattern: str, example: str) -> bool:
    """Whether a pattern matches an example for some names; the same name is the same in both."""
    common = 0
    for one, other in zip(pattern, example, strict=False):
        if one != other:
            break
        common += 1
    return overlap(widened(pattern[common:]), widened(example[common:]))


def _names_principals(space: Space) -> bool:
    return space.anyone != (1 << len(space.rules)) - 1


def _told(context: dict[str, Value]) -> dict[str, Value]:
    return dict(sorted(context.items()))


def _readable(example: str) -> str:
    """An example with the names of what is not known."""
    text = "".join("${" + holes_in(c)[0] + "}" if holes_in(c) else c for c in example)
    return text or NO_RESOURCE


def _without(a: Grant, b: Grant) -> Grant:
    """`a` without what the Allow statements of `b` surely contain, one resource at a time.

    Only where both have one layer, and each denial of `b` is one of `a` as well.
    """
    if len(a.layers) != 1 or len(b.layers) != 1:
        return a
    denials = [rule for rule in b.rules if not rule.allows]
    own = [rule for rule in a.rules if not rule.allows]
    if not all(any(_contains(one, denial) for one in own) for denial in denials):
        return a
    allows = [rule for rule in b.rules if rule.allows]
    left = (rest for rule in a.rules if rule.allows for rest in _rest(rule, allows))
    return replace(a, layers=((*own, *left),))


def _rest(rule: Rule, allows: Sequence[Rule]) -> Iterator[Rule]:
    """What of a statement is left, its resources together that leave the same actions."""
    stated = rule.resources
    pieces = [stated] if stated.complement else [Patterns((value,)) for value in stated.values]
    left: dict[tuple[int, bool], list[str]] = {}
    for piece in pieces:
        part = replace(rule, resources=piece)
        around = [other for other in allows if _surrounds(other, part)]
        actions = rule.actions
        for other in around:
            actions &= ~other.actions
        new = not any(_takes_unknown(other, part) for other in around)
        if actions or new:
            left.setdefault((actions, new), []).extend(piece.values)
    for (actions, new), values in left.items():
        yield replace(
            rule,
            actions=actions,
            resources=replace(stated, values=tuple(values)),
            others=rule.others if new else (),
            complement=rule.complement and new,
        )


def _contains(wide: Rule, narrow: Rule) -> bool:
    """Whether one statement surely matches whatever another one matches."""
    within = not narrow.actions & ~wide.actions
    return within and _surrounds(wide, narrow) and _takes_unknown(wide, narrow)


def _surrounds(wide: Rule, narrow: Rule) -> bool:
    """The same, whatever the action is."""
    asked = {test.identity for test in narrow.tests}
    return (
        all(test.identity in asked for test in wide.tests)
        and _covers(wide.resources, narrow.resources)
        and _covers(wide.principals, narrow.principals)
    )


def _takes_unknown(wide: Rule, narrow: Rule) -> bool:
    """The same of actions that the reference does not know."""
    if "*" in wide.others:
        return not wide.complement
    if wide.complement and narrow.complement:
        return all(_is_among(narrow.others, one) for one in wide.others)
    if wide.complement:
        return not any(overlap(_glob(w), _glob(n)) for w in wide.others for n in narrow.others)
    return not narrow.complement and all(_is_among(wide.others, one) for one in narrow.others)


def _is_among(patterns: Sequence[str], pattern: str) -> bool:
    return pattern in patterns or any(includes(_glob(one), _glob(pattern)) for one in patterns)


def _glob(action: str) -> str:
    return glob(action, variables=False)


def _covers(wide: Patterns, narrow: Patterns) -> bool:
    if wide.is_everything:
        return True
    if wide.complement:
        return narrow.complement and all(
            any(includes(other, value) for other in narrow.values) for value in wide.values
        )
    return not narrow.complement and all(
        any(includes(one, value) for one in wide.values) for value in narrow.values
    )


def _at_most(grant: Grant) -> Grant:
    """The grant with every text that is not known taken for what allows most."""
    return _replaced(grant, more=True)


def _at_least(grant: Grant) -> Grant:
    """The grant with every text that is not known taken for what allows least."""
    return _replaced(grant, more=False)


def _replaced(grant: Grant, *, more: bool) -> Grant:
    def replaced(rule: Rule) -> Rule:
        wide = rule.allows is more
        return replace(
            rule,
            resources=_bounded(rule.resources, wide=wide),
            principals=_bounded(rule.principals, wide=wide),
        )

    return replace(grant, layers=tuple(tuple(map(replaced, layer)) for layer in grant.layers))


def _bounded(patterns: Patterns, *, wide: bool) -> Patterns:
    if wide is not patterns.complement:
        return replace(patterns, values=tuple(widened(value) for value in patterns.values))
    return replace(patterns, values=tuple(v for v in patterns.values if not holes_in(v)))
