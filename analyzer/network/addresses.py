"""Which CIDR blocks count as the internet."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from ipaddress import (
    IPv4Network,
    IPv6Network,
    collapse_addresses,
    ip_network,
)
from typing import Any, TypeAlias

from analyzer.unknown import Partial, Reference, Undecided, Unknown, choose

Network: TypeAlias = IPv4Network | IPv6Network

# A block counts as the internet from this many public addresses on: a /8 in IPv4, a /32 in IPv6.
# Below that it is a named network, however large.
INTERNET_IPV4 = 2**24
INTERNET_IPV6 = 2**96

# What is not a public unicast address: the IANA special-purpose registry's larger blocks, multicast
# and reserved space. The blocks do not overlap.
# https://www.iana.org/assignments/iana-ipv4-special-registry
NOT_PUBLIC_IPV4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "224.0.0.0/3",
    )
)
# https://www.iana.org/assignments/ipv6-address-space
PUBLIC_IPV6 = IPv6Network("2000::/3")

# Attributes of a resource that are blocks of its own network: never the internet.
_OWN_BLOCKS = ("CidrBlock", "CidrBlockAssociations", "Ipv6CidrBlocks")


def is_internet(cidr: Any) -> bool:
    """Whether a CIDR block is the whole internet, or so much of it that it counts as that.

    An unknown block is a choice; a network's own block, and a text whose known prefix length is
    too long, are not the internet. Absent is not. Raises `Undecided` on a text that is no block.
    """
    if isinstance(cidr, Unknown):
        return _is_unknown_internet(cidr)
    if isinstance(cidr, Reference):
        return cidr.attribute not in _OWN_BLOCKS and _choose(cidr)
    if isinstance(cidr, Partial):
        return _may_be_internet(cidr) and _choose(cidr)
    return bool(cidr) and _counts(network_of(cidr), [])


def admits_internet(cidr: Any, denied: Iterable[Any]) -> bool:
    """Whether a block still counts as the internet without the blocks that were denied before.

    Raises `Undecided` where one of the denied blocks is not known and it matters.
    """
    return is_internet(cidr) and (
        isinstance(cidr, Unknown | Partial | Reference)
        or _counts(network_of(cidr), [network_of(block) for block in denied])
    )


def holds_public_addresses(cidr: Any) -> bool:
    """Whether any address of a block is public; an unknown block is a choice."""
    if isinstance(cidr, Reference) and cidr.attribute in _OWN_BLOCKS:
        return False
    if isinstance(cidr, Unknown | Partial | Reference):
        key = ("public addresses", f"{cidr}")
        return choose(key, _named(cidr), "holds public addresses", _reason(cidr))
    return bool(cidr) and _public_size(network_of(cidr)) > 0


def covers(block: Any, other: Any) -> bool:
    """Whether every address of the other block lies in the first one; False where one is absent.

    Raises `Undecided` where one is not known.
    """
    if not block or not other:
        return False
    return _covers(network_of(block), network_of(other))


def network_of(cidr: Any) -> Network:
    """The network that a known block is, host bits cleared.

    Raises `Undecided` where the block is not known or no block at all.
    """
    if not isinstance(cidr, str):
        raise Undecided(_named(cidr), _reason(cidr))
    try:
        return _parsed(cidr.strip())
    except ValueError:
        raise Undecided(f"'{cidr}'", "is not a CIDR block") from None


@cache
def _parsed(cidr: str) -> Network:
    return ip_network(cidr, strict=False)


def _is_unknown_internet(cidr: Unknown) -> bool:
    if cidr.allowed is not None:
        return any(cidr == value for value in cidr.allowed if is_internet(value))
    key = (*cidr.key, "internet")
    return choose(key, cidr.subject, "is the internet", cidr.reason, scenario=cidr.scenario)


def _may_be_internet(cidr: Partial) -> bool:
    """Whether the prefix length, where it is known, leaves enough addresses."""
    _, slash, length = cidr.tail.rpartition("/")
    if not slash or not length.isdigit():
        return True
    wide = 32 if ":" in f"{cidr.head}{cidr.tail}" else 8
    return int(length) <= wide


def _counts(network: Network, denied: list[Network]) -> bool:
    return _counts_less(network, denied) if denied else _counts_whole(network)


@cache
def _counts_whole(network: Network) -> bool:
    return _counts_less(network, [])


def _counts_less(network: Network, denied: list[Network]) -> bool:
    least = INTERNET_IPV4 if isinstance(network, IPv4Network) else INTERNET_IPV6
    return _public_size(network) - _denied_size(network, denied) >= least


def _public_size(network: Network) -> int:
    """How many public unicast addresses a network holds."""
    if isinstance(network, IPv6Network):
        return _common_size(network, PUBLIC_IPV6)
    private = sum(_common_size(network, block) for block in NOT_PUBLIC_IPV4)
    return network.num_addresses - private


def _denied_size(network: Network, denied: list[Network]) -> int:
    """How many public addresses of a network lie in the denied ones, each counted once."""
    if isinstance(network, IPv6Network):
        same6 = collapse_addresses(block for block in denied if isinstance(block, IPv6Network))
        return sum(_public_size(part) for block in same6 if (part := _common(network, block)))
    same4 = collapse_addresses(block for block in denied if isinstance(block, IPv4Network))
    return sum(_public_size(part) for block in same4 if (part := _common(network, block)))


def _common(one: Network, other: Network) -> Network | None:
    """Two blocks are apart, or one lies in the other."""
    if _covers(one, other):
        return other
    return one if _covers(other, one) else None


def _common_size(one: Network, other: Network) -> int:
    common = _common(one, other)
    return common.num_addresses if common else 0


def _covers(one: Network, other: Network) -> bool:
    if isinstance(one, IPv4Network) and isinstance(other, IPv4Network):
        return other.subnet_of(one)
    if isinstance(one, IPv6Network) and isinstance(other, IPv6Network):
        return other.subnet_of(one)
    return False


def _choose(cidr: Partial | Reference) -> bool:
    return choose(("internet", f"{cidr}"), _named(cidr), "is the internet", _reason(cidr))


def _named(value: Any) -> str:
    return value.subject if isinstance(value, Unknown) else f"`{value}`"


def _reason(value: Any) -> str:
    if isinstance(value, Unknown):
        return value.reason
    if isinstance(value, Partial):
        return "has a part that is not known"
    return "is chosen by AWS" if isinstance(value, Reference) else "is not a CIDR block"
