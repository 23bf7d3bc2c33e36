"""Paths out: from an interface to the internet, or to a network that is reached through it."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Resource
from analyzer.network.access_lists import acl_step
from analyzer.network.address_sets import INTERNET, AddressSet, Limit
from analyzer.network.between import truth
from analyzer.network.direct import Ask
from analyzer.network.flow import Flow
from analyzer.network.gateways import gateway_step, has_gateway, public_access
from analyzer.network.group_sets import Peer, let_out
from analyzer.network.interfaces import Interface
from analyzer.network.paths import Hop, Layer, Path, Step, Walk, hop, name_of
from analyzer.network.places import Foreign, Place, place_of, subnet_place
from analyzer.network.route_sets import Way, destination_of, ways_from
from analyzer.network.spans import ANYBODY, NOBODY, Doubt, Span, exactly, perhaps
from analyzer.unknown import Undecided, absent

_NOT_EVALUATED = (
    "transit gateway",
    "vpn gateway",
    "appliance",
    "endpoint",
    "core network",
    "local gateway",
    "carrier gateway",
)


def outbound_paths(source: Interface, ask: Ask) -> Iterator[Path]:
    """The ways from an interface to addresses outside, by each route that leads there.

    Here the addresses of the question are destinations, and what a path admits is reached.
    """
    for version in (4, 6):
        wanted = ask.clients.family(version)
        if wanted:
            yield from _outbound(source, ask, version, wanted)


def _outbound(source: Interface, ask: Ask, version: int, wanted: AddressSet) -> Iterator[Path]:
    owner, subnet = source.owner, source.subnet
    start = Hop("source", name_of(owner), place=owner.locate())
    leaving = _leaving(source, ask, wanted)
    opened = leaving.admits & exactly(wanted)
    try:
        ways = ways_from(subnet)
    except Undecided as error:
        walk = Walk(exactly(wanted), ask.enough, [start])
        walk.take(leaving)
        walk.take(Step(perhaps(Doubt(error.subject, error.reason))))
        yield walk.path(opened)
        return
    useful = [way for way in ways if way.addresses.most & wanted and way.kind != "local"]
    for way in useful:
        walk = Walk(exactly(wanted), ask.enough, [start])
        walk.through(
            [
                lambda _: leaving,
                lambda left: acl_step(subnet, ask.flow, left, outward=True),
                lambda left: acl_step(subnet, ask.flow.answers, left, outward=False),
                lambda left, way=way: _beyond(source, way, ask, version, left),  # type: ignore[misc]
                lambda _: Step(ANYBODY, (Hop("target", ask.named),)),
            ]
        )
        yield walk.path(opened)
    if not useful:
        walk = Walk(exactly(wanted), ask.enough, [start])
        walk.take(leaving)
        walk.take(Step(NOBODY, (), _no_route(subnet)))
        yield walk.path(opened)


def _leaving(source: Interface, ask: Ask, wanted: AddressSet) -> Step:
    if source.groups is None:
        return Step(ANYBODY)
    found = let_out(source.groups, ask.flow, Peer(), wanted)
    group = next((group.resource for group in source.groups if group.resource), source.owner)
    note = f"lets nothing out to {ask.named} on {ask.flow}"
    return Step(found.span, found.hops, hop("security group", group, note))


def _no_route(subnet: Place) -> Hop:
    if isinstance(subnet, Foreign):
        return Hop("subnet", subnet.subject, subnet.reason)
    return hop("subnet", subnet, "has no route out")


def _beyond(source: Interface, way: Way, ask: Ask, version: int, wanted: AddressSet) -> Step:
    """What a route leads to, and what that lets through."""
    assert way.route is not None  # noqa: S101 - local ways were left out
    route = hop("route", way.route, f"for {destination_of(way.route)}")
    held = way.addresses & exactly(wanted)
    if way.kind == "internet gateway":
        return _by_gateway(source, version, held, wanted)
    if way.kind == "nat gateway":
        return _by_nat(source, way, ask, version, held)
    if way.kind == "egress-only gateway":
        span = held if version == 6 else NOBODY  # noqa: PLR2004
        allowed = _egress_only(source.subnet)
        return Step(span & allowed, (route, _target_hop(way)), _dead_end(way))
    if way.kind in _NOT_EVALUATED:
        named = _target_hop(way).name
        doubt = Doubt(f"where {named} leads", "is not evaluated")
        return Step(held & perhaps(doubt), (route, _target_hop(way)), _dead_end(way))
    return Step(NOBODY, (), _dead_end(way))


def _egress_only(subnet: Place) -> Span:
    """Blocked public access holds for egress-only gateways where it holds in both directions."""
    return public_access(subnet, outward=True)


def _by_gateway(source: Interface, version: int, held: Span, wanted: AddressSet) -> Step:
    public = source.public(version)
    if public is None:
        note = f"has no public IPv{version} address"
        return Step(NOBODY, (), hop("address", source.owner, note))
    step = gateway_step(source.subnet, wanted, outward=True)
    span = step.admits & held
    if isinstance(public, Undecided):
        span &= perhaps(Doubt(public.subject, public.reason))
    return Step(span, tuple(reversed(step.hops)), step.obstacle)


def _by_nat(source: Interface, way: Way, ask: Ask, version: int, held: Span) -> Step:
    """Through a NAT gateway: its subnet's routes and access list count as well.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html
    """
    assert way.route is not None  # noqa: S101 - a NAT gateway is behind a route
    hops: tuple[Hop, ...] = (
        hop("route", way.route, f"for {destination_of(way.route)}"),
        _target_hop(way),
    )
    nat = way.target
    if not isinstance(nat, Resource):
        named = nat.subject if nat else "a NAT gateway"
        doubt = Doubt(f"where {named} leads", nat.reason if nat else "is not known")
        return Step(held & perhaps(doubt), hops)
    if version == 6 or nat.ConnectivityType == "private":  # noqa: PLR2004
        return Step(NOBODY, (), hop("nat gateway", nat, "does not lead to the internet"))
    if absent(nat.SubnetId):  # one for the whole region stands in no subnet
        out = has_gateway(place_of(nat, nat.VpcId, "a network"))
        return Step(held & out.admits, (*hops, *out.hops), out.obstacle)
    subnet = subnet_place(nat, nat.SubnetId, nat)
    walk = Walk(held, ask.enough, list(hops))
    walk.through(
        [
            lambda left: gateway_step(subnet, left, outward=True),
            lambda left: acl_step(subnet, ask.flow, left, outward=True),
            lambda left: acl_step(subnet, ask.flow.answers, left, outward=False),
            *_to_nat(source, subnet, ask, version),
        ]
    )
    return Step(walk.admitted, tuple(walk.hops), walk.blocked_by or _dead_end(way))


def _to_nat(source: Interface, subnet: Place, ask: Ask, version: int) -> list[Layer]:
    """The access list of the gateway's subnet towards the source."""
    if source.subnet is subnet:
        return []
    here = source.private(version)

    def passing(flow: Flow, *, outward: bool) -> Step:
        step = acl_step(subnet, flow, here, outward=outward)
        return Step(truth(here, step.admits, source), (), step.obstacle)

    return [
        lambda _: passing(ask.flow, outward=False),
        lambda _: passing(ask.flow.answers, outward=True),
    ]


def _target_hop(way: Way) -> Hop:
    if isinstance(way.target, Resource):
        return hop(way.kind, way.target)
    return Hop(way.kind, way.target.subject if way.target else way.kind)


def _dead_end(way: Way) -> Hop:
    assert way.route is not None  # noqa: S101 - only the local way has none
    return hop("route", way.route, f"leads to {_target_hop(way).name}, which leads no further")


def covers_internet(span: Span) -> bool | None:
    """Whether all public IPv4 addresses are in a set; None where many, but not all surely are."""
    whole = INTERNET.family(4)
    if whole <= span.least:
        return True
    return None if Limit().counts(span.most.family(4)) else False
