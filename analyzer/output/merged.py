"""Findings as code hosts take them: one for all profiles, the worst of what they say."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.findings import Finding, Verdict
from analyzer.output.changes import counts, counts_if_strict
from analyzer.output.grouping import numbered
from analyzer.results import Run


@dataclass(frozen=True, slots=True)
class Merged:
    """A failure or an UNKNOWN, and which profiles say it.

    `identity` is the fingerprint, with a number where a judgement has it more than once.
    """

    finding: Finding
    identity: str
    profiles: tuple[str, ...]  # that have this verdict
    unknown: tuple[str, ...]  # that cannot decide, where others fail


def merged(run: Run) -> list[Merged]:
    """Every failure and every UNKNOWN once, by rule and identity."""
    found: dict[tuple[str, int], list[tuple[Finding, str]]] = {}
    for judgement in run.judgements:
        profile = "/".join(filter(None, (judgement.system, judgement.profile)))
        for key, finding in numbered(judgement.findings):
            if finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN):
                found.setdefault(key, []).append((finding, profile))
    return sorted(
        (_worst(key, items) for key, items in found.items()),
        key=lambda item: (item.finding.rule, item.identity),
    )


def _worst(key: tuple[str, int], items: list[tuple[Finding, str]]) -> Merged:
    fingerprint, number = key
    finding = max(
        (finding for finding, _ in items),
        key=lambda one: (_weight(one), counts(one) or counts_if_strict(one)),
    )
    return Merged(
        finding=finding,
        identity=f"{fingerprint}/{number}" if number else fingerprint,
        profiles=tuple(name for other, name in items if _weight(other) == _weight(finding)),
        unknown=tuple(
            name
            for other, name in items
            if finding.verdict is Verdict.FAIL and other.verdict is Verdict.UNKNOWN
        ),
    )


def _weight(finding: Finding) -> int:
    if finding.failed:
        return 2
    return 1 if finding.verdict is Verdict.UNKNOWN else 0
