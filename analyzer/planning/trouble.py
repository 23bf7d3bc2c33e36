"""What a policy does not forgive: failures as things that a change mends, leaves or makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analyzer.findings import Finding, Severity, Verdict

Trouble = tuple[str, str, str, str]
"""A failure's identity while its template is edited: rule, stack, resource, property path."""

_Kind = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class State:
    """What a profile's findings say: what fails, and of what nothing is known."""

    failing: Mapping[Trouble, Finding]
    unknown: Mapping[Trouble, Finding]


@dataclass(frozen=True, slots=True)
class Counting:
    """Which findings count as failures: those as severe as `least`, that no waiver covers.

    `forgiven` are failures that a waiver covers before anything is changed; with `strict` counts
    what is not known to pass, too.
    """

    least: Severity = Severity.LOW
    strict: bool = False
    forgiven: frozenset[Trouble] = frozenset()


def state_of(findings: Iterable[Finding], counting: Counting) -> State:
    """What fails and counts, and what is not known."""
    failing: dict[Trouble, Finding] = {}
    unknown: dict[Trouble, Finding] = {}
    for finding in findings:
        if finding.severity < counting.least or trouble_of(finding) in counting.forgiven:
            continue
        if finding.failed or (counting.strict and finding.verdict is Verdict.UNKNOWN):
            failing[trouble_of(finding)] = finding
        elif finding.verdict is Verdict.UNKNOWN:
            unknown[trouble_of(finding)] = finding
    return State(failing, unknown)


def trouble_of(finding: Finding) -> Trouble:
    """The identity of a finding."""
    return finding.rule, finding.stack, finding.resource, finding.at


def mended(before: State, after: State, own: Trouble | None = None) -> frozenset[Trouble]:
    """The failures that are gone: as many of each rule and resource as there are fewer.

    List positions move when an entry goes; `own` is the failure that the change is for. What became
    unknown is not mended.
    """
    found: set[Trouble] = set()
    fewer = _count(before.failing) - _count(after.failing)
    for kind, count in fewer.items():
        open_before = _of(before.failing, kind) + _of(before.unknown, kind)
        open_after = _of(after.failing, kind) + _of(after.unknown, kind)
        gone = [trouble for trouble in before.failing if trouble[:3] == kind]
        gone.sort(key=lambda trouble: (trouble != own, trouble in after.failing))
        found.update(gone[: min(count, max(open_before - open_after, 0))])
    return frozenset(found)


def made(before: State, after: State) -> tuple[Finding, ...]:
    """What fails, or is not known, that did and was not before."""
    worse = [
        finding
        for trouble, finding in after.failing.items()
        if trouble not in before.failing
        and _of(after.failing, trouble[:3]) > _of(before.failing, trouble[:3])
    ]
    darker = [
        finding
        for trouble, finding in after.unknown.items()
        if trouble not in before.unknown
        and _of(after.unknown, trouble[:3]) > _of(before.unknown, trouble[:3])
        and _of(after.failing, trouble[:3]) >= _of(before.failing, trouble[:3])
    ]
    return (*worse, *darker)


def _count(troubles: Mapping[Trouble, Finding]) -> Counter[_Kind]:
    return Counter(trouble[:3] for trouble in troubles)


def _of(troubles: Mapping[Trouble, Finding], kind: _Kind) -> int:
    return sum(trouble[:3] == kind for trouble in troubles)
