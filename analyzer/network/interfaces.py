"""How things stand in a network: the groups, the subnet and the addresses of their interfaces.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analyzer.model import Props, Resource
from analyzer.network.address_sets import AddressSet
from analyzer.network.group_sets import Group, groups_named
from analyzer.network.links import pointing
from analyzer.network.paths import Hop, hop
from analyzer.network.places import (
    Foreign,
    Place,
    addresses_in,
    attempted,
    foreign,
    known_block,
    subnet_place,
)
from analyzer.unknown import ABSENT, Undecided, Unknown, absent

_EIP = "AWS::EC2::EIP"
_ASSOCIATION = "AWS::EC2::EIPAssociation"
_ADDRESSED = ("AWS::EC2::Instance", "AWS::EC2::NetworkInterface")
_OUTWARD = ("lambda", "nat_gateway")  # interfaces that take no connection


@dataclass(frozen=True, slots=True)
class Address:
    """A public address; `hop` is what it comes from, where that is a thing of its own."""

    hop: Hop | None = None


Public = Address | Undecided | None
"""A public address, none, or why that is not known."""


@dataclass(frozen=True, slots=True)
class Interface:
    """One of the places where a resource may stand.

    `groups` is None where nothing is filtered, as on a load balancer without groups; `fixed` is
    its private IPv4 address where that is stated. `accepts` is False where AWS takes no connection.
    """

    owner: Resource
    subnet: Place
    groups: tuple[Group, ...] | None
    ipv4: Public = None
    ipv6: Public = None
    fixed: AddressSet | None = None
    accepts: bool = True

    def public(self, version: int) -> Public:
        """The public address of a family."""
        return self.ipv4 if version == 4 else self.ipv6  # noqa: PLR2004

    def private(self, version: int) -> AddressSet:
        """Where its private addresses of a family lie; IPv6 has none that are private only."""
        if version == 4:  # noqa: PLR2004
            return self.fixed or addresses_in(self.subnet, 4)
        return addresses_in(self.subnet, 6) if self.ipv6 is not None else AddressSet()


def read(owner: Resource | Props, path: str) -> Any:
    """The value at a property path such as `VpcConfig/SubnetIds`."""
    value: Any = owner
    for name in path.split("/"):
        value = getattr(value, name)
    return value


def places_named(owner: Resource, values: Any) -> list[Place]:
    """The subnets that a list names; the default network where it names none."""
    if absent(values):
        return [subnet_place(owner, values, owner)]
    if isinstance(values, list):
        return [subnet_place(owner, value, owner) for value in values] or [
            subnet_place(owner, values, owner)
        ]
    return [foreign(values)]


def launched(
    owner: Resource,
    part: Resource | Props,
    groups: Any,
    subnet: Place,
    *,
    elastic: Address | None = None,
) -> Interface:
    """An interface that comes with a server; `part` is what says which addresses it gets."""
    return Interface(
        owner,
        subnet,
        groups_named(part, groups, subnet),
        elastic or attempted(_given_address, owner, part, subnet),
        attempted(ipv6_address, part, subnet),
        _fixed(part),
    )


def _given_address(owner: Resource, part: Resource | Props, subnet: Place) -> Address | None:
    """The address that a server is given when it starts: as it says, else as its subnet does."""
    stated = part.AssociatePublicIpAddress
    if not absent(stated) and not _is_stopped(owner):
        return Address() if stated else None
    return mapped_address(subnet)


def _is_stopped(owner: Resource) -> bool:
    """Whether a server is one of an account that is stopped: it will be given an address again."""
    return (
        bool(owner.Live)
        and owner.type == "AWS::EC2::Instance"
        and owner.Live.State
        in (
            "stopped",
            "stopping",
        )
    )


def mapped_address(subnet: Place) -> Address | None:
    """The address that a subnet gives to what starts in it."""
    if isinstance(subnet, Foreign):
        raise subnet.undecided("public addresses")
    return Address() if subnet.MapPublicIpOnLaunch else None


def ipv6_address(part: Resource | Props, subnet: Place) -> Address | None:
    """The IPv6 address of an interface: every one of them is global."""
    stated = ABSENT if part_is_live(part) else part.Ipv6AddressCount
    asked = bool(part.Ipv6Addresses) or (not absent(stated) and bool(stated))
    if isinstance(subnet, Foreign):
        if asked:
            return Address()
        raise subnet.undecided("IPv6 addresses")
    if not has_ipv6(subnet):
        return None
    if part_is_live(part):
        return Address() if asked else None
    given = absent(stated) and bool(subnet.AssignIpv6AddressOnCreation or subnet.Ipv6Native)
    return Address() if asked or given else None


def part_is_live(part: Resource | Props) -> bool:
    """Whether an account says which addresses there are, so that silence means none."""
    resource = part.resource if isinstance(part, Props) else part
    return bool(resource.Live) and resource.type in _ADDRESSED


def has_ipv6(subnet: Place) -> bool:
    """Whether a subnet has a block of IPv6 addresses."""
    if isinstance(subnet, Foreign):
        raise subnet.undecided("IPv6 addresses")
    if any(True for _ in pointing(subnet, "AWS::EC2::SubnetCidrBlock", "SubnetId")):
        return True
    stated = (subnet.Ipv6CidrBlock, subnet.Ipv6IpamPoolId, subnet.Ipv6NetmaskLength)
    return not all(absent(value) for value in stated)


def _fixed(part: Resource | Props) -> AddressSet | None:
    """The private address that is asked for."""
    stated = part.PrivateIpAddress
    return known_block(stated) if isinstance(stated, str) else None


def elastic_address(target: Resource, name: str) -> Address | None:
    """The Elastic IP of a server or an interface, by the property that names it."""
    for association in pointing(target, _ASSOCIATION, name):
        for attribute in ("AllocationId", "EIP"):
            address = attempted(association.follow, attribute)
            if isinstance(address, Resource):
                return Address(hop("elastic address", address))
        return Address(hop("elastic address", association))
    if name == "InstanceId":
        for address in pointing(target, _EIP, name):
            return Address(hop("elastic address", address))
    return None


def of_network_interface(owner: Resource, interface: Resource) -> Interface:
    """An interface that is a resource of its own: only an Elastic IP makes it public.

    In an account every interface is one, and says which addresses it has.
    """
    subnet = subnet_place(interface, interface.SubnetId, interface)
    seen = bool(interface.Live)
    public = _seen_address if seen else elastic_address
    return Interface(
        owner,
        subnet,
        groups_named(interface, interface.GroupSet, subnet),
        attempted(public, interface, "NetworkInterfaceId"),
        attempted(ipv6_address, interface, subnet),
        _fixed(interface),
        accepts=not seen or interface.InterfaceType not in _OUTWARD,
    )


def _seen_address(interface: Resource, _: str) -> Address | None:
    return None if absent(interface.Live.PublicIp) else Address()


def of_instance(instance: Resource) -> Iterator[Interface]:
    """The interfaces of a server: its own, those of its launch template, those attached."""
    elastic = elastic_address(instance, "InstanceId")
    data = attempted(_template_of, instance)
    own = instance.NetworkInterfaces
    for position, part in enumerate(own):
        yield _inline(instance, part, "GroupSet", elastic if position == 0 else None)
    if not own:
        yield from _from_template(instance, data, elastic)
    for attachment in pointing(instance, "AWS::EC2::NetworkInterfaceAttachment", "InstanceId"):
        yield of_network_interface(instance, attachment.follow("NetworkInterfaceId"))


def _inline(instance: Resource, part: Props, groups: str, elastic: Address | None) -> Interface:
    if not absent(part.NetworkInterfaceId) and not instance.inventory.live:
        made = of_network_interface(instance, part.follow("NetworkInterfaceId"))
        if elastic is None:
            return made
        return Interface(instance, made.subnet, made.groups, elastic, made.ipv6, made.fixed)
    stated = instance.SubnetId if absent(part.SubnetId) else part.SubnetId
    subnet = subnet_place(instance, stated, instance)
    return launched(instance, part, getattr(part, groups), subnet, elastic=elastic)


def _from_template(instance: Resource, data: Any, elastic: Address | None) -> Iterator[Interface]:
    """What a server without interfaces of its own has: its template's, or one as it says itself."""
    if isinstance(data, Undecided):
        subnet = subnet_place(instance, instance.SubnetId, instance)
        own = not absent(instance.SecurityGroupIds)
        yield Interface(
            instance,
            subnet,
            groups_named(instance, instance.SecurityGroupIds, subnet)
            if own
            else unknown_groups(instance, data),
            elastic or data,
            data,
        )
        return
    for position, part in enumerate(data.NetworkInterfaces):
        yield _inline(instance, part, "Groups", elastic if position == 0 else None)
    if data.NetworkInterfaces:
        return
    subnet = subnet_place(instance, instance.SubnetId, instance)
    yield launched(instance, instance, stated_groups(instance, data), subnet, elastic=elastic)


def stated_groups(*parts: Any) -> Any:
    """The groups of the first part that names any, by id or by name."""
    value: Any = None
    for part in parts:
        for name in ("SecurityGroupIds", "SecurityGroups"):
            value = getattr(part, name)
            if not absent(value):
                return value
    return value


def unknown_groups(owner: Resource, why: Undecided) -> tuple[Group, ...]:
    """The groups of something whose template is not part of what was read."""
    return groups_named(owner, Unknown(f"security groups of {why.subject}", why.reason), None)


def _template_of(owner: Resource) -> Any:
    return template_data(owner.LaunchTemplate)


def template_data(named: Any) -> Any:
    """The data of a launch template that a structure names; absent where it names none."""
    template = named.follow("LaunchTemplateId") or named.follow("LaunchTemplateName")
    return template.LaunchTemplateData
