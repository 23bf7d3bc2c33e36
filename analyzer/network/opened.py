"""What a thing lets in at all: the ports to ask about where nobody names one."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Resource
from analyzer.network.access_lists import ENTRY
from analyzer.network.flow import Flow, bounds, cells
from analyzer.network.group_sets import GROUP, Group, group_named
from analyzer.network.interface_table import interfaces
from analyzer.unknown import Undecided

_PROTOCOLS = ("6", "17")


def opened_flows(target: Resource, *protocols: str) -> tuple[Flow, ...]:
    """The ports that a thing's groups open, in ranges that are let through or stopped as a whole.

    Everything, where its groups are not known.
    """
    found: dict[Flow, None] = {}
    for protocol in protocols or _PROTOCOLS:
        whole = Flow(protocol)
        try:
            ranges = list(_ranges(target, whole))
        except Undecided:
            return tuple(Flow(each) for each in protocols or _PROTOCOLS)
        cut = (*ranges, *_cuts(target, whole))
        for cell in cells(whole, cut):
            if any(low <= cell.first and cell.last <= high for low, high in ranges):
                found[cell] = None
    return tuple(found)


def _ranges(target: Resource, flow: Flow) -> Iterator[tuple[int, int]]:
    for groups in _groups(target):
        if groups is None:
            yield flow.first, flow.last
        for group in groups or ():
            if group.doubt is not None or group.admits_itself:
                yield flow.first, flow.last
            for entry in group.ingress:
                known = bounds(entry, flow)
                if known is not None:
                    yield known


def _groups(target: Resource) -> list[tuple[Group, ...] | None]:
    """The groups of each interface; of a security group, itself, whoever carries it."""
    if target.type == GROUP:
        return [(group_named(target, target.key),)]
    return [interface.groups for interface in interfaces(target)]


def _cuts(target: Resource, flow: Flow) -> Iterator[tuple[int, int]]:
    """Where network access lists change their minds."""
    for entry in target.inventory.declared(ENTRY):
        try:
            known = bounds(entry, flow)
        except Undecided:
            continue
        if known is not None:
            yield known
