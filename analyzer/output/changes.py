"""What a change does: its findings by kind, and the profiles whose cost it moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from analyzer.findings import Change, Finding, Remedy, Verdict
from analyzer.output.grouping import Shared, all_findings, by_system, counted, shared
from analyzer.results import Judgement, Run

STANDING = ("failed", "unknown", "waived", "known")
"""The kinds of `system_counts` that are as they were."""


def compared(run: Run) -> bool:
    """Whether the findings stand beside a base branch or a baseline."""
    return run.base is not None or any(finding.change for finding in all_findings(run))


def counts(finding: Finding) -> bool:
    """A failure that counts: no waiver covers it, and nothing says that it was there before."""
    return finding.failed and finding.change in (None, Change.NEW, Change.UNCOMPARED)


def counts_if_strict(finding: Finding) -> bool:
    """What is UNKNOWN, and nothing says that it was before."""
    undecided = finding.verdict is Verdict.UNKNOWN
    return undecided and finding.change in (None, Change.UNDECIDED, Change.UNCOMPARED)


def is_new(finding: Finding) -> bool:
    """A failure that was not there before."""
    return counts(finding) and finding.change is not Change.UNCOMPARED


def is_uncompared(finding: Finding) -> bool:
    """A failure of which nobody can tell whether it was there before."""
    return finding.failed and finding.change is Change.UNCOMPARED


def new_failures(judgements: Iterable[Judgement]) -> list[Shared]:
    """Failures that were not there before, worst first."""
    return [item for item in shared(judgements) if is_new(item.finding)]


def not_compared(judgements: Iterable[Judgement]) -> list[Shared]:
    """Failures of which nobody can tell whether they were there before, worst first."""
    return [item for item in shared(judgements) if is_uncompared(item.finding)]


def newly_unknown(judgements: Iterable[Judgement]) -> list[Shared]:
    """What was decided before and is not any more."""
    return [
        item
        for item in shared(judgements)
        if item.finding.verdict is Verdict.UNKNOWN and item.finding.change is Change.UNDECIDED
    ]


def fixed(judgements: Iterable[Judgement]) -> list[Shared]:
    """Failures that are gone, worst first."""
    return shared(
        replace(judgement, findings=judgement.before.fixed)
        for judgement in judgements
        if judgement.before is not None
    )


def system_counts(judgements: Sequence[Judgement]) -> Counter[str]:
    """How much of a system is new, fixed, undecided, uncompared, and as it was: each once."""
    told = [item.finding for item in shared(judgements)]
    failed = [finding for finding in told if finding.failed]
    unknown = Counter(finding.change for finding in told if finding.verdict is Verdict.UNKNOWN)
    undecided, uncompared = unknown[Change.UNDECIDED], unknown[Change.UNCOMPARED]
    return Counter(
        new=sum(map(is_new, failed)),
        fixed=len(fixed(judgements)),
        undecided=undecided,
        uncompared=sum(map(is_uncompared, failed)),
        failed=sum(finding.change is Change.UNCHANGED for finding in failed),
        unknown=unknown.total() - undecided - uncompared,
        waived=sum(finding.verdict is Verdict.FAIL and not finding.failed for finding in told),
        known=sum(finding.change is Change.KNOWN for finding in failed),
    )


def run_counts(run: Run) -> Counter[str]:
    """The same of all systems together."""
    counts: Counter[str] = Counter()
    for judgements in by_system(run).values():
        counts.update(system_counts(judgements))
    return counts


def change_words(counts: Mapping[str, int]) -> list[str]:
    """`1 new failure`, `2 fixed`, `3 newly unknown`."""
    words = [
        counted(counts["new"], "new failure") if counts["new"] else "no new failure",
        f"{counts['fixed']:,} fixed" if counts["fixed"] else "",
        f"{counts['undecided']:,} newly unknown" if counts["undecided"] else "",
        f"{counts['uncompared']:,} not compared" if counts["uncompared"] else "",
    ]
    return [word for word in words if word]


def standing_words(counts: Mapping[str, int]) -> list[str]:
    """`3 failures`, `1 unknown`, of what is as it was before."""
    words = [
        counted(counts["failed"], "failure"),
        f"{counts['unknown']:,} unknown",
        f"{counts['waived']:,} waived" if counts["waived"] else "",
        f"{counts['known']:,} known by the baseline" if counts["known"] else "",
    ]
    return [word for word in words if word]


Remedies = dict[str, dict[str, dict[Remedy, list[str]]]]


def remedies(judgements: Iterable[Judgement]) -> Remedies:
    """By fingerprint and patch, what was worked out as a fix, and in which profiles."""
    found: Remedies = {}
    for judgement in judgements:
        for finding in judgement.findings:
            if finding.failed and finding.remedy is not None:
                patches = found.setdefault(finding.fingerprint, {})
                same = patches.setdefault(finding.remedy.diff, {})
                same.setdefault(finding.remedy, []).append(judgement.profile)
    return found


def moved(judgements: Iterable[Judgement]) -> Iterator[Judgement]:
    """The profiles whose cost is another than before, those that are new among them."""
    for judgement in judgements:
        before = judgement.before
        if before is None:
            continue
        if before.cost or (judgement.cost and (not before.exists or before.usd != judgement.usd)):
            yield judgement
