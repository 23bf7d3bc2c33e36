"""The whole drawing: the internet above, the cloud below it, regions, networks and services.

Pure and without chance: the same picture gives the same scene.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise

from analyzer.output.diagram import phrases
from analyzer.output.diagram.metrics import shortened, width_of, wrapped
from analyzer.output.diagram.network import comfortable, grid, narrowest, placed, stretched
from analyzer.output.diagram.phrases import ENGLISH, Say
from analyzer.output.diagram.routing import routed
from analyzer.output.diagram.scene import Block, Box, Frame, Pair, Rect, Scene, Shape, Tile, Title
from analyzer.output.diagram.sizes import (
    GAP,
    HEAD_SIZE,
    INTERNET_HEIGHT,
    INTERNET_WIDTH,
    LINE,
    MARGIN,
    MOST_WIDTH,
    PAD,
    REGION_HEAD,
    SIDE,
    SMALL_SIZE,
    TILE_HEIGHT,
    TILE_WIDTH,
)
from analyzer.output.diagram.words import counted_words, elsewhere_words, heading, key_words
from analyzer.picture import INTERNET, Card, Diagram, Link, Network, Part, Region

_APART = 34.0  # between networks and regions, where peerings run
_STRIP = TILE_WIDTH + 2 * PAD
_FEWEST = 4  # networks past which not every way to break the rows is tried
_LEAST_WIDTH = 640.0
_COLUMN = 8  # services that stand in a column


@dataclass
class _Canvas:
    """The drawing while it grows, and the language of its words."""

    say: Say
    frames: list[Frame] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)

    def take(self, block: Block) -> None:
        """Add a part that is in its place."""
        self.frames.extend(block.frames)
        self.tiles.extend(block.tiles)
        self.pairs.extend(block.pairs)


def laid_out(diagram: Diagram, say: Say = ENGLISH) -> Scene:
    """Everything in its place, and the links routed round it."""
    canvas = _Canvas(say)
    width = max([_LEAST_WIDTH, *(_region_width(region) for region in diagram.regions)])
    left, top = MARGIN + PAD, MARGIN + INTERNET_HEIGHT + _APART
    at = top + REGION_HEAD
    lane = _lane(diagram, left, width)
    at = _outside(canvas, diagram.outside, left, at, width, lane)
    for region in diagram.regions:
        at += _region(canvas, region, left, at, width) + GAP
    bottom = at + PAD - GAP
    cloud = Rect(MARGIN, top, width + 2 * PAD, bottom - top)
    canvas.frames.insert(
        0,
        Frame("cloud", Box.CLOUD, cloud, say(phrases.CLOUD), amount=say.amount(diagram.usd)),
    )
    internet = _internet(say(phrases.INTERNET), cloud, lane)
    canvas.tiles.insert(0, internet)
    notes = _notes(diagram, say, cloud.w)
    scene = Scene(
        width=cloud.right + MARGIN,
        height=bottom + MARGIN + (len(notes) + 1) * LINE,
        title=_title(heading(diagram), internet.rect, cloud.right + MARGIN),
        frames=tuple(canvas.frames),
        tiles=tuple(canvas.tiles),
        pairs=tuple(canvas.pairs),
        routes=(),
        notes=tuple(notes),
    )
    links = [_spoken(link, say) for link in diagram.links]
    return replace(scene, routes=routed(scene, links))


def _spoken(link: Link, say: Say) -> Link:
    """A link with its label in the reader's words; ports are the same in all."""
    return link if link.ports or not link.label else replace(link, label=say(link.label))


def _lane(diagram: Diagram, left: float, width: float) -> float:
    """Where the way down from the internet is kept free: over the first gateway there is."""
    for region in diagram.regions:
        canvas = _Canvas(ENGLISH)
        _region(canvas, region, left, 0, width)
        for tile in canvas.tiles:
            if tile.shape is Shape.CHIP:
                return tile.rect.middle[0]
    return left + width / 2


