"""One rule and one resource in, findings out: the exploration's paths folded into verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from analyzer.findings import Finding, Fix, Verdict
from analyzer.model import Inventory, PropertyPath, Resource
from analyzer.policy.rule import Fail, Rule, Skip
from analyzer.unknown import PATH_LIMIT, Choice, Exploration, Path, Undecided, explore

Clause = tuple[Choice, ...]
_Place = tuple[Resource | None, PropertyPath]
_SHOWN = 3  # cases that a message spells out
_NOT_CREATED = Skip("its condition does not hold")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What one path said."""

    verdict: Verdict
    choices: Clause
    fails: tuple[Fail, ...] = ()
    reason: str = ""
    error: str = ""


def judge(
    rules: Iterable[Rule],
    inventory: Inventory,
    settings: Mapping[str, Mapping[str, Any]],
    today: date,
) -> Iterator[Finding]:
    """Judge every resource by every rule for its type; `settings` are per rule id.

    A rule about accounts says nothing about templates, nor the other way round.
    """
    for rule in rules:
        if not rule.judges(inventory):
            continue
        chosen = {**rule.settings, **settings.get(rule.id, {})}
        if not rule.types:
            yield from judge_one(rule, None, inventory, chosen, today)
            continue
        yield from _gaps(rule, inventory)
        for resource in inventory.declared(*rule.types):
            yield from judge_one(rule, resource, inventory, chosen, today)


def _gaps(rule: Rule, inventory: Inventory) -> Iterator[Finding]:
    for gap in inventory.gaps:
        if gap.type in rule.types:
            yield Finding(
                rule=rule.id,
                verdict=Verdict.UNKNOWN,
                severity=rule.info.severity,
                family=rule.info.family,
                resource="*",
                type=gap.type,
                region=gap.region,
                message=f"resources of this type {gap.reason}",
                account=gap.account,
                hangs_on=(f"{gap.call} {gap.code}".strip() or f"{gap.type} {gap.reason}",),
            )


def judge_one(
    rule: Rule,
    resource: Resource | None,
    inventory: Inventory,
    settings: Mapping[str, Any],
    today: date,
) -> Iterator[Finding]:
    """The findings of one rule on one resource (None: on the inventory as a whole)."""
    context = {"resource": resource, "inventory": inventory, "today": today}
    arguments = [context[name] for name in rule.takes]

    def run() -> Skip | tuple[Fail, ...]:
        if resource is not None and not resource.exists():
            return _NOT_CREATED
        return _answer(rule.function(*arguments, **settings))

    exploration = explore(run)
    outcomes = [_outcome(path) for path in exploration.paths]
    for verdict, message, fail, hangs_on, error in _folded(outcomes, exploration):
        place = (fail.on if fail else None) or resource
        path = fail.path if fail else ()
        fix, broken = _mended(fail)
        yield Finding(
            rule=rule.id,
            verdict=verdict,
            severity=rule.info.severity,
            family=rule.info.family,
            resource=place.id if place is not None else inventory.name,
            type=place.type if place is not None else "",
            message=message,
            stack=place.stack if place is not None else "",
            region=place.region if place is not None else "",
            account=place.account if place is not None else "",
            location=place.locate(path) if place is not None else None,
            at="/".join(map(str, path)),
            hangs_on=hangs_on,
            fix=fix,
            error=error or broken,
        )


def _mended(fail: Fail | None) -> tuple[Fix | None, str]:
    """The fix of a failure, or the error of the rule's search for one."""
    try:
        return (fail.mending if fail else None), ""
    except Exception as error:  # noqa: BLE001 - a pack's code: whatever it raises is told
        return None, _told(error)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


_Folded = tuple[Verdict, str, Fail | None, tuple[str, ...], str]


def _answer(result: Any) -> Skip | tuple[Fail, ...]:
    """What a rule returned, as a skip or its failures; raises TypeError for anything else."""
    if isinstance(result, Skip):
        return result
    fails = (result,) if isinstance(result, Fail) else () if result is None else tuple(result)
    for fail in fails:
        if not isinstance(fail, Fail):
            raise TypeError(f"a rule returns Fail, Skip or None, not {type(fail).__name__}")
    return fails


def _outcome(path: Path[Skip | tuple[Fail, ...]]) -> _Outcome:
    error = path.error
    if isinstance(error, Undecided):
        return _Outcome(Verdict.UNKNOWN, path.choices, reason=f"{error.subject} {error.reason}")
    if error is not None:
        text = _told(error)
        return _Outcome(
            Verdict.UNKNOWN, path.choices, reason=f"the rule failed: {text}", error=text
        )
    result = path.result
    if isinstance(result, Skip):
        return _Outcome(Verdict.SKIP, path.choices, reason=result.reason)
    fails = result or ()
    return _Outcome(Verdict.FAIL if fails else Verdict.PASS, path.choices, fails)


def _folded(outcomes: list[_Outcome], exploration: Exploration[Any]) -> Iterator[_Folded]:
    errors = [outcome for outcome in outcomes if outcome.error]
    if errors:
        yield Verdict.UNKNOWN, errors[0].reason, None, (errors[0].reason,), errors[0].error
        return
    if not exploration.complete:
        message = f"could not be decided within {PATH_LIMIT} cases"
        yield Verdict.UNKNOWN, message, _first_fail(outcomes), _subjects(outcomes), ""
        return
    verdicts = {outcome.verdict for outcome in outcomes}
    if verdicts == {Verdict.FAIL}:
        yield from _failing(outcomes)
    elif verdicts == {Verdict.SKIP}:
        yield Verdict.SKIP, outcomes[0].reason, None, (), ""
    elif verdicts <= {Verdict.PASS, Verdict.SKIP}:
        yield Verdict.PASS, "", None, (), ""
    else:
        scenario = _failing_scenario(outcomes)
        if scenario is not None:
            yield scenario
            return
        places = _places(outcomes) or {None: None}
        for place in places:
            yield _hanging(_about(place, outcomes) if len(places) > 1 else outcomes)


