"""Security groups as sets of addresses: whom they let in, and where to they let out.

All entries of all groups of an interface add up, and answers pass without an entry.
https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from analyzer.model import Inventory, Props, Resource
from analyzer.network.address_sets import AddressSet
from analyzer.network.blocks import block_span, list_span
from analyzer.network.flow import Flow, bounds, passes
from analyzer.network.links import attached
from analyzer.network.paths import Hop, hop, name_of
from analyzer.network.places import Foreign, Place, foreign, network_of, place_of
from analyzer.network.ports import shown_ports
from analyzer.network.spans import ANYBODY, NOBODY, Doubt, Span, exactly, perhaps
from analyzer.unknown import Reference, Undecided, absent

GROUP = "AWS::EC2::SecurityGroup"
INGRESS = "AWS::EC2::SecurityGroupIngress"
EGRESS = "AWS::EC2::SecurityGroupEgress"
_DEFAULT = "DefaultSecurityGroup"

Entry = Props | Resource
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A security group; `doubt` is set where it may have more entries than are known.

    `key` identifies it also where it stands outside, or is one that AWS makes.
    """

    key: Key
    name: str
    ingress: tuple[Entry, ...] = ()
    egress: tuple[Entry, ...] = ()
    resource: Resource | None = None
    doubt: Doubt | None = None
    admits_itself: bool = False
    lets_out: bool = False  # AWS's default egress rule holds

    @property
    def outside(self) -> bool:
        """Whether it is only a name here."""
        return bool(self.key[0] == "outside")


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end: its groups, as far as their members may be referred to.

    `at_large`: it is the internet, not somebody in particular.
    """

    groups: tuple[Group, ...] = ()
    at_large: bool = False


@dataclass(frozen=True, slots=True)
class Admission:
    """What groups admit together, and through which of their entries."""

    span: Span
    hops: tuple[Hop, ...] = field(default=())


def group_named(owner: Resource | Props, value: Any) -> Group:
    """The group that a value names, by id or by name."""
    resource = owner.resource if isinstance(owner, Props) else owner
    inventory = resource.inventory
    key = key_of(value, inventory)
    if key[0] == "default":
        return default_group(inventory.resources[key[1]])
    place = place_of(owner, value, "a security group")
    if isinstance(place, Resource) and place.type == GROUP:
        return _stated(place)
    if isinstance(value, str):
        for other in inventory.declared(GROUP):
            if other.GroupName == value and other.exists():
                return _stated(other)
    where = place if isinstance(place, Foreign) else foreign(value)
    return outside_group(where, inventory, key)


def key_of(value: Any, inventory: Inventory) -> Key:
    """What identifies the group that a value names."""
    if isinstance(value, Reference):
        target = inventory.resources.get(value.target)
        if target is not None and target.type == GROUP:
            return "group", target.key
        if value.attribute == _DEFAULT:
            return "default", value.target
        return "of", value.target, value.attribute
    if isinstance(value, str) and value in inventory.resources:
        return "group", value
    return "outside", foreign(value).token


def outside_group(place: Foreign, inventory: Inventory, key: Key = ()) -> Group:
    """A group of which only those entries are known that the inventory adds to it."""
    identity = key or ("outside", place.token)
    return Group(
        identity,
        place.subject,
        tuple(_standing_alone(inventory, INGRESS, identity)),
        tuple(_standing_alone(inventory, EGRESS, identity)),
        doubt=Doubt(f"entries of {place.subject}", place.reason),
    )


def default_group_of(subnet: Place) -> Group:
    """The default group of the network that a subnet is of."""
    vpc = network_of(subnet)
    if isinstance(vpc, Foreign):
        named = f"the default security group of {vpc.subject}"
        return Group(("outside", named), named, doubt=Doubt(named, vpc.reason))
    return default_group(vpc)


def default_group(vpc: Resource) -> Group:
    """A network's default group: what it was created with, and what the inventory adds.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
    """
    key = ("default", vpc.key)
    if vpc.inventory.live:
        for group in attached(vpc, GROUP, "VpcId"):
            if group.Live.Default:
                return _stated(group)
        named = f"the default security group of {vpc.label}"
        return Group(key, named, doubt=Doubt(named, "is not among what was read"))
    return Group(
        key,
        f"{name_of(vpc)}.{_DEFAULT}",
        tuple(_standing_alone(vpc.inventory, INGRESS, key)),
        resource=vpc,
        admits_itself=True,
        lets_out=True,
    )


def group_of_aws(
    resource: Resource, attribute: str, entries: Iterable[dict[str, Any]] = ()
) -> Group:
    """A group that AWS makes for a resource: it admits itself, lets everything out, and more."""
    key = ("of", resource.key, attribute)
    stated = (Props(resource, entry) for entry in entries)
    return Group(
        key,
        f"{name_of(resource)}.{attribute}",
        (*stated, *_standing_alone(resource.inventory, INGRESS, key)),
        resource=resource,
        admits_itself=True,
        lets_out=True,
    )


def _standing_alone(inventory: Inventory, type_: str, key: Key) -> Iterator[Resource]:
    """The entries that are resources of their own and name a group."""
    for entry in inventory.declared(type_):
        value = entry.GroupName if absent(entry.GroupId) else entry.GroupId
        if key_of(value, inventory) == key and entry.exists():
            yield entry


def _stated(group: Resource) -> Group:
    doubts: list[Undecided] = []
    ingress = _entries(group, "SecurityGroupIngress", doubts)
    egress = _entries(group, "SecurityGroupEgress", doubts)
    key = ("group", group.key)
    inventory = group.inventory
    if doubts or not inventory.live:
        ingress += tuple(_standing_alone(inventory, INGRESS, key))
        egress += tuple(_standing_alone(inventory, EGRESS, key))
    doubt = Doubt(doubts[0].subject, doubts[0].reason) if doubts else None
    lets_out = not egress and not doubts and not inventory.live
    return Group(key, name_of(group), ingress, egress, group, doubt, lets_out=lets_out)


def _entries(group: Resource, name: str, doubts: list[Undecided]) -> tuple[Entry, ...]:
    try:
        stated = getattr(group, name)
        return (stated,) if isinstance(stated, Props) else tuple(stated)
    except Undecided as error:
        doubts.append(error)
        return ()


def groups_named(owner: Resource | Props, values: Any, default: Place | None) -> tuple[Group, ...]:
    """The groups that a list names; the default one of a subnet's network where it names none."""
    try:
        listed: Sequence[Any] = [] if absent(values) else list(values)
    except Undecided:
        resource = owner.resource if isinstance(owner, Props) else owner
        return (outside_group(foreign(values), resource.inventory),)
    if not listed and default is not None:
        return (default_group_of(default),)
    return tuple(group_named(owner, value) for value in listed)


