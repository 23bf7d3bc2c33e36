"""Sets of addresses against `ipaddress`, by sampling."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_address, ip_network
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.network.address_sets import (
    EVERYTHING,
    INTERNET,
    NOTHING,
    AddressSet,
    Limit,
    addresses_of,
    public_blocks,
    union,
)

# A corner of either family, so that blocks meet.
NETWORKS = st.one_of(
    st.builds(
        lambda address, length: IPv4Network((address, length), strict=False),
        st.integers(0x0A000000, 0x0A0000FF),
        st.integers(22, 32),
    ),
    st.builds(
        lambda address, length: IPv6Network((address, length), strict=False),
        st.integers(0x20010DB8 << 96, (0x20010DB8 << 96) + 255),
        st.integers(118, 128),
    ),
)
LISTS = st.lists(NETWORKS, max_size=6)
ADDRESSES = st.one_of(
    st.integers(0x09FFFC00, 0x0A000500).map(lambda number: ip_address(number)),
    st.integers((0x20010DB8 << 96) - 1024, (0x20010DB8 << 96) + 1024).map(
        lambda number: ip_address(number)
    ),
)


def built(networks) -> AddressSet:
    return union(addresses_of(f"{network}") for network in networks)


def holds(addresses: AddressSet, address) -> bool:
    intervals = addresses.v4 if address.version == 4 else addresses.v6
    return any(first <= int(address) <= last for first, last in intervals)


def inside(networks, address) -> bool:
    return any(address in network for network in networks if network.version == address.version)


@given(LISTS, LISTS, ADDRESSES)
def test_union_common_part_and_difference(one, other, address) -> None:
    left, right = inside(one, address), inside(other, address)
    assert holds(built(one) | built(other), address) == (left or right)
    assert holds(built(one) & built(other), address) == (left and right)
    assert holds(built(one) - built(other), address) == (left and not right)


@given(LISTS, LISTS)
def test_intervals_are_sorted_disjoint_and_apart(one, other) -> None:
    for made in (built(one) | built(other), built(one) & built(other), built(one) - built(other)):
        for intervals in (made.v4, made.v6):
            assert all(first <= last for first, last in intervals)
            assert all(a[1] + 1 < b[0] for a, b in pairwise(intervals))


@given(LISTS)
def test_sizes_and_blocks_are_those_of_ipaddress(networks) -> None:
    made = built(networks)
    four = list(collapse_addresses(n for n in networks if n.version == 4))
    six = list(collapse_addresses(n for n in networks if n.version == 6))
    assert made.size4 == sum(network.num_addresses for network in four)
    assert made.size6 == sum(network.num_addresses for network in six)
    assert made.cidrs() == [f"{network}" for network in (*four, *six)]
    assert built(map(ip_network, made.cidrs())) == made


@given(LISTS, LISTS)
def test_laws_of_sets(one, other) -> None:
    a, b = built(one), built(other)
    assert (a - b) | (a & b) == a
    assert EVERYTHING - (a | b) == (EVERYTHING - a) & (EVERYTHING - b)
    assert (a <= b) == ((a & b) == a)
    assert bool(a) == (a != NOTHING)


def test_host_bits_are_cleared() -> None:
    assert addresses_of("203.0.113.7/0") == addresses_of("0.0.0.0/0")


@pytest.mark.parametrize("text", ["everyone", "", "10.0.0.0/33", "10.0.0/8"])
def test_what_is_no_block_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        addresses_of(text)


@pytest.mark.parametrize(
    ("blocks", "counts"),
    [
        (["0.0.0.0/0"], True),
        (["0.0.0.0/1", "128.0.0.0/1"], True),
        (["11.0.0.0/8"], True),
        (["10.0.0.0/8"], False),
        (["11.0.0.0/9"], False),
        (["11.0.0.0/9", "12.0.0.0/9"], True),
        (["100.64.0.0/10", "192.168.0.0/16"], False),
        (["::/0"], True),
        (["2a00::/32"], True),
        (["2a00::/33"], False),
        (["fc00::/7"], False),
        ([], False),
    ],
)
def test_so_many_public_addresses_are_the_internet(blocks: list[str], counts: bool) -> None:
    assert Limit().counts(union(map(addresses_of, blocks))) is counts


@pytest.mark.parametrize(
    "blocks",
    [
        ["0.0.0.0/0"],
        ["0.0.0.0/1"],
        ["11.0.0.0/8"],
        ["198.51.100.0/24"],
        ["0.0.0.0/1", "198.51.100.0/24", "2000::/3"],
        [],
    ],
)
def test_public_addresses_are_shown_as_somebody_would_write_them(blocks: list[str]) -> None:
    assert public_blocks(union(map(addresses_of, blocks)) & INTERNET) == blocks


def test_the_limit_is_a_setting() -> None:
    office = addresses_of("198.51.100.0/24")
    assert Limit.of_prefixes(24).counts(office)
    assert not Limit.of_prefixes(23).counts(office)


@given(st.integers(0, 2**32 - 1).map(lambda number: ip_address(number)))
def test_the_internet_is_what_is_global(address) -> None:
    # `ipaddress` also takes out documentation and single addresses, which are small networks here.
    if address.is_global:
        assert holds(INTERNET, address) or address.is_multicast
    elif holds(INTERNET, address):
        assert not address.is_loopback
        assert not address.is_link_local
        assert address not in ip_network("10.0.0.0/8")