def _failing(outcomes: list[_Outcome]) -> Iterator[_Folded]:
    """What fails on every path; what fails on some of them beside it is UNKNOWN.

    Where the paths fail at different places, the failures of the first path stand for all.
    """
    everywhere = set.intersection(*({_place(fail) for fail in o.fails} for o in outcomes))
    for fail in outcomes[0].fails:
        if _place(fail) in everywhere or not everywhere:
            yield Verdict.FAIL, fail.reason, fail, (), ""
    for place in _places(outcomes) if everywhere else ():
        if place not in everywhere:
            yield _hanging(_about(place, outcomes))


def _place(fail: Fail) -> _Place:
    return fail.on, fail.path


def _places(outcomes: list[_Outcome]) -> dict[_Place | None, None]:
    """Every place at which some path fails, in order."""
    return dict.fromkeys(_place(fail) for outcome in outcomes for fail in outcome.fails)


def _about(place: _Place | None, outcomes: list[_Outcome]) -> list[_Outcome]:
    """The outcomes as far as they are about one place."""
    told = []
    for outcome in outcomes:
        fails = tuple(fail for fail in outcome.fails if _place(fail) == place)
        passed = outcome.verdict is Verdict.FAIL and not fails
        told.append(
            replace(outcome, fails=fails, verdict=Verdict.PASS if passed else outcome.verdict)
        )
    return told


def _first_fail(outcomes: list[_Outcome]) -> Fail | None:
    return next((outcome.fails[0] for outcome in outcomes if outcome.fails), None)


def _failing_scenario(outcomes: list[_Outcome]) -> _Folded | None:
    """FAIL where one combination of opened parameters makes every path that fits it fail."""
    for scenario in dict.fromkeys(_scenario(outcome) for outcome in outcomes):
        fitting = [outcome for outcome in outcomes if _fits(outcome, scenario)]
        if scenario and all(outcome.verdict is Verdict.FAIL for outcome in fitting):
            fail = fitting[0].fails[0]
            message = f"{fail.reason} (where {' and '.join(map(str, scenario))})"
            return Verdict.FAIL, message, fail, (), ""
    return None


def _scenario(outcome: _Outcome) -> Clause:
    return tuple(choice for choice in outcome.choices if choice.scenario)


def _fits(outcome: _Outcome, scenario: Clause) -> bool:
    """Whether a path answers none of the scenario's questions otherwise."""
    answers = {(choice.subject, choice.predicate): choice.answer for choice in scenario}
    return all(
        answers.get((choice.subject, choice.predicate), choice.answer) is choice.answer
        for choice in _scenario(outcome)
    )


def _hanging(outcomes: list[_Outcome]) -> _Folded:
    fail = _first_fail(outcomes)
    failing = [outcome.choices for outcome in outcomes if outcome.verdict is Verdict.FAIL]
    blocked = [outcome for outcome in outcomes if outcome.verdict is Verdict.UNKNOWN]
    sentences = []
    if failing:
        sentences.append(_when(_simplified(failing)))
    sentences.extend(dict.fromkeys(f"not decided: {outcome.reason}" for outcome in blocked))
    message = "; ".join(sentences)
    if fail is not None:
        message = f"{message}: {fail.reason}"
    return Verdict.UNKNOWN, message, fail, _subjects(outcomes), ""


def _subjects(outcomes: list[_Outcome]) -> tuple[str, ...]:
    """What the verdict hangs on, each once: "parameter `Encrypt` has no value in this profile"."""
    subjects = [
        f"{choice.subject} {choice.reason}" for outcome in outcomes for choice in outcome.choices
    ]
    blocked = [outcome.reason for outcome in outcomes if outcome.verdict is Verdict.UNKNOWN]
    return tuple(dict.fromkeys([*subjects, *blocked]))


def _simplified(clauses: list[Clause]) -> list[Clause]:
    """Merge clauses that differ in one answer only: that question does not matter."""
    merged = True
    while merged:
        merged = False
        for index, left in enumerate(clauses):
            for other in range(index + 1, len(clauses)):
                common = _without_difference(left, clauses[other])
                if common is not None:
                    rest = [c for place, c in enumerate(clauses) if place not in (index, other)]
                    clauses = [*rest, common]
                    merged = True
                    break
            if merged:
                break
    return clauses


def _without_difference(left: Clause, right: Clause) -> Clause | None:
    if len(left) != len(right):
        return None
    differing = [
        position
        for position, pair in enumerate(zip(left, right, strict=True))
        if pair[0] != pair[1]
    ]
    if len(differing) != 1:
        return None
    a, b = left[differing[0]], right[differing[0]]
    if (a.subject, a.predicate) != (b.subject, b.predicate):
        return None
    return (*left[: differing[0]], *left[differing[0] + 1 :])


def _when(clauses: list[Clause]) -> str:
    if len(clauses) == 1 and len(clauses[0]) == 1 and not clauses[0][0].answer:
        choice = clauses[0][0]
        return f"fails unless {choice.subject} {choice.predicate}"
    shown = [" and ".join(map(str, clause)) for clause in clauses[:_SHOWN] if clause]
    more = f", or in {len(clauses) - _SHOWN} more cases" if len(clauses) > _SHOWN else ""
    return f"fails if {', or if '.join(shown)}{more}" if shown else "fails in some cases"
