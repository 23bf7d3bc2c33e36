"""How far accounts were read, in words and in figures; every output begins with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analyzer.output.grouping import counted
from analyzer.results import CoverageLine, Run

_KINDS = ("denied", "throttled", "timed_out", "failed")
_WORDS = {"throttled": "throttled out", "timed_out": "timed out"}


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One way in which a service of an account was not read: where, what, how often."""

    account: str
    service: str
    regions: tuple[str, ...]
    what: str
    times: int


def coverage_words(lines: Iterable[CoverageLine]) -> str:
    """How many calls were answered, and what became of the others."""
    listed = list(lines)
    planned = sum(line.planned for line in listed)
    answered = sum(line.answered for line in listed)
    words = [f"{answered:,} of {counted(planned, 'call')} answered"]
    for kind in _KINDS:
        number = sum(getattr(line, kind) for line in listed)
        if number:
            words.append(f"{number:,} {_WORDS.get(kind, kind)}")
    unread = sum(not line.read_at for line in listed)
    if unread:
        words.append(f"{counted(unread, 'service')} not read")
    return ", ".join(words)


def by_account(run: Run) -> dict[str, list[CoverageLine]]:
    """The coverage of each account, in order."""
    found: dict[str, list[CoverageLine]] = {}
    for line in run.coverage:
        found.setdefault(line.account, []).append(line)
    return found


def shortfalls(run: Run) -> Iterator[Shortfall]:
    """Everything that was not read, each once with its regions."""
    found: dict[tuple[str, str, str], dict[str, int]] = {}
    for line in run.coverage:
        for what, times in line.failures:
            regions = found.setdefault((line.account, line.service, what), {})
            regions[line.region] = regions.get(line.region, 0) + times
        if not line.read_at:
            found.setdefault((line.account, line.service, "was not read"), {})[line.region] = 1
    for (account, service, what), regions in found.items():
        yield Shortfall(account, service, tuple(regions), what, sum(regions.values()))


def place(regions: Iterable[str], most: int = 3) -> str:
    """Regions in words, the first few by name."""
    names = list(regions)
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {counted(len(names) - most, 'more region')}"
