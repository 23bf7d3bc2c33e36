"""Every way from one thing to another: inside, through balancers, and out and in again."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Resource
from analyzer.network.address_sets import EVERYTHING, INTERNET, Limit
from analyzer.network.balanced import balanced_paths
from analyzer.network.between import private_paths
from analyzer.network.direct import Ask
from analyzer.network.flow import Flow
from analyzer.network.interfaces import Interface
from analyzer.network.outbound import covers_internet, outbound_paths
from analyzer.network.paths import Path, name_of
from analyzer.network.spans import ANYBODY, NOBODY, Doubt, Span, exactly, perhaps
from analyzer.network.ways_in import attempted_paths, paths_to, standing_of


def asked_of(source: Resource, flow: Flow) -> Ask:
    """The question from the side of one client: any address will do."""
    return Ask(flow, EVERYTHING, name_of(source), single=True)


def paths_from(source: Resource, target: Resource, flow: Flow) -> Iterator[Path]:
    """The ways from any interface of one thing to any of another."""
    ask = asked_of(source, flow)
    yield from attempted_paths(ask, _every, source, target, ask)


def _every(source: Resource, target: Resource, ask: Ask) -> Iterator[Path]:
    own = standing_of(source)
    for here in own:
        yield from attempted_paths(ask, inner_paths, here, target, ask, 0)
    for here in own:
        yield from attempted_paths(ask, _by_internet, here, target, ask)


def inner_paths(here: Interface, target: Resource, ask: Ask, depth: int) -> Iterator[Path]:
    """The ways by private addresses, through balancers or straight."""
    standing = standing_of(target)
    for there in standing:
        yield from private_paths(here, there, ask.flow)

    def front(thing: Resource, question: Ask, deep: int) -> Iterator[Path]:
        return inner_paths(here, thing, question, deep)

    yield from balanced_paths(target, standing, ask, front, depth)


def _by_internet(here: Interface, target: Resource, ask: Ask) -> Iterator[Path]:
    """Out to the internet and in again, by an address of AWS's choice."""
    large = Ask(ask.flow, INTERNET.family(4), ask.named, Limit())
    ways = [path for path in paths_to(target, large) if covers_internet(path.admitted) is not False]
    if not ways:
        return
    for out in outbound_paths(here, large):
        leaving = _wholly(out.admitted, f"the public address of {name_of(target)}")
        if not leaving:
            continue
        for way in ways:
            entering = _wholly(way.admitted, f"the public address of {ask.named}")
            span = exactly(here.private(4)) & leaving & entering
            # The last hop out and the first one in are the internet itself.
            yield Path((*out.hops, *way.hops[1:]), span, opened=way.opened)


def _wholly(span: Span, subject: str) -> Span:
    """Whether one address of the internet, of AWS's choice, is in a set."""
    covered = covers_internet(span)
    if covered:
        return ANYBODY
    doubt = span.hangs_on[0] if span.hangs_on else Doubt(subject, "is chosen by AWS")
    return NOBODY if covered is False else perhaps(doubt)
