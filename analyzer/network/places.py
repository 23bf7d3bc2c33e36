"""Where things stand: subnets and networks with their address blocks, and what is outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeAlias, TypeVar

from analyzer.exploration import token
from analyzer.model import Props, Resource
from analyzer.network.address_sets import AddressSet, addresses_of, union
from analyzer.network.links import pointing
from analyzer.unknown import Partial, Reference, Undecided, Unknown, absent, show

P = ParamSpec("P")
T = TypeVar("T")

SUBNET = "AWS::EC2::Subnet"

# Where the blocks of a network lie that nobody has told us.
# https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
PRIVATE = union(map(addresses_of, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
SHARED = addresses_of("100.64.0.0/10")
LOCAL_IPV6 = addresses_of("fc00::/7")
GLOBAL_IPV6 = addresses_of("2000::/3")


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something that is named, and is not part of what was read; equal names are one thing."""

    subject: str
    reason: str
    token: Any = None

    def undecided(self, what: str) -> Undecided:
        """What to raise where a fact about it would be needed: "routes of parameter `X`"."""
        return Undecided(f"{what} of {self.subject}", f"cannot be told: it {self.reason}")


Place: TypeAlias = Resource | Foreign


def attempted(function: Callable[P, T], *args: P.args, **named: P.kwargs) -> T | Undecided:
    """What a function gives, or why it could not decide."""
    try:
        return function(*args, **named)
    except Undecided as error:
        return error


def place_of(owner: Resource | Props, value: Any, what: str) -> Place:
    """The resource that a value names, or what stands outside of the inventory."""
    resource = owner.resource if isinstance(owner, Props) else owner
    try:
        found: Resource = resource.inventory.resolve(value, what)
    except Undecided as error:
        return foreign(value, error)
    return found


def foreign(value: Any, error: Undecided | None = None) -> Foreign:
    """A name of something outside."""
    if isinstance(value, Unknown):
        return Foreign(value.subject, value.reason, value.identity)
    if isinstance(value, Partial | Reference):
        reason = "is chosen by AWS" if error is None else "is not part of what was read"
        return Foreign(f"{value}", reason, token(value))
    if isinstance(value, str):
        return Foreign(value, "is not part of what was read", token(value))
    return Foreign(show(value), error.reason if error else "is not known", token(value))


def subnet_place(owner: Resource | Props, value: Any, default: Resource) -> Place:
    """The subnet that a value names; the account's default network where it names none."""
    if absent(value):
        return Foreign(f"the default network, in which {default.label} stands", "is the account's")
    found = place_of(owner, value, "a subnet")
    if isinstance(found, Resource) and found.type != SUBNET:
        return foreign(value)
    return found


def network_of(subnet: Place) -> Place:
    """The VPC of a subnet."""
    if isinstance(subnet, Foreign):
        named = f"the network of {subnet.subject}"
        return Foreign(named, subnet.reason, ("network", subnet.token))
    return place_of(subnet, subnet.VpcId, f"VpcId of {subnet.label}")


def network_blocks(vpc: Place) -> list[AddressSet]:
    """The IPv4 and IPv6 blocks of a network, as far as they are known."""
    if isinstance(vpc, Foreign):
        return []
    known = (known_block(value) for value in _blocks(vpc))
    return [block for block in known if block]


def _blocks(vpc: Resource) -> Iterator[Any]:
    yield vpc.CidrBlock
    for added in pointing(vpc, "AWS::EC2::VPCCidrBlock", "VpcId"):
        yield added.CidrBlock
        yield added.Ipv6CidrBlock


def known_block(value: Any) -> AddressSet | None:
    """The addresses of a block whose text is known."""
    if not isinstance(value, str):
        return None
    try:
        return addresses_of(value)
    except ValueError:
        return None


def addresses_in(subnet: Place, version: int) -> AddressSet:
    """Where the private addresses of a subnet lie, as narrowly as is known.

    Of an unknown block, all that its network has; of an unknown network, all private addresses.
    """
    if isinstance(subnet, Resource):
        value = subnet.CidrBlock if version == 4 else subnet.Ipv6CidrBlock  # noqa: PLR2004
        block = known_block(value)
        if block:
            return block.family(version)
    vpc = network_of(subnet)
    if isinstance(vpc, Resource) and all(
        absent(value) or known_block(value) for value in _blocks(vpc)
    ):
        whole = union(network_blocks(vpc)).family(version)
        if whole:
            return whole
    return PRIVATE | SHARED if version == 4 else LOCAL_IPV6 | GLOBAL_IPV6  # noqa: PLR2004


def same_network(one: Place, other: Place) -> bool:
    """Whether two subnets are of one network.

    Raises `Undecided` where that cannot be told.
    """
    if _same(one, other):
        return True
    left, right = network_of(one), network_of(other)
    if _same(left, right):
        return True
    if isinstance(left, Foreign) and isinstance(right, Foreign):
        raise Undecided(left.subject, left.reason)
    return False  # what the inventory makes is not what a parameter names


def _same(one: Place, other: Place) -> bool:
    if isinstance(one, Foreign) and isinstance(other, Foreign):
        return one.token is not None and one.token == other.token
    return one is other
