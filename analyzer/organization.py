"""The audit of many accounts on Dask: a task for each account and region, another to judge it.

What is read and found goes to the store; tasks return figures only, so that neither the scheduler
nor this process grows with the number of resources. A task whose worker dies runs again elsewhere,
and finds in the store what was already read.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from analyzer import __version__
from analyzer.account.collector import GLOBAL
from analyzer.account.plan import Plan, plan
from analyzer.account.scan import Means, Place, scan
from analyzer.account.sessions import Account
from analyzer.account.snapshot import Scope, Snapshot
from analyzer.audit import AuditRequest, audit_account, units_of, usable_grants
from analyzer.configuration import Configuration
from analyzer.content import content
from analyzer.findings import OURS
from analyzer.output.json import document
from analyzer.policy.pack import load_packs
from analyzer.policy.rule import Rule
from analyzer.results import RAN, CoverageLine, EngineStatus, Run
from analyzer.storage import Storage

ATTEMPTS = 3
"""How often a task runs again whose worker died."""

_AT_ONCE = 4  # accounts under way for each thread of the cluster: enough to keep it busy


@dataclass(frozen=True)
class Job:
    """All that a worker needs to know; it holds no account's data and can be sent anywhere.

    `where` is the snapshot's place, which every worker must reach; `store` that of the history.
    `packs` are rule packs by path, beside the built-in one, and `rules` the ids to judge by.
    """

    where: str
    today: date
    rules: tuple[str, ...]
    packs: tuple[str, ...] = ()
    means: Means = field(default_factory=Means)
    configuration: Configuration = field(default_factory=Configuration)
    priced: bool = True
    store: str = ""


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """What one account came to, in figures.

    `failures` counts failures that no waiver covers, by severity; `verdicts` all by verdict.
    `coverage` has a line a service over all regions; `usd` is USD per month.
    """

    account: Account
    resources: int
    verdicts: Mapping[str, int]
    failures: Mapping[str, int]
    usd: Decimal
    coverage: tuple[CoverageLine, ...]
    problems: tuple[str, ...] = ()
    error: str = ""  # why there is no answer


def read_place(job: Job, account: Account, region: str) -> int:
    """Read one region of an account into the snapshot; how many services it has there."""
    _, planned = _prepared(job.rules, job.packs, priced=job.priced)
    scan([Place(account, region)], planned, Snapshot(job.where), job.means)
    return len(planned.units(region))


def judge_account(job: Job, account: Account, regions: tuple[str, ...], *_: int) -> AccountSummary:
    """Judge what was read of an account, and put the result beside the snapshot.

    The last arguments are the reading tasks, which must be done before.
    """
    rules, planned = _prepared(job.rules, job.packs, priced=job.priced)
    snapshot = Snapshot(job.where)
    scope = Scope(
        accounts=(account,),
        regions={account.id: regions},
        digest=planned.digest,
        units={GLOBAL: tuple(planned.units(GLOBAL)), "regional": tuple(planned.units(""))},
        started="",
    )
    request = AuditRequest(
        snapshot, scope, job.today, rules, configuration=job.configuration, priced=job.priced
    )
    grants, _faults = usable_grants(request)
    audited = audit_account(request, account, grants)
    run = Run(
        version=__version__,
        date=job.today,
        judgements=(audited.judgement,),
        rules={rule.id: rule.info for rule in rules.values()},
        engines=(EngineStatus(OURS, RAN, __version__),),
        problems=audited.problems,
        coverage=audited.coverage,
    )
    result = gzip.compress(document(run).encode(), 5, mtime=0)
    Storage(job.where).write(result_name(account.id), result)
    if job.store:
        from analyzer.history import save

        save(run, job.store)
    return _summary(account, run)


def result_name(account: str) -> str:
    """Where the result of an account stands in the snapshot's place."""
    return f"results/{account}.json.gz"


def result_of(where: str, account: str) -> Any:
    """The stored result of an account, as the JSON format shows a run; None without one."""
    found = Storage(where).read(result_name(account))
    return None if found is None else json.loads(gzip.decompress(found))


def audit_organization(
    job: Job,
    scope: Scope,
    client: Any,
    progress: Callable[[str], None] = lambda _: None,
) -> Iterator[AccountSummary]:
    """The summaries of all accounts, as they are done; `client` is Dask's.

    Only so many accounts are under way that all threads have work.
    """
    from distributed import as_completed

    threads = max(1, sum(client.nthreads().values()))
    waiting = iter(scope.accounts)
    running: dict[Any, Account] = {}
    under_way = as_completed()

    def begin() -> None:
        account = next(waiting, None)
        if account is None:
            return
        regions = scope.regions.get(account.id, ())
        reads = [
            client.submit(
                read_place, job, account, region, pure=False, retries=ATTEMPTS, priority=-1
            )
            for region in (GLOBAL, *regions)
            if any(place == region for place, _ in units_of(scope, account))
        ]
        future = client.submit(
            judge_account, job, account, regions, *reads, pure=False, retries=ATTEMPTS
        )
        running[future] = account
        under_way.add(future)

    for _ in range(threads * _AT_ONCE):
        begin()
    for done, future in enumerate(under_way, 1):
        account = running.pop(future)
        yield _result(future, account)
        future.release()
        progress(f"{done} of {len(scope.accounts)} accounts judged")
        begin()


def _result(future: Any, account: Account) -> AccountSummary:
    error = future.exception()
    if error is not None:
        told = f"{type(error).__name__}: {error}"
        return AccountSummary(account, 0, {}, {}, Decimal(0), (), error=told)
    summary: AccountSummary = future.result()
    return summary


@contextmanager
def cluster(scheduler: str, workers: int) -> Iterator[Any]:
    """Dask's client: of a running scheduler, or of so many processes on this machine."""
    from distributed import Client, LocalCluster

    if scheduler:
        with Client(scheduler, timeout="30s") as client:
            yield client
        return
    with (
        LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
        ) as local,
        Client(local) as client,
    ):
        yield client


@lru_cache(maxsize=4)
def _prepared(
    ids: tuple[str, ...], packs: tuple[str, ...], *, priced: bool
) -> tuple[dict[str, Rule], Plan]:
    """The rules and the plan of a job, loaded once in each worker."""
    loaded = load_packs([content("rules"), *map(Path, packs)])
    rules = {id_: loaded[id_] for id_ in ids}
    return rules, plan(rules.values(), priced=priced)


def _summary(account: Account, run: Run) -> AccountSummary:
    judgement = run.judgements[0]
    return AccountSummary(
        account=account,
        resources=len(judgement.resources),
        verdicts=Counter(finding.verdict.value for finding in judgement.findings),
        failures=Counter(f.severity.label for f in judgement.findings if f.failed),
        usd=judgement.usd,
        coverage=tuple(_by_service(run.coverage)),
        problems=tuple(f"{problem}" for problem in run.problems),
    )


def _by_service(lines: Iterable[CoverageLine]) -> Iterator[CoverageLine]:
    """What was not complete, and one line for all that was: a summary stays small."""
    complete = [line for line in lines if line.complete]
    if complete:
        calls = sum(line.planned for line in complete)
        first = complete[0]
        yield CoverageLine(
            first.account, "*", "*", planned=calls, answered=calls, read_at=first.read_at
        )
    yield from (line for line in lines if not line.complete)
