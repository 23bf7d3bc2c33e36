"""The routes of links: round everything that is to be read, and round networks where they can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analyzer.output.diagram.headings import headings
from analyzer.output.diagram.metrics import width_of
from analyzer.output.diagram.scene import Box, Frame, Point, Rect, Route, Scene, Shape, Tile
from analyzer.output.diagram.search import CLEAR, Door, Errand, Grid, grid_of, way
from analyzer.output.diagram.sizes import GUTTER, LANE, SMALL_SIZE
from analyzer.picture import Link, Way

_SHARES = (0.5, 0.3, 0.7, 0.15, 0.85)  # of a line, where its label may stand
_LABEL_HEIGHT = 15.0
_BESIDE = 5.0  # from a border to the line that runs along it
_EDGES = (Box.CLOUD, Box.REGION, Box.NETWORK, Box.SERVICES, Box.UNPLACED)
_LINED = (*_EDGES, Box.ZONE, Box.SUBNET)  # borders that no line runs along
_HIDDEN = (Shape.AGAIN, Shape.STANDBY)  # no link ends at the second of two


@dataclass(frozen=True, slots=True)
class _Grids:
    """Where lines may run: anywhere, or not through networks."""

    inner: Grid
    outer: Grid


def routed(scene: Scene, links: Sequence[Link]) -> tuple[Route, ...]:
    """A route for each link that has one; labels stand where there is room."""
    ends = sorted({key for link in links for key in (link.source, link.target)})
    doors = {key: _doors(scene, key) for key in ends}
    texts = [scene.title.rect, *(tile.rect for tile in scene.tiles)]
    texts += [rect for frame in scene.frames for rect in headings(frame)]
    grids = _grids(scene, texts, [door for found in doors.values() for door in found])
    inside = {tile.id for tile in scene.tiles if _in_network(scene, tile)}
    routes: list[Route] = []
    for link in links:
        outside = link.source not in inside and link.target not in inside
        name = f"{link.source} {link.target}" if link.way is Way.PEERING else link.source
        tried = (grids.outer, grids.inner) if outside else (grids.inner,)
        boxes = frozenset({"", *_boxes(scene, link.source), *_boxes(scene, link.target)})
        asked = Errand(name, doors[link.source], doors[link.target], boxes)
        points = next(filter(None, (way(grid, asked) for grid in tried)), [])
        if points:
            routes.append(Route(link, tuple(points)))
    page = Rect(0, 0, scene.width, scene.height)
    return tuple(_labelled(routes, [*texts, *_borders(scene)], page))


def _in_network(scene: Scene, tile: Tile) -> bool:
    networks = [frame.rect for frame in scene.frames if frame.box is Box.NETWORK]
    return any(rect.holds(tile.rect) for rect in networks)


def _boxes(scene: Scene, key: str) -> Iterator[str]:
    """The subnets that a card stands in."""
    for tile in scene.tiles:
        if tile.id == key:
            yield from tile.card.subnets


def _grids(scene: Scene, texts: Sequence[Rect], doors: Sequence[Door]) -> _Grids:
    xs = sorted(_columns(scene, texts))
    ys = sorted(_levels(scene, texts))
    networks = [frame.rect for frame in scene.frames if frame.box is Box.NETWORK]
    grids = _Grids(
        grid_of(xs, ys, doors, texts),
        grid_of(xs, ys, doors, [*texts, *(rect.grown(-0.5 - CLEAR) for rect in networks)]),
    )
    for frame in scene.frames:
        if frame.box is Box.SUBNET:
            grids.inner.belongs(frame.rect, frame.id)
    return grids


def _columns(scene: Scene, texts: Sequence[Rect]) -> Iterator[float]:
    """Where lines may run up and down: beside texts and borders, and in the middle of gutters."""
    edges = [x for frame in _lined(scene) for x in (frame.rect.x, frame.rect.right)]
    beside = [x for rect in texts for x in (rect.x - 2 * CLEAR, rect.right + 2 * CLEAR)]
    yield from _off(beside, edges)
    for frame in scene.frames:
        rect = frame.rect
        if frame.box is Box.ZONE:
            yield from (rect.x - GUTTER / 2, rect.right + GUTTER / 2)
        if frame.box is Box.NETWORK:
            yield from (rect.x + LANE / 2, rect.right - LANE / 2)
        if frame.box in _EDGES:
            yield from _off((rect.x - _BESIDE, rect.right + _BESIDE), edges)


def _levels(scene: Scene, texts: Sequence[Rect]) -> Iterator[float]:
    """Where lines may run from side to side."""
    edges = [y for frame in _lined(scene) for y in (frame.rect.y, frame.rect.bottom)]
    beside = [y for rect in texts for y in (rect.y - CLEAR, rect.bottom + CLEAR)]
    yield from _off(beside, edges)
    for frame in _lined(scene):
        yield from _off((frame.rect.y - _BESIDE, frame.rect.bottom + _BESIDE), edges)


def _lined(scene: Scene) -> list[Frame]:
    return [frame for frame in scene.frames if frame.box in _LINED]


def _off(values: Sequence[float], edges: Sequence[float]) -> Iterator[float]:
    """The values that are not upon a border."""
    return (value for value in values if all(abs(value - edge) > CLEAR - 1 for edge in edges))


def _doors(scene: Scene, key: str) -> list[Door]:
    """Where a link may leave a card or a network."""
    found: list[Door] = []
    for tile in scene.tiles:
        if tile.id == key and tile.shape not in _HIDDEN:
            chip = tile.shape is Shape.CHIP  # its sides lie on a border
            across = _shares(tile.rect) if chip else tile.doors or (tile.rect.middle[0],)
            found.extend(_around(tile.rect, across, () if chip else (tile.rect.middle[1],)))
    for frame in scene.frames:
        if frame.id == key and frame.box is Box.NETWORK:
            rect = frame.rect
            levels = tuple(rect.y + rect.h * share for share in (0.35, 0.5, 0.65))
            found.extend(_around(rect, _shares(rect), levels))
    return found


def _shares(rect: Rect) -> tuple[float, ...]:
    return tuple(rect.x + rect.w * share for share in (0.25, 0.5, 0.75))


def _around(rect: Rect, across: Sequence[float], levels: Sequence[float]) -> Iterator[Door]:
    for x in across:
        yield Door((x, rect.y), (x, rect.y - CLEAR))
        yield Door((x, rect.bottom), (x, rect.bottom + CLEAR))
    for y in levels:
        yield Door((rect.x, y), (rect.x - CLEAR, y))
        yield Door((rect.right, y), (rect.right + CLEAR, y))


def _borders(scene: Scene) -> Iterator[Rect]:
    """The borders of networks, as thin as they are."""
    for frame in scene.frames:
        if frame.box is Box.NETWORK:
            rect = frame.rect
            corners = ((rect.x, rect.y), (rect.right, rect.y), (rect.right, rect.bottom))
            yield from (_thin(*ends) for ends in pairwise((*corners, (rect.x, rect.bottom))))
            yield _thin((rect.x, rect.y), (rect.x, rect.bottom))


def _labelled(routes: Sequence[Route], texts: Sequence[Rect], page: Rect) -> Iterator[Route]:
    """The routes with their labels, which cover neither texts nor lines nor each other."""
    lines = [_thin(one, other) for route in routes for one, other in pairwise(route.points)]
    labels: list[Rect] = []
    for route in routes:
        places = _places(route) if route.link.label else ()
        free = (
            place
            for place in places
            if page.holds(place)
            and not any(place.overlaps(rect) for rect in (*texts, *lines, *labels))
        )
        label = next(free, None)
        labels.extend([label] if label else [])
        yield Route(route.link, route.points, label)


def _thin(one: Point, other: Point) -> Rect:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    return Rect(left, top, abs(one[0] - other[0]), abs(one[1] - other[1])).grown(1)


def _places(route: Route) -> Iterator[Rect]:
    """Where a label may stand: beside the line, on its longest part first."""
    wide = width_of(route.link.label, SMALL_SIZE, bold=True) + 6
    parts = sorted(
        pairwise(route.points),
        key=lambda part: -(abs(part[0][0] - part[1][0]) + abs(part[0][1] - part[1][1])),
    )
    for (x0, y0), (x1, y1) in parts:
        for share in _SHARES:
            x, y = x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
            if x0 == x1:
                yield Rect(x + 3, y - _LABEL_HEIGHT / 2, wide, _LABEL_HEIGHT)
                yield Rect(x - 3 - wide, y - _LABEL_HEIGHT / 2, wide, _LABEL_HEIGHT)
            else:
                yield Rect(x - wide / 2, y - _LABEL_HEIGHT - 2, wide, _LABEL_HEIGHT)
                yield Rect(x - wide / 2, y + 2, wide, _LABEL_HEIGHT)
