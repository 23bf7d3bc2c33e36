"""Findings as people read them: by system, worst first, told once where profiles agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analyzer.findings import OURS, Finding, Severity, Verdict
from analyzer.results import Judgement, Run


@dataclass(frozen=True, slots=True)
class Shared:
    """A finding and the profiles that have it in the same words."""

    finding: Finding
    profiles: tuple[str, ...]


def by_system(run: Run) -> dict[str, list[Judgement]]:
    """The judgements of each system, in the run's order."""
    systems: dict[str, list[Judgement]] = {}
    for judgement in run.judgements:
        systems.setdefault(judgement.system, []).append(judgement)
    return systems


def shared(judgements: Iterable[Judgement], *, failed: bool = False) -> list[Shared]:
    """The findings of several profiles (or the failed ones alone), each told once, worst first."""
    found: dict[object, tuple[Finding, dict[str, None]]] = {}
    for judgement in judgements:
        wanted = (item for item in judgement.findings if item.failed or not failed)
        for key, finding in numbered(wanted):
            words = (finding.verdict, finding.message, finding.hangs_on, finding.failed)
            same = (*key, *words, finding.change)
            found.setdefault(same, (finding, {}))[1][judgement.profile] = None
    told = [Shared(finding, tuple(profiles)) for finding, profiles in found.values()]
    return sorted(told, key=lambda item: rank(item.finding))


def numbered(findings: Iterable[Finding]) -> Iterator[tuple[tuple[str, int], Finding]]:
    """Each finding with its identity in one judgement: the fingerprint, and which one of it."""
    seen: Counter[str] = Counter()
    for finding in findings:
        fingerprint = finding.fingerprint
        yield (fingerprint, seen[fingerprint]), finding
        seen[fingerprint] += 1


def rank(finding: Finding) -> tuple[object, ...]:
    """A sort key: our own engine first, then worst first, then by rule and place."""
    location = finding.location
    return (
        finding.engine != OURS,
        finding.engine,
        -finding.severity,
        finding.rule,
        location.file if location else "",
        location.line if location else 0,
        finding.stack,
        finding.resource,
    )


def disputed(finding: Finding) -> bool:
    """Whether another engine fails what our rules, named in `also`, do not."""
    return finding.engine != OURS and finding.verdict is Verdict.SKIP and bool(finding.also)


def by_severity(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many failures that no waiver covers, per severity, worst first; zeros are left out."""
    counts = Counter(finding.severity for finding in findings if finding.failed)
    return {level: counts[level] for level in reversed(Severity) if counts[level]}


def all_findings(run: Run) -> list[Finding]:
    """The findings of every judgement."""
    return [finding for judgement in run.judgements for finding in judgement.findings]


def counted(number: int, singular: str, plural: str = "") -> str:
    """`1 failure`, `3 failures`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def few(names: Sequence[str], most: int) -> str:
    """`a, b, c and 4 more`: the first of many names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
