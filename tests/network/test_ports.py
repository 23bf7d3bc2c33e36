from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.model import Inventory, Props, Resource
from analyzer.network import admits, opens_beyond, opens_every_port, shown_ports
from analyzer.unknown import Unknown, explore

Entry = Callable[..., Props]
ports = st.integers(0, 65535)
ranges = st.tuples(ports, ports).map(sorted)


def tcp(first: int, last: int, protocol: str = "tcp") -> Props:
    values = {"IpProtocol": protocol, "FromPort": first, "ToPort": last}
    group = Resource("AWS::EC2::SecurityGroup", "Group", {"SecurityGroupIngress": [values]})
    Inventory("test", [group])
    return group.SecurityGroupIngress[0]


@given(ranges, ports)
def test_a_range_admits_exactly_its_ports(bounds: list[int], port: int) -> None:
    first, last = bounds
    assert admits(tcp(first, last), port) == (first <= port <= last)


@given(ranges, ports)
def test_a_protocol_admits_nothing_of_another(bounds: list[int], port: int) -> None:
    assert not admits(tcp(*bounds, protocol="udp"), port)
    assert not admits(tcp(*bounds, protocol="icmp"), port)
    assert not admits(tcp(*bounds, protocol="50"), port)


@given(ranges, st.sets(ports, max_size=5))
def test_a_range_opens_beyond_a_set_that_misses_one_of_its_ports(
    bounds: list[int], agreed: set[int]
) -> None:
    first, last = bounds
    inside = sum(first <= port <= last for port in agreed)
    assert opens_beyond(tcp(first, last), agreed) == (inside < last - first + 1)


@given(ranges)
def test_an_entry_opens_nothing_beyond_its_own_ports(bounds: list[int]) -> None:
    first, last = bounds[0], min(bounds[1], bounds[0] + 50)
    assert not opens_beyond(tcp(first, last), range(first, last + 1))


@pytest.mark.parametrize("protocol", ["tcp", "TCP", "6"])
def test_a_protocol_has_a_name_and_a_number(entry: Entry, protocol: str) -> None:
    assert admits(entry(IpProtocol=protocol, FromPort=22, ToPort=22), 22)


def test_all_protocols_ignore_the_ports(entry: Entry) -> None:
    everything = entry(IpProtocol="-1", FromPort=443, ToPort=443)
    assert admits(everything, 22)
    assert admits(everything, 53, "udp")
    assert opens_every_port(everything)
    assert shown_ports(everything) == "every protocol and port"


@pytest.mark.parametrize("bounds", [{}, {"FromPort": -1, "ToPort": -1}])
def test_without_ports_all_of_them_are_meant(entry: Entry, bounds: dict[str, int]) -> None:
    assert opens_every_port(entry(IpProtocol="tcp", **bounds))


def test_icmp_has_no_ports(entry: Entry) -> None:
    ping = entry(IpProtocol="icmp", FromPort=-1, ToPort=-1)
    assert not admits(ping, 22)
    assert not opens_every_port(ping)
    assert not opens_beyond(ping, ())


def test_an_entry_of_a_network_acl_is_read_alike() -> None:
    acl = Resource(
        "AWS::EC2::NetworkAclEntry", "Entry", {"Protocol": 6, "PortRange": {"From": 20, "To": 25}}
    )
    Inventory("test", [acl])
    assert admits(acl, 22)
    assert not admits(acl, 26)


def test_an_unknown_port_is_a_choice(entry: Entry) -> None:
    port = Unknown("parameter `Port`", "has no value")
    single = entry(IpProtocol="tcp", FromPort=port, ToPort=port)
    outcomes = {path.result for path in explore(lambda: admits(single, 22)).paths}
    assert outcomes == {True, False}


def test_the_bounds_of_an_unknown_port_decide(entry: Entry) -> None:
    port = Unknown("parameter `Port`", "has no value", minimum=1024)
    single = entry(IpProtocol="tcp", FromPort=port, ToPort=port)
    assert [path.result for path in explore(lambda: admits(single, 22)).paths] == [False]


def test_an_unknown_protocol_is_a_choice(entry: Entry) -> None:
    protocol = Unknown("parameter `Protocol`", "has no value", allowed=["tcp", "udp"])
    web = entry(IpProtocol=protocol, FromPort=443, ToPort=443)
    outcomes = {path.result for path in explore(lambda: admits(web, 443)).paths}
    assert outcomes == {True, False}


def test_ports_are_shown_as_they_are_said(entry: Entry) -> None:
    assert shown_ports(entry(IpProtocol="6", FromPort=22, ToPort=22)) == "TCP port 22"
    assert shown_ports(entry(IpProtocol="udp", FromPort=1, ToPort=9)) == "UDP ports 1 to 9"
