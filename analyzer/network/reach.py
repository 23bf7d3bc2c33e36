"""Can this be reached? The one question, asked of templates and of accounts alike.

What is known within bounds gives an answer where the bounds agree. What is a yes or no that nobody
knows (a condition, a switch) is tried both ways, and the answers are folded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from analyzer.errors import UsageError
from analyzer.exploration import Exploration, explore
from analyzer.model import Resource
from analyzer.network.address_sets import INTERNET, AddressSet, Limit, addresses_of, public_blocks
from analyzer.network.asides import identity_ways, stepping_stones
from analyzer.network.asking import Reachability, Verdict
from analyzer.network.direct import Ask
from analyzer.network.flow import Flow, flow_of
from analyzer.network.from_resource import asked_of, paths_from
from analyzer.network.group_sets import GROUP, group_named, let_in
from analyzer.network.opened import opened_flows
from analyzer.network.outbound import outbound_paths
from analyzer.network.paths import Path, hop
from analyzer.network.services import service_paths, services
from analyzer.network.spans import Doubt, either_of
from analyzer.network.ways_in import attempted_paths, paths_to, standing_of
from analyzer.unknown import Undecided

T = TypeVar("T")

EVERYBODY = "internet"
_SERVICE_PORT = 443
_PATHS = 256  # combinations of choices that one question is tried in


def from_internet(target: Resource, flow: Flow, *, limit: Limit | None = None) -> Reachability:
    """Whether the internet at large reaches a thing, or what a security group lets in.

    To be called where choices are explored, as in rules; see `reachable` for all others.
    """
    ask = Ask(flow, INTERNET, limit=limit or Limit())
    paths = list(paths_to(target, ask))
    if target.type == GROUP and not paths:
        return _carried_by_none(target, ask)
    return concluded(paths, ask)


def decided(answer: Reachability) -> Reachability:
    """The answer, where there is one. Raises `Undecided` where it hangs on what is not known."""
    if answer.verdict is Verdict.UNKNOWN:
        doubts = answer.depends_on
        if doubts:
            raise Undecided(doubts[0].subject, doubts[0].reason)
        raise Undecided("whether it can be reached", "is not known")
    return answer


def ways_from_internet(
    target: Resource, ports: Iterable[int], protocol: str = "tcp"
) -> dict[int, Path]:
    """The best path to each of the ports that the internet reaches.

    Raises `Undecided` where it surely reaches none, and perhaps one. For rules, as `from_internet`.
    """
    found: dict[int, Path] = {}
    undecided: Undecided | None = None
    for flow in _worth_asking(target, flow_of(protocol, 0), ports):
        try:
            answer = decided(from_internet(target, flow))
        except Undecided as error:
            undecided = undecided or error
        else:
            if answer.verdict is Verdict.REACHABLE:
                found[flow.first] = answer.paths[0]
    if undecided and not found:
        raise undecided
    return found


def service_reached(source: Resource, service: str) -> bool:
    """Whether a thing reaches a service, by the name of its endpoint. For rules."""
    answer = asked(source, service, flow_of("tcp", _SERVICE_PORT))
    return decided(answer).verdict is Verdict.REACHABLE


def _worth_asking(target: Resource, flow: Flow, ports: Iterable[int]) -> list[Flow]:
    """The ports that anybody gets past the target's groups on."""
    cells = opened_flows(target, flow.protocol)
    return [
        flow.at(port)
        for port in dict.fromkeys(ports)
        if any(cell.first <= port <= cell.last for cell in cells)
    ]


def _carried_by_none(group: Resource, ask: Ask) -> Reachability:
    """A group that nothing carries: what it opens is open on paper only."""
    opened = let_in([group_named(group, group.key)], ask.flow, ask.peer, ask.clients).span
    verdict = Verdict.EXPOSED if ask.enough(opened.least) else Verdict.CLOSED
    if verdict is Verdict.CLOSED and ask.enough(opened.most):
        return Reachability(Verdict.UNKNOWN, depends_on=opened.hangs_on)
    return Reachability(verdict, blocked_by=hop("security group", group, "is carried by nothing"))


def concluded(paths: Iterable[Path], ask: Ask) -> Reachability:
    """What the paths come to together: who gets through is their sum."""
    listed = sorted(paths, key=lambda path: _rank(path, ask))
    admitted = either_of(path.admitted for path in listed)
    shown = tuple(public_blocks(admitted.least))
    useful = tuple(path for path in listed if path.admitted)
    if ask.enough(admitted.least):
        return Reachability(Verdict.REACHABLE, useful, shown)
    if ask.enough(admitted.most):
        return Reachability(Verdict.UNKNOWN, useful, shown, depends_on=admitted.hangs_on)
    opened = any(path.opened is not None and ask.enough(path.opened.least) for path in listed)
    return Reachability(
        Verdict.EXPOSED if opened else Verdict.CLOSED,
        useful,
        shown,
        blocked_by=next((path.blocked_by for path in listed if path.blocked_by), None),
    )


