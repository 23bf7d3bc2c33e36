"""Remedies: what becomes of a profile when one finding's fix is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from analyzer.findings import Finding, Remedy, Verdict
from analyzer.fixes.prices import Difference, difference
from analyzer.fixes.safety import dangers
from analyzer.fixes.trial import Outcome, State, Trial, judged_anew
from analyzer.secrets import masked, masked_diff

_OPEN = (Verdict.FAIL, Verdict.UNKNOWN)
Subject = tuple[str, str, str]
"""What a finding is about: its rule, and the stack and the id of its resource."""


def with_remedies(trial: Trial, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, those that fail and have a fix with their remedy."""
    for finding in findings:
        mendable = finding.verdict is Verdict.FAIL and finding.fix is not None
        yield replace(finding, remedy=remedy_of(trial, finding)) if mendable else finding


def remedy_of(trial: Trial, finding: Finding) -> Remedy | None:
    """The remedy of one finding; None for one without a fix."""
    if finding.fix is None:
        return None
    outcome = trial.with_fixes([(f"{finding.stack}/{finding.resource}", finding.fix)])
    return remedy(trial, finding, outcome)


def remedy(trial: Trial, finding: Finding, outcome: Outcome) -> Remedy:
    """What an outcome with a finding's fix means for that finding."""
    (tried,) = outcome.tried
    before = trial.before
    if tried.refusal:
        return Remedy(reason=masked(tried.refusal, before.assembled.secrets))
    risks = risks_of(before, outcome.state)
    faults = tuple(_faults(finding, before, outcome.state))
    cost = Difference(None, None)
    if trial.priced:
        cost = difference(before.cost, outcome.cost, outcome.repriced)
    return Remedy(
        where=tried.where,
        diff=masked_diff(outcome.diff, before.assembled.secrets),
        safe=not (risks or faults or outcome.undone),
        holds=not faults,
        reason="; ".join((*risks, *faults, *outcome.undone)),
        usd_low=cost.low,
        usd_high=cost.high,
        assumptions=cost.assumptions,
    )


def risks_of(before: State, after: State) -> tuple[str, ...]:
    """What speaks against fixes that somebody has not decided on; nothing for safe ones."""
    changed = None if after.changes is None else {key for key, _ in after.changes if key}
    return dangers(before.assembled.inventory, after.assembled.inventory, changed)


def _faults(finding: Finding, before: State, after: State) -> Iterator[str]:
    """Why a fix does not hold: what it is for is still there, or something else has come."""
    subject = subject_of(finding)
    (_, old), (_, new) = map(_counted, judged_anew(before, after))
    if new[subject] >= old[subject]:
        yield "judged again, the finding is still there"
    for other, words in coming(before, after):
        if other != subject:
            yield f"{words} then"


def coming(before: State, after: State) -> Iterator[tuple[Subject, str]]:
    """What fails or is undecided that was not: its rule, stack and resource, and words for it."""
    old, new = map(_counted, judged_anew(before, after))
    for others, word in (
        (new[0] - old[0], "fails"),
        ((new[1] - new[0]) - (old[1] - old[0]), "is undecided"),
    ):
        for subject in others:
            yield subject, f"{subject[0]} {word} for {subject[2]}"


def _counted(findings: Iterable[Finding]) -> tuple[Counter[Subject], Counter[Subject]]:
    """How often each rule fails each resource, and how often it fails or is undecided."""
    failed: Counter[Subject] = Counter()
    opened: Counter[Subject] = Counter()
    for finding in findings:
        if finding.verdict in _OPEN:
            opened[subject_of(finding)] += 1
            failed[subject_of(finding)] += finding.verdict is Verdict.FAIL
    return failed, opened


def subject_of(finding: Finding) -> Subject:
    """What a finding is about."""
    return finding.rule, finding.stack, finding.resource
