"""Two states of systems judged by one policy, and the run of the second told beside the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from analyzer.budgets import RULES as BUDGETS
from analyzer.compare.access import access_changes
from analyzer.compare.costs import cost_changes
from analyzer.compare.files import Files
from analyzer.compare.matching import all_new, match, unchanged, uncompared
from analyzer.compare.policy import judged_by, notes, waivers_added, with_policy_of
from analyzer.compare.renaming import Renames, renames_of
from analyzer.compare.states import States, states_of
from analyzer.compare.systems import Twin, twins
from analyzer.comparison import Base, Before
from analyzer.cost_lines import CostLine
from analyzer.findings import OURS, Change, Finding
from analyzer.policy.waivers import Grant
from analyzer.request import Earlier, Mends, Request
from analyzer.results import BASE, INCOMPLETE_KINDS, RAN, Judgement, Problem, Run
from analyzer.run import run
from analyzer.system import Profile, System


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared: two requests, the base's files, and the base as the user named it.

    `given` are files that every template without an architecture is read with; where `only_new`,
    fixes are worked out for what was not there before alone.
    """

    head: Request
    base: Request
    files: Files
    name: str
    trusted: bool = False
    given: Sequence[Path] = ()
    only_new: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """Both sides, ready to be told: systems by pairs, the base's run, and what may have changed."""

    twins: Mapping[str, Twin]
    before: Mapping[tuple[str, str], Judgement]
    states: States
    silent: frozenset[str] = frozenset()


def compared(asked: Asked) -> Run:
    """Judge both sides by one policy, and tell of the head what is new and what has gone."""
    asked = _shown(asked)
    pairs = twins(
        asked.head.systems, asked.base.systems, asked.base.problems, asked.files, asked.given
    )
    states = states_of(pairs, asked.files, asked.head.profiles, scenarios=asked.head.all_scenarios)
    base_run = _judged_base(asked, pairs, states)
    before = {(j.system, j.profile): _judgement_shown(j, asked.files) for j in base_run.judgements}
    by_name = {twin.head.name: twin for twin in pairs}
    found = _Found(by_name, before, states)
    request = replace(_head_request(asked, pairs, states), earlier=_earlier(by_name, before))
    if asked.only_new:
        request = replace(request, mends=_mends(request.mends, found))
    head_run = _run_shown(run(request), asked.files)
    found = replace(found, silent=_silent(head_run, base_run, pairs))
    problems = (*asked.base.problems, *base_run.problems)
    return replace(
        head_run,
        judgements=tuple(_told(judgement, found) for judgement in head_run.judgements),
        rules={**base_run.rules, **head_run.rules},  # what was fixed has a title, too
        problems=(
            *head_run.problems,
            *_problems_of_base(problems, asked.files),
            *_namesakes(pairs),
            *_suppressed(states, head_run),
        ),
        base=Base(
            name=asked.name,
            commit=asked.files.tree.commit,
            policy="change" if asked.trusted else "base",
            waivers_added=tuple(dict.fromkeys(grant.waiver for grant in _added(asked, states))),
            removed=tuple(_removed(asked, pairs)),
        ),
    )


def _shown(asked: Asked) -> Asked:
    """The same, with the base's systems, waivers and problems in the spelling of the user."""
    files, base = asked.files, asked.base
    grants = tuple(_grant_shown(grant, files) for grant in base.configuration.grants)
    configuration = replace(
        base.configuration, file=files.shown(base.configuration.file), grants=grants
    )
    systems = [s if s.file else replace(s, name=files.shown(s.name)) for s in base.systems]
    problems = [_problem_shown(problem, files) for problem in base.problems]
    base = replace(base, systems=systems, configuration=configuration, problems=problems)
    return replace(asked, base=base)


def _grant_shown(grant: Grant, files: Files) -> Grant:
    place = grant.waiver.location
    if place is None:
        return grant
    place = replace(place, file=files.shown(place.file))
    return replace(grant, waiver=replace(grant.waiver, location=place))


def _problem_shown(problem: Problem, files: Files) -> Problem:
    file = files.shown(problem.file) if problem.file else ""
    return replace(problem, file=file, message=files.told(problem.message))


