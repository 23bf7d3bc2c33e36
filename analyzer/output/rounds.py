"""What changed since a system was judged before: for authors who have it judged at every change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from analyzer.findings import Finding, Verdict
from analyzer.output.grouping import listed, numbered, shared
from analyzer.output.text_blocks import Block, line, span
from analyzer.output.text_findings import place, told
from analyzer.results import Judgement, Problem, Run

Known = Mapping[tuple[str, str], Judgement]
"""The last judgement of each system and profile."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier rounds found: `systems` and `problems` are those of the last one."""

    known: Known = field(default_factory=dict)
    systems: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def and_now(self, run: Run) -> Earlier:
        """What is known after a run; what it did not judge is as it was."""
        told = {(one.system, one.profile): one for one in run.judgements}
        systems = tuple(dict.fromkeys(system for system, _ in told))
        return Earlier({**self.known, **told}, systems, run.problems)


def blocks(earlier: Earlier, run: Run) -> Iterator[Block]:
    """New failures and unknowns in full, what went in a line each, then the new problems.

    A system that was not judged this time, such as one whose template is broken, has nothing fixed.
    """
    new = [
        replace(one, findings=_new(_earlier(earlier.known, one), one.findings))
        for one in run.judgements
    ]
    for names, findings in _by_profiles(new).items():
        yield line(span("new in", "group"), span(names, "group"))
        yield from told(run, findings)
    for word, waived in (("fixed", False), ("waived", True)):
        went = [
            replace(one, findings=_went(_earlier(earlier.known, one), one.findings, waived=waived))
            for one in run.judgements
        ]
        for names, findings in _by_profiles(went).items():
            yield line(span(f"{word} in", "group"), span(names, "group"))
            for finding in findings:
                words = (span(word, "pass"), span(finding.rule, "rule"), finding.resource)
                yield line(*words, place(finding), indent=2)
    yield from _problems(earlier, run)


def _problems(earlier: Earlier, run: Run) -> Iterator[Block]:
    known = set(earlier.problems)
    for problem in run.problems:
        if problem not in known:
            yield line(span(f"{problem.kind}:", "high"), problem)
    judged = {judgement.system for judgement in run.judgements}
    for system in earlier.systems:
        if system not in judged:
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


def _went(
    before: Sequence[Finding], after: Sequence[Finding], *, waived: bool
) -> tuple[Finding, ...]:
    """What failed or was unknown and is neither now, because a waiver covers it or without one."""
    now = dict(numbered(after))
    left = {key for key, finding in now.items() if _matters(finding)}
    covered = {key for key, finding in now.items() if finding.waiver and key not in left}
    return tuple(
        finding
        for key, finding in numbered(before)
        if _matters(finding) and key not in left and (key in covered) is waived
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
