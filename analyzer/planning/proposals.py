"""From failures and savings to candidates: each proposal is made alone, judged and priced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from analyzer.findings import Finding
from analyzer.planning.attempt import Attempts, Tried
from analyzer.planning.candidate import Candidate, Change
from analyzer.planning.folding import folded
from analyzer.planning.plan import Left, Why
from analyzer.planning.trouble import Trouble, made, mended, trouble_of
from analyzer.savings import Kind, Saving

_Altered = tuple[Candidate, Finding]
_ROUNDS = 2  # how often what a change breaks is mended along with it
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that somebody or something suggests."""

    change: Change
    resource: str
    title: str
    finding: Finding | None = None
    kind: Kind | None = None
    source: str = ""


def of_findings(findings: Iterable[Finding]) -> Iterator[Proposal]:
    """The fixes that failures carry."""
    for finding in findings:
        fix = finding.fix
        if fix is not None and fix.writes():
            key = f"{finding.stack}/{finding.resource}"
            yield Proposal(Change(((key, fix),)), key, "", finding)


def of_savings(savings: Iterable[Saving]) -> Iterator[Proposal]:
    """What the inventory suggests."""
    for saving in savings:
        yield Proposal(
            Change(saving.edits, saving.schedule),
            saving.resource,
            saving.title,
            kind=saving.kind,
            source=saving.source or saving.kind.source,
        )


def weighed(proposals: Iterable[Proposal], attempts: Attempts) -> list[Candidate | Left]:
    """Each proposal as a candidate, or why it is none; one that changes nothing is left out.

    Proposals that write the same are one: the fix of a failure may be a saving too.
    """
    merged: dict[str, Proposal] = {}
    for proposal in proposals:
        key = repr(sorted(proposal.change.written.items()))
        known = merged.get(key)
        merged[key] = proposal if known is None else _both(known, proposal)
    outcomes = [
        outcome
        for number, proposal in enumerate(merged.values(), 1)
        if (outcome := _weighed(proposal, attempts, f"{number}")) is not None
    ]
    return _with_altered(outcomes, attempts, len(merged) + 1)


def _with_altered(
    outcomes: Sequence[Candidate | Left], attempts: Attempts, number: int
) -> list[Candidate | Left]:
    """The outcomes, where a fix reads otherwise once another change is made.

    A parameter group belongs to a version of the engine: with the upgrade, its fix is another one.
    Then the two exclude each other as they are, and the change with the other fix joins them.
    """
    found = list(outcomes)
    met: set[frozenset[str]] = set()  # what is joined already, whichever is the first
    candidates = [outcome for outcome in outcomes if isinstance(outcome, Candidate)]
    for first in candidates:
        after = attempts.state_of(attempts.of(first.change)).failing
        altered = [
            (other, again)
            for other in candidates
            if other.finding is not None
            and (again := after.get(trouble_of(other.finding))) is not None
            and again.fix != other.finding.fix
        ]
        if not altered:
            continue
        position = found.index(first)
        found[position] = replace(
            first, excludes=first.excludes | {other.id for other, _ in altered}
        )
        for some in _some(altered):
            members = frozenset((first.id, *(other.id for other, _ in some)))
            if members in met:
                continue
            met.add(members)
            joined = _joined(first, some, attempts, f"{number}")
            if joined is not None:
                found.append(joined)
                number += 1
    return found


def _some(altered: Sequence[_Altered]) -> Iterator[Sequence[_Altered]]:
    """Each of a few by itself, and with others; of many, all together."""
    if len(altered) > _SHOWN:
        yield altered
        return
    for size in range(1, len(altered) + 1):
        yield from combinations(altered, size)


def _joined(
    first: Candidate, altered: Sequence[_Altered], attempts: Attempts, number: str
) -> Candidate | None:
    along = tuple(
        edit
        for proposal in of_findings(again for _, again in altered)
        for edit in proposal.change.edits
    )
    proposal = Proposal(
        Change(folded((*first.change.edits, *along)), first.change.schedule),
        first.resource,
        first.title,
        first.finding,
        first.kind,
        first.source,
    )
    joined = _weighed(proposal, attempts, number)
    if not isinstance(joined, Candidate):
        return None
    others = {first.id, *(other.id for other, _ in altered)}
    return replace(joined, along=(*along, *joined.along), excludes=frozenset(others))


def _both(first: Proposal, second: Proposal) -> Proposal:
    return Proposal(
        first.change,
        first.resource,
        first.title or second.title,
        first.finding or second.finding,
        first.kind or second.kind,
        first.source or second.source,
    )


def _weighed(proposal: Proposal, attempts: Attempts, number: str) -> Candidate | Left | None:
    own = trouble_of(proposal.finding) if proposal.finding else None
    change, tried = _made_whole(proposal.change, attempts)
    about = (proposal.finding,) if proposal.finding else ()
    after = attempts.state_of(tried)
    mends = mended(attempts.state, after, own)
    usd = tried.usd - attempts.before.usd
    candidate = _candidate(number, proposal, change, mends, tried, usd)
    if tried.refused:
        return Left(Why.NOT_WRITTEN, tried.refused[0], about, candidate)
    if own is not None and own not in mends:
        return Left(Why.NOT_WRITTEN, "the fix does not make the rule pass", about, candidate, usd)
    if own is None and not mends and usd >= 0:
        return None
    broken = made(attempts.state, after)
    if broken:
        return Left(Why.BREAKS, _named(broken), about, candidate, usd)
    unpriced = dict.fromkeys((*_newly_unpriced(attempts.before, tried), *tried.priceless))
    if unpriced:
        return Left(Why.NOT_PRICED, "; ".join(unpriced), about, candidate)
    return candidate


def _made_whole(change: Change, attempts: Attempts) -> tuple[Change, Tried]:
    """The change together with the fixes of what it alone would break."""
    whole, tried = change, attempts.of(change)
    for _ in range(_ROUNDS):
        broken = made(attempts.state, attempts.state_of(tried)) if not tried.refused else ()
        fixes = tuple(proposal.change for proposal in of_findings(broken))
        if not broken or len(fixes) < len(broken) or any(whole.conflicts(fix) for fix in fixes):
            break
        whole = Change((*whole.edits, *(e for fix in fixes for e in fix.edits)), whole.schedule)
        tried = attempts.of(whole)
    if whole is not change and (tried.refused or made(attempts.state, attempts.state_of(tried))):
        return change, attempts.of(change)
    return whole, tried


def _candidate(
    number: str,
    proposal: Proposal,
    change: Change,
    mends: frozenset[Trouble],
    tried: Tried,
    usd: Decimal,
) -> Candidate:
    least, most = tried.doubt
    return Candidate(
        id=number,
        change=change,
        resource=proposal.resource,
        title=proposal.title,
        mends=mends,
        usd=usd + most,
        usd_low=usd + least,
        kind=proposal.kind,
        source=proposal.source,
        finding=proposal.finding,
        safe=not tried.dangers and (proposal.kind is None or proposal.kind.safe),
        reason="; ".join(tried.dangers),
        assumptions=tried.assumptions,
        along=tuple(edit for edit in change.edits if edit not in proposal.change.edits),
    )


def _newly_unpriced(before: Tried, after: Tried) -> Iterator[str]:
    for key, line in after.unpriced.items():
        if key not in before.unpriced:
            yield f"{line.name} of {line.resource}: {line.reason}"


def _named(findings: tuple[Finding, ...]) -> str:
    names = [f"{finding.rule} of {finding.resource}" for finding in findings]
    rest = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
