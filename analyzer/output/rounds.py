"""What changed since a system was judged before: for authors who have it judged at every change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from analyzer.findings import Finding, Verdict
from analyzer.output.grouping import listed, numbered, shared
from analyzer.output.text_blocks import Block, line, span
from analyzer.output.text_findings import place, told
from analyzer.results import Judgement, Problem, Run

Known = Mapping[tuple[str, str], Judgement]
"""The last judgement of each system and profile."""


def known(before: Known, run: Run) -> dict[tuple[str, str], Judgement]:
    """What is known after a run; what it did not judge is as it was."""
    return {**before, **{(one.system, one.profile): one for one in run.judgements}}


def blocks(before: Known, problems: Iterable[Problem], run: Run) -> Iterator[Block]:
    """New failures and unknowns in full, fixed ones in a line each, then the new problems.

    A system that was not judged this time, such as one whose template is broken, has nothing fixed.
    """
    new = [
        replace(one, findings=_new(_earlier(before, one), one.findings)) for one in run.judgements
    ]
    for names, findings in _by_profiles(new).items():
        yield line(span("new in", "group"), span(names, "group"))
        yield from told(run, findings)
    fixed = [
        replace(one, findings=_fixed(_earlier(before, one), one.findings)) for one in run.judgements
    ]
    for names, findings in _by_profiles(fixed).items():
        yield line(span("fixed in", "group"), span(names, "group"))
        for finding in findings:
            words = (span("fixed", "pass"), span(finding.rule, "rule"), finding.resource)
            yield line(*words, place(finding), indent=2)
    yield from _problems(before, problems, run)


def _problems(before: Known, problems: Iterable[Problem], run: Run) -> Iterator[Block]:
    earlier = set(problems)
    for problem in run.problems:
        if problem not in earlier:
            yield line(span(f"{problem.kind}:", "high"), problem)
    judged = {(one.system, one.profile) for one in run.judgements}
    gone = dict.fromkeys(system for system, profile in before if (system, profile) not in judged)
    for system in gone:
        yield line(span("not judged:", "unknown"), system)


def _earlier(before: Known, judgement: Judgement) -> Sequence[Finding]:
    earlier = before.get((judgement.system, judgement.profile))
    return earlier.findings if earlier else ()


def _new(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[Finding, ...]:
    """What fails or is unknown, and was not so before."""
    earlier = {key: (finding.verdict, finding.failed) for key, finding in numbered(before)}
    return tuple(
        finding
        for key, finding in numbered(after)
        if _matters(finding) and earlier.get(key) != (finding.verdict, finding.failed)
    )


def _fixed(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[Finding, ...]:
    """What failed or was unknown, and is neither now."""
    left = {key for key, finding in numbered(after) if _matters(finding)}
    return tuple(
        finding for key, finding in numbered(before) if _matters(finding) and key not in left
    )


def _matters(finding: Finding) -> bool:
    return finding.failed or finding.verdict is Verdict.UNKNOWN


def _by_profiles(judgements: Sequence[Judgement]) -> dict[str, list[Finding]]:
    """Findings by the system and the profiles that have them."""
    groups: dict[str, list[Finding]] = {}
    for system in dict.fromkeys(judgement.system for judgement in judgements):
        own = [judgement for judgement in judgements if judgement.system == system]
        for item in shared(own):
            names = listed(item.profiles)
            groups.setdefault(f"{system} {names}".strip(), []).append(item.finding)
    return groups
