"""Sets of addresses, and what of them is the internet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_network, summarize_address_range

from analyzer.network.addresses import INTERNET_IPV4, INTERNET_IPV6, NOT_PUBLIC_IPV4, PUBLIC_IPV6

Intervals = tuple[tuple[int, int], ...]
"""Disjoint, sorted, never touching: first and last address of each."""


@dataclass(frozen=True, slots=True)
class AddressSet:
    """Any set of IPv4 and IPv6 addresses, exactly."""

    v4: Intervals = ()
    v6: Intervals = ()

    def __and__(self, other: AddressSet) -> AddressSet:
        return AddressSet(_common(self.v4, other.v4), _common(self.v6, other.v6))

    def __or__(self, other: AddressSet) -> AddressSet:
        return AddressSet(_joined(self.v4, other.v4), _joined(self.v6, other.v6))

    def __sub__(self, other: AddressSet) -> AddressSet:
        return AddressSet(_without(self.v4, other.v4), _without(self.v6, other.v6))

    def __le__(self, other: AddressSet) -> bool:
        return not self - other

    def __bool__(self) -> bool:
        return bool(self.v4 or self.v6)

    @property
    def size4(self) -> int:
        """How many IPv4 addresses there are."""
        return sum(last - first + 1 for first, last in self.v4)

    @property
    def size6(self) -> int:
        """How many IPv6 addresses there are."""
        return sum(last - first + 1 for first, last in self.v6)

    def family(self, version: int) -> AddressSet:
        """The addresses of one family, 4 or 6."""
        return AddressSet(v4=self.v4) if version == 4 else AddressSet(v6=self.v6)  # noqa: PLR2004

    def cidrs(self) -> list[str]:
        """The set as CIDR blocks, the fewest that there can be, in order."""
        return [f"{network}" for network in self._networks()]

    def _networks(self) -> Iterator[object]:
        for first, last in self.v4:
            yield from summarize_address_range(IPv4Address(first), IPv4Address(last))
        for first, last in self.v6:
            yield from summarize_address_range(IPv6Address(first), IPv6Address(last))


def public_blocks(addresses: AddressSet) -> list[str]:
    """Public addresses as blocks a reader knows: all of the internet in IPv4 is 0.0.0.0/0.

    A block may hold private addresses beside, as long as it is public for the most part.
    """
    if not addresses <= INTERNET:
        return addresses.cidrs()
    found: list[str] = []
    waiting = [IPv4Network("0.0.0.0/0")]
    while waiting:
        block = waiting.pop()
        whole = addresses_of(f"{block}")
        here, public = addresses & whole, INTERNET & whole
        if here and here == public and 2 * public.size4 > block.num_addresses:
            found.append(f"{block}")
        elif here:
            waiting.extend(reversed(list(block.subnets())))
    return [*found, *addresses.family(6).cidrs()]


@dataclass(frozen=True, slots=True)
class Limit:
    """How many public addresses count as the internet, by the length of a prefix."""

    ipv4: int = INTERNET_IPV4
    ipv6: int = INTERNET_IPV6

    @classmethod
    def of_prefixes(cls, ipv4: int = 8, ipv6: int = 32) -> Limit:
        """The limit of one whole block of this prefix length in either family."""
        return cls(2 ** (32 - ipv4), 2 ** (128 - ipv6))

    def counts(self, addresses: AddressSet) -> bool:
        """Whether so many public addresses are the internet: sums count, not single blocks."""
        public = addresses & INTERNET
        return public.size4 >= self.ipv4 or public.size6 >= self.ipv6


@lru_cache(maxsize=8192)
def addresses_of(cidr: str) -> AddressSet:
    """The addresses of a block, host bits cleared as EC2 does. Raises ValueError for no block."""
    network = ip_network(cidr.strip(), strict=False)
    interval = ((int(network.network_address), int(network.broadcast_address)),)
    return AddressSet(v4=interval) if isinstance(network, IPv4Network) else AddressSet(v6=interval)


def union(sets: Iterable[AddressSet]) -> AddressSet:
    """All of them together."""
    found = NOTHING
    for addresses in sets:
        found |= addresses
    return found


def _common(one: Intervals, other: Intervals) -> Intervals:
    found: list[tuple[int, int]] = []
    left = right = 0
    while left < len(one) and right < len(other):
        first = max(one[left][0], other[right][0])
        last = min(one[left][1], other[right][1])
        if first <= last:
            found.append((first, last))
        if one[left][1] < other[right][1]:
            left += 1
        else:
            right += 1
    return tuple(found)


def _joined(one: Intervals, other: Intervals) -> Intervals:
    if not one or not other:
        return one or other
    found: list[tuple[int, int]] = []
    for first, last in sorted((*one, *other)):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def _without(one: Intervals, other: Intervals) -> Intervals:
    if not one or not other:
        return one
    found: list[tuple[int, int]] = []
    for start, last in one:
        first = start
        for low, high in other:
            if high < first or low > last:
                continue
            if low > first:
                found.append((first, low - 1))
            first = high + 1
        if first <= last:
            found.append((first, last))
    return tuple(found)


NOTHING = AddressSet()
EVERYTHING = AddressSet(((0, 2**32 - 1),), ((0, 2**128 - 1),))
INTERNET = (EVERYTHING.family(4) | addresses_of(f"{PUBLIC_IPV6}")) - union(
    addresses_of(f"{block}") for block in NOT_PUBLIC_IPV4
)
"""Every public unicast address."""
