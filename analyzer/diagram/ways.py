"""The few links of a picture: what the internet reaches and how, origins, and peerings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from analyzer.diagram.belonging import PEERING, networks_of, referred
from analyzer.diagram.catalog import LOOKS
from analyzer.model import Inventory, Resource
from analyzer.network import EVERYBODY, STANDING_TYPES, Flow, Hop, Verdict, answered, opened_flows
from analyzer.picture import INTERNET, Diagram, Link, Way, cards_of

_DISTRIBUTION = "AWS::CloudFront::Distribution"
_LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
_LISTENED = (80, 443, 22, 3389)  # asked about where everything is open
_TCP, _UDP = "6", "17"
_ASKED = 12  # ports of one thing
_TARGETS = 200  # things in one picture
_STATIONS = ("internet gateway", "target", "accelerator", "api", "private origin")


@dataclass
class _Reached:
    """The ports on which one card leads to the next."""

    ports: dict[str, int] = field(default_factory=dict)
    certain: bool = False
    doubts: dict[str, None] = field(default_factory=dict)


def links_of(
    inventory: Inventory, diagram: Diagram, owner: Callable[[Resource], str]
) -> tuple[Link, ...]:
    """The links of a picture; `owner` names the card that a resource belongs to."""
    shown = {key: card.id for card in cards_of(diagram) for key in card.part.resources}
    placed = _placed(diagram)
    found: dict[tuple[str, str], _Reached] = {}
    for resource in _candidates(inventory, shown, owner, placed):
        for flow in _flows(resource):
            _follow(resource, flow, inventory, shown, found)
    return (
        *(_link(ends, reached) for ends, reached in found.items()),
        *_origins(inventory, shown),
        *_peerings(inventory),
    )


def _placed(diagram: Diagram) -> set[str]:
    cards = [card for region in diagram.regions for one in region.networks for card in one.cards]
    return {key for card in cards for key in card.part.resources}


def _candidates(
    inventory: Inventory, shown: dict[str, str], owner: Callable[[Resource], str], placed: set[str]
) -> Iterator[Resource]:
    """What may be reached, one of each card: the rest of a card is asked no more."""
    met: set[str] = set()
    for resource in inventory.declared(*STANDING_TYPES):
        card = shown.get(resource.key, "")
        own = owner(resource) == resource.key and resource.type in LOOKS
        if own and resource.key in placed and card not in met and len(met) < _TARGETS:
            met.add(card)
            yield resource


def _flows(resource: Resource) -> list[Flow]:
    """The ports to ask about: those that its groups open, and its listeners'."""
    cells = opened_flows(resource, _TCP, _UDP)
    single = [cell for cell in cells if cell.first == cell.last]
    wide = [cell for cell in cells if cell.first != cell.last]
    asked = [
        cell.at(port)
        for cell in wide
        for port in ((*_LISTENED, cell.first) if cell.protocol == _TCP else ())
        if cell.first <= port <= cell.last
    ]
    return list(dict.fromkeys([*single, *asked]))[:_ASKED]


def _follow(
    resource: Resource,
    flow: Flow,
    inventory: Inventory,
    shown: dict[str, str],
    found: dict[tuple[str, str], _Reached],
) -> None:
    """Ask one question, and note the stations of the path that answers it."""
    answer = answered(EVERYBODY, resource, flow)
    if answer.verdict not in (Verdict.REACHABLE, Verdict.UNKNOWN) or not answer.hops:
        return
    ends = [INTERNET, *_stations(answer.hops, inventory, shown)]
    if len(ends) < 2:  # noqa: PLR2004 - a way has two ends
        return
    for pair in pairwise(ends):
        reached = found.setdefault(pair, _Reached())
        last = pair[1] == ends[-1]
        if last:
            name = "" if flow.protocol == _TCP else f"/{flow.name}"
            reached.ports[f"{flow.first}{name}"] = flow.first
        reached.certain |= answer.verdict is Verdict.REACHABLE
        if answer.verdict is Verdict.UNKNOWN:
            reached.doubts.update(
                dict.fromkeys(f"{doubt.subject} {doubt.reason}" for doubt in answer.depends_on)
            )


def _stations(hops: tuple[Hop, ...], inventory: Inventory, shown: dict[str, str]) -> list[str]:
    """The cards that a path passes, in order."""
    found: dict[str, None] = {}
    for hop in hops:
        if hop.kind in _STATIONS:
            key = _key(hop.name, inventory)
            if key in shown:
                found[shown[key]] = None
    return list(found)


def _key(name: str, inventory: Inventory) -> str:
    """The key of what a hop names: its key where several have the id, else its id."""
    if name in inventory.resources:
        return name
    return next((resource.key for resource in inventory if resource.id == name), "")


def _link(ends: tuple[str, str], reached: _Reached) -> Link:
    ordered = sorted(reached.ports, key=lambda name: (reached.ports[name], name))
    doubts = "; ".join(reached.doubts)
    return Link(
        *ends,
        way=Way.REACHED if reached.certain else Way.PERHAPS,
        label=", ".join(ordered),
        explained="" if reached.certain else f"hangs on what is not known: {doubts}",
        ports=tuple(reached.ports[name] for name in ordered),
    )


def _origins(inventory: Inventory, shown: dict[str, str]) -> Iterator[Link]:
    """What distributions fetch from."""
    met: set[tuple[str, str]] = set()
    for distribution in inventory.declared(_DISTRIBUTION):
        start = shown[distribution.key]
        if (INTERNET, start) not in met:
            met.add((INTERNET, start))
            yield Link(INTERNET, start, Way.REACHED, "443")
        for target in _origin_targets(distribution):
            end = shown.get(target.key, "")
            if end and end != start and (start, end) not in met:
                met.add((start, end))
                yield Link(start, end, Way.SERVES, explained="is an origin of the distribution")


def _origin_targets(distribution: Resource) -> Iterator[Resource]:
    configuration = distribution.properties.get("DistributionConfig")
    origins = configuration.get("Origins") if isinstance(configuration, dict) else None
    for origin in origins if isinstance(origins, list) else ():
        if isinstance(origin, dict):
            yield from referred(distribution.inventory, origin.get("DomainName"))


def _peerings(inventory: Inventory) -> Iterator[Link]:
    for peering in inventory.declared(PEERING):
        ends = networks_of(peering)
        if len(set(ends)) == 2:  # noqa: PLR2004 - between two
            yield Link(ends[0], ends[1], Way.PEERING, "peering", explained=peering.label)
