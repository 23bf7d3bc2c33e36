"""One network: zones as columns, subnets as rows, and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from analyzer.output.diagram.phrases import NO_ZONE, Say
from analyzer.output.diagram.rows import Piece, Row, is_pair, pieces_of, rows_of, zones_of
from analyzer.output.diagram.scene import Block, Box, Frame, Pair, Rect, Shape, Tile
from analyzer.output.diagram.sizes import (
    CHIP_HEIGHT,
    CHIP_WIDTH,
    GAP,
    GUTTER,
    LANE,
    NETWORK_HEAD,
    PAD,
    SUBNET_HEAD,
    TILE_HEIGHT,
    TILE_MOST,
    TILE_SMALL,
    TILE_WIDTH,
    ZONE_HEAD,
)
from analyzer.output.diagram.words import joined, subnet_words
from analyzer.picture import Card, Network, total

_FEW_ZONES = 3
_AT_MOST = 2  # tiles side by side, so that each is at a gutter


@dataclass
class _Drawing:
    """A network while it is drawn."""

    network: Network
    say: Say
    frames: list[Frame] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns of zones stand."""

    left: float
    width: float
    count: int

    def zone(self, column: int) -> float:
        """The left edge of a column."""
        return self.left + column * (self.width + GUTTER)

    def inside(self, first: int, last: int) -> tuple[float, float]:
        """Where tiles of these columns begin, and how wide they may be together."""
        start = self.zone(first) + 2 * PAD
        return start, self.zone(last) + self.width - 2 * PAD - start

    def gutters(self) -> tuple[float, ...]:
        """The middles of the gutters between columns, from left to right."""
        return tuple(self.zone(column) - GUTTER / 2 for column in range(1, self.count))


def narrowest(network: Network) -> float:
    """How wide a network must be."""
    zones = max(1, len(zones_of(network)))
    tile = TILE_WIDTH if zones <= _FEW_ZONES else TILE_SMALL
    chips = len(network.gateways) * (CHIP_WIDTH + GAP) + 2 * PAD
    return max(zones * (tile + 4 * PAD) + (zones - 1) * GUTTER + 2 * LANE, chips)


def comfortable(network: Network) -> float:
    """How wide a network reads best: two tiles in a subnet where there are two."""
    rows = rows_of(network)
    alone = [
        sum(piece.columns == (column,) and not is_pair(piece) for piece in pieces)
        for pieces in pieces_of(rows, network.cards)
        for column in range(len(zones_of(network)))
    ]
    zones = max(1, len(zones_of(network)))
    if max(alone, default=0) < _AT_MOST:
        return max(narrowest(network), zones * (TILE_MOST + 4 * PAD + GUTTER))
    return max(narrowest(network), zones * (2 * TILE_WIDTH + GAP + 4 * PAD + GUTTER))


def placed(network: Network, x: float, y: float, width: float, parent: str, say: Say) -> Block:
    """A network with its upper left corner there."""
    drawing = _Drawing(network, say)
    zones = zones_of(network)
    count = max(1, len(zones))
    inner = width - 2 * LANE
    columns = _Columns(x + LANE, (inner - (count - 1) * GUTTER) / count, count)
    chips = CHIP_HEIGHT / 2 if network.gateways else 0.0
    top = y + chips
    at = top + NETWORK_HEAD + (ZONE_HEAD if zones else 0)
    rows = rows_of(network)
    for row, pieces in zip(rows, pieces_of(rows, network.cards), strict=True):
        at += _row(drawing, row, pieces, columns, at) + GAP
    bottom = at + PAD if rows else top + NETWORK_HEAD + PAD
    _zones(
        drawing,
        zones,
        columns,
        Rect(x, top + NETWORK_HEAD, width, bottom - GAP - PAD - top - NETWORK_HEAD + PAD),
    )
    frame = _frame(drawing, Rect(x, top, width, bottom - top), parent, columns)
    _gateways(drawing, frame.rect, columns)
    return Block(
        (frame, *drawing.frames),
        tuple(drawing.tiles),
        tuple(drawing.pairs),
        bottom - y,
    )


def _frame(drawing: _Drawing, rect: Rect, parent: str, columns: _Columns) -> Frame:
    network, gutters = drawing.network, columns.gutters()
    return Frame(
        id=network.id,
        box=Box.NETWORK,
        rect=rect,
        name=network.name,
        detail=joined("VPC", network.block),
        amount=drawing.say.amount(network.usd),
        badge=network.part.badge,
        parent=parent,
        head=(_way_down(gutters) - rect.x if gutters and network.gateways else 0),
    )