def let_in(groups: Iterable[Group], flow: Flow, peer: Peer, wanted: AddressSet) -> Admission:
    """Of the wanted addresses, those that the groups let in on all ports of a flow."""
    return _admission(groups, flow, peer, wanted, inward=True)


def let_out(groups: Iterable[Group], flow: Flow, peer: Peer, wanted: AddressSet) -> Admission:
    """Of the wanted addresses, those to which the groups let connections out."""
    return _admission(groups, flow, peer, wanted, inward=False)


def _admission(
    groups: Iterable[Group], flow: Flow, peer: Peer, wanted: AddressSet, *, inward: bool
) -> Admission:
    """What is known first; what is not is asked last, and only where it could add something."""
    listed = tuple(groups)
    sum_ = _Sum()
    later: list[tuple[Group, Entry, Span]] = []
    for group in listed:
        if _by_itself(group, peer, inward=inward):
            sum_.add(group, exactly(wanted), None)
        for entry in group.ingress if inward else group.egress:
            ends = _ends(entry, peer, inward=inward) & exactly(wanted)
            known = _known_ports(entry, flow) if ends else False
            if known is None or (known and ends.hangs_on):
                later.append((group, entry, ends))
            elif known:
                sum_.add(group, ends, entry)
    for group, entry, ends in later:
        if not ends.most <= sum_.span.least:
            sum_.add(group, _if_passing(entry, flow, ends), entry)
    for group in listed:
        if group.doubt is not None and not wanted <= sum_.span.least:
            sum_.add(group, perhaps(group.doubt, wanted), None)
    return Admission(sum_.span, tuple(sum_.hops.values()))


