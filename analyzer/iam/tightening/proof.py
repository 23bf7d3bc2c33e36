"""Proposals held against what stands there: nothing more is allowed, and something less."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from analyzer.iam.grants import Grant, layer_of
from analyzer.iam.inclusion import allows_more
from analyzer.iam.patterns import glob, holes_in
from analyzer.iam.requests import Request
from analyzer.iam.service_reference import ServiceReference
from analyzer.iam.statements import Statement
from analyzer.iam.tightening.arns import rows, sibling_arn
from analyzer.iam.tightening.narrowing import Narrowing
from analyzer.iam.tightening.proposals import (
    ActionNote,
    Proposal,
    StatementTightening,
    Tightening,
)
from analyzer.model import Inventory
from analyzer.unknown import Undecided

_NO_WIDER = "it is no wider than that already"
_TOO_LONG = "spelled out, it is longer than a policy may be"
_LONGEST = 6144  # IAM User Guide, "IAM and AWS STS quotas": characters of a managed policy


def proved(
    one: StatementTightening, found: Narrowing, reference: ServiceReference
) -> StatementTightening:
    """The statement with its proposal; without it where it is not known to allow no more."""
    told = replace(one, kept=found.kept, not_narrowed=found.not_narrowed, dropped=found.dropped)
    bounded = [part for part in found.parts if part.confidence]
    if not found.dropped and not bounded:
        return told
    if objection := _objection(one.statement, found.parts, reference):
        actions = tuple(action for part in bounded for action in part.actions)
        notes = (*told.not_narrowed, ActionNote(actions, objection))
        return replace(told, not_narrowed=notes, dropped=())
    return replace(told, parts=found.parts, changes=True)


def _objection(statement: Statement, parts: Sequence[Proposal], reference: ServiceReference) -> str:
    """Why a proposal is withdrawn; "" where it surely allows less, and no more."""
    before = _grant([statement], reference)
    after = _grant([_as_statement(part, statement) for part in parts], reference)
    more = allows_more(after, before, reference)
    if more.verdict != "no":
        said = f"{more.example}" if more.verdict == "yes" else ", ".join(more.hangs_on)
        return f"it cannot be shown to allow no more: {said}"
    if allows_more(before, after, reference).verdict == "no":
        return _NO_WIDER
    if sum(len(text) for part in parts for text in (*part.actions, *part.resources)) > _LONGEST:
        return _TOO_LONG
    return ""


def compared(found: Tightening, reference: ServiceReference) -> Tightening:
    """All statements together: their proof, and a request that none of them allows any longer."""
    changed = tuple(one for one in found.statements if one.changes)
    if not changed:
        return found
    try:
        return _compared(found, found, reference)
    except Undecided as undecided:  # of a statement that stays: it may allow anything
        of_changed = _compared(found, replace(found, statements=changed), reference)
        return replace(of_changed, note=f"{undecided}: what stays may allow all the same")


def _compared(found: Tightening, among: Tightening, reference: ServiceReference) -> Tightening:
    before, after = grants_of(among, reference)
    proof = allows_more(after, before, reference)
    lost = allows_more(before, after, reference)
    if lost.verdict == "no":
        note = "other statements allow all the same: tighten them too"
        return replace(found, proof=proof, note=note)
    example = _telling_example(among, after, reference) or lost.example
    return replace(found, proof=proof, takes_away=example)


def grants_of(tightening: Tightening, reference: ServiceReference) -> tuple[Grant, Grant]:
    """What the policies allow as they stand, and as they are proposed."""
    before = [one.statement for one in tightening.statements]
    after = [
        statement
        for one in tightening.statements
        for statement in (
            [_as_statement(part, one.statement) for part in one.parts]
            if one.changes
            else [one.statement]
        )
    ]
    return _grant(before, reference), _grant(after, reference)


def _telling_example(
    found: Tightening, after: Grant, reference: ServiceReference
) -> Request | None:
    """A request that is taken away, on a resource beside one that is bounded now.

    The comparison gives a request of its own choice, often on a type that nobody thought of, such
    as an access point for `s3:GetObject`; another bucket of the same account tells more. Whether
    AWS chooses just that name for a resource of the stack is no doubt here: it is another one.
    """
    chosen = _names_chosen_by_aws(found)
    for one in (one for one in found.statements if one.changes):
        before = _grant([one.statement], reference)
        for asked in _beside(one, found.identity.inventory, reference):
            only = replace(one.statement, actions=(asked.action,), resources=(asked.resource,))
            point = _grant([only], reference)
            if allows_more(point, before, reference).verdict == "no":
                lost = allows_more(point, after, reference)
                if lost.verdict != "no" and lost.example and set(lost.hangs_on) <= chosen:
                    return replace(asked, context=lost.example.context)
    return None


def _names_chosen_by_aws(found: Tightening) -> set[str]:
    """The names of the stack's resources that are not known before they are deployed."""
    return {
        name
        for _, part in found.proposals
        for named in part.named
        if named.target
        for name in holes_in(glob(named.value))
    }


def _beside(
    one: StatementTightening, inventory: Inventory, reference: ServiceReference
) -> Iterator[Request]:
    """For each bounded part, its first action on siblings of the resources that it names."""
    for part in one.proposals:
        known = (action for name in part.actions if (action := reference.action(name)))
        named = {inventory.resources[r.target].type for r in part.named if r.target}
        for action in islice(known, 1):
            for type_ in action.types:
                if any(row.type in named for row in rows().get(f"{action.service}:{type_}", ())):
                    arn = sibling_arn(reference, action.service, type_, one.document.owner)
                    yield Request(action.name, arn)


def _grant(given: Iterable[Statement], reference: ServiceReference) -> Grant:
    return Grant((layer_of(list(given), reference),))


def _as_statement(part: Proposal, statement: Statement) -> Statement:
    conditions = statement.conditions
    if part.passed_to:
        conditions = {"StringEquals": {"iam:PassedToService": list(part.passed_to)}}
    return replace(
        statement,
        actions=part.actions,
        resources=tuple(named.value for named in part.named),
        conditions=conditions,
    )
