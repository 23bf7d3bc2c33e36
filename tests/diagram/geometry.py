"""What holds of every drawing, whatever is in it."""

from __future__ import annotations

from itertools import combinations, pairwise

from analyzer.output.diagram.headings import headings
from analyzer.output.diagram.scene import Box, Point, Rect, Scene, Shape


def overlapping(scene: Scene) -> list[tuple[str, str]]:
    """The tiles that cover each other."""
    return [
        (one.id, other.id)
        for one, other in combinations(scene.tiles, 2)
        if one.rect.overlaps(other.rect)
    ]


def escaping(scene: Scene) -> list[str]:
    """What reaches out of the box that it lies in."""
    frames = {frame.id: frame.rect for frame in scene.frames}
    page = Rect(0, 0, scene.width, scene.height)
    inner = [(frame.id, frame.rect, frame.parent) for frame in scene.frames]
    inner += [(tile.id, tile.rect, tile.parent) for tile in scene.tiles]
    return [
        name for name, rect, parent in inner if not frames.get(parent, page).grown(0.01).holds(rect)
    ]


def clashing(scene: Scene) -> list[tuple[str, str]]:
    """Boxes beside each other that overlap."""
    return [
        (one.id, other.id)
        for one, other in combinations(scene.frames, 2)
        if one.parent == other.parent and one.rect.overlaps(other.rect)
    ]


def strangers(scene: Scene) -> list[tuple[str, str]]:
    """Tiles over a subnet that they do not stand in."""
    subnets = [frame for frame in scene.frames if frame.box is Box.SUBNET]
    return [
        (tile.id, frame.id)
        for tile in scene.tiles
        for frame in subnets
        if tile.shape is not Shape.CHIP
        and frame.id not in tile.card.subnets
        and tile.rect.overlaps(frame.rect)
    ]


def crossing(scene: Scene) -> list[tuple[str, Rect]]:
    """Links and labels that run over the title, a tile or a heading."""
    texts = [scene.title.rect, *(tile.rect for tile in scene.tiles)]
    texts += [rect for frame in scene.frames for rect in headings(frame)]
    found = []
    for route in scene.routes:
        lines = [_line(one, other) for one, other in pairwise(route.points)]
        parts = [*lines, *([route.label] if route.label else [])]
        found += [
            (f"{route.link.source} > {route.link.target}", text)
            for text in texts
            for part in parts
            if part.overlaps(text)
        ]
    return found


def _line(one: Point, other: Point) -> Rect:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    return Rect(left, top, abs(one[0] - other[0]), abs(one[1] - other[1]))


def problems(scene: Scene) -> list[object]:
    """All of it."""
    return [
        *overlapping(scene),
        *escaping(scene),
        *clashing(scene),
        *strangers(scene),
        *crossing(scene),
    ]
