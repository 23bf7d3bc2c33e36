"""What the owner says of who may reach whom, held against what can be reached."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeAlias

from analyzer.exploration import explore
from analyzer.findings import Finding, RuleInfo, Verdict
from analyzer.model import Inventory, Resource
from analyzer.network import (
    EVERYBODY,
    STANDING_TYPES,
    Flow,
    Reachability,
    answered,
    flow_of,
    opened_flows,
)
from analyzer.network import Verdict as Reach
from analyzer.network.naming import is_block
from analyzer.network.paths import name_of
from analyzer.network.services import services
from analyzer.results import Problem
from analyzer.stated import finding_of, rule_of
from analyzer.system import Intent, System

FAMILY = "network"
_TIER = "tier "
_SERVICE_PORT = 443
# What begins connections of its owner's making; a database or a load balancer does not.
_RUN_CODE = (
    "AWS::EC2::Instance",
    "AWS::EC2::NetworkInterface",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::ECS::Service",
    "AWS::EKS::Nodegroup",
    "AWS::Lambda::Function",
    "AWS::Batch::ComputeEnvironment",
    "AWS::CodeBuild::Project",
    "AWS::AppRunner::VpcConnector",
    "AWS::SageMaker::NotebookInstance",
    "AWS::MWAA::Environment",
)

End: TypeAlias = Resource | str


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one question of an intent came to."""

    source: End
    target: End
    flow: Flow
    found: Reachability


def rules_of_intents(systems: Iterable[System]) -> dict[str, RuleInfo]:
    """Every intent as the outputs speak of it: with an id, a title and a reason, as a rule."""
    return {intent.id: _rule(system, intent) for system in systems for intent in system.intents}


def _rule(system: System, intent: Intent) -> RuleInfo:
    return rule_of(
        intent,
        system,
        title=title_of(intent),
        family=FAMILY,
        fix="Change the security group, route or address that the message names.",
    )


def title_of(intent: Intent) -> str:
    """What holds where the intent does: "tier database is reached from tier web only"."""
    to, from_ = " and ".join(intent.targets), " and ".join(intent.sources)
    on = f" on port {', '.join(map(str, intent.ports))}" if intent.ports else ""
    if intent.kind == "only":
        return f"Only {from_} reaches {to}{on}"
    verb = "reaches" if intent.kind == "allow" else "never reaches"
    return f"{from_} {verb} {to}{on}"


def judge_intents(system: System, profile: str, inventory: Inventory) -> Iterator[Finding]:
    """A finding for each thing that an intent is about, or a skip where there is none here.

    Denials are about what is reached, permissions about who reaches, unless that is the internet.
    """
    for intent in system.intents:
        if intent.profiles and profile not in intent.profiles:
            continue
        rule = _rule(system, intent)
        sources = _ends(intent.sources, system.tiers, inventory)
        targets = _ends(intent.targets, system.tiers, inventory)
        if not targets or (not sources and intent.kind != "only"):
            missing = intent.sources if targets else intent.targets
            message = f"nothing here is {' or '.join(missing)}"
            yield finding_of(rule, Verdict.SKIP, inventory.name, message)
            continue
        yield from _judged(rule, intent, sources, targets, inventory)


def matches_anything(intent: Intent, system: System, inventory: Inventory) -> bool:
    """Whether each end of an intent names something in an inventory."""
    return all(_ends(names, system.tiers, inventory) for names in (intent.sources, intent.targets))


def idle(systems: Iterable[System], met: Collection[tuple[str, str]]) -> Iterator[Problem]:
    """A problem for each intent that names nothing in any profile: most likely a name is wrong.

    `met` are those, by system and id, that do.
    """
    for system in systems:
        for position, intent in enumerate(system.intents):
            if (system.name, intent.id) not in met:
                yield Problem(
                    f"intent {intent.id} names nothing that stands in a network",
                    file=system.file,
                    line=system.line("intents", position),
                    hint="check its globs and tiers",
                )


def _ends(
    names: Sequence[str], tiers: Mapping[str, Sequence[str]], inventory: Inventory
) -> list[End]:
    """What names stand for: the internet, blocks, services, or resources by tiers and globs."""
    found: dict[str, End] = {}
    for name in names:
        if name == EVERYBODY or is_block(name) or name in services():
            found[name] = name
            continue
        globs = tiers.get(name.removeprefix(_TIER), ()) if name.startswith(_TIER) else (name,)
        for resource in inventory.declared(*STANDING_TYPES):
            if any(_fits(resource, glob) for glob in globs) and _may_exist(resource):
                found[resource.key] = resource
    return list(found.values())


