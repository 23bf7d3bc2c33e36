"""From systems to a `Run`: every profile read, judged, priced and held against its claims."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from analyzer import __version__
from analyzer.assembly import Assembled, Sources, assemble
from analyzer.budgets import judge_budgets, rules_of_budgets
from analyzer.ceilings import rules_of_ceilings
from analyzer.claims import judge_claims
from analyzer.engines import Foreign, Running, Target, merge, start
from analyzer.errors import InputError
from analyzer.excerpts import Excerpts
from analyzer.findings import OURS, Finding, RuleInfo
from analyzer.fixes.judging import Evaluation, Judge
from analyzer.fixes.remedies import with_remedies
from analyzer.fixes.trial import State, Trial
from analyzer.inputs import left_out, problem_of
from analyzer.intents import idle, matches_anything, rules_of_intents
from analyzer.model import Resource
from analyzer.picture import Diagram
from analyzer.policy.settings import settings_of
from analyzer.policy.waivers import Grant, fault_of, inline_grants, unmatched, waived
from analyzer.pricing import Priced, price
from analyzer.readings import noted
from analyzer.request import Request
from analyzer.results import RAN, EngineStatus, Judgement, Problem, ResourceInfo, Run
from analyzer.secrets import masked
from analyzer.system import Profile, System
from analyzer.workers import spread

_NO_FOREIGN = Foreign({}, {}, (), ())


@dataclass
class _Work:
    """The state of a run.

    `met` are intents, each with its system, that are about something; `untried` is how many
    failures there are whose fixes are not worked out.
    """

    request: Request
    sources: Sources = field(default_factory=dict)
    problems: dict[Problem, None] = field(default_factory=dict)
    used: set[Grant] = field(default_factory=set)
    grants: dict[Grant, None] = field(default_factory=dict)
    met: set[tuple[str, str]] = field(default_factory=set)
    untried: int = 0


@dataclass(frozen=True)
class _Draft:
    """A profile that was judged by us, before the foreign checkers have answered."""

    system: System
    profile: Profile
    judgement: Judgement
    files: frozenset[str]
    grants: tuple[Grant, ...]
    secrets: frozenset[str]


def run(request: Request) -> Run:
    """Judge and price every profile; what cannot be used is a problem, and the rest goes on."""
    work = _Work(request, problems=dict.fromkeys(request.problems))
    configured = _usable(request.configuration.grants, work)
    with ExitStack() as stack:
        running = _start(request)
        if running is not None:
            stack.enter_context(running)
        started = time.monotonic()
        drafts = list(_drafts(work, configured))
        seconds = time.monotonic() - started
        if running is not None:
            request.progress("waiting for the other checkers")
        foreign = running.collect() if running else _NO_FOREIGN
    work.problems.update(dict.fromkeys((*foreign.problems, *_missing(request, foreign))))
    judgements = tuple(_finished(draft, foreign, work) for draft in drafts)
    for grant in work.grants:
        if grant not in work.used:
            work.problems[unmatched(grant.waiver)] = None
    if request.asks_ours and not request.profiles:
        whole = _whole(request, drafts)
        read = {Path(file).resolve() for draft in drafts for file in draft.files}
        work.problems.update(dict.fromkeys((*idle(whole, work.met), *left_out(whole, read))))
    work.problems.update(dict.fromkeys(_untried(work)))
    return Run(
        version=__version__,
        date=request.today,
        judgements=judgements,
        rules={
            **{rule.id: rule.info for rule in request.rules.values()},
            **(_stated_rules(request) if request.asks_ours else {}),
            **foreign.rules,
        },
        engines=(_own_status(request, seconds), *foreign.statuses),
        problems=tuple(work.problems),
        frameworks=request.frameworks,
    )


def _whole(request: Request, drafts: Iterable[_Draft]) -> list[System]:
    """The systems of which every profile could be read."""
    done = {(draft.system.name, draft.profile.name) for draft in drafts}
    return [s for s in request.systems if all((s.name, p.name) in done for p in s.profiles)]


def _untried(work: _Work) -> Iterator[Problem]:
    """That not every fix was worked out, where there are too many."""
    if work.untried:
        yield Problem(
            f"fixes of milder failures are not worked out ({work.untried:,}): there are too many",
            hint="assay fix works out all of them",
            kind="note",
        )


def _stated_rules(request: Request) -> dict[str, RuleInfo]:
    """What the owners state beside the packs' rules: reachability, roles' ceilings, budgets."""
    stated = {**rules_of_intents(request.systems), **rules_of_ceilings(request.systems)}
    return {**stated, **(rules_of_budgets(request.systems) if request.priced else {})}


def _own_status(request: Request, seconds: float) -> EngineStatus:
    if request.asks_ours:
        return EngineStatus(OURS, RAN, __version__, seconds=seconds)
    return EngineStatus(OURS, "not asked", __version__)


def _start(request: Request) -> Running | None:
    """The foreign checkers, at work on every template while ours works."""
    if not request.judged or not set(request.engines) - {OURS}:
        return None
    regions: dict[Path, dict[str, None]] = {}
    contents: dict[Path, bytes | None] = {}
    for system in request.systems:
        for profile in request.chosen(system):
            for stack in profile.stacks:
                regions.setdefault(stack.template, {})[stack.region] = None
                contents[stack.template] = stack.content
    targets = [
        Target(f"{template}", template, tuple(names), contents[template])
        for template, names in regions.items()
    ]
    return start(
        targets,
        request.engines,
        cache=request.cache,
        settings=request.configuration.engines,
    )


def _missing(request: Request, foreign: Foreign) -> Iterator[Problem]:
    """Checkers that were asked for by name and are not there."""
    for status in foreign.statuses:
        if status.name in request.required and status.status == "not installed":
            yield Problem(f"{status.name}: {status.message}", kind="engine")


_Part = tuple[list[_Draft], list[Problem], list[Grant], int]


def _drafts(work: _Work, configured: Sequence[Grant]) -> Iterator[_Draft]:
    """Every profile of every system, judged by us; many templates on all processors.

    Where foreign checkers run in threads meanwhile, they are what takes the time.
    """
    request = work.request
    alone = all(engine == OURS for engine in request.engines)
    if not alone or any(system.file for system in request.systems):
        yield from _drafts_of(request.systems, work, configured)
        return

    def part(systems: Sequence[System]) -> _Part:
        own = _Work(request)
        drafts = list(_drafts_of(systems, own, configured))
        return drafts, list(own.problems), list(own.grants), own.untried

    for drafts, problems, grants, untried in spread(part, request.systems):
        work.problems.update(dict.fromkeys(problems))
        work.grants.update(dict.fromkeys(grants))
        work.untried += untried
        yield from drafts


def _drafts_of(
    systems: Iterable[System], work: _Work, configured: Sequence[Grant]
) -> Iterator[_Draft]:
    for system in systems:
        for profile in work.request.chosen(system):
            work.request.progress(f"judging {system.name} {profile.name}".rstrip())
            try:
                yield _draft(system, profile, configured, work)
            except InputError as error:
                work.problems[problem_of(error)] = None
        if not system.file:
            work.sources.clear()  # a template of its own is not read again


def _draft(system: System, profile: Profile, configured: Sequence[Grant], work: _Work) -> _Draft:
    request = work.request
    assembled = assemble(system, profile, work.sources, all_scenarios=request.all_scenarios)
    for stack in assembled.stacks.values():
        for note in stack.notes:
            work.problems[Problem(note, file=stack.source.path, kind="note")] = None
    inline = _usable(_inline(assembled, work), work)
    evaluations = _evaluations(system, profile, assembled, work)
    with noted() as reads:
        priced = _price(system, profile, assembled, work)
    state = State(system, profile, assembled, evaluations, priced.lines, frozenset(reads))
    findings = _findings(state, priced, work)
    resources = tuple(_listed(resource, assembled.secrets) for resource in assembled.inventory)
    judgement = Judgement(
        system=system.name,
        profile=profile.name,
        title=system.title,
        description=system.description,
        regions=tuple(dict.fromkeys(stack.region for stack in profile.stacks)),
        templates=tuple(dict.fromkeys(f"{stack.template}" for stack in profile.stacks)),
        resources=resources,
        findings=findings,
        cost=priced.lines,
        declared=priced.declared,
        budget=priced.budget,
        policy={**request.configuration.policy, **profile.policy},
        parameters=assembled.parameters,
        diagram=_drawn(system, profile, assembled, priced, work),
    )
    files = {resource.location.file for resource in resources if resource.location}
    return _Draft(
        system,
        profile,
        judgement,
        frozenset(files.union(judgement.templates)),
        (*inline, *configured),
        assembled.secrets,
    )


def _listed(resource: Resource, secrets: Collection[str]) -> ResourceInfo:
    return ResourceInfo(
        resource.id,
        resource.type,
        resource.stack,
        resource.region,
        resource.locate(),
        {key: masked(value, secrets) for key, value in resource.tags.items()},
    )


def _drawn(
    system: System, profile: Profile, assembled: Assembled, priced: Priced, work: _Work
) -> Diagram | None:
    """The picture of a profile, where one is wanted; findings come onto it in the end."""
    if not work.request.pictured:
        return None
    from analyzer.diagram import draw

    title = system.title or system.name
    return draw(
        assembled.inventory,
        priced.lines,
        title=title,
        profile=profile.name,
        secrets=assembled.secrets,
    )


def _inline(assembled: Assembled, work: _Work) -> Iterator[Grant]:
    for item in inline_grants(assembled.inventory):
        if isinstance(item, Problem):
            work.problems[item] = None
        elif item not in work.request.ignored:
            yield item


def _usable(grants: Iterable[Grant], work: _Work) -> list[Grant]:
    """The waivers that count; the others are reported."""
    usable = []
    for grant in grants:
        fault = fault_of(grant.waiver, work.request.today, work.request.configuration.waiver_days)
        if fault is not None:
            work.problems[fault] = None
        elif work.request.judged:
            work.grants[grant] = None
            usable.append(grant)
    return usable


def _evaluations(
    system: System, profile: Profile, assembled: Assembled, work: _Work
) -> tuple[Evaluation, ...]:
    """What the rules, intents and ceilings say."""
    request = work.request
    if not request.asks_ours:
        return ()
    settings, faults = settings_of(
        {**request.configuration.policy, **profile.policy}, request.rules
    )
    for fault in faults:
        line = system.line("profiles", profile.name, "policy", *fault.path)
        file = system.file if fault.path[0] in profile.policy else request.configuration.file
        work.problems[Problem(fault.message, file=file, line=line, hint=fault.hint)] = None
    for intent in system.intents:
        if matches_anything(intent, system, assembled.inventory):
            work.met.add((system.name, intent.id))
    rules = tuple(request.rules.values())
    judge = Judge(system, profile.name, rules, settings, request.today)
    return tuple(judge.evaluations(assembled.inventory))


def _findings(state: State, priced: Priced, work: _Work) -> tuple[Finding, ...]:
    """The findings with their excerpts and remedies, budgets included, without any secret."""
    request, system, profile = work.request, state.system, state.profile
    if not request.asks_ours:
        return ()
    lines = {name: source.lines for name, source in work.sources.items()}
    excerpts = Excerpts(lines, state.assembled.secrets)
    earlier = request.earlier(system, profile, priced.lines)
    budgets = judge_budgets(system, profile, priced.budget, earlier, priced.lines)
    found = [excerpts.shown(finding) for finding in chain(state.findings, budgets)]
    worth = _worth(state, found, work)
    if not worth:
        return tuple(found)
    policy, scenarios = request.configuration.policy, request.all_scenarios
    trial = Trial(
        system,
        profile,
        request.today,
        request.rules,
        policy,
        work.sources,
        scenarios,
        known=state,
        placed=False,
    )
    remedied = dict(zip(map(id, worth), with_remedies(trial, worth), strict=True))
    return tuple(remedied.get(id(finding), finding) for finding in found)


def _worth(state: State, found: Sequence[Finding], work: _Work) -> Sequence[Finding]:
    """The failures whose fixes are worked out: the worst, where all would take too long."""
    request = work.request
    if not (request.mended and request.prices(state.system)):
        return ()
    wanted = [
        finding
        for finding in request.mends(state.system, state.profile, found)
        if finding.failed and finding.fix
    ]
    most = request.trials // max(len(state.assembled.inventory), 1)
    work.untried += max(len(wanted) - most, 0)
    return sorted(wanted, key=lambda finding: -finding.severity)[:most]


def _price(system: System, profile: Profile, assembled: Assembled, work: _Work) -> Priced:
    if not work.request.prices(system):
        return Priced()
    try:
        return price(system, profile, assembled.inventory, work.request.today)
    except InputError as error:
        line = error.line or system.line("profiles", profile.name, "usage")
        work.problems[replace(problem_of(error), file=system.file, line=line)] = None
        return Priced()


def _finished(draft: _Draft, foreign: Foreign, work: _Work) -> Judgement:
    """The judgement with the foreign findings, waivers and claims."""
    judgement = draft.judgement
    theirs = [finding for file in sorted(draft.files) for finding in foreign.findings.get(file, ())]
    findings = judgement.findings
    if theirs:
        excerpts = Excerpts({}, draft.secrets)
        merged = merge(findings, theirs, judgement.resources)
        findings = tuple(
            finding if finding.engine == OURS else excerpts.shown(finding) for finding in merged
        )
    laid, used = waived(findings, draft.grants, draft.system.name, draft.profile.name)
    work.used.update(draft.grants[position] for position in used)
    claims = judge_claims(draft.system.controls, laid, draft.profile.name)
    return replace(judgement, findings=tuple(laid), claims=claims, diagram=_marked(judgement, laid))


def _marked(judgement: Judgement, findings: Iterable[Finding]) -> Diagram | None:
    if judgement.diagram is None:
        return None
    from analyzer.diagram import marked

    return marked(judgement.diagram, findings)