@dataclass
class _Sum:
    """What entries admit together, and one hop for each group that has a part in it."""

    span: Span = NOBODY
    hops: dict[str, Hop] = field(default_factory=dict)

    def add(self, group: Group, ends: Span, entry: Entry | None) -> None:
        if ends:
            self.span |= ends
            note = _said(entry) if entry else "as AWS makes it"
            self.hops.setdefault(group.name, _hop(group, entry, note))


def _if_passing(entry: Entry, flow: Flow, ends: Span) -> Span:
    try:
        return ends if passes(entry, flow) else NOBODY
    except Undecided as error:
        return perhaps(Doubt(error.subject, error.reason), ends.most)


def _by_itself(group: Group, peer: Peer, *, inward: bool) -> Span:
    """What a group admits without an entry that somebody wrote."""
    if not inward:
        return ANYBODY if group.lets_out else NOBODY
    if group.admits_itself and any(other.key == group.key for other in peer.groups):
        return ANYBODY
    return NOBODY


def _known_ports(entry: Entry, flow: Flow) -> bool | None:
    """Whether an entry lets the ports through; None where that is not known."""
    try:
        known = bounds(entry, flow)
    except Undecided:
        return None
    return known is not None and known[0] <= flow.first and known[1] >= flow.last


def _ends(entry: Entry, peer: Peer, *, inward: bool) -> Span:
    """The other ends that an entry is for."""
    resource = entry.resource if isinstance(entry, Props) else entry
    inventory, large = resource.inventory, peer.at_large
    found = (
        block_span(entry.CidrIp, 4, inventory, at_large=large)
        | block_span(entry.CidrIpv6, 6, inventory, at_large=large)
        | list_span(
            entry, "SourcePrefixListId" if inward else "DestinationPrefixListId", at_large=large
        )
    )
    value = _named_group(entry, inward=inward)
    if not peer.groups or absent(value):
        return found
    key = key_of(value, inventory)
    if key[0] == "outside" and isinstance(value, str):
        key = group_named(entry, value).key
    if any(group.key == key for group in peer.groups):
        return ANYBODY
    outside = [group for group in peer.groups if group.outside]
    if outside and key[0] == "outside":
        return found | perhaps(
            Doubt(f"whether {outside[0].name} is {foreign(value).subject}", "is not known")
        )
    return found


def _named_group(entry: Entry, *, inward: bool) -> Any:
    if not inward:
        return entry.DestinationSecurityGroupId
    by_id = entry.SourceSecurityGroupId
    return entry.SourceSecurityGroupName if absent(by_id) else by_id


def referred(groups: Iterable[Group], flow: Flow) -> Iterator[Key]:
    """The groups whose members are let in on a flow, by their keys."""
    for group in groups:
        for entry in group.ingress:
            value = _named_group(entry, inward=True)
            if absent(value):
                continue
            resource = entry.resource if isinstance(entry, Props) else entry
            if passes(entry, flow):
                yield key_of(value, resource.inventory)
        if group.admits_itself:
            yield group.key


def _hop(group: Group, entry: Entry | None, note: str) -> Hop:
    if entry is not None:
        return hop("security group", entry, note, name=group.name)
    if group.resource is not None:
        return hop("security group", group.resource, note, name=group.name)
    return Hop("security group", group.name, note)


def _said(entry: Entry) -> str:
    names = ("CidrIp", "CidrIpv6", "SourcePrefixListId", "SourceSecurityGroupId")
    ends = [*names, "DestinationPrefixListId", "DestinationSecurityGroupId"]
    shown = next((getattr(entry, name) for name in ends if name in _stated_names(entry)), "")
    return f"{shown} on {shown_ports(entry)}"


def _stated_names(entry: Entry) -> Iterable[str]:
    return entry.raw if isinstance(entry, Props) else entry.properties
