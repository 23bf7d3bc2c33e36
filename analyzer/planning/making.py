"""Making a plan: proposals in, the best of their combinations out, judged and priced as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from analyzer.cost_lines import LineKind
from analyzer.findings import Finding, Severity
from analyzer.planning.attempt import Attempts
from analyzer.planning.candidate import Candidate
from analyzer.planning.plan import Left, Plan, Reach, Step, Why
from analyzer.planning.proposals import Proposal, of_findings, weighed
from analyzer.planning.search import Found, Search
from analyzer.planning.trouble import Trouble, trouble_of

_NOTHING = (0,) * len(Severity)  # mended, of each severity


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a plan is made for.

    `limit` is what the profile may cost a month, USD; `accepted` names the kinds of savings whose
    trade-off is agreed to; `safe` leaves out what is not; without `fixes` it is about savings only.
    """

    limit: Decimal | None = None
    accepted: frozenset[str] = frozenset()
    safe: bool = False
    fixes: bool = True


def make_plan(
    system: str, profile: str, savings: Iterable[Proposal], attempts: Attempts, wanted: Wanted
) -> Plan:
    """The best plan for what is wanted; its total is that of all its changes made together."""
    fixes = of_findings(attempts.state.failing.values()) if wanted.fixes else ()
    proposals = [*fixes, *savings]
    candidates, left = _sorted_out(weighed(proposals, attempts), wanted)
    base = attempts.before.usd
    allowance = None if wanted.limit is None else wanted.limit - base
    search = Search(attempts, candidates, allowance)
    found = search.run()
    return Plan(
        system=system,
        profile=profile,
        before=base,
        limit=wanted.limit,
        steps=tuple(_steps(found.chosen, attempts)),
        left=tuple(
            entry
            for entry in _left(found, candidates, left, attempts)
            if wanted.fixes or not entry.findings
        ),
        open=tuple(attempts.state.unknown.values()) if wanted.fixes else (),
        unpriced=tuple(
            f"{line.name} of {line.resource}"
            for line in attempts.before.unpriced.values()
            if line.kind is LineKind.UNKNOWN
        ),
        reach=tuple(Reach(base + point.usd, point.worth or _NOTHING) for point in found.points),
        exact=found.exact,
        fixes=wanted.fixes,
    )


def _sorted_out(
    outcomes: Iterable[Candidate | Left], wanted: Wanted
) -> tuple[list[Candidate], list[Left]]:
    """The candidates that may be taken, and what is left before anything is chosen."""
    candidates: list[Candidate] = []
    left: list[Left] = []
    for outcome in outcomes:
        if isinstance(outcome, Left):
            left.append(outcome)
        elif _asks(outcome, wanted):
            kind = outcome.kind
            reason = kind.trade_off if kind else ""
            left.append(Left(Why.ASKS, reason, candidate=outcome, usd=outcome.usd))
        elif wanted.safe and not outcome.safe:
            about = (outcome.finding,) if outcome.finding else ()
            left.append(Left(Why.UNSAFE, outcome.doubt, about, outcome, outcome.usd))
        else:
            candidates.append(outcome)
    return candidates, left


def _asks(candidate: Candidate, wanted: Wanted) -> bool:
    """Whether somebody has to agree first: what the policy demands is agreed to already."""
    kind = candidate.kind
    demanded = wanted.fixes and candidate.mends
    return kind is not None and kind.asks and not demanded and kind.name not in wanted.accepted


def _steps(chosen: Sequence[Candidate], attempts: Attempts) -> Iterator[Step]:
    total = attempts.before.usd
    mended: set[Trouble] = set()
    for number, candidate in enumerate(chosen, 1):
        after = total
        if candidate.usd or number == len(chosen):  # one that is free alone adds nothing here
            after = attempts.before.usd + attempts.price(chosen[:number])
        newly = [trouble for trouble in candidate.mends if trouble not in mended]
        findings = sorted((attempts.state.failing[trouble] for trouble in newly), key=_weight)
        yield Step(candidate, tuple(findings), after - total, after)
        mended.update(newly)
        total = after


def _left(
    found: Found, candidates: Sequence[Candidate], left: Sequence[Left], attempts: Attempts
) -> Iterator[Left]:
    """The failures that stay, the most severe first; then the savings that are not taken."""
    gone = {trouble for candidate in found.chosen for trouble in candidate.mends}
    told = {trouble_of(finding): entry for entry in left for finding in entry.findings}
    for trouble, finding in sorted(
        attempts.state.failing.items(), key=lambda item: _weight(item[1])
    ):
        if trouble not in gone:
            yield _why(finding, trouble, told.get(trouble), candidates, found)
    yield from (entry for entry in left if not entry.findings)


def _why(
    finding: Finding,
    trouble: Trouble,
    told: Left | None,
    candidates: Sequence[Candidate],
    found: Found,
) -> Left:
    if told is not None:
        return told
    able = [candidate for candidate in candidates if trouble in candidate.mends]
    if not able:
        note = finding.fix.note if finding.fix else ""
        return Left(Why.NO_FIX, note, (finding,))
    cheapest = min(able, key=lambda candidate: candidate.usd)
    others = _excluded_by(cheapest, found)
    if found.limited and not others and cheapest not in found.dropped:
        return Left(Why.DEAR, "", (finding,), cheapest, cheapest.usd)
    reason = f"those of {', '.join(others)}" if others else ""
    return Left(Why.EXCLUDED, reason, (finding,), cheapest, cheapest.usd)


def _excluded_by(candidate: Candidate, found: Found) -> list[str]:
    """The resources whose chosen changes a candidate does not go with."""
    names = (
        taken.resource.rpartition("/")[2]
        for taken in found.chosen
        if frozenset((candidate.id, taken.id)) in found.excluding
    )
    return list(dict.fromkeys(names))


def _weight(finding: Finding) -> tuple[int, str, str, str]:
    return -finding.severity, finding.rule, finding.stack, finding.resource