def _judged_base(asked: Asked, pairs: Sequence[Twin], states: States) -> Run:
    """The base's run, of what may have changed alone."""
    changed = [twin for twin in pairs if not twin.same]
    systems = [
        with_policy_of(twin.base, twin.head, _renames(twin, states)) if asked.trusted else twin.base
        for twin in changed
        if twin.base is not None
    ]
    policy = asked.head if asked.trusted else asked.base
    priced = asked.head.bare_priced
    # Of the base nothing but its findings and costs is told.
    request = replace(
        policy, systems=systems, problems=(), bare_priced=priced, mended=False, pictured=False
    )
    if not systems:
        return Run(version="", date=request.today, judgements=(), rules={})
    return run(request)


def _head_request(asked: Asked, pairs: Sequence[Twin], states: States) -> Request:
    """What is judged now, by whose policy; told is what the change would have otherwise."""
    head = asked.head
    if asked.trusted:
        return head
    changed = [(twin.head, twin.base) for twin in pairs if not twin.same]
    return replace(
        head,
        systems=[
            t.head if t.same else judged_by(t.head, t.base, _renames(t, states)) for t in pairs
        ],
        rules=asked.base.rules,
        frameworks=asked.base.frameworks,
        configuration=asked.base.configuration,
        ignored=frozenset(grant for state in states.values() for grant in state.added),
        problems=(
            *head.problems,
            *notes(changed, asked.head.configuration, asked.base.configuration),
        ),
    )


def _renames(twin: Twin, states: States) -> Renames:
    """What is called otherwise now, in any profile of a system."""
    own = (state for (system, _), state in states.items() if system == twin.head.name)
    return renames_of(pair for state in own for pair in state.sides.pairs.items())


def _earlier(by_name: Mapping[str, Twin], before: Mapping[tuple[str, str], Judgement]) -> Earlier:
    """What a profile cost in the base; what it costs now where nothing changed."""

    def found(
        system: System, profile: Profile, now: Sequence[CostLine]
    ) -> Sequence[CostLine] | None:
        twin = by_name.get(system.name)
        if twin is None or twin.base is None:
            return None
        if twin.same:
            return now
        judgement = before.get((twin.base.name, profile.name))
        return judgement.cost if judgement else None

    return found


def _mends(chosen: Mends, found: _Found) -> Mends:
    """Of what is chosen, what was not there before."""

    def new(system: System, profile: Profile, findings: Sequence[Finding]) -> Sequence[Finding]:
        twin = found.twins[system.name]
        if twin.same:
            return ()
        state = found.states.get((system.name, profile.name))
        was = found.before.get((twin.base.name, profile.name)) if twin.base else None
        if state is not None and was is not None and twin.read:
            told = match(was.findings, findings, state.sides).findings
            pairs = zip(findings, told, strict=True)
            findings = [f for f, other in pairs if other.change is not Change.UNCHANGED]
        return chosen(system, profile, findings)

    return new


def _told(judgement: Judgement, found: _Found) -> Judgement:
    """A judgement with the change of each finding, and what was before."""
    twin = found.twins[judgement.system]
    if twin.same:
        findings = unchanged(judgement.findings)
        return replace(judgement, findings=findings, before=Before(usd=_usd(judgement)))
    state = found.states.get((judgement.system, judgement.profile))
    not_compared = replace(judgement, findings=uncompared(judgement.findings))
    if state is None or not twin.read:
        return not_compared
    sides = state.sides
    access = tuple(access_changes(sides.base, sides.head, state.secrets))
    if twin.base is None or judgement.profile not in {p.name for p in twin.base.profiles}:
        cost = cost_changes((), judgement.cost, {})
        before = Before(exists=False, cost=cost, access=access)
        return replace(judgement, findings=all_new(judgement.findings), before=before)
    was = found.before.get((twin.base.name, judgement.profile))
    if was is None:
        return not_compared
    priced = _is_priced(was) and _is_priced(judgement)
    silent = found.silent if priced else found.silent.union(BUDGETS)
    matched = match(was.findings, judgement.findings, replace(sides, silent=silent))
    before = Before(
        usd=was.usd if priced else None,
        fixed=matched.fixed,
        cost=cost_changes(was.cost, judgement.cost, sides.pairs) if priced else (),
        access=access,
    )
    return replace(judgement, findings=matched.findings, before=before)


