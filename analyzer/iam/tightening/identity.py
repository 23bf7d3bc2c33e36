"""The smallest policies that a stack speaks for: statements bound to its own resources.

A proposal, from what is declared: which actions are used is not seen here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from analyzer.iam.service_reference import ServiceReference
from analyzer.iam.tightening.candidates import CandidateFinder
from analyzer.iam.tightening.decisions import Evidence
from analyzer.iam.tightening.narrowing import narrowed
from analyzer.iam.tightening.policies import holders_of, read_statements
from analyzer.iam.tightening.proof import compared, proved
from analyzer.iam.tightening.proposals import (
    ActionNote,
    StatementTightening,
    Tightening,
    shown_text,
)
from analyzer.iam.tightening.role_passing import services_in_use
from analyzer.iam.tightening.workload import Workload
from analyzer.model import Resource
from analyzer.unknown import Undecided

_UNTOUCHED = "nothing in AWS's policy is bounded by what the stack defines"
_TOO_LONG = "bounded, it would be longer than the inline policies of a role may be"
_LONGEST_INLINE = 10_240  # IAM User Guide, "IAM and AWS STS quotas": characters of all of them


def tighten(
    identity: Resource,
    reference: ServiceReference,
    last_accessed: Mapping[str, date | None] | None = None,
) -> Tightening:
    """The smallest policies for a role, user, group or policy that its inventory speaks for.

    Together they allow nothing that was not allowed before, and come with a request that they take
    away. `last_accessed` says of services when the identity last used them, None for never;
    services that it does not name may have been used.
    """
    unread: list[ActionNote] = []
    read = list(read_statements(identity, unread))
    passed_to = services_in_use([one.statement for one in read], reference)
    evidence: dict[str, Evidence] = {}
    told: list[StatementTightening] = []
    for one in read:
        owner = one.document.owner
        if owner.key not in evidence:
            workload = Workload(identity.inventory, holders_of(identity, owner), owner)
            candidates = CandidateFinder(workload, reference)
            evidence[owner.key] = Evidence(
                reference, workload, candidates, passed_to, last_accessed
            )
        told.append(_tightened(one, evidence[owner.key]))
    return compared(Tightening(identity, tuple(_without_untouched(told)), tuple(unread)), reference)


def _tightened(one: StatementTightening, evidence: Evidence) -> StatementTightening:
    try:
        return proved(one, narrowed(one.statement, evidence), evidence.reference)
    except Undecided as undecided:
        actions = tuple(shown_text(action) for action in one.statement.actions)
        return replace(one, not_narrowed=(ActionNote(actions, f"{undecided}"),))


def _without_untouched(told: Sequence[StatementTightening]) -> Iterator[StatementTightening]:
    """The statements; of an AWS managed policy that stays as it is, one note in place of details.

    It stays where nothing of it is bounded, and where the inline policy that would take its place
    is too long.
    """
    by_arn: dict[str, list[StatementTightening]] = {}
    for one in told:
        by_arn.setdefault(one.document.arn, []).append(one)
    staying = {}
    for arn, of_policy in by_arn.items():
        if arn and not any(one.changes for one in of_policy):
            staying[arn] = _UNTOUCHED
        elif arn and _length(of_policy) > _LONGEST_INLINE:
            staying[arn] = _TOO_LONG
    for one in told:
        document = one.document
        if document.arn in staying:
            first = one is by_arn[document.arn][0]
            note = ActionNote((document.name,), staying[document.arn])
            yield StatementTightening(
                document, one.number, one.statement, one.sid, not_narrowed=(note,) * first
            )
        else:
            yield one


def _length(told: Iterable[StatementTightening]) -> int:
    """About how many characters the statements take, white space aside."""
    texts = (
        text
        for one in told
        for actions, resources in (
            [(part.actions, part.resources) for part in one.parts]
            or [(one.statement.actions, one.statement.resources)]
        )
        for text in ("Effect", "Action", "Resource", "Condition" * 5, one.sid, *actions, *resources)
    )
    return sum(len(shown_text(text)) + 3 for text in texts)