def _way_down(gutters: Sequence[float]) -> float:
    """The gutter in the middle, through which the way from the internet comes."""
    return gutters[(len(gutters) - 1) // 2]


def _zones(drawing: _Drawing, zones: Sequence[str], columns: _Columns, area: Rect) -> None:
    for column, name in enumerate(zones):
        drawing.frames.append(
            Frame(
                id=f"{drawing.network.id}#zone{column}",
                box=Box.ZONE,
                rect=Rect(columns.zone(column), area.y, columns.width, area.h),
                name=name or drawing.say(NO_ZONE),
                parent=drawing.network.id,
            )
        )


def _gateways(drawing: _Drawing, rect: Rect, columns: _Columns) -> None:
    """Chips on the upper border; the first stands over the middle gutter."""
    gutters = columns.gutters()
    chips = drawing.network.gateways
    whole = len(chips) * CHIP_WIDTH + max(0, len(chips) - 1) * GAP
    first = (_way_down(gutters) if gutters else rect.x + LANE + CHIP_WIDTH / 2) - CHIP_WIDTH / 2
    start = max(rect.x + PAD, min(first, rect.right - PAD - whole))
    for position, card in enumerate(chips):
        left = start + position * (CHIP_WIDTH + GAP)
        place = Rect(left, rect.y - CHIP_HEIGHT / 2, CHIP_WIDTH, CHIP_HEIGHT)
        drawing.tiles.append(Tile(card.id, card, Shape.CHIP, place))


def _row(
    drawing: _Drawing, row: Row, pieces: Sequence[Piece], columns: _Columns, y: float
) -> float:
    """A row of subnets; how high it is."""
    bands = [piece for piece in pieces if len(piece.columns) > 1]
    single = [piece for piece in pieces if len(piece.columns) == 1]
    at = y + SUBNET_HEAD
    for piece in bands:
        _band(drawing, row, piece, columns, at)
        at += TILE_HEIGHT + GAP
    lowest = at
    for column, subnet in row.subnets.items():
        own = [piece for piece in single if piece.columns == (column,)]
        start, room = columns.inside(column, column)
        tiles = grid([_shape(piece) for piece in own], start, at, room, subnet.id)
        drawing.tiles.extend(tiles)
        lowest = max([lowest, *(tile.rect.bottom + GAP for tile in tiles)])
    height = max(lowest - GAP + PAD, y + SUBNET_HEAD + PAD / 2) - y
    for column, subnet in row.subnets.items():
        rect = Rect(columns.zone(column) + PAD, y, columns.width - 2 * PAD, height)
        mine = [each for each in single if each.columns == (column,) and each.first]
        drawing.frames.append(
            Frame(
                id=subnet.id,
                box=Box.SUBNET,
                rect=rect,
                name=subnet.name,
                detail=subnet_words(subnet, drawing.say),
                amount=drawing.say.amount(total(subnet.part, *(each.card.part for each in mine))),
                badge=subnet.part.badge,
                parent=f"{drawing.network.id}#zone{column}",
                tone=subnet.tier.name.lower(),
            )
        )
    return height


def _shape(piece: Piece) -> tuple[Card, Shape]:
    return piece.card, Shape.CARD if piece.first else Shape.AGAIN


def _band(drawing: _Drawing, row: Row, piece: Piece, columns: _Columns, y: float) -> None:
    first, last = piece.columns[0], piece.columns[-1]
    if is_pair(piece) and piece.first:
        _pair(drawing, row, piece, columns, y)
        return
    start, room = columns.inside(first, last)
    seats = tuple(columns.zone(column) + columns.width / 2 for column in piece.columns)
    gutters = tuple(x for x in columns.gutters() if start < x < start + room)
    drawing.tiles.append(
        Tile(
            id=piece.card.id,
            card=piece.card,
            shape=Shape.BAND if piece.first else Shape.AGAIN,
            rect=Rect(start, y, room, TILE_HEIGHT),
            parent=drawing.network.id,
            seats=seats,
            doors=gutters,
        )
    )


def _pair(drawing: _Drawing, row: Row, piece: Piece, columns: _Columns, y: float) -> None:
    """A database at work in one zone, its standby in the other, and the line between them."""
    places = []
    for column, shape in zip(piece.columns, (Shape.CARD, Shape.STANDBY), strict=True):
        start, room = columns.inside(column, column)
        places.append(Rect(start, y, room, TILE_HEIGHT))
        drawing.tiles.append(
            Tile(piece.card.id, piece.card, shape, places[-1], row.subnets[column].id)
        )
    level = y + TILE_HEIGHT / 2
    drawing.pairs.append(Pair(((places[0].right, level), (places[1].x, level))))


def grid(
    cards: Sequence[tuple[Card, Shape]],
    x: float,
    y: float,
    room: float,
    parent: str,
    most: int = _AT_MOST,
) -> list[Tile]:
    """Tiles from left to right in as many columns as there is room for."""
    across = max(1, min(most, int((room + GAP) // (TILE_WIDTH + GAP))))
    width = min(TILE_MOST, (room - (across - 1) * GAP) / across)
    return [
        Tile(
            card.id,
            card,
            shape,
            Rect(
                x + position % across * (width + GAP),
                y + position // across * (TILE_HEIGHT + GAP),
                width,
                TILE_HEIGHT,
            ),
            parent,
        )
        for position, (card, shape) in enumerate(cards)
    ]


def stretched(block: Block, height: float) -> Block:
    """The same, as high as its neighbours: the network and its zones reach further down."""
    extra = height - block.height
    if extra <= 0:
        return block
    frames = tuple(
        replace(frame, rect=replace(frame.rect, h=frame.rect.h + extra))
        if frame.box in (Box.NETWORK, Box.ZONE)
        else frame
        for frame in block.frames
    )
    return replace(block, frames=frames, height=height)