def _rank(path: Path, ask: Ask) -> tuple[int, int, int]:
    """The best path first: one that suffices by itself, then one that is nearest to it."""
    opened = path.opened is not None and ask.enough(path.opened.most)
    least, most = path.admitted.least, path.admitted.most
    return (
        0 if ask.enough(least) else 1 if ask.enough(most) else 2,
        0 if opened else 1,
        0 if least.v4 or most.v4 or (path.opened and path.opened.most.v4) else 1,
    )


def folded(exploration: Exploration[Reachability]) -> Reachability:
    """One answer for all combinations of what is not known."""
    answers: list[Reachability] = []
    doubts: dict[Doubt, None] = {}
    for path in exploration.paths:
        if isinstance(path.error, Undecided):
            doubts[Doubt(path.error.subject, path.error.reason)] = None
        elif path.error is not None:
            raise path.error
        elif path.result is not None:
            answers.append(path.result)
            doubts.update(dict.fromkeys(path.result.depends_on))
    verdicts = {answer.verdict for answer in answers}
    undecided = len(answers) < len(exploration.paths) or not exploration.complete
    if not undecided and verdicts <= {Verdict.EXPOSED, Verdict.CLOSED}:
        return next((a for a in answers if a.verdict is Verdict.EXPOSED), answers[0])
    if not undecided and verdicts == {Verdict.REACHABLE}:
        return answers[0]
    for path in exploration.paths:
        for choice in path.choices:
            doubts[Doubt(choice.subject, choice.reason)] = None
    best = min(answers, key=lambda answer: list(Verdict).index(answer.verdict), default=None)
    if best is None:
        return Reachability(Verdict.UNKNOWN, depends_on=tuple(doubts))
    return replace(best, verdict=Verdict.UNKNOWN, depends_on=tuple(doubts), admitted=())


def asked(
    source: Resource | str,
    target: Resource | str,
    flow: Flow,
    *,
    limit: Limit | None = None,
) -> Reachability:
    """The answer on the current path of an exploration; see `reachable` for the arguments."""
    if source == EVERYBODY and isinstance(target, Resource):
        return from_internet(target, flow, limit=limit)
    if isinstance(source, str):
        if not isinstance(target, Resource):
            raise UsageError("one of the two ends must be a resource")
        ask = Ask(flow, _block(source), source)
        return concluded(paths_to(target, ask), ask)
    if isinstance(target, Resource):
        return concluded(paths_from(source, target, flow), asked_of(source, flow))
    if target in services():
        return concluded(service_paths(source, target, flow), asked_of(source, flow))
    at_large = target == EVERYBODY
    clients = INTERNET if at_large else _block(target)
    ask = Ask(flow, clients, target, (limit or Limit()) if at_large else None)
    return concluded(_out(source, ask), ask)


def _out(source: Resource, ask: Ask) -> Iterator[Path]:
    def every() -> Iterator[Path]:
        for here in standing_of(source):
            yield from outbound_paths(here, ask)

    yield from attempted_paths(ask, every)


def _block(text: str) -> AddressSet:
    if text == EVERYBODY:
        return INTERNET
    try:
        return addresses_of(text)
    except ValueError:
        raise UsageError(f"'{text}' is no CIDR block") from None


def answered(
    source: Resource | str, target: Resource | str, flow: Flow, *, limit: Limit | None = None
) -> Reachability:
    """As `asked`, whatever is not known: all its answers are tried and folded."""
    return folded(explore(lambda: asked(source, target, flow, limit=limit), limit=_PATHS))


def reachable(
    source: Resource | str,
    target: Resource | str,
    protocol: str = "tcp",
    port: int | None = None,
    *,
    limit: Limit | None = None,
) -> Reachability:
    """Whether a new connection can be opened from one end to the other.

    A source is "internet", a CIDR block or a resource; a target is a resource (also a security
    group: what it lets in, wherever it is carried), and from a resource also "internet", a CIDR
    block, or a service by the name of its endpoint. All answers to what is not known are tried,
    and stepping stones and ways in by identity told beside. Raises `UsageError` for a question that
    makes no sense.
    """
    flow = flow_of(protocol, port)
    answer = answered(source, target, flow, limit=limit)
    if not isinstance(target, Resource):
        return answer
    if isinstance(source, Resource):
        ask = asked_of(source, flow)
        return replace(answer, identity_ways=_told(lambda: identity_ways(target, ask)))
    ask = Ask(flow, _block(source), source)
    if source == EVERYBODY:
        ask = Ask(flow, INTERNET, source, limit or Limit())
    return replace(
        answer,
        stepping_stones=_told(lambda: stepping_stones(target, ask)),
        identity_ways=_told(lambda: identity_ways(target, ask)),
    )


def _told(function: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
    """What a function finds in any of the combinations of what is not known."""
    found: dict[T, None] = {}
    for path in explore(function, limit=_PATHS).paths:
        found.update(dict.fromkeys(path.result or ()))
    return tuple(found)
