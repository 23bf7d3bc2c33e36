"""Paths through load balancers: in front of them as anybody, behind them as they are.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path as File
from typing import Any, TypeAlias

from analyzer.model import Resource
from analyzer.network.access_lists import acl_step
from analyzer.network.address_sets import AddressSet
from analyzer.network.between import Leg, between_steps, entering_step, leaving_step, return_steps
from analyzer.network.direct import Ask, arrival, group_step
from analyzer.network.interface_table import interfaces
from analyzer.network.interfaces import Interface
from analyzer.network.paths import Hop, Layer, Path, Step, Walk, hop
from analyzer.network.registrations import (
    Registration,
    classic_listeners,
    forwardings,
    registrations,
)
from analyzer.network.spans import ANYBODY, NOBODY, either_of, exactly
from analyzer.unknown import Undecided

_NEVER_HTTP = File(__file__).parent / "data" / "never_http.csv"

_CARRIES = {  # what a listener's protocol can carry
    "6": ("TCP", "TLS", "TCP_UDP", "HTTP", "HTTPS"),
    "17": ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC"),
}
_DEPTH = 3  # load balancers one behind the other

Front: TypeAlias = Callable[[Resource, Ask, int], Iterator[Path]]
"""The paths to a thing, for a question about one of its ports, this many balancers deep."""


def speaks_http(ask: Ask) -> bool:
    """Whether what is asked about can be reached by HTTP."""
    flow = ask.flow
    return flow.protocol == "6" and flow.first not in never_http()


@cache
def never_http() -> frozenset[int]:
    """Ports on which nothing speaks HTTP: what carries HTTP only never leads to them."""
    with _NEVER_HTTP.open(encoding="utf-8", newline="") as file:
        return frozenset(int(row["port"]) for row in csv.DictReader(file))


def balanced_paths(
    target: Resource, standing: list[Interface], ask: Ask, front: Front, depth: int
) -> Iterator[Path]:
    """The ways to a thing through the load balancers that it stands behind."""
    if depth >= _DEPTH or not ask.flow.has_ports:
        return
    for registered in registrations(target, standing, ask.flow.first):
        yield from _through_group(registered, standing, ask, front, depth)
    for listed in classic_listeners(target):
        listener = listed.listener
        if _number(listener.InstancePort) != ask.flow.first or ask.flow.protocol != "6":
            continue
        if listed.speaks_http and not speaks_http(ask):
            continue
        passed = _Passed(listed.balancer, (hop("listener", listener, name=listed.balancer.id),))
        yield from _paths(passed, _number(listener.LoadBalancerPort), standing, ask, front, depth)


def _number(port: Any) -> Any:
    """A port that classic load balancers write as text."""
    return int(port) if isinstance(port, str) and port.isdigit() else port


@dataclass(frozen=True, slots=True)
class _Passed:
    """What a path passes between its two halves.

    `keeps`: the target sees the client's address, where that is of the family that it speaks.
    """

    balancer: Resource
    hops: tuple[Hop, ...]
    keeps: bool = False
    version: int = 4

    def keeps_for(self, path: Path) -> bool:
        """Whether the clients of a path are seen; between families addresses are translated."""
        return self.keeps and bool(path.admitted.most.family(self.version))


def _through_group(
    registered: Registration,
    standing: list[Interface],
    ask: Ask,
    front: Front,
    depth: int,
) -> Iterator[Path]:
    targets = registered.targets
    for forwarding in forwardings(targets):
        listener = forwarding.listener
        if listener.Protocol not in _CARRIES.get(ask.flow.protocol, ()) or forwarding.signs_in:
            continue
        if listener.Protocol in ("HTTP", "HTTPS") and not speaks_http(ask):
            continue
        balancer = listener.follow("LoadBalancerArn")
        keeps = balancer.Type == "network" and keeps_client(targets)
        version = 6 if targets.IpAddressType == "ipv6" else 4
        hops = (hop("listener", listener), hop("target group", targets))
        passed = _Passed(balancer, hops, keeps, version)
        yield from _paths(passed, listener.Port, standing, ask, front, depth)


def keeps_client(targets: Resource) -> bool:
    """Whether targets of a Network Load Balancer see the client's address.

    Servers do unless it is switched off; addresses do for UDP, or where it is switched on.
    """
    for attribute in targets.TargetGroupAttributes:
        if attribute.Key == "preserve_client_ip.enabled":
            return bool(attribute.Value == "true") or attribute.Value is True
    if targets.TargetType == "ip":
        return bool(targets.Protocol in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC"))
    return True


def _paths(
    passed: _Passed,
    port: Any,
    standing: list[Interface],
    ask: Ask,
    front: Front,
    depth: int,
) -> Iterator[Path]:
    if not isinstance(port, int):
        raise Undecided(f"the port of {passed.hops[0].name}", "is not known")
    before = list(front(passed.balancer, ask.at(port), depth + 1))
    nodes = _nodes(passed.balancer)
    for interface in standing:
        opened = group_step(interface, ask, ask.clients)
        for path in before:
            walk = Walk(path.admitted, ask.enough, list(path.hops), path.blocked_by)
            walk.take(Step(ANYBODY, passed.hops))
            kept = passed.keeps_for(path)
            if path.admitted and kept and not path.seen:
                walk.through(_kept(interface, nodes, ask, path.admitted.most))
            elif path.admitted:
                seen = list(path.seen) if kept else nodes
                walk.through(replaced(interface, seen, ask))
            yield walk.path(opened.admits & exactly(ask.clients))


def _nodes(balancer: Resource) -> list[Interface]:
    return interfaces(balancer)


_Layers = Iterator[Layer]


def _kept(interface: Interface, nodes: list[Interface], ask: Ask, clients: AddressSet) -> _Layers:
    """The target sees the client: its groups and access list are asked about the client."""
    legs = [Leg(node, interface, ask.flow) for node in nodes]
    front = tuple(group for node in nodes[:1] for group in node.groups or ())
    yield lambda _: _any_of(legs, _crossing)
    layers: list[Layer] = [
        lambda wanted: acl_step(interface.subnet, ask.flow, wanted, outward=False),
        lambda _: _subnet_hop(interface, group_step(interface, ask, clients, front)),
        lambda wanted: acl_step(interface.subnet, ask.flow.answers, wanted, outward=True),
    ]
    for layer in layers:
        yield lambda wanted, layer=layer: ask.seen(layer(wanted), wanted)  # type: ignore[misc]
    yield lambda _: arrival(interface)


def replaced(interface: Interface, nodes: list[Interface], ask: Ask) -> _Layers:
    """The target sees the load balancer: whether that gets in decides for all clients."""
    legs = [Leg(node, interface, ask.flow) for node in nodes]
    yield lambda _: _any_of(legs, _whole)
    yield lambda _: arrival(interface)


def _subnet_hop(interface: Interface, step: Step) -> Step:
    return replace(step, hops=(*_standing(interface), *step.hops))


def _standing(interface: Interface) -> tuple[Hop, ...]:
    subnet = interface.subnet
    return (hop("subnet", subnet),) if isinstance(subnet, Resource) else ()


def _any_of(legs: list[Leg], steps: Callable[[Leg], Iterator[Step]]) -> Step:
    """Whether any of the balancer's nodes gets through all of the steps."""
    tried = [_together(leg, steps) for leg in legs]
    if not tried:
        return Step(NOBODY)
    best = max(tried, key=lambda step: (bool(step.admits.least), bool(step.admits.most)))
    return Step(either_of(step.admits for step in tried), best.hops, best.obstacle)


def _together(leg: Leg, steps: Callable[[Leg], Iterator[Step]]) -> Step:
    walk = Walk(ANYBODY, bool)
    for step in steps(leg):
        walk.take(step)
        if not walk.admitted:
            break
    return Step(walk.admitted, tuple(walk.hops), walk.blocked_by)


def _crossing(leg: Leg) -> Iterator[Step]:
    """What is between a node and a target that sees the client."""
    yield leaving_step(leg)
    yield joined_step(leg)
    if not leg.within:
        out = acl_step(leg.source.subnet, leg.flow, leg.there, outward=True)
        yield Step(leg.to_there(out.admits), (), out.obstacle)
        back = acl_step(leg.source.subnet, leg.flow.answers, leg.there, outward=False)
        yield Step(leg.to_there(back.admits), (), back.obstacle)


def joined_step(leg: Leg) -> Step:
    """Whether a node's routes lead to the target."""
    return next(between_steps(leg))


def _whole(leg: Leg) -> Iterator[Step]:
    """A connection of a node's own."""
    yield leaving_step(leg)
    yield from between_steps(leg)
    entering = entering_step(leg)
    yield _subnet_hop(leg.target, entering)
    yield from return_steps(leg)
