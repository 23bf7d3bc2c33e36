"""Which calls a run makes, from what its rules and estimators ask for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from analyzer.account.collector import GLOBAL, Call, Collector, collectors
from analyzer.account.needs import needs_of
from analyzer.cost.registry import estimators
from analyzer.policy.rule import Rule

# Services with one endpoint and no regions.
_GLOBAL = frozenset({"iam", "cloudfront", "route53", "organizations"})
# boto3's names of services that IAM calls otherwise. Service Authorization Reference.
_PREFIXES: Mapping[str, str] = {
    "accessanalyzer": "access-analyzer",
    "apigatewayv2": "apigateway",
    "cognito-idp": "cognito-idp",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "opensearch": "es",
    "s3control": "s3",
}

_Asker = tuple[list[Callable[..., Any]], tuple[str, ...]]


@dataclass(frozen=True)
class Plan:
    """The collectors to run, each with only the reads that are asked for."""

    collectors: tuple[Collector, ...]

    @property
    def digest(self) -> str:
        """A name of the plan: two plans with one name read the same."""
        text = "\n".join(
            f"{collector.type} {call.service}:{call.operation}"
            for collector in self.collectors
            for call in calls_of(collector)
        )
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def types(self) -> frozenset[str]:
        """The types that are read."""
        return frozenset(collector.type for collector in self.collectors)

    def units(self, region: str) -> dict[str, list[Collector]]:
        """The collectors of a region (or `global`), by service."""
        found: dict[str, list[Collector]] = {}
        for collector in self.collectors:
            if is_global(collector) == (region == GLOBAL):
                found.setdefault(collector.service, []).append(collector)
        return found

    def told(self, collector: Collector) -> tuple[str, ...]:
        """The properties and facts that a planned collector tells."""
        names = {*collector.properties, *collector.live, *collector.never.split()}
        return tuple(sorted(names.union(*(read.tells for read in collector.reads))))

    @property
    def actions(self) -> tuple[str, ...]:
        """The IAM actions that the plan needs, sorted."""
        every = (call for collector in self.collectors for call in calls_of(collector))
        return tuple(sorted({action for call in every for action in actions_of(call)}))


def is_global(collector: Collector) -> bool:
    """Whether one list stands for all regions."""
    return collector.everywhere or collector.service in _GLOBAL


def calls_of(collector: Collector) -> Iterator[Call]:
    """Every call of a collector, in the order in which they are made."""
    yield from collector.calls
    yield from collector.others
    for read in collector.reads:
        yield read.call


def actions_of(call: Call) -> list[str]:
    """The IAM actions that permit a call."""
    own = call.action or f"{_PREFIXES.get(call.service, call.service)}:{call.operation}"
    return [own, call.prepare_action] if call.prepare_action else [own]


def plan(rules: Iterable[Rule], *, priced: bool) -> Plan:
    """What the rules, and the estimators where costs are wanted, need to have read."""
    return _planned(_askers(rules, priced=priced))


def plan_asked(functions: Iterable[Callable[..., Any]], types: Iterable[str]) -> Plan:
    """What functions need to have read about resources of these types."""
    return _planned([(list(functions), tuple(types))])


def _planned(askers: Iterable[_Asker]) -> Plan:
    known = collectors()
    needed: dict[str, set[str]] = {}
    for functions, types in askers:
        needs = needs_of(functions, types, known)
        for type_ in needs.types & known.keys():
            needed.setdefault(type_, set()).update(needs.names)
    return Plan(
        tuple(
            _narrowed(collector, needed[collector.type])
            for collector in known.values()
            if collector.type in needed
        )
    )


def everything() -> Plan:
    """All that can be read."""
    return Plan(tuple(collectors().values()))


def plan_for(types: Iterable[str]) -> Plan:
    """Everything that can be read about resources of these types, and of what they point to."""
    known = collectors()
    wanted = set(types) & known.keys()
    linked = {
        target
        for type_ in wanted
        for targets in known[type_].links.values()
        for target in targets.split()
    }
    return Plan(tuple(collector for type_, collector in known.items() if type_ in wanted | linked))


def _askers(rules: Iterable[Rule], *, priced: bool) -> Iterator[_Asker]:
    for rule in rules:
        if rule.info.where == "templates":
            continue
        yield [rule.function], rule.types
    if priced:
        for type_, named in estimators().items():
            yield [function for _, function in named], (type_,)


def _narrowed(collector: Collector, names: set[str]) -> Collector:
    return replace(
        collector,
        reads=tuple(
            read
            for read in collector.reads
            if read.essential or names & read.tells or _places(collector, read.tells)
        ),
    )


def _places(collector: Collector, told: frozenset[str]) -> bool:
    """Whether a read tells the region in which a resource of a global list stands."""
    return bool(collector.region) and bool(
        {collector.region.partition(".")[0].partition(" ")[0]} & told
    )
