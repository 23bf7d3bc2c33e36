"""The search for a way of right angles round obstacles: A* over the lines that run beside them."""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from analyzer.output.diagram.scene import Point, Rect

CLEAR = 5.0  # between a line and anything that is to be read
_TURN = 60.0  # what a turn costs, in units of length
_SHARED = 12.0  # how much dearer a line is that another link has taken
_FOREIGN = 4.0  # and one through a place that neither end lies in
_CROSSED = 40.0  # what crossing another link costs
_STEPS = 60_000  # after which no way is looked for any longer
_NEAR = 4.0  # lines that are closer than this are one
_HEADINGS = ((0, -1), (0, 1), (-1, 0), (1, 0))  # up, down, left, right; the opposite is `^ 1`

Node = tuple[int, int]
State = tuple[Node, int]  # a place, and the heading with which it was reached


@dataclass(frozen=True, slots=True)
class Door:
    """Where a link may leave something: a point on its edge, and the one just outside of it."""

    edge: Point
    outer: Point

    @property
    def heading(self) -> int:
        """The way out."""
        (x, y), (u, v) = self.edge, self.outer
        return _HEADINGS.index((_sign(u - x), _sign(v - y)))


@dataclass
class Grid:
    """The lines that may be taken, the places that may not, and who has taken what already."""

    xs: list[float]
    ys: list[float]
    blocked: set[Node] = field(default_factory=set)
    walls: set[tuple[Node, Node]] = field(default_factory=set)
    taken: dict[tuple[Node, Node], str] = field(default_factory=dict)
    passed: dict[Node, str] = field(default_factory=dict)
    inside: dict[Node, str] = field(default_factory=dict)

    def block(self, rect: Rect) -> None:
        """Let no line pass through a rectangle."""
        x0, x1 = bisect_right(self.xs, rect.x), bisect_left(self.xs, rect.right)
        y0, y1 = bisect_right(self.ys, rect.y), bisect_left(self.ys, rect.bottom)
        self.blocked.update((i, j) for i in range(x0, x1) for j in range(y0, y1))
        if x0 == x1 and 0 < x0 < len(self.xs):  # it lies between two lines
            self.walls.update(((x0 - 1, j), (x0, j)) for j in range(y0, y1))
        if y0 == y1 and 0 < y0 < len(self.ys):
            self.walls.update(((i, y0 - 1), (i, y0)) for i in range(x0, x1))

    def belongs(self, rect: Rect, name: str) -> None:
        """Note the places that lie in a box: to pass through it costs more than to go round it."""
        columns = range(bisect_left(self.xs, rect.x), bisect_right(self.xs, rect.right))
        levels = range(bisect_left(self.ys, rect.y), bisect_right(self.ys, rect.bottom))
        self.inside.update(((i, j), name) for i in columns for j in levels)

    def point(self, node: Node) -> Point:
        """Where a place lies."""
        return self.xs[node[0]], self.ys[node[1]]

    def doors(self, doors: Sequence[Door]) -> dict[Node, Door]:
        """The places just outside of doors that are free."""
        found: dict[Node, Door] = {}
        for door in doors:
            i, j = bisect_left(self.xs, door.outer[0]), bisect_left(self.ys, door.outer[1])
            inside = i < len(self.xs) and j < len(self.ys)
            if inside and self.point((i, j)) == door.outer and (i, j) not in self.blocked:
                found.setdefault((i, j), door)
        return found

    def steps(self, node: Node, asked: Errand) -> Iterator[tuple[Node, int, float]]:
        """The next places, the heading there, and what it costs."""
        x, y = self.point(node)
        for heading, (dx, dy) in enumerate(_HEADINGS):
            other = (node[0] + dx, node[1] + dy)
            if not (0 <= other[0] < len(self.xs) and 0 <= other[1] < len(self.ys)):
                continue
            edge = _edge(node, other)
            if other in self.blocked or edge in self.walls:
                continue
            u, v = self.point(other)
            cost = abs(u - x) + abs(v - y)
            if self.taken.get(edge, asked.name) != asked.name:
                cost *= _SHARED
            elif self.passed.get(other, asked.name) != asked.name:
                cost += _CROSSED
            if self.inside.get(other, "") not in asked.boxes:
                cost *= _FOREIGN
            yield other, heading, cost

    def take(self, nodes: Sequence[Node], name: str) -> None:
        """Note whose the lines along some places are."""
        self.taken.update((_edge(one, other), name) for one, other in pairwise(nodes))
        self.passed.update((node, name) for node in nodes)