def _usd(judgement: Judgement) -> Decimal | None:
    return judgement.usd if _is_priced(judgement) else None


def _is_priced(judgement: Judgement) -> bool:
    """Whether its costs were worked out: what could not be priced costs not nothing."""
    return bool(judgement.cost) or not judgement.resources


def _silent(head: Run, base: Run, pairs: Sequence[Twin]) -> frozenset[str]:
    """The engines that did not answer on both sides: what they find is not compared."""
    if all(twin.same or twin.base is None for twin in pairs):
        return frozenset()
    answered = [{e.name for e in side.engines if e.status == RAN} for side in (head, base)]
    names = {engine.name for engine in (*head.engines, *base.engines)} - {OURS}
    broken = {
        name
        for name in names
        for problem in (*head.problems, *base.problems)
        if problem.kind == "engine" and problem.message.startswith(name)
    }
    return frozenset(name for name in names if not all(name in a for a in answered)) | broken


def _run_shown(run: Run, files: Files) -> Run:
    """The run with the base's files, whose policy judged, as the user would name them."""
    engines = (replace(engine, message=files.told(engine.message)) for engine in run.engines)
    problems = (_problem_shown(problem, files) for problem in run.problems)
    return replace(run, engines=tuple(engines), problems=tuple(problems))


def _judgement_shown(judgement: Judgement, files: Files) -> Judgement:
    findings = tuple(_finding_shown(finding, files) for finding in judgement.findings)
    return replace(judgement, findings=findings)


def _finding_shown(finding: Finding, files: Files) -> Finding:
    place = finding.location
    if place is not None:
        place = replace(place, file=files.shown(place.file))
    return replace(finding, location=place, message=files.told(finding.message))


def _problems_of_base(problems: Sequence[Problem], files: Files) -> Iterator[Problem]:
    """What could not be judged of the base: nothing is said of what changed there."""
    for problem in dict.fromkeys(problems):
        if problem.kind in INCOMPLETE_KINDS:
            told = _problem_shown(problem, files)
            yield replace(told, message=f"in the base: {told.message}", kind=BASE)


def _namesakes(pairs: Sequence[Twin]) -> Iterator[Problem]:
    """Systems of one name, of which nobody could tell what was what."""
    called = Counter(twin.head.name for twin in pairs)
    for twin in pairs:
        if called[twin.head.name] > 1:
            message = f"another system is called `{twin.head.name}`, too: not compared"
            yield Problem(message, file=twin.head.file, hint="give it another name", kind=BASE)


def _suppressed(states: States, head: Run) -> Iterator[Problem]:
    """What the change has the checkers that answered leave out."""
    answered = {engine.name for engine in head.engines if engine.status == RAN}
    told = (told for state in states.values() for told in state.suppressed)
    yield from dict.fromkeys(problem for checker, problem in told if checker in answered)


def _added(asked: Asked, states: States) -> Iterator[Grant]:
    configured = asked.head.configuration.grants, asked.base.configuration.grants
    yield from waivers_added(*configured)
    for state in states.values():
        yield from state.added


def _removed(asked: Asked, pairs: Sequence[Twin]) -> Iterator[tuple[str, str]]:
    """The profiles that are judged no more, with their system or out of it."""
    paired = {twin.base.name: twin.head for twin in pairs if twin.base is not None}
    wanted = asked.head.profiles
    # What is there and could not be read; a note is about what is gone.
    there = {problem.file for problem in asked.head.problems if problem.kind != "note"}
    there.update(asked.files.path(file) for s in asked.head.systems for file in s.templates)
    for system in asked.base.systems:
        now = paired.get(system.name)
        file = asked.files.shown(system.file) if system.file else system.name
        if now is None and not there.isdisjoint((file, asked.files.path(Path(file)))):
            continue
        left = {profile.name for profile in now.profiles} if now else set()
        for profile in system.profiles:
            if profile.name not in left and (not wanted or profile.name in wanted):
                yield system.name, profile.name
