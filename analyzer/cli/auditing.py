"""What `assay audit` does, step by step: plan, begin, read, judge; here or on a cluster."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from analyzer.account.discovery import ACTIONS
from analyzer.account.plan import Plan, calls_of, is_global, plan
from analyzer.account.policy import minimal_policy
from analyzer.account.scan import Means, places, scan
from analyzer.account.snapshot import PLAN, Scope, Snapshot
from analyzer.audit import AuditRequest, audit, scope_of
from analyzer.cli.accounts import entry_of
from analyzer.cli.notifying import Webhook
from analyzer.configuration import Configuration
from analyzer.errors import UsageError
from analyzer.findings import Severity
from analyzer.output.grouping import counted
from analyzer.policy.rule import Rule
from analyzer.results import Problem, Run

_HOME = Path(".assay/audit")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Policy:
    """By what accounts are judged."""

    rules: Mapping[str, Rule]
    titles: Mapping[str, str]  # of frameworks
    configuration: Configuration
    packs: tuple[Path, ...]
    priced: bool
    today: date
    problems: tuple[Problem, ...]
    pictured: bool = False

    @cached_property
    def plan(self) -> Plan:
        """What must be read for it."""
        return plan(self.rules.values(), priced=self.priced)


@dataclass(frozen=True)
class Kept:
    """A snapshot and what it is of; `problems` are what to know before believing it."""

    snapshot: Snapshot
    scope: Scope
    problems: tuple[Problem, ...] = ()


def saved(where: str, accounts: Sequence[str]) -> Kept:
    """A snapshot that was made before, or some accounts of it."""
    snapshot = Snapshot(where)
    scope = snapshot.scope()
    if scope is None:
        raise UsageError(f"'{where}' holds no snapshot", hint="check --from")
    if accounts:
        unknown = set(accounts) - {account.id for account in scope.accounts}
        if unknown:
            raise UsageError(f"'{where}' holds no account {', '.join(sorted(unknown))}")
        chosen = tuple(account for account in scope.accounts if account.id in accounts)
        scope = replace(scope, accounts=chosen)
    return Kept(snapshot, scope)


def begun(
    where: str | None,
    policy: Policy,
    means: Means,
    asked: Mapping[str, Any],
    progress: Progress,
    *,
    resume: bool,
) -> Kept:
    """A new snapshot with what is to be read written down, or the one to go on with."""
    if where is None and resume:
        folders = sorted(file.parent for file in _HOME.glob(f"*/{PLAN}"))
        if not folders:
            raise UsageError(f"there is no snapshot below {_HOME}", hint="give --snapshot")
        where = f"{folders[-1]}"
    now = datetime.now(UTC)
    snapshot = Snapshot(where or f"{_HOME / now.strftime('%Y-%m-%dT%H-%M-%SZ')}")
    scope = snapshot.scope()
    if scope is None:
        entry = entry_of(means, **asked, progress=progress)
        started = now.isoformat(timespec="seconds")
        scope = scope_of(entry.accounts, entry.regions, policy.plan, started, entry.problems)
        snapshot.begin(scope)
    elif not resume:
        raise UsageError(
            f"'{snapshot.where}' holds a snapshot already",
            hint="go on with --resume, judge it with --from, or name another place",
        )
    elif scope.digest != policy.plan.digest:
        raise UsageError(
            f"'{snapshot.where}' was begun with other rules",
            hint="resume it with the same options, or begin a new one",
        )
    return Kept(snapshot, scope, tuple(_older(snapshot, scope, now)))


def _older(snapshot: Snapshot, scope: Scope, now: datetime) -> Iterator[Problem]:
    """What is said of a snapshot that goes on on another day: a finished one asks nobody at all."""
    begun_on = scope.started[:10]
    if begun_on < f"{now:%Y-%m-%d}":
        yield Problem(
            f"was begun on {begun_on}: what was read then is not read again",
            file=snapshot.where,
            hint="name another place to read everything",
            kind="note",
        )


def read(kept: Kept, policy: Policy, means: Means, progress: Progress) -> None:
    """Read what the snapshot does not have yet."""
    wanted = [
        place
        for account in kept.scope.accounts
        for place in places(account, kept.scope.regions[account.id])
    ]
    scan(wanted, policy.plan, kept.snapshot, means, progress)
    # The clients leave cycles behind, and the command line collects rarely: 10 MiB at the peak.
    gc.collect()


def judged(kept: Kept, policy: Policy, progress: Progress) -> Run:
    """The run about what the snapshot holds."""
    return audit(
        AuditRequest(
            snapshot=kept.snapshot,
            scope=kept.scope,
            today=policy.today,
            rules=policy.rules,
            frameworks=policy.titles,
            configuration=policy.configuration,
            priced=policy.priced,
            pictured=policy.pictured,
            problems=(*policy.problems, *kept.problems),
            progress=progress,
        )
    )


def spread(
    kept: Kept,
    policy: Policy,
    means: Means,
    scheduler: str,
    workers: int,
    store: str,
    progress: Progress,
    *,
    as_json: bool,
    fail_on: Severity,
    strict: bool,
) -> int:
    """Read and judge on Dask, print what it came to, and give the exit code."""
    from analyzer.cli.organization import summarized
    from analyzer.organization import Job, audit_organization, cluster

    job = Job(
        where=kept.snapshot.absolute,
        today=policy.today,
        rules=tuple(policy.rules),
        packs=tuple(f"{pack.resolve()}" for pack in policy.packs),
        means=means,
        configuration=replace(policy.configuration, locate=None),
        priced=policy.priced,
        store=store,
    )
    with cluster(scheduler, workers) as client:
        summaries = audit_organization(job, kept.scope, client, progress)
        return summarized(
            summaries,
            [
                *policy.problems,
                *kept.problems,
                *(Problem(text, kind="engine") for text in kept.scope.problems),
            ],
            job.where,
            as_json=as_json,
            fail_on=fail_on,
            strict=strict,
        )


def remember(run: Run, store: str) -> None:
    """Add the run to its history, where it has one."""
    if store:
        from analyzer.history import save

        save(run, store)


@dataclass(frozen=True)
class Delivery:
    """Whom a run is told beside files: a webhook with what is new in the store, Security Hub."""

    store: str
    webhook: Webhook
    security_hub: bool


def delivered(run: Run, kept: Kept, means: Means, delivery: Delivery) -> Iterator[str]:
    """Bring a run where it is wanted; what is to be said of it, line by line."""
    if delivery.security_hub:
        yield _imported(run, kept, means)
    if delivery.webhook:
        delivery.webhook.send(run, delivery.store)


def past(format: str, store: str) -> dict[str, Any]:  # noqa: A002 - the option's name
    """What a page shows of the runs before this one, where there is a history."""
    if format != "html" or not store:
        return {}
    from analyzer.history import read_history
    from analyzer.output.history import past_runs

    return {"past": past_runs(read_history(store))}


def _imported(run: Run, kept: Kept, means: Means) -> str:
    """Import the findings into Security Hub, each in its account and region; what came of it."""
    from analyzer.account.limits import Limiter
    from analyzer.account.security_hub import send
    from analyzer.account.sessions import Clients
    from analyzer.output.asff import batches, findings

    limiter = Limiter(means.rates)
    with ExitStack() as stack:
        clients = {
            account.id: stack.enter_context(closing(Clients(account, means.connection, limiter)))
            for account in kept.scope.accounts
        }
        sent = send(
            findings(run),
            batches,
            lambda account, region: clients[account].of("securityhub", region),
        )
    failed = [reason for one in sent for _, reason in one.failed]
    imported = counted(sum(one.imported for one in sent), "finding")
    words = f"{imported} imported into Security Hub"
    return f"{words}, {len(failed):,} refused: {failed[0]}" if failed else words


def planned(policy: Policy) -> str:
    """The calls of a plan, and the least policy that permits them."""
    made = policy.plan
    needing = f"{counted(len(policy.rules), 'rule')}{' and the prices' if policy.priced else ''}"
    lines = [f"Read for {needing}: {counted(len(made.types), 'type')} of resources.", ""]
    for title, globally in (("Once an account", True), ("Once a region", False)):
        lines += [title, *dict.fromkeys(_calls(made, globally=globally)), ""]
    least = minimal_policy((*made.actions, *ACTIONS))
    lines += ["The least policy that permits it:", json.dumps(least, indent=2)]
    return "\n".join(lines)


def _calls(made: Plan, *, globally: bool) -> Iterator[str]:
    for collector in made.collectors:
        if is_global(collector) != globally:
            continue
        listing = len(collector.calls)
        for position, call in enumerate(calls_of(collector)):
            each = position >= listing or bool(call.given)
            yield f"  {call.service}:{call.operation}" + (
                f", for each {collector.type}" if each else ""
            )
