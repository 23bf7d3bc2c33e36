"""Which ports an entry of a security group or network ACL opens.

An entry is anything with `IpProtocol`, `FromPort` and `ToPort` (security groups) or `Protocol` and
`PortRange` (network ACLs). Protocol -1 opens everything and its ports are ignored; where TCP or UDP
has no ports, or -1, all of them are meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from analyzer.model import Props, Resource
from analyzer.unknown import ABSENT, absent

FIRST_PORT = 0
LAST_PORT = 65535

# IANA's protocol numbers, which EC2 takes as well as the names.
_NUMBERS = {"tcp": "6", "udp": "17"}
_EVERYTHING = "-1"


def admits(entry: Props | Resource, port: int, protocol: str = "tcp") -> bool:
    """Whether an entry lets a port of "tcp" or "udp" through; its source is not looked at."""
    return bool(admitted(entry, (port,), protocol))


def admitted(entry: Props | Resource, ports: Iterable[int], protocol: str = "tcp") -> list[int]:
    """Those of the ports that an entry lets through; see `admits`."""
    if is_everything(entry):
        return list(ports)
    if not _speaks(entry, protocol):
        return []
    low, high = range_of(entry)
    return [port for port in ports if bool(low <= port) and bool(high >= port)]


def opens_every_port(entry: Props | Resource) -> bool:
    """Whether an entry opens all protocols, or all ports of TCP or UDP."""
    if is_everything(entry):
        return True
    if not _has_ports(entry):
        return False
    low, high = range_of(entry)
    return bool(low <= FIRST_PORT + 1) and bool(high >= LAST_PORT)


def opens_beyond(entry: Props | Resource, ports: Iterable[int]) -> bool:
    """Whether an entry opens any TCP or UDP port that is not one of these."""
    if is_everything(entry):
        return True
    if not _has_ports(entry):
        return False
    low, high = range_of(entry)
    return any(
        (last == LAST_PORT or bool(low <= last)) and (first == FIRST_PORT or bool(high >= first))
        for first, last in _ranges_without(ports)
    )


def shown_ports(entry: Props | Resource) -> str:
    """The ports of an entry as a message names them: "TCP port 22", "every port"."""
    protocol = f"{protocol_of(entry)}"
    if protocol == _EVERYTHING:
        return "every protocol and port"
    names = {number: name for name, number in _NUMBERS.items()}
    name = names.get(protocol, protocol).upper()
    low, high = (f"{bound}" for bound in range_of(entry))
    return f"{name} port {low}" if low == high else f"{name} ports {low} to {high}"


def protocol_of(entry: Props | Resource) -> Any:
    """The protocol in lower case: a name, or a number as text."""
    stated = entry.Protocol if entry.IpProtocol is ABSENT else entry.IpProtocol
    return f"{stated}" if isinstance(stated, int) or stated is ABSENT else stated.lower()


def is_everything(entry: Props | Resource) -> bool:
    """Whether an entry is for every protocol, and so for every port."""
    return bool(protocol_of(entry) == _EVERYTHING)


def _has_ports(entry: Props | Resource) -> bool:
    return _speaks(entry, "tcp") or _speaks(entry, "udp")


def _speaks(entry: Props | Resource, protocol: str) -> bool:
    stated = protocol_of(entry)
    return bool(stated == protocol) or bool(stated == _NUMBERS[protocol])


def range_of(entry: Props | Resource) -> tuple[Any, Any]:
    """The first and the last port."""
    low = entry.PortRange.From if entry.FromPort is ABSENT else entry.FromPort
    high = entry.PortRange.To if entry.ToPort is ABSENT else entry.ToPort
    if absent(low) or _is_any(low):
        return FIRST_PORT, LAST_PORT
    return low, LAST_PORT if absent(high) or _is_any(high) else high


def _is_any(port: Any) -> bool:
    # Not asked of an unknown port: nobody gives -1 as the value of a parameter for a port.
    return isinstance(port, int) and port == -1


def _ranges_without(ports: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The ranges that are left of all ports without these."""
    first = FIRST_PORT
    for port in sorted(set(ports)):
        if first < port:
            yield first, port - 1
        first = port + 1
    if first <= LAST_PORT:
        yield first, LAST_PORT