def _internet(name: str, cloud: Rect, lane: float) -> Tile:
    card = Card(INTERNET, "", "internet", "", name, Part())
    left = max(cloud.x, min(lane - INTERNET_WIDTH / 2, cloud.right - INTERNET_WIDTH))
    rect = Rect(left, MARGIN, INTERNET_WIDTH, INTERNET_HEIGHT)
    return Tile(INTERNET, card, Shape.INTERNET, rect)


def _title(text: str, internet: Rect, width: float) -> Title:
    """The name beside the internet, on its left where there is room, as much of it as fits."""
    before, after = internet.x - 2 * MARGIN, width - internet.right - 2 * MARGIN
    whole = width_of(text, HEAD_SIZE, bold=True)
    left, room = (
        (MARGIN, before) if before >= min(after, whole) else (internet.right + MARGIN, after)
    )
    place = Rect(left, internet.middle[1] - LINE / 2, min(whole, room), LINE)
    return Title(shortened(text, HEAD_SIZE, room, bold=True), place)


def _outside(
    canvas: _Canvas, cards: Sequence[Card], left: float, top: float, width: float, lane: float
) -> float:
    """The services of no region, side by side; the way down stays free. Where the next begins."""
    x, y = left, top
    for card in cards:
        if x < lane + GAP and x + TILE_WIDTH > lane - GAP:
            x = lane + GAP
        if x + TILE_WIDTH > left + width:
            x, y = left, y + TILE_HEIGHT + GAP
            if x < lane + GAP and x + TILE_WIDTH > lane - GAP:
                x = lane + GAP
        rect = Rect(x, y, TILE_WIDTH, TILE_HEIGHT)
        canvas.tiles.append(Tile(card.id, card, Shape.CARD, rect, "cloud"))
        x += TILE_WIDTH + GAP
    return y + TILE_HEIGHT + _APART * 0.75 if cards else y + GAP


def _region_width(region: Region) -> float:
    """How wide a region wants to be."""
    least = _least_width(region)
    room = MOST_WIDTH - 2 * SIDE
    column = _STRIP + GAP if _beside(region, room) else 0.0
    best = sum(map(comfortable, region.networks)) + _APART * (len(region.networks) - 1)
    one_row = len(_broken(region.networks)) == 1
    wide = max(least, min(best, room - column)) if one_row else least
    return wide + column + 2 * SIDE


def _least_width(region: Region) -> float:
    """How wide the networks of a region must be."""
    return max((_row_width(row) for row in _broken(region.networks)), default=0.0)


def _beside(region: Region, room: float) -> bool:
    """Whether the region's services stand in a column beside its networks."""
    few = 0 < len(region.services) <= _COLUMN
    return few and bool(region.networks) and _least_width(region) + GAP + _STRIP <= room


def _row_width(networks: Sequence[Network]) -> float:
    return sum(map(narrowest, networks)) + _APART * (len(networks) - 1)


def _broken(networks: Sequence[Network]) -> list[tuple[Network, ...]]:
    """Networks in rows that are not too wide, as few as can be, and as even as can be."""
    if not networks:
        return []
    room = MOST_WIDTH - 2 * SIDE
    if len(networks) > 2 * _FEWEST:
        return _filled(networks, room)
    for cuts in range(len(networks)):
        found: list[tuple[float, int, list[tuple[Network, ...]]]] = []
        for places in combinations(range(1, len(networks)), cuts):
            ends = (0, *places, len(networks))
            rows = [tuple(networks[a:b]) for a, b in pairwise(ends)]
            widths = [_row_width(row) for row in rows]
            if max(widths) <= room or cuts == len(networks) - 1:
                found.append((max(widths) - min(widths), len(found), rows))
        if found:
            return min(found, key=lambda item: item[:2])[2]
    return [tuple(networks)]


