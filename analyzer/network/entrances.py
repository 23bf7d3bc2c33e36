"""Entrances of their own: Global Accelerator, API gateways and CloudFront with private origins.

None of them needs a public address of what stands behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from analyzer.model import Resource
from analyzer.network.balanced import replaced, speaks_http
from analyzer.network.between import truth
from analyzer.network.direct import Ask, accelerated_path, arrival, closed_by
from analyzer.network.gateways import has_gateway
from analyzer.network.group_sets import Peer, let_in
from analyzer.network.interface_table import interfaces
from analyzer.network.interfaces import Interface
from analyzer.network.links import names, pointing
from analyzer.network.paths import Path, Step, Walk, hop
from analyzer.network.places import network_of
from analyzer.network.registrations import BALANCER, LISTENER
from analyzer.network.spans import ANYBODY, exactly
from analyzer.unknown import absent

_ENDPOINTS = "AWS::GlobalAccelerator::EndpointGroup"
_INTEGRATION = "AWS::ApiGatewayV2::Integration"
_ROUTE = "AWS::ApiGatewayV2::Route"
_METHOD = "AWS::ApiGateway::Method"
_REST_LINK = "AWS::ApiGateway::VpcLink"
_ORIGIN = "AWS::CloudFront::VpcOrigin"
_HTTP, _HTTPS = 80, 443


def entrance_paths(target: Resource, standing: list[Interface], ask: Ask) -> Iterator[Path]:
    """The ways through entrances that need no public address of the target."""
    if ask.single or not ask.flow.has_ports:
        return
    yield from _accelerated(target, standing, ask)
    if speaks_http(ask):
        yield from _by_http_api(target, standing, ask)
        yield from _by_rest_api(target, standing, ask)
        yield from _by_private_origin(target, standing, ask)


def _accelerated(target: Resource, standing: list[Interface], ask: Ask) -> Iterator[Path]:
    """Global Accelerator, which keeps the client's address for servers and load balancers."""
    for group in target.inventory.declared(_ENDPOINTS):
        for configuration in group.EndpointConfigurations:
            if not names(configuration.EndpointId, target) or not group.exists():
                continue
            listener = group.follow("ListenerArn")
            accelerator = listener.follow("AcceleratorArn")
            on = absent(accelerator.Enabled) or bool(accelerator.Enabled)
            if on and _listens(listener, group, ask):
                through = (
                    hop("accelerator", accelerator),
                    hop("listener", listener),
                    hop("endpoint group", group),
                )
                for interface in standing:
                    yield accelerated_path(interface, ask, through)


def _listens(listener: Resource, group: Resource, ask: Ask) -> bool:
    """Whether any port of a listener ends at the port that is asked about."""
    if listener.Protocol.lower() != ask.flow.name:
        return False
    port = ask.flow.first
    overrides = list(group.PortOverrides)
    if any(override.EndpointPort == port for override in overrides):
        return True
    if any(override.ListenerPort == port for override in overrides):
        return False
    return any(
        bool(ports.FromPort <= port) and bool(ports.ToPort >= port) for ports in listener.PortRanges
    )


def _by_http_api(target: Resource, standing: list[Interface], ask: Ask) -> Iterator[Path]:
    """An HTTP API whose link leads to a listener of a load balancer."""
    if target.type != BALANCER:
        return
    for listener in pointing(target, LISTENER, "LoadBalancerArn"):
        if listener.Port != ask.flow.first:
            continue
        for integration in pointing(listener, _INTEGRATION, "IntegrationUri"):
            if not _is_open(integration):
                continue
            link = integration.follow("ConnectionId")
            nodes = interfaces(link)
            api = integration.follow("ApiId")
            hops = [ask.start, hop("api", api), hop("integration", integration), hop("link", link)]
            for interface in standing:
                walk = Walk(exactly(ask.clients), ask.enough, list(hops))
                walk.through(replaced(interface, nodes, ask))
                yield replace(walk.path(), seen=tuple(nodes))


def _is_open(integration: Resource) -> bool:
    """Whether any route leads to an integration that asks nobody who he is."""
    routes = pointing(integration, _ROUTE, "Target")
    return any(
        absent(route.AuthorizationType) or route.AuthorizationType == "NONE" for route in routes
    )


def _by_rest_api(target: Resource, standing: list[Interface], ask: Ask) -> Iterator[Path]:
    """A REST API whose link leads to a Network Load Balancer, which then speaks for itself."""
    if target.type != BALANCER:
        return
    for link in pointing(target, _REST_LINK, "TargetArns"):
        for method in target.inventory.declared(_METHOD):
            connected = names(method.Integration.ConnectionId, link)
            if connected and method.AuthorizationType == "NONE" and method.exists():
                hops = (ask.start, hop("api", method.follow("RestApiId")), hop("link", link))
                seen = tuple(standing)
                yield Path((*hops, hop("target", target)), exactly(ask.clients), seen=seen)
                return


def _by_private_origin(target: Resource, standing: list[Interface], ask: Ask) -> Iterator[Path]:
    """CloudFront with an origin inside: it connects from the subnet of the origin.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
    """
    for origin in target.inventory.declared(_ORIGIN):
        stated = origin.VpcOriginEndpointConfig
        if not names(stated.Arn, target) or not origin.exists():
            continue
        ports = (_or(stated.HTTPPort, _HTTP), _or(stated.HTTPSPort, _HTTPS))
        if not any(port == ask.flow.first for port in ports):
            continue
        for interface in standing:
            yield _from_edge(origin, interface, ask)


def _or(value: Any, default: int) -> Any:
    return default if absent(value) else value


def _from_edge(origin: Resource, interface: Interface, ask: Ask) -> Path:
    here = interface.private(4)
    groups = interface.groups
    found = let_in(groups, ask.flow, Peer(), here) if groups is not None else None
    walk = Walk(exactly(ask.clients), ask.enough, [ask.start, hop("private origin", origin)])
    walk.take(has_gateway(network_of(interface.subnet)))
    if found is not None:
        obstacle = closed_by(interface, ask.flow, found.span)
        walk.take(Step(truth(here, found.span, interface), found.hops, obstacle))
    else:
        walk.take(Step(ANYBODY))
    walk.take(arrival(interface))
    return walk.path()