def grid_of(
    xs: Iterable[float], ys: Iterable[float], doors: Sequence[Door], obstacles: Iterable[Rect]
) -> Grid:
    """A grid of lines and of those that doors need, with obstacles and room round them."""
    grid = Grid(
        _thinned(xs, {door.outer[0] for door in doors}),
        _thinned(ys, {door.outer[1] for door in doors}),
    )
    for rect in obstacles:
        grid.block(rect.grown(CLEAR - 0.5))
    return grid


def _thinned(values: Iterable[float], needed: set[float]) -> list[float]:
    """Values in order, without those that are not needed and close to one before."""
    kept: list[float] = []
    for value in sorted({*values, *needed}):
        if value in needed or not kept or value - kept[-1] >= _NEAR:
            kept.append(value)
    return kept


@dataclass(frozen=True, slots=True)
class Errand:
    """A way that is looked for, from any of some doors to any of others.

    Ways of one `name` may share lines; `boxes` are those that it may pass, "" for the open.
    """

    name: str
    sources: Sequence[Door]
    targets: Sequence[Door]
    boxes: frozenset[str] = frozenset({""})


def way(grid: Grid, asked: Errand) -> list[Point]:
    """The corners of the best way; none where there is none."""
    starts, ends = grid.doors(asked.sources), grid.doors(asked.targets)
    if not starts or not ends:
        return []
    goal = [grid.point(node) for node in ends]
    came: dict[State, State | None] = {}
    best: dict[State, float] = {}
    queue: list[tuple[float, float, State]] = []

    def reach(state: State, cost: float, before: State | None) -> None:
        if cost < best.get(state, float("inf")):
            best[state], came[state] = cost, before
            heapq.heappush(queue, (cost + _left(grid.point(state[0]), goal), cost, state))

    for node, door in starts.items():
        begun = grid.passed.get(node, asked.name) != asked.name
        reach((node, door.heading), _CROSSED if begun else 0.0, None)
    for _ in range(_STEPS):
        if not queue:
            break
        _, cost, state = heapq.heappop(queue)
        node, heading = state
        if node in ends and ends[node].heading == heading ^ 1:
            nodes = _back(came, state)
            grid.take(nodes, asked.name)
            inner = [grid.point(each) for each in nodes]
            return _corners([starts[nodes[0]].edge, *inner, ends[node].edge])
        if cost == best[state]:
            for other, turned, price in grid.steps(node, asked):
                reach((other, turned), cost + price + (_TURN if turned != heading else 0), state)
    return []


def _left(point: Point, goal: Sequence[Point]) -> float:
    """How far it is at least."""
    return min(abs(point[0] - x) + abs(point[1] - y) for x, y in goal)


def _back(came: Mapping[State, State | None], last: State) -> list[Node]:
    """The places of a way, from its start."""
    nodes: list[Node] = []
    state: State | None = last
    while state is not None:
        nodes.append(state[0])
        state = came[state]
    return nodes[::-1]


def _corners(points: Sequence[Point]) -> list[Point]:
    """The points without those that lie on a straight line between their neighbours."""
    kept: list[Point] = []
    for point in points:
        if len(kept) > 1 and any(kept[-2][i] == kept[-1][i] == point[i] for i in (0, 1)):
            kept[-1] = point
        elif not kept or point != kept[-1]:
            kept.append(point)
    return kept


def _edge(one: Node, other: Node) -> tuple[Node, Node]:
    return (one, other) if one < other else (other, one)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