def _fits(resource: Resource, glob: str) -> bool:
    return fnmatchcase(resource.id, glob) or fnmatchcase(resource.key, glob)


def _may_exist(resource: Resource) -> bool:
    return any(path.result for path in explore(resource.exists).paths)


def _judged(
    rule: RuleInfo,
    intent: Intent,
    sources: list[End],
    targets: list[End],
    inventory: Inventory,
) -> Iterator[Finding]:
    meant = frozenset(name_of(end) for end in sources if isinstance(end, Resource))
    if intent.kind == "only":
        others = _others(sources, inventory)
        sources = [EVERYBODY, *others]
    subjects = sources if intent.kind == "allow" and _are_things(sources) else targets
    for subject in subjects:
        pairs = [
            (source, target)
            for source in sources
            for target in targets
            if subject in (source, target) and source is not target
        ]
        answers = [
            _Answer(source, target, flow, answered(source, target, flow))
            for source, target in pairs
            for flow in _flows(intent, target)
        ]
        yield _finding(rule, intent, subject, answers, meant, inventory)


def _are_things(ends: list[End]) -> bool:
    return all(isinstance(end, Resource) for end in ends)


def _others(sources: list[End], inventory: Inventory) -> list[End]:
    """Everything that runs its owner's code and is not meant to reach anything."""
    return [
        resource
        for resource in inventory.declared(*_RUN_CODE)
        if not any(resource is end for end in sources) and _may_exist(resource)
    ]


def _flows(intent: Intent, target: End) -> tuple[Flow, ...]:
    """The ports that are meant; where none is named, all that the target's groups open."""
    if intent.ports:
        return tuple(flow_of(intent.protocol, port) for port in intent.ports)
    if isinstance(target, Resource):
        number = flow_of(intent.protocol, _SERVICE_PORT).protocol
        return opened_flows(target, number)
    return (flow_of(intent.protocol, _SERVICE_PORT),)


def _passes_meant(intent: Intent, answer: _Answer, meant: frozenset[str]) -> bool:
    """Whether each way leads through somebody who may: the internet reaches a tier by its door."""
    if intent.kind != "only":
        return False
    ways = [path for path in answer.found.paths if path.admitted.least]
    return all(meant & {hop.name for hop in path.hops[1:-1]} for path in ways)


def _finding(
    rule: RuleInfo,
    intent: Intent,
    subject: End,
    answers: list[_Answer],
    meant: frozenset[str],
    inventory: Inventory,
) -> Finding:
    """An intent about one subject: broken by any answer against it, else undecided by any."""
    wanted = intent.kind == "allow"
    reached = [
        answer
        for answer in answers
        if answer.found.verdict is Reach.REACHABLE and not _passes_meant(intent, answer, meant)
    ]
    unknown = [answer for answer in answers if answer.found.verdict is Reach.UNKNOWN]
    against = [a for a in answers if a not in (*reached, *unknown)] if wanted else reached
    verdict = Verdict.FAIL if against else Verdict.UNKNOWN if unknown else Verdict.PASS
    message = ""
    if against:
        message = _missing_words(against) if wanted else _reached_words(against, intent)
    elif unknown:
        first = unknown[0]
        pair = f"{_named(first.source)} reaches {_named(first.target)}"
        message = f"not decided: whether {pair} on {first.flow}"
    doubts = [f"{doubt}" for answer in unknown for doubt in answer.found.depends_on]
    about = subject if isinstance(subject, Resource) else inventory.name
    hangs_on = tuple(dict.fromkeys(doubts)) if verdict is Verdict.UNKNOWN else ()
    return finding_of(rule, verdict, about, message, hangs_on=hangs_on)


def _reached_words(against: list[_Answer], intent: Intent) -> str:
    first = against[0]
    sources = dict.fromkeys(_named(answer.source) for answer in against)
    others = f" (and by {len(sources) - 1} more)" if len(sources) > 1 else ""
    path = " > ".join(first.found.path)
    allowed = f"only {' and '.join(intent.sources)} may" if intent.kind == "only" else "it must not"
    return f"is reached by {_named(first.source)} on {first.flow}{others}, and {allowed}: {path}"


def _missing_words(against: list[_Answer]) -> str:
    first = against[0]
    stopped = first.found.blocked_by
    why = f": {stopped}" if stopped else ""
    on = f"on {first.flow}"
    if isinstance(first.source, str):
        return f"is not reached by {first.source} {on}{why}"
    targets = ", ".join(dict.fromkeys(_named(answer.target) for answer in against))
    return f"does not reach {targets} {on}{why}"


def _named(end: End) -> str:
    return end if isinstance(end, str) else end.id
