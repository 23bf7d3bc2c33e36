"""Reading accounts into a snapshot, many calls at a time; what is there is not read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing
from dataclasses import dataclass, field

from analyzer.account.collector import GLOBAL, Collector
from analyzer.account.limits import Limiter
from analyzer.account.plan import Plan, calls_of
from analyzer.account.reader import MAX_PAGES, Reader
from analyzer.account.sessions import Account, Clients, Connection
from analyzer.account.snapshot import Snapshot

_UNITS = 8  # services that are read at a time
_CALLS = 32  # calls that wait for an answer at a time


@dataclass(frozen=True)
class Means:
    """How accounts are reached, how fast, and how far: everything that reading needs."""

    connection: Connection = field(default_factory=Connection)
    rates: Mapping[str, float] = field(default_factory=dict)  # calls per second by service
    max_pages: int = MAX_PAGES


@dataclass(frozen=True, slots=True)
class Place:
    """One region of one account, or what it has globally."""

    account: Account
    region: str


def places(account: Account, regions: tuple[str, ...]) -> Iterator[Place]:
    """Everything that is to be read of an account, what is global first."""
    for region in (GLOBAL, *regions):
        yield Place(account, region)


def scan(
    wanted: list[Place],
    plan: Plan,
    snapshot: Snapshot,
    means: Means,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Read every place into the snapshot, part by part."""
    limiter = Limiter(means.rates)
    clients: dict[str, Clients] = {}
    with (
        ExitStack() as stack,
        ThreadPoolExecutor(_UNITS, "unit") as units,
        ThreadPoolExecutor(_CALLS, "call") as calls,
    ):
        waiting: list[Future[str]] = []
        for place, service, collectors in _missing(wanted, plan, snapshot):
            account = place.account
            if account.id not in clients:
                own = Clients(account, means.connection, limiter)
                clients[account.id] = stack.enter_context(closing(own))
            reader = Reader(
                account, place.region, clients[account.id], calls, max_pages=means.max_pages
            )
            waiting.append(units.submit(_read, reader, plan, service, collectors, snapshot))
        try:
            for done, future in enumerate(as_completed(waiting), 1):
                progress(f"{done} of {len(waiting)} services read: {future.result()}")
        except BaseException:
            units.shutdown(wait=False, cancel_futures=True)
            calls.shutdown(wait=False, cancel_futures=True)
            raise


def _missing(
    wanted: list[Place], plan: Plan, snapshot: Snapshot
) -> Iterator[tuple[Place, str, list[Collector]]]:
    for place in wanted:
        for service, collectors in plan.units(place.region).items():
            if not snapshot.has(place.account.id, place.region, service, plan.digest):
                yield place, service, collectors


def _read(
    reader: Reader, plan: Plan, service: str, collectors: list[Collector], snapshot: Snapshot
) -> str:
    part = reader.read(plan, service, collectors)
    for used in {call.service for collector in collectors for call in calls_of(collector)}:
        reader.release(used)
    snapshot.save(part)
    return f"{service} in {part.region} of {part.account}"
