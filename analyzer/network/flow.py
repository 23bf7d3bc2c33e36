"""What is asked to pass: a protocol and ports, and which entries speak of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from analyzer.errors import UsageError
from analyzer.model import Props, Resource
from analyzer.network.ports import FIRST_PORT, LAST_PORT, is_everything, protocol_of, range_of
from analyzer.unknown import Undecided, absent

# IANA's numbers of the protocols that security groups call by name.
_NUMBERS = {"tcp": "6", "udp": "17", "icmp": "1", "icmpv6": "58"}
_WITH_PORTS = ("6", "17")

# Where clients connect from: the widest range in use, that of balancers and NAT gateways.
# https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
CLIENT_PORTS = (1024, LAST_PORT)


@dataclass(frozen=True, slots=True)
class Flow:
    """New connections to a range of ports of one protocol (IANA's number).

    Protocols without ports have the whole range.
    """

    protocol: str
    first: int = FIRST_PORT
    last: int = LAST_PORT

    @property
    def answers(self) -> Flow:
        """What goes back to the clients."""
        return Flow(self.protocol, *CLIENT_PORTS) if self.has_ports else self

    @property
    def has_ports(self) -> bool:
        """Whether ports mean anything to the protocol."""
        return self.protocol in _WITH_PORTS

    @property
    def name(self) -> str:
        """The protocol's name, or its number."""
        return next((name for name, number in _NUMBERS.items() if number == self.protocol), "")

    def at(self, port: int) -> Flow:
        """The same protocol on another port."""
        return Flow(self.protocol, port, port)

    def __str__(self) -> str:
        name = self.name.upper() or f"protocol {self.protocol}"
        if not self.has_ports:
            return name
        ports = f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"
        return f"{name} port {ports}"


def flow_of(protocol: str | int, port: int | str | None) -> Flow:
    """A flow from what a user writes. Raises `UsageError` where it is none."""
    number = f"{protocol}".lower()
    number = _NUMBERS.get(number, number)
    if not number.isdigit() or int(number) > 255:  # noqa: PLR2004 - the field has eight bits
        raise UsageError(
            f"'{protocol}' is no protocol", hint=f"use {', '.join(_NUMBERS)}, or a number"
        )
    if number not in _WITH_PORTS:
        return Flow(number)
    if port is None:
        raise UsageError(f"a connection by {protocol} goes to a port", hint="give --port")
    text = f"{port}"
    if not text.isdigit() or int(text) > LAST_PORT:
        raise UsageError(f"'{port}' is no port", hint=f"ports are 0 to {LAST_PORT}")
    return Flow(number).at(int(text))


def passes(entry: Props | Resource, flow: Flow) -> bool:
    """Whether an entry lets all of a flow's ports through; its source is not looked at.

    Unknown protocols and ports are choices.
    """
    if is_everything(entry):
        return True
    if not speaks(entry, flow):
        return False
    if not flow.has_ports:
        return True
    low, high = range_of(entry)
    return bool(low <= flow.first) and bool(high >= flow.last)


def speaks(entry: Props | Resource, flow: Flow) -> bool:
    """Whether an entry names the flow's protocol, by number or by name."""
    stated = protocol_of(entry)
    return bool(stated == flow.protocol) or bool(flow.name and stated == flow.name)


def bounds(entry: Props | Resource, flow: Flow) -> tuple[int, int] | None:
    """The known ports of an entry for the flow's protocol; None where it speaks of another one.

    Raises `Undecided` where they are not known.
    """
    if is_everything(entry):
        return FIRST_PORT, LAST_PORT
    if not speaks(entry, flow):
        return None
    if not flow.has_ports:
        return FIRST_PORT, LAST_PORT
    low, high = range_of(entry)
    return _known(low), _known(high)


def _known(port: Any) -> int:
    if absent(port) or not isinstance(port, int):
        raise Undecided(f"{port}", "is a port that is not known")
    return port


def cells(flow: Flow, ranges: Iterable[tuple[int, int] | None]) -> list[Flow]:
    """The flow in the fewest pieces that each range holds as a whole, or not at all."""
    starts = {flow.first}
    for pair in ranges:
        if pair is not None:
            starts.update((pair[0], pair[1] + 1))
    cuts = sorted(start for start in starts if flow.first <= start <= flow.last)
    ends = [*(start - 1 for start in cuts[1:]), flow.last]
    return [Flow(flow.protocol, first, last) for first, last in zip(cuts, ends, strict=True)]
