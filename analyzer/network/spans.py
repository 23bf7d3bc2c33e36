"""What is surely admitted, and what possibly is: sets of addresses that hang on the unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ParamSpec

from analyzer.network.address_sets import EVERYTHING, NOTHING, AddressSet
from analyzer.unknown import Undecided

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that is not known, and why."""

    subject: str
    reason: str

    def __str__(self) -> str:
        return f"{self.subject} {self.reason}"


@dataclass(frozen=True, slots=True)
class Span:
    """A set that is known within bounds: `least` lies in it, and it lies in `most`.

    `hangs_on` says what would tell more; it is empty where the bounds are one.
    """

    least: AddressSet
    most: AddressSet
    hangs_on: tuple[Doubt, ...] = ()

    def __and__(self, other: Span) -> Span:
        return bounded(
            self.least & other.least, self.most & other.most, self.hangs_on, other.hangs_on
        )

    def __or__(self, other: Span) -> Span:
        return bounded(
            self.least | other.least, self.most | other.most, self.hangs_on, other.hangs_on
        )

    def __sub__(self, other: Span) -> Span:
        return bounded(
            self.least - other.most, self.most - other.least, self.hangs_on, other.hangs_on
        )

    def __bool__(self) -> bool:
        """Whether anything may be in it."""
        return bool(self.most)


def bounded(least: AddressSet, most: AddressSet, *doubts: tuple[Doubt, ...]) -> Span:
    """A span; it hangs on the doubts only where its bounds are apart."""
    if least == most:
        return Span(least, most)
    return Span(least, most, tuple(dict.fromkeys(doubt for part in doubts for doubt in part)))


def exactly(addresses: AddressSet) -> Span:
    """A set that is known."""
    return Span(addresses, addresses)


def perhaps(doubt: Doubt, most: AddressSet = EVERYTHING) -> Span:
    """A set of which only the upper bound is known."""
    return bounded(NOTHING, most, (doubt,))


def either_of(spans: Iterable[Span]) -> Span:
    """The union."""
    found = NOBODY
    for span in spans:
        found |= span
    return found


def spanned(function: Callable[P, Span], *args: P.args, **named: P.kwargs) -> Span:
    """What a function gives; where it cannot decide, anything between nothing and everything."""
    try:
        return function(*args, **named)
    except Undecided as error:
        return perhaps(Doubt(error.subject, error.reason))


def one_of(somewhere: AddressSet, admitting: Span, who: Doubt) -> Span:
    """Whether a peer gets in that has one address of `somewhere`, we do not know which.

    All of them where each is admitted, none where none is; else it hangs on `who`.
    """
    surely = bool(somewhere) and somewhere <= admitting.least
    if surely:
        return exactly(somewhere)
    if not somewhere & admitting.most:
        return NOBODY
    doubts = admitting.hangs_on if somewhere <= admitting.most else (*admitting.hangs_on, who)
    return bounded(NOTHING, somewhere, doubts or (who,))


NOBODY = exactly(NOTHING)
ANYBODY = exactly(EVERYTHING)
