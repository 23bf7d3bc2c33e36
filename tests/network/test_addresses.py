from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.network import admits_internet, covers, holds_public_addresses, is_internet
from analyzer.unknown import ABSENT, Partial, Reference, Undecided, Unknown, explore

PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8"]

ipv4_networks = st.builds(
    lambda address, length: IPv4Network((address, length), strict=False),
    st.integers(0, 2**32 - 1),
    st.integers(0, 32),
)


@pytest.mark.parametrize(
    "block",
    ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "8.0.0.0/8", "2000::/3", "2a01::/16"],
)
def test_large_public_blocks_are_the_internet(block: str) -> None:
    assert is_internet(block)


@pytest.mark.parametrize(
    "block",
    [
        *PRIVATE,
        "203.0.113.0/24",
        "8.8.0.0/16",
        "224.0.0.0/4",
        "fc00::/7",
        "fe80::/10",
        "2a01:1::/48",
    ],
)
def test_private_and_small_blocks_are_not_the_internet(block: str) -> None:
    assert not is_internet(block)


def test_host_bits_are_cleared() -> None:
    assert is_internet("203.0.113.7/0")


def test_what_is_absent_is_not_the_internet() -> None:
    assert not is_internet(ABSENT)


def test_what_is_no_block_is_not_decided() -> None:
    with pytest.raises(Undecided, match="is not a CIDR block"):
        is_internet("everywhere")


def test_an_unknown_block_is_one_choice() -> None:
    block = Unknown("parameter `Source`", "has no value")
    paths = explore(lambda: (is_internet(block), is_internet(block))).paths
    assert [path.result for path in paths] == [(True, True), (False, False)]


def test_allowed_values_bound_an_unknown_block() -> None:
    offices = Unknown("parameter `Source`", "has no value", allowed=["10.0.0.0/8", "192.0.2.0/24"])
    assert [path.result for path in explore(lambda: is_internet(offices)).paths] == [False]
    mixed = Unknown("parameter `Source`", "has no value", allowed=["10.0.0.0/8", "0.0.0.0/0"])
    assert {path.result for path in explore(lambda: is_internet(mixed)).paths} == {True, False}


def test_a_known_prefix_length_decides_a_block_with_a_hole() -> None:
    hole = Unknown("parameter `Address`", "has no value")
    assert not is_internet(Partial(hole, "/32"))
    assert len(explore(lambda: is_internet(Partial(hole, "/0"))).paths) == 2


def test_the_block_of_a_network_is_not_the_internet() -> None:
    assert not is_internet(Reference("stack/Vpc", "CidrBlock"))
    assert not holds_public_addresses(Reference("stack/Vpc", "CidrBlock"))


@given(ipv4_networks)
def test_a_wider_block_admits_no_less(network: IPv4Network) -> None:
    if network.prefixlen and is_internet(f"{network}"):
        assert is_internet(f"{network.supernet()}")


@given(ipv4_networks)
def test_it_is_the_internet_exactly_from_a_slash_eight_of_public_addresses_on(
    network: IPv4Network,
) -> None:
    if network.prefixlen > 8:
        assert not is_internet(f"{network}")
    elif network.prefixlen == 8:
        # The larger reserved blocks start where a /8 does; the small ones only take some of it.
        assert is_internet(f"{network}") == _whole_eight_is_public(network)
    else:
        assert is_internet(f"{network}") == (network.network_address < IPv4Address("224.0.0.0"))


def _whole_eight_is_public(network: IPv4Network) -> bool:
    first = int(network.network_address) >> 24
    partly_reserved = {100, 169, 172, 192, 198}
    return first not in {0, 10, 127, *partly_reserved} and first < 224


@given(ipv4_networks, st.randoms(use_true_random=False))
def test_a_block_with_a_public_address_holds_public_addresses(network: IPv4Network, random) -> None:
    address = network[random.randrange(network.num_addresses)]
    reserved = [
        *PRIVATE,
        "0.0.0.0/8",
        "169.254.0.0/16",
        "192.0.0.0/24",
        "198.18.0.0/15",
        "224.0.0.0/3",
    ]
    if not any(address in ip_network(block) for block in reserved):
        assert holds_public_addresses(f"{network}")


@given(ipv4_networks, ipv4_networks)
def test_covering_is_what_the_addresses_say(one: IPv4Network, other: IPv4Network) -> None:
    expected = one[0] <= other[0] and other[-1] <= one[-1]
    assert covers(f"{one}", f"{other}") == expected


def test_families_do_not_cover_each_other() -> None:
    assert not covers("0.0.0.0/0", "2a01::/32")
    assert not covers("::/0", "10.0.0.0/8")


@given(ipv4_networks)
def test_denying_a_block_before_leaves_nothing_of_it(network: IPv4Network) -> None:
    assert not admits_internet(f"{network}", [f"{network}"])


@given(ipv4_networks, st.lists(ipv4_networks, max_size=4), ipv4_networks)
def test_a_denial_never_admits_more(
    network: IPv4Network, denied: list[IPv4Network], another: IPv4Network
) -> None:
    before = [f"{block}" for block in denied]
    if admits_internet(f"{network}", [*before, f"{another}"]):
        assert admits_internet(f"{network}", before)


def test_two_halves_deny_the_whole() -> None:
    assert not admits_internet("0.0.0.0/0", ["0.0.0.0/1", "128.0.0.0/1"])


def test_one_half_denied_leaves_the_other() -> None:
    assert admits_internet("0.0.0.0/0", ["0.0.0.0/1"])
    assert admits_internet("::/0", ["0.0.0.0/0"])
