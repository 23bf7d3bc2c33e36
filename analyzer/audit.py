"""From a snapshot of accounts to a `Run`: what was read, judged and priced, and how far it went."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from analyzer import __version__
from analyzer.account.collector import GLOBAL
from analyzer.account.loading import load
from analyzer.account.plan import Plan, is_global, plan
from analyzer.account.records import Part
from analyzer.account.sessions import Account
from analyzer.account.snapshot import Scope, Snapshot
from analyzer.configuration import Configuration
from analyzer.cost.book import embedded
from analyzer.cost.estimate import estimate
from analyzer.cost.usage import read_usage
from analyzer.cost_lines import CostLine
from analyzer.errors import InputError
from analyzer.findings import OURS, Finding
from analyzer.model import Gap, Inventory
from analyzer.picture import Diagram
from analyzer.policy.evaluate import judge
from analyzer.policy.rule import Rule
from analyzer.policy.settings import settings_of
from analyzer.policy.waivers import Grant, fault_of, unmatched, waived
from analyzer.results import RAN, CoverageLine, EngineStatus, Judgement, Problem, ResourceInfo, Run

LIVE = "live"
"""The profile under which an account is shown: what is deployed, whatever was planned."""


@dataclass(frozen=True)
class AuditRequest:
    """What decides the answer about a snapshot, the day included."""

    snapshot: Snapshot
    scope: Scope
    today: date
    rules: Mapping[str, Rule]
    frameworks: Mapping[str, str] = field(default_factory=dict)
    configuration: Configuration = field(default_factory=Configuration)
    priced: bool = True
    pictured: bool = False
    problems: tuple[Problem, ...] = ()
    progress: Callable[[str], None] = lambda _: None

    @cached_property
    def plan(self) -> Plan:
        """What the rules, and the estimators where costs are wanted, need to have read."""
        return plan(self.rules.values(), priced=self.priced)


@dataclass(frozen=True, slots=True)
class AccountAudit:
    """What was found out about one account."""

    judgement: Judgement
    coverage: tuple[CoverageLine, ...]
    problems: tuple[Problem, ...]
    used: frozenset[Grant]


def audit(request: AuditRequest) -> Run:
    """Judge and price every account of the snapshot."""
    started = time.monotonic()
    grants, faults = usable_grants(request)
    audited = []
    for account in request.scope.accounts:
        request.progress(f"judging {account.name or account.id}")
        audited.append(audit_account(request, account, grants))
    used = frozenset[Grant]().union(*(one.used for one in audited))
    problems = [
        *request.problems,
        *faults,
        *(Problem(text, kind="engine") for text in request.scope.problems),
        *(problem for one in audited for problem in one.problems),
        *(unmatched(grant.waiver) for grant in grants if grant not in used),
    ]
    return Run(
        version=__version__,
        date=request.today,
        judgements=tuple(one.judgement for one in audited),
        rules={rule.id: rule.info for rule in request.rules.values()},
        engines=(EngineStatus(OURS, RAN, __version__, seconds=time.monotonic() - started),),
        problems=tuple(dict.fromkeys(problems)),
        frameworks=request.frameworks,
        coverage=tuple(line for one in audited for line in one.coverage),
    )


def usable_grants(request: AuditRequest) -> tuple[tuple[Grant, ...], tuple[Problem, ...]]:
    """The waivers that count, and what is wrong with the others."""
    configured = request.configuration
    faults = {
        grant: fault_of(grant.waiver, request.today, configured.waiver_days)
        for grant in configured.grants
    }
    return (
        tuple(grant for grant, fault in faults.items() if fault is None),
        tuple(fault for fault in faults.values() if fault is not None),
    )


def audit_account(
    request: AuditRequest, account: Account, grants: tuple[Grant, ...]
) -> AccountAudit:
    """Judge and price one account, and say how far it was read."""
    parts, problems = parts_of(request.snapshot, request.scope, account)
    inventory = inventory_of(request.scope, account, parts, request.plan)
    settings, faults = settings_of(request.configuration.policy, request.rules)
    problems.extend(
        Problem(fault.message, file=request.configuration.file, hint=fault.hint) for fault in faults
    )
    found = judge(request.rules.values(), inventory, settings, request.today)
    findings, used = waived(found, grants, account.id, LIVE)
    cost = _cost(inventory, request)
    judgement = Judgement(
        system=account.id,
        profile=LIVE,
        title=account.name,
        regions=tuple(sorted({resource.region for resource in inventory} - {""})),
        resources=tuple(
            ResourceInfo(
                resource.id, resource.type, resource.stack, resource.region, tags=resource.tags
            )
            for resource in inventory
        ),
        findings=tuple(findings),
        cost=cost,
        policy=request.configuration.policy,
        diagram=_picture(inventory, cost, findings, account) if request.pictured else None,
    )
    coverage = tuple(coverage_of(request.scope, account, parts))
    return AccountAudit(
        judgement, coverage, tuple(problems), frozenset(grants[position] for position in used)
    )


def _picture(
    inventory: Inventory,
    cost: tuple[CostLine, ...],
    findings: Iterable[Finding],
    account: Account,
) -> Diagram:
    from analyzer.diagram import draw, marked

    title = " ".join(filter(None, (account.name, account.id)))
    return marked(draw(inventory, cost, title=title, profile=LIVE), findings)


def _cost(inventory: Inventory, request: AuditRequest) -> tuple[CostLine, ...]:
    if not request.priced:
        return ()
    usage = read_usage({}, inventory)
    return estimate(inventory, usage, None, embedded(), today=request.today)


def parts_of(
    snapshot: Snapshot, scope: Scope, account: Account
) -> tuple[list[Part], list[Problem]]:
    """The parts of an account that can be read, and what is wrong with the others."""
    parts, problems = [], []
    for region, service in units_of(scope, account):
        try:
            part = snapshot.part(account.id, region, service)
        except InputError as error:
            problems.append(Problem(error.message, file=error.file, hint=error.hint))
        else:
            if part is not None:
                parts.append(part)
    return parts, problems


def units_of(scope: Scope, account: Account) -> Iterator[tuple[str, str]]:
    """Every region and service of an account that a snapshot is to hold."""
    for service in scope.units[GLOBAL]:
        yield GLOBAL, service
    for region in scope.regions.get(account.id, ()):
        for service in scope.units["regional"]:
            yield region, service


def inventory_of(scope: Scope, account: Account, parts: list[Part], wanted: Plan) -> Inventory:
    """What was read of an account; what the rules need and nobody read is a gap."""
    return load(account.id, parts, _unread(scope, account, parts, wanted))


def _unread(scope: Scope, account: Account, parts: Iterable[Part], wanted: Plan) -> Iterator[Gap]:
    read = {(part.region, type_) for part in parts for type_ in part.told}
    for collector in wanted.collectors:
        known = (GLOBAL,) if is_global(collector) else scope.regions.get(account.id, ())
        for region in known:
            if (region, collector.type) not in read:
                yield Gap(collector.type, region, account=account.id)


def coverage_of(scope: Scope, account: Account, parts: Iterable[Part]) -> Iterator[CoverageLine]:
    """How far each service in each region was read."""
    found = {(part.region, part.service): part for part in parts}
    for region, service in units_of(scope, account):
        part = found.get((region, service))
        if part is None:
            yield CoverageLine(account.id, region, service, planned=1)
            continue
        tally = part.tally
        yield CoverageLine(
            account=account.id,
            region=region,
            service=service,
            planned=tally.planned,
            answered=tally.answered,
            denied=tally.denied,
            throttled=tally.throttled,
            timed_out=tally.timed_out,
            failed=tally.failed,
            failures=tuple(sorted(part.failures.items())),
            read_at=part.read_at,
        )


def scope_of(
    accounts: Iterable[Account],
    regions: Mapping[str, tuple[str, ...]],
    planned: Plan,
    started: str,
    problems: Iterable[str] = (),
) -> Scope:
    """What a snapshot is to hold."""
    return Scope(
        accounts=tuple(accounts),
        regions=dict(regions),
        digest=planned.digest,
        units={GLOBAL: tuple(planned.units(GLOBAL)), "regional": tuple(planned.units(""))},
        started=started,
        problems=tuple(problems),
        types=tuple(sorted(planned.types)),
    )
