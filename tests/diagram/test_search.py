"""The way of a link: straight where it can be, round what is to be read, across few others."""

from __future__ import annotations

from analyzer.output.diagram.scene import Point, Rect
from analyzer.output.diagram.search import Door, Errand, Grid, grid_of, way

XS, YS = (5, 20, 80, 95), (20, 50, 70, 90)


def leaving(x: float, y: float) -> Door:
    """A door through which a way leaves to the right."""
    return Door((x, y), (x + 5, y))


def entering(x: float, y: float) -> Door:
    """A door that a way enters from the left."""
    return Door((x, y), (x - 5, y))


def found(grid: Grid, start: Door, end: Door, name: str = "") -> list[Point]:
    return way(grid, Errand(name, [start], [end]))


def grid_for(*doors: Door, obstacles: tuple[Rect, ...] = ()) -> Grid:
    return grid_of(XS, YS, doors, obstacles)


def test_a_free_way_is_straight() -> None:
    start, end = leaving(0, 50), entering(100, 50)
    assert found(grid_for(start, end), start, end) == [(0, 50), (100, 50)]


def test_what_is_to_be_read_is_gone_round() -> None:
    start, end = leaving(0, 50), entering(100, 50)
    grid = grid_for(start, end, obstacles=(Rect(40, 40, 20, 40),))
    above = [(20, 50), (20, 20), (80, 20), (80, 50)]
    assert found(grid, start, end) == [(0, 50), *above, (100, 50)]


def test_where_there_is_no_way_there_is_none() -> None:
    start, end = leaving(0, 50), entering(100, 50)
    grid = grid_for(start, end, obstacles=(Rect(40, -100, 20, 400),))
    assert found(grid, start, end) == []


def test_of_ways_as_long_the_one_that_crosses_nothing_is_taken() -> None:
    start, end = leaving(0, 50), entering(100, 90)
    (_, (column, _), *_) = found(grid_for(start, end), start, end)
    grid = grid_for(start, end)
    grid.take([(grid.xs.index(column), grid.ys.index(70))], "another link")
    (_, (other, _), *_) = found(grid, start, end)
    assert other != column
