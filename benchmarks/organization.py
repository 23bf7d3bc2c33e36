"""Judging a simulated organisation: recorded accounts, multiplied; nothing is asked of AWS.

    python benchmarks/organization.py [--resources 1000000] [--workers 2]

One emulated account is read once. Its parts are written again under so many account ids that the
organisation has the number of resources; then all are judged by every rule and priced, on Dask, in
processes of this machine. Memory is the peak resident size of this process, the driver, and of each
worker; it must not grow with the number of accounts, so a tenth of them is judged first.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures" / "live"))
sys.path.insert(0, str(Path(__file__).parent))

from audit import _make, _peak
from emulator import CREDENTIALS, emulator

from analyzer.account.plan import plan
from analyzer.account.scan import Means, places, scan
from analyzer.account.sessions import Account, Connection
from analyzer.account.snapshot import Snapshot
from analyzer.audit import scope_of
from analyzer.content import content
from analyzer.organization import Job, audit_organization, cluster
from analyzer.policy.pack import load_packs

_SOURCE = "123456789012"
_REGIONS = ("us-east-1",)


def main() -> int:
    """Record, multiply, judge a tenth, judge all; print rates and memory."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--resources", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    os.environ.update(CREDENTIALS)
    with tempfile.TemporaryDirectory() as folder:
        # The emulator's memory must not be counted as the driver's.
        with ProcessPoolExecutor(1, get_context("spawn")) as apart:
            parts, each = apart.submit(_recorded, f"{folder}/source").result()
        accounts = -(-options.resources // each)
        print(f"{accounts:,} accounts of {each} resources each")
        for number in (max(accounts // 10, 1), accounts):
            _judge(parts, number, f"{folder}/{number}", options.workers)
    return 0


def _recorded(where: str) -> tuple[dict[str, bytes], int]:
    """The parts of one account as text, by their name, and its number of resources."""
    rules = load_packs([content("rules")])
    planned = plan(rules.values(), priced=True)
    account, snapshot = Account(_SOURCE), Snapshot(where)
    with emulator() as aws:
        _make(aws)
        snapshot.begin(scope_of([account], {_SOURCE: _REGIONS}, planned, "2026-11-21"))
        means = Means(Connection(endpoint_url=aws.url), {"*": 1000})
        scan(list(places(account, _REGIONS)), planned, snapshot, means)
    parts = {
        file.relative_to(Path(where) / _SOURCE).as_posix(): gzip.decompress(file.read_bytes())
        for file in (Path(where) / _SOURCE).rglob("*.json.gz")
    }
    return parts, sum(len(json.loads(text)["records"]) for text in parts.values())


def _judge(parts: dict[str, bytes], number: int, where: str, workers: int) -> None:
    """Judge so many copies of an account, and say how fast and in how much memory."""
    rules = load_packs([content("rules")])
    planned = plan(rules.values(), priced=True)
    accounts = [Account(f"{index:012}") for index in range(1, number + 1)]
    for account in accounts:
        for name, text in parts.items():
            file = Path(where) / account.id / name
            file.parent.mkdir(parents=True, exist_ok=True)
            copied = text.replace(_SOURCE.encode(), account.id.encode())
            file.write_bytes(gzip.compress(copied, 1))
    scope = scope_of(accounts, {one.id: _REGIONS for one in accounts}, planned, "2026-11-21")
    Snapshot(where).begin(scope)
    job = Job(where, date(2026, 11, 21), tuple(rules))
    with cluster("", workers) as client:
        processes = list(client.run(os.getpid).values())
        started = time.monotonic()
        resources = failures = 0
        for summary in audit_organization(job, scope, client):
            resources += summary.resources
            failures += sum(summary.failures.values())
            if summary.error:
                raise RuntimeError(summary.error)
        seconds = time.monotonic() - started
        peaks = [_peak(process) for process in processes]
    print(
        f"{number:6,} accounts, {resources:9,} resources, {failures:9,} failures:"
        f" {seconds:7.1f} s, {resources / seconds:6,.0f} resources a second,"
        f" driver {_peak(os.getpid()):.0f} MiB, workers {max(peaks):.0f} MiB"
    )


if __name__ == "__main__":
    sys.exit(main())
