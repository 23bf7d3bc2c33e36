"""Network access lists as sets: rules in order, the first that matches decides, no state.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analyzer.model import Resource
from analyzer.network.address_sets import NOTHING, AddressSet
from analyzer.network.blocks import block_span
from analyzer.network.flow import Flow, bounds, cells, speaks
from analyzer.network.links import attached, pointing
from analyzer.network.paths import Hop, Step, hop, name_of
from analyzer.network.places import Foreign, Place, network_of
from analyzer.network.ports import is_everything
from analyzer.network.spans import Doubt, Span, bounded, either_of, exactly, perhaps
from analyzer.unknown import Undecided

ACL = "AWS::EC2::NetworkAcl"
ENTRY = "AWS::EC2::NetworkAclEntry"
_ASSOCIATION = "AWS::EC2::SubnetNetworkAclAssociation"


@dataclass(frozen=True, slots=True)
class _Rule:
    """An entry: its addresses, and its ports (None: of another protocol)."""

    entry: Resource
    number: int
    allows: bool
    addresses: Span
    ports: tuple[int, int] | None
    doubt: Doubt | None = None  # set where it may be for these ports, or not


def acl_of(subnet: Place) -> Resource | None:
    """The access list of a subnet; None for the default one of a network that a template makes.

    That one allows everything, and no template can change it. Raises `Undecided` where the list is
    not part of what was read.
    """
    if isinstance(subnet, Foreign):
        raise subnet.undecided("the network ACL")
    for association in pointing(subnet, _ASSOCIATION, "SubnetId"):
        found: Resource = association.follow("NetworkAclId")
        return found
    vpc = network_of(subnet)
    if isinstance(vpc, Foreign):
        raise vpc.undecided("the default network ACL")
    if not subnet.inventory.live:
        return None
    for acl in attached(vpc, ACL, "VpcId"):
        if acl.Live.Default:
            return acl
    raise Undecided(f"the network ACL of {subnet.label}", "is not among what was read")


def acl_step(subnet: Place, flow: Flow, wanted: AddressSet, *, outward: bool) -> Step:
    """What of the wanted addresses passes a subnet's access list, on any port of the flow."""
    try:
        acl = acl_of(subnet)
        if acl is None:
            return Step(exactly(wanted))
        rules = _rules(acl, flow, outward=outward)
    except Undecided as error:
        return Step(perhaps(Doubt(error.subject, error.reason), wanted))
    pieces = cells(flow, (rule.ports for rule in rules))
    span = either_of(_allowed(rules, piece, wanted) for piece in pieces)
    return Step(span, obstacle=_obstacle(acl, rules, flow, wanted, outward=outward))


def _rules(acl: Resource, flow: Flow, *, outward: bool) -> list[_Rule]:
    rules = [
        _rule(entry, flow)
        for entry in pointing(acl, ENTRY, "NetworkAclId")
        if bool(entry.Egress) == outward
    ]
    return sorted(rules, key=lambda rule: rule.number)


def _rule(entry: Resource, flow: Flow) -> _Rule:
    number = entry.RuleNumber
    if not isinstance(number, int):
        raise Undecided(f"RuleNumber of {entry.label}", "is not known")
    addresses = block_span(entry.CidrBlock, 4, entry.inventory) | block_span(
        entry.Ipv6CidrBlock, 6, entry.inventory
    )
    allows = bool(entry.RuleAction == "allow")
    try:
        if not is_everything(entry) and not speaks(entry, flow):
            return _Rule(entry, number, allows, addresses, None)
        return _Rule(entry, number, allows, addresses, bounds(entry, flow))
    except Undecided as error:
        doubt = Doubt(error.subject, error.reason)
        return _Rule(entry, number, allows, addresses, (flow.first, flow.last), doubt)


def _allowed(rules: Iterable[_Rule], flow: Flow, wanted: AddressSet) -> Span:
    """What is allowed for one piece of the ports.

    An allowance that may match counts for the upper bound only, a denial that may match for the
    lower one: what an address meets first decides about it.
    """
    least, most = NOTHING, NOTHING
    left_least = left_most = wanted
    doubts: tuple[Doubt, ...] = ()
    for rule in rules:
        if rule.ports is None or not rule.ports[0] <= flow.first <= rule.ports[1]:
            continue
        surely = NOTHING if rule.doubt else rule.addresses.least
        possibly = rule.addresses.most
        doubts += (*rule.addresses.hangs_on, *((rule.doubt,) if rule.doubt else ()))
        if rule.allows:
            least |= left_least & surely
            most |= left_most & possibly
            left_least -= surely
            left_most -= possibly
        else:
            left_least -= possibly
            left_most -= surely
    return bounded(least, most, doubts)


def _obstacle(
    acl: Resource, rules: Sequence[_Rule], flow: Flow, wanted: AddressSet, *, outward: bool
) -> Hop:
    way = "out" if outward else "in"
    for rule in rules:
        stops = rule.ports is not None and wanted <= rule.addresses.most
        if stops and not rule.allows and rule.ports and rule.ports[0] <= flow.first:
            note = f"entry {rule.number} denies {flow} {way}"
            return hop("network ACL", rule.entry, note, name=name_of(acl))
    answering = "answers" if flow == flow.answers and flow.has_ports else f"{flow}"
    return hop("network ACL", acl, f"allows no {answering} {way}")
