"""What is drawn where: rectangles, the tiles and frames that they hold, and the routes of links."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from analyzer.picture import Badge, Card, Link

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle, by its upper left corner and its size."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.h

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.x + self.w / 2, self.y + self.h / 2

    def grown(self, by: float) -> Rect:
        """The same with a margin on each side."""
        return Rect(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)

    def holds(self, other: Rect) -> bool:
        """Whether another lies wholly inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def overlaps(self, other: Rect) -> bool:
        """Whether two have more in common than an edge."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )


class Shape(enum.StrEnum):
    """How a tile is drawn."""

    CARD = "card"
    BAND = "band"  # spans zones
    CHIP = "chip"  # on a border
    STANDBY = "standby"  # the other one of a pair
    AGAIN = "again"  # the same card in another row
    INTERNET = "internet"


@dataclass(frozen=True, slots=True)
class Tile:
    """A card, or a piece of it. `seats` are the middles of the zones that a band spans."""

    id: str
    card: Card
    shape: Shape
    rect: Rect
    parent: str = ""  # the id of the frame that it lies in
    seats: tuple[float, ...] = ()
    doors: tuple[float, ...] = ()  # where links may reach a band from above and below


class Box(enum.StrEnum):
    """What a frame is."""

    CLOUD = "cloud"
    REGION = "region"
    NETWORK = "network"
    ZONE = "zone"
    SUBNET = "subnet"
    SERVICES = "services"
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class Frame:
    """A box with its heading: a name, a line below it, and an amount."""

    id: str
    box: Box
    rect: Rect
    name: str
    detail: str = ""
    amount: str = ""
    badge: Badge = field(default_factory=Badge)
    parent: str = ""
    tone: str = ""  # of a subnet: its tier
    head: float = 0  # how wide the heading may be; everything where it is 0


@dataclass(frozen=True, slots=True)
class Route:
    """A link as a line of right angles, and where its label stands."""

    link: Link
    points: tuple[Point, ...]
    label: Rect | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """The line between a database and its standby."""

    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the scene, before it is put in its place."""

    frames: tuple[Frame, ...] = ()
    tiles: tuple[Tile, ...] = ()
    pairs: tuple[Pair, ...] = ()
    height: float = 0


@dataclass(frozen=True, slots=True)
class Title:
    """The drawing's name, and where it stands."""

    text: str
    rect: Rect


@dataclass(frozen=True, slots=True)
class Scene:
    """The whole drawing. `notes` are the lines of text below it."""

    width: float
    height: float
    title: Title
    frames: tuple[Frame, ...]
    tiles: tuple[Tile, ...]
    pairs: tuple[Pair, ...]
    routes: tuple[Route, ...]
    notes: tuple[str, ...]
