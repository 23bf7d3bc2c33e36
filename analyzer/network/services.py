"""The ways from a workload to a service of AWS: endpoints of its network, or the internet.

https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path as File

from analyzer.model import Resource
from analyzer.network.access_lists import acl_step
from analyzer.network.address_sets import INTERNET, AddressSet
from analyzer.network.between import private_paths
from analyzer.network.direct import Ask
from analyzer.network.flow import Flow
from analyzer.network.from_resource import asked_of
from analyzer.network.group_sets import Peer, let_out
from analyzer.network.interface_table import interfaces
from analyzer.network.interfaces import Interface
from analyzer.network.links import names
from analyzer.network.outbound import outbound_paths
from analyzer.network.paths import Hop, Path, Step, Walk, hop, name_of
from analyzer.network.places import Foreign, network_of, place_of
from analyzer.network.spans import NOBODY, Doubt, Span, exactly, one_of
from analyzer.network.subnets import route_table_of
from analyzer.network.ways_in import attempted_paths, standing_of
from analyzer.unknown import absent

ENDPOINT = "AWS::EC2::VPCEndpoint"
_SERVICES = File(__file__).parent / "data" / "services.txt"


@cache
def services() -> frozenset[str]:
    """The services that can be asked about, by the last part of their endpoint's name."""
    return frozenset(_SERVICES.read_text(encoding="utf-8").split())


def service_paths(source: Resource, service: str, flow: Flow) -> Iterator[Path]:
    """The ways from a thing to a service, by the name of its endpoint: "ecr.api", "s3"."""
    ask = replace(asked_of(source, flow), named=service, clients=INTERNET.family(4))
    yield from attempted_paths(ask, _every, source, service, ask)


def _every(source: Resource, service: str, ask: Ask) -> Iterator[Path]:
    for here in standing_of(source):
        yield from attempted_paths(ask, _from, here, service, ask)


def _from(here: Interface, service: str, ask: Ask) -> Iterator[Path]:
    """An endpoint whose private names hold takes everything; a gateway what its tables route."""
    vpc = network_of(here.subnet)
    found = [
        endpoint
        for endpoint in here.owner.inventory.of(ENDPOINT)
        if _same(place_of(endpoint, endpoint.VpcId, "a network"), vpc)
        and endpoint.ServiceName.endswith(f".{service}")
    ]
    named = [endpoint for endpoint in found if _answers_by_name(endpoint)]
    for endpoint in named:
        for there in interfaces(endpoint):
            for path in private_paths(here, there, ask.flow):
                yield replace(path, hops=(*path.hops, Hop("service", service)))
    if named:
        return
    for endpoint in found:
        if not absent(endpoint.VpcEndpointType) and endpoint.VpcEndpointType != "Gateway":
            continue
        table = None if isinstance(here.subnet, Foreign) else route_table_of(here.subnet)
        if isinstance(table, Resource) and names(endpoint.RouteTableIds, table):
            yield _by_gateway(here, endpoint, service, ask)
            return
    for path in outbound_paths(here, ask):
        opened = path.opened and _somewhere(path.opened, service)
        yield replace(path, admitted=_somewhere(path.admitted, service), opened=opened)


def _same(one: Resource | Foreign, other: Resource | Foreign) -> bool:
    if isinstance(one, Foreign) and isinstance(other, Foreign):
        return other.token in (("network", one.token), one.token)
    return one is other


def _answers_by_name(endpoint: Resource) -> bool:
    """Whether an interface endpoint takes over the service's own name in its network."""
    if endpoint.VpcEndpointType != "Interface":
        return False
    if endpoint.inventory.live or not absent(endpoint.PrivateDnsEnabled):
        return bool(endpoint.PrivateDnsEnabled)
    # EC2 enables private names where nothing is said.
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
    return True


def _by_gateway(here: Interface, endpoint: Resource, service: str, ask: Ask) -> Path:
    owner, subnet = here.owner, here.subnet
    wanted = ask.clients
    walk = Walk(exactly(wanted), ask.enough, [Hop("source", name_of(owner), place=owner.locate())])
    leaving = Step(exactly(wanted))
    if here.groups is not None:
        found = let_out(here.groups, ask.flow, Peer(), wanted)
        note = f"lets nothing out to {service}"
        obstacle = hop("security group", here.groups[0].resource or owner, note)
        leaving = Step(found.span, found.hops, obstacle)
    walk.through(
        [
            lambda _: leaving,
            lambda left: acl_step(subnet, ask.flow, left, outward=True),
            lambda left: acl_step(subnet, ask.flow.answers, left, outward=False),
            lambda left: Step(exactly(left), (hop("endpoint", endpoint), Hop("service", service))),
        ]
    )
    path = walk.path(_somewhere(leaving.admits, service))
    return replace(path, admitted=_somewhere(path.admitted, service))


def _somewhere(span: Span, service: str) -> Span:
    """Whether the addresses of a service are in a set: nobody tells where in the internet."""
    whole: AddressSet = INTERNET.family(4)
    found = one_of(whole, span, Doubt(f"the addresses of {service}", "are chosen by AWS"))
    return found if found.most else NOBODY