def _filled(networks: Sequence[Network], room: float) -> list[tuple[Network, ...]]:
    rows: list[tuple[Network, ...]] = []
    for network in networks:
        if rows and _row_width((*rows[-1], network)) <= room:
            rows[-1] = (*rows[-1], network)
        else:
            rows.append((network,))
    return rows


def _region(canvas: _Canvas, region: Region, x: float, y: float, width: float) -> float:
    """Draw a region; how high it is."""
    key = f"region:{region.account}:{region.name}"
    place = len(canvas.frames)
    at = y + REGION_HEAD
    rows = _broken(region.networks)
    inner = width - 2 * SIDE
    beside = _beside(region, inner)
    room = inner - (_STRIP + GAP if beside else 0)
    start = at
    for row in rows:
        at += _network_row(canvas, row, x + SIDE, at, room, key) + _APART
    at -= _APART if rows else 0
    if beside:
        area = Rect(x + SIDE + room + GAP, start, _STRIP, 0)
        at = max(at, _cards_box(canvas, region.services, area, Box.SERVICES, key))
    elif region.services:
        area = Rect(x + SIDE, at + (GAP if rows else 0), inner, 0)
        at = _cards_box(canvas, region.services, area, Box.SERVICES, key)
    if region.unplaced:
        area = Rect(x + SIDE, at + GAP, inner, 0)
        at = _cards_box(canvas, region.unplaced, area, Box.UNPLACED, key)
    named = canvas.say(phrases.REGION).replace("{}", region.name)
    account = canvas.say(phrases.ACCOUNT).replace("{}", region.account)
    frame = Frame(
        id=key,
        box=Box.REGION,
        rect=Rect(x, y, width, at + PAD - y),
        name=named if region.name else canvas.say(phrases.NO_REGION),
        detail=account if region.account else "",
        amount=canvas.say.amount(region.usd),
        parent="cloud",
    )
    canvas.frames.insert(place, frame)
    return frame.rect.h


def _network_row(
    canvas: _Canvas, row: Sequence[Network], x: float, y: float, room: float, parent: str
) -> float:
    spare = max(0.0, room - _row_width(row)) / len(row)
    blocks = []
    for network in row:
        width = narrowest(network) + spare
        blocks.append(placed(network, x, y, width, parent, canvas.say))
        x += width + _APART
    height = max(block.height for block in blocks)
    for block in blocks:
        canvas.take(stretched(block, height))
    return height


_BOXES = {Box.SERVICES: phrases.SERVICES, Box.UNPLACED: phrases.UNPLACED}


def _cards_box(canvas: _Canvas, cards: Sequence[Card], area: Rect, box: Box, parent: str) -> float:
    """A box of cards; its lower edge."""
    key = f"{parent}#{box}"
    across = max(1, int((area.w - 2 * PAD + GAP) // (TILE_WIDTH + GAP)))
    shapes = [(card, Shape.CARD) for card in cards]
    top = area.y + REGION_HEAD - PAD / 2
    tiles = grid(shapes, area.x + PAD, top, area.w - 2 * PAD, key, most=across)
    bottom = max([area.bottom, *(tile.rect.bottom + PAD for tile in tiles)])
    rect = Rect(area.x, area.y, area.w, bottom - area.y)
    canvas.frames.append(Frame(key, box, rect, canvas.say(_BOXES[box]), parent=parent))
    canvas.tiles.extend(tiles)
    return bottom


def _notes(diagram: Diagram, say: Say, room: float) -> list[str]:
    """The lines below the drawing: what its marks mean, and what is counted and not drawn."""
    pieces = [counted_words(counted, say) for counted in diagram.counted]
    if pieces:
        pieces[0] = say(phrases.NOT_DRAWN).replace("{}", pieces[0])
    pieces.extend(elsewhere_words(diagram, say))
    keys = [say(phrase) for phrase in key_words(diagram)]
    return [*wrapped(keys, SMALL_SIZE, room), *wrapped(pieces, SMALL_SIZE, room)]
