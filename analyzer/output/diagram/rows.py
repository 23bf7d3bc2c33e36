"""The rows of a network: which subnets stand side by side, so that what spans them is one band."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analyzer.picture import Card, Network, Spread, Subnet, Tier

_TIERS = list(Tier)


@dataclass(frozen=True, slots=True)
class Row:
    """Subnets of one tier, at most one in each zone; by the position of the zone."""

    tier: Tier
    subnets: Mapping[int, Subnet]


def zones_of(network: Network) -> list[str]:
    """The zones of a network as columns, in order; that of subnets without a known one is last."""
    names = {subnet.zone for subnet in network.subnets}
    return [*sorted(names - {""}), *(names & {""})]


def rows_of(network: Network) -> list[Row]:
    """The subnets in rows: tier by tier, those that something spans in one row."""
    zones = {name: position for position, name in enumerate(zones_of(network))}
    order = {subnet.id: position for position, subnet in enumerate(network.subnets)}
    linked = _linked(network)
    found: list[Row] = []
    for tier in _TIERS:
        groups: dict[str, list[Subnet]] = {}
        for subnet in network.subnets:
            if subnet.tier is tier:
                groups.setdefault(linked.get(subnet.id, ""), []).append(subnet)
        alone = groups.pop("", [])
        stacks = [stack for group in groups.values() for stack in _stacked(group, zones)]
        _fill(stacks, alone, zones)
        stacks.sort(key=lambda stack: min(order[subnet.id] for subnet in stack.values()))
        found.extend(Row(tier, stack) for stack in stacks)
    return found


def _fill(
    stacks: list[dict[int, Subnet]], alone: Iterable[Subnet], zones: Mapping[str, int]
) -> None:
    """Put subnets that nothing spans where their zone is free, in a new row where none is."""
    for subnet in alone:
        column = zones[subnet.zone]
        free = next((stack for stack in stacks if column not in stack), None)
        if free is None:
            stacks.append({column: subnet})
        else:
            free[column] = subnet


def _stacked(subnets: Iterable[Subnet], zones: Mapping[str, int]) -> list[dict[int, Subnet]]:
    """Subnets side by side where their zones differ, and below where they do not."""
    stacks: list[dict[int, Subnet]] = []
    depth: dict[int, int] = {}
    for subnet in subnets:
        column = zones[subnet.zone]
        level = depth.get(column, 0)
        depth[column] = level + 1
        if level == len(stacks):
            stacks.append({})
        stacks[level][column] = subnet
    return stacks


def _linked(network: Network) -> dict[str, str]:
    """For each subnet that something spans, a name of all those that hang together so."""
    tiers = {subnet.id: subnet.tier for subnet in network.subnets}
    head: dict[str, str] = {}

    def find(key: str) -> str:
        while head.get(key, key) != key:
            key = head[key]
        return key

    for card in network.cards:
        for tier in _TIERS:
            members = [key for key in card.subnets if tiers.get(key) is tier]
            for key in members[1:]:
                head[find(key)] = find(members[0])
                head.setdefault(members[0], members[0])
    return {key: find(key) for key in head}


@dataclass(frozen=True, slots=True)
class Piece:
    """What of a card stands in one row: the columns that it takes there."""

    card: Card
    columns: tuple[int, ...]
    first: bool  # later rows show the same card again


def pieces_of(rows: Sequence[Row], cards: Iterable[Card]) -> list[list[Piece]]:
    """For each row, what stands in it, in the order of the cards."""
    found: list[list[Piece]] = [[] for _ in rows]
    for card in cards:
        first = True
        for row, pieces in zip(rows, found, strict=True):
            inside = set(card.subnets)
            columns = [c for c, subnet in sorted(row.subnets.items()) if subnet.id in inside]
            for run in _runs(columns):
                pieces.append(Piece(card, run, first))
                first = False
    return found


def _runs(columns: Sequence[int]) -> list[tuple[int, ...]]:
    """Columns as runs of neighbours."""
    runs: list[list[int]] = []
    for column in columns:
        if runs and column == runs[-1][-1] + 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    return [tuple(run) for run in runs]


def is_pair(piece: Piece) -> bool:
    """Whether a piece is a database and its standby side by side."""
    return piece.card.spread is Spread.STANDBY and len(piece.columns) == 2  # noqa: PLR2004
