"""Which listeners send their traffic to a thing, and to which of its ports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analyzer.model import Props, Resource
from analyzer.network.address_sets import addresses_of
from analyzer.network.interfaces import Interface
from analyzer.network.links import names
from analyzer.unknown import Partial, Reference, Undecided, absent

TARGETS = "AWS::ElasticLoadBalancingV2::TargetGroup"
LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
CLASSIC = "AWS::ElasticLoadBalancing::LoadBalancer"
_GROUP = "AWS::AutoScaling::AutoScalingGroup"
_SERVICE = "AWS::ECS::Service"


@dataclass(frozen=True, slots=True)
class Registration:
    """A thing in a target group, on a port (anything: it may be unknown)."""

    targets: Resource
    port: Any


@dataclass(frozen=True, slots=True)
class Forwarding:
    """A listener that forwards to a target group; `signs_in` where it asks who one is first."""

    listener: Resource
    signs_in: bool = False


def registrations(
    target: Resource, interfaces: list[Interface], port: int
) -> Iterator[Registration]:
    """The target groups in which a thing is on a port: by itself, its group, or its service."""
    for found in _registrations(target, interfaces, port):
        if found.port == port:
            yield found


def _registrations(
    target: Resource, interfaces: list[Interface], port: int
) -> Iterator[Registration]:
    inventory = target.inventory
    if target.type == _GROUP:
        yield from _of_scaling_group(target)
    if target.type == _SERVICE:
        for item in target.LoadBalancers:
            if not absent(item.TargetGroupArn) and item.ContainerPort == port:
                yield Registration(item.follow("TargetGroupArn"), item.ContainerPort)
    for group in inventory.declared(TARGETS):
        for item in _registered(group):
            if _is_target(item.Id, target, interfaces) and group.exists():
                yield Registration(group, group.Port if absent(item.Port) else item.Port)


def _of_scaling_group(group: Resource) -> Iterator[Registration]:
    for value in group.TargetGroupARNs:
        targets = group.inventory.resolve(value, "a target group")
        yield Registration(targets, targets.Port)
    for source in group.TrafficSources:
        if absent(source.Type) or source.Type == "elbv2":
            targets = source.follow("Identifier")
            yield Registration(targets, targets.Port)


def _registered(group: Resource) -> list[Props]:
    """The targets of a group; none where even how many is not known, as of other people's lists."""
    try:
        return [item for item in group.Targets if isinstance(item, Props)]
    except Undecided:
        return []


def _is_target(value: Any, target: Resource, interfaces: list[Interface]) -> bool:
    """Whether a registered id is a thing, or the address of one of its interfaces."""
    if isinstance(value, Reference | Partial):
        return names(value, target)
    if not isinstance(value, str):
        return False
    if value == target.key:
        return True
    try:
        address = addresses_of(value)
    except ValueError:
        return False
    return any(interface.fixed == address for interface in interfaces)


def forwardings(targets: Resource) -> Iterator[Forwarding]:
    """The listeners that forward to a target group, by default or by one of their rules."""
    for place in targets.inventory.referrers(targets, LISTENER, RULE):
        actions = list(place.DefaultActions if place.type == LISTENER else place.Actions)
        if not any(_forwards(action, targets) for action in actions):
            continue
        listener = place if place.type == LISTENER else place.follow("ListenerArn")
        yield Forwarding(listener, any(_signs_in(action) for action in actions))


def _forwards(action: Any, targets: Resource) -> bool:
    if names(action.TargetGroupArn, targets):
        return True
    return any(names(item.TargetGroupArn, targets) for item in action.ForwardConfig.TargetGroups)


def _signs_in(action: Any) -> bool:
    return bool(action.Type in ("authenticate-oidc", "authenticate-cognito"))


@dataclass(frozen=True, slots=True)
class ClassicListener:
    """A listener of a classic load balancer that sends to a thing."""

    balancer: Resource
    listener: Props
    speaks_http: bool


def classic_listeners(target: Resource) -> Iterator[ClassicListener]:
    """The listeners of classic load balancers that have a thing behind them."""
    for balancer in target.inventory.declared(CLASSIC):
        behind = names(balancer.Instances, target) or (
            target.type == _GROUP
            and (
                names(target.LoadBalancerNames, balancer)
                or balancer.LoadBalancerName in target.LoadBalancerNames
            )
        )
        if behind and balancer.exists():
            for listener in balancer.Listeners:
                spoken = listener.Protocol.lower()
                yield ClassicListener(balancer, listener, spoken in ("http", "https"))
