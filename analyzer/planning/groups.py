"""Candidates that have to do with each other, put together, and every way to take some of them.

Three things relate candidates: they cannot both be made, they mend the same finding, or together
they cost something else than the sum (two zones make Extended Support twice as dear).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, islice

from analyzer.findings import Severity
from analyzer.planning.candidate import Candidate
from analyzer.planning.front import Choice, Worth
from analyzer.planning.trouble import Trouble

LARGEST = 1024
"""How many combinations of one group are looked at."""

Pricing = Callable[[frozenset[str]], Decimal]
"""What candidates, by their ids, add to a month together."""
Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Relations:
    """Which candidates exclude each other, and which are priced together, by id."""

    excluding: Collection[Pair] = field(default_factory=frozenset)
    priced_together: Collection[Pair] = field(default_factory=frozenset)


def excluding(candidates: Sequence[Candidate]) -> frozenset[Pair]:
    """The pairs that write different things to one place, or say the same in two ways."""
    return frozenset(
        frozenset((one.id, other.id))
        for one, other in combinations(candidates, 2)
        if one.id in other.excludes
        or other.id in one.excludes
        or one.change.conflicts(other.change)
    )


def groups_of(
    candidates: Sequence[Candidate], relations: Relations
) -> tuple[list[list[Candidate]], list[Candidate]]:
    """Related candidates together, in order; and those for which a group would be too large.

    Of a group that is too large, those stay that mend most and cost least.
    """
    related: dict[str, set[str]] = {candidate.id: {candidate.id} for candidate in candidates}
    for one, other in combinations(candidates, 2):
        pair = frozenset((one.id, other.id))
        if (
            one.mends & other.mends
            or pair in relations.excluding
            or pair in relations.priced_together
        ):
            merged = related[one.id] | related[other.id]
            for name in merged:
                related[name] = merged
    groups: list[list[Candidate]] = []
    dropped: list[Candidate] = []
    for names in {id(names): names for names in related.values()}.values():
        members = [candidate for candidate in candidates if candidate.id in names]
        members.sort(key=lambda candidate: (-len(candidate.mends), candidate.usd))
        while _too_many(members, relations):
            dropped.append(members.pop())
        groups.append(members)
    return groups, dropped


def _too_many(members: Sequence[Candidate], relations: Relations) -> bool:
    first = islice(_compatible(members, relations), LARGEST + 1)
    return sum(1 for _ in first) > LARGEST


def _compatible(
    members: Sequence[Candidate], relations: Relations, taken: tuple[Candidate, ...] = ()
) -> Iterator[tuple[Candidate, ...]]:
    """Every way to take some of the members, none of which excludes another."""
    yield taken
    for position, member in enumerate(members):
        if not any(frozenset((member.id, one.id)) in relations.excluding for one in taken):
            yield from _compatible(members[position + 1 :], relations, (*taken, member))


def choices(
    group: Sequence[Candidate],
    relations: Relations,
    pricing: Pricing,
    severity: Callable[[Trouble], Severity],
) -> list[Choice]:
    """Every way to take some of a group, none included."""
    return [
        _choice(subset, relations, pricing, severity) for subset in _compatible(group, relations)
    ]


def worth_of(troubles: Iterable[Trouble], severity: Callable[[Trouble], Severity]) -> Worth:
    """How many of each severity, the most severe first."""
    counts = dict.fromkeys(sorted(Severity, reverse=True), 0)
    for trouble in troubles:
        counts[severity(trouble)] += 1
    return tuple(counts.values())


def _choice(
    subset: Sequence[Candidate],
    relations: Relations,
    pricing: Pricing,
    severity: Callable[[Trouble], Severity],
) -> Choice:
    mends = frozenset().union(*(candidate.mends for candidate in subset))
    return Choice(
        taken=tuple(candidate.id for candidate in subset),
        worth=worth_of(mends, severity),
        usd=_price(subset, relations, pricing),
        effort=(
            sum(candidate.effort[0] for candidate in subset),
            sum(candidate.effort[1] for candidate in subset),
        ),
    )


def _price(subset: Sequence[Candidate], relations: Relations, pricing: Pricing) -> Decimal:
    """The sum, where those that are priced together count once, together."""
    together = {
        name for pair in _pairs(subset) if pair in relations.priced_together for name in pair
    }
    alone = (candidate.usd for candidate in subset if candidate.id not in together)
    return sum(alone, pricing(frozenset(together)) if together else Decimal(0))


def _pairs(subset: Sequence[Candidate]) -> Iterator[Pair]:
    return (frozenset((one.id, other.id)) for one, other in combinations(subset, 2))
