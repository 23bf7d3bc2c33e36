"""The drawing as SVG: text escaped, titles for who points or listens, no script."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from analyzer.content import content
from analyzer.escape import visible
from analyzer.output.diagram.glyphs import GLYPHS, used
from analyzer.output.diagram.headings import heading_of
from analyzer.output.diagram.layout import laid_out
from analyzer.output.diagram.marks import MARK_SIZE, marks_width, placed_marks
from analyzer.output.diagram.metrics import is_measured, shortened, width_of
from analyzer.output.diagram.phrases import ENGLISH, OR_ZONE, Say
from analyzer.output.diagram.scene import Box, Frame, Point, Rect, Route, Scene, Shape, Tile
from analyzer.output.diagram.sizes import (
    BADGE_HEIGHT,
    HEAD_SIZE,
    LINE,
    MARGIN,
    NAME_SIZE,
    PAD,
    PLATE,
    SMALL_SIZE,
)
from analyzer.output.diagram.words import (
    card_title,
    description,
    frame_title,
    heading,
    link_title,
    names_of,
    second_words,
    service_words,
)
from analyzer.picture import Badge, Diagram, Spread, Way

_STYLES = {  # CSS class -> size, bold
    "t-name": (NAME_SIZE, True),
    "t-head": (HEAD_SIZE, True),
    "t-small": (SMALL_SIZE, False),
    "t-way": (SMALL_SIZE, True),
}
_ROOM = 10_000.0  # where nothing limits a text
_GLYPH = 24.0


@dataclass
class _Page:
    """The SVG while it is written; `key` makes its ids its own on a page with several."""

    key: str
    names: dict[str, str]
    say: Say
    english: str = ""  # what marks sentences that are not in the language of the page
    written: list[str] = field(default_factory=list)

    def put(self, *parts: str) -> None:
        """Write something."""
        self.written.extend(parts)

    def title(self, text: str) -> None:
        """What is shown and said of the group that was opened."""
        lines = (visible(line) for line in text.split("\n"))
        self.put(f"<title{self.english}>", escape("\n".join(lines)), "</title>")

    def text(
        self,
        text: str,
        x: float,
        y: float,
        style: str,
        room: float = _ROOM,
        anchor: str = "",
    ) -> None:
        """A text on one line, as much of it as there is room for."""
        size, bold = _STYLES[style]
        shown = shortened(visible(text), size, room, bold=bold)
        if shown:
            place = f' text-anchor="{anchor}"' if anchor else ""
            place += _length(shown, size, bold=bold)
            self.put(f'<text class="{style}" x="{_n(x)}" y="{_n(y)}"{place}>{escape(shown)}</text>')

    def rect(self, rect: Rect, style: str, radius: float = 0) -> None:
        """A rectangle."""
        corners = f' rx="{_n(radius)}"' if radius else ""
        self.put(
            f'<rect class="{style}" x="{_n(rect.x)}" y="{_n(rect.y)}" width="{_n(rect.w)}"'
            f' height="{_n(rect.h)}"{corners}/>'
        )

    def glyph(self, name: str, x: float, y: float, size: float, style: str = "glyph") -> None:
        """A small drawing."""
        known = name if name in GLYPHS else "other"
        self.put(
            f'<use class="{style}" href="#{self.key}-{known}" x="{_n(x)}" y="{_n(y)}"'
            f' width="{_n(size)}" height="{_n(size)}"/>'
        )

    def badges(self, badge: Badge, right: float, y: float) -> None:
        """Marks one after the other, up to an edge."""
        for mark, x in placed_marks(badge, right - marks_width(badge)):
            length = _length(mark.text, MARK_SIZE, bold=True)
            self.put(
                f'<g class="badge {mark.style}"><path d="{mark.plate(x, y)}"/>'
                f'<text x="{_n(x + mark.width / 2)}" y="{_n(y + 12)}" text-anchor="middle"{length}>'
                f"{mark.text}</text></g>"
            )


def svg(diagram: Diagram, *, alone: bool = False, say: Say = ENGLISH) -> str:
    """A diagram as one SVG element; `alone` as a file of its own, with its style inside."""
    scene = laid_out(diagram, say)
    digest = hashlib.sha256(f"{diagram.system}\0{diagram.profile}".encode(errors="replace"))
    page = _Page(
        f"d{digest.hexdigest()[:8]}", names_of(diagram), say, ' lang="en"' if say.words else ""
    )
    _opening(page, diagram, scene)
    if alone:
        page.put(f"<style>{_style()}</style>", '<rect class="paper" width="100%" height="100%"/>')
    page.put(*_definitions(page, scene))
    for frame in scene.frames:
        _frame(page, frame)
    for pair in scene.pairs:
        page.put(f'<path class="pair" d="{_path(pair.points)}"/>')
    for route in sorted(scene.routes, key=lambda route: route.link.way is Way.DANGER):
        _route(page, route)
    for tile in scene.tiles:
        _tile(page, tile)
    for route in scene.routes:
        _label(page, route)
    _texts(page, scene)
    page.put("</svg>")
    return "".join(page.written) + ("\n" if alone else "")


def _opening(page: _Page, diagram: Diagram, scene: Scene) -> None:
    wide, high = _n(scene.width), _n(scene.height)
    page.put(
        '<svg xmlns="http://www.w3.org/2000/svg" class="diagram" role="img"'
        f' viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"'
        f' aria-labelledby="{page.key}-t {page.key}-d">',
        f'<title id="{page.key}-t">{escape(heading(diagram))}</title>',
        f'<desc id="{page.key}-d"{page.english}>{escape(visible(description(diagram)))}</desc>',
    )


def _style() -> str:
    folder = content("reports") / "assay" / "css"
    files = ("tokens.css", "diagram.css")
    return escape("".join((folder / file).read_text(encoding="utf-8") for file in files))


def _n(value: float) -> str:
    """A number as short as it is exact enough: one decimal."""
    return f"{value:.1f}".removesuffix(".0")


def _length(text: str, size: float, *, bold: bool) -> str:
    """What has any font draw a text as wide as it was measured."""
    if not is_measured(text):
        return ""
    return f' textLength="{_n(width_of(text, size, bold=bold))}" lengthAdjust="spacingAndGlyphs"'


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _definitions(page: _Page, scene: Scene) -> Iterator[str]:
    yield "<defs>"
    for name, path in used({tile.card.glyph for tile in scene.tiles}):
        yield f'<symbol id="{page.key}-{name}" viewBox="0 0 24 24"><path d="{path}"/></symbol>'
    for way in sorted({route.link.way for route in scene.routes}):
        shape = "M4 1.5a2.5 2.5 0 1 0 .01 0z" if way is Way.PEERING else "M0 0l8 4-8 4z"
        place = "4" if way is Way.PEERING else "7"
        yield (
            f'<marker id="{page.key}-to-{way}" viewBox="0 0 8 8" refX="{place}" refY="4"'
            ' markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
            f'<path class="tip {way}" d="{shape}"/></marker>'
        )
    yield "</defs>"


def _frame(page: _Page, frame: Frame) -> None:
    rect = frame.rect
    page.put(f'<g class="box {frame.box} {frame.tone}">')
    page.title(frame_title(frame))
    page.rect(rect, "edge", 0 if frame.box is Box.ZONE else 4)
    if frame.box is Box.ZONE:
        middle = rect.middle[0]
        page.text(frame.name, middle, rect.y + 17, "t-small", rect.w - PAD, "middle")
    else:
        at = heading_of(frame)
        style = "t-name" if frame.box is Box.SUBNET else "t-head"
        page.text(frame.name, at.left, at.name_line, style, at.name_room)
        page.text(frame.detail, at.left, at.detail_line, "t-small", at.detail_room)
        level = at.detail_line if frame.detail else at.name_line
        page.text(frame.amount, at.right, level, "t-small", anchor="end")
        page.badges(frame.badge, at.right, at.name_line - 12)
    page.put("</g>")


def _tile(page: _Page, tile: Tile) -> None:
    card = tile.card
    doubt = "" if card.certain else " perhaps"
    page.put(f'<g class="tile {tile.shape} spread-{card.spread}{doubt}">')
    page.title(card_title(card))
    page.rect(tile.rect, "edge", 4)
    if tile.shape in (Shape.CHIP, Shape.INTERNET):
        _chip(page, tile)
    elif tile.shape in (Shape.STANDBY, Shape.AGAIN):
        _second(page, tile)
    else:
        _first(page, tile)
    page.put("</g>")


def _first(page: _Page, tile: Tile) -> None:
    """A card: its service and note, its name, what it costs and what was found about it."""
    rect, card = tile.rect, tile.card
    left, end = rect.x + PLATE + 8, _text_end(tile)
    service, facts = service_words(card), page.say.amount(card.part.usd)
    badges = marks_width(card.part.badge)
    noted = f"{service} \u00b7 {card.note}"
    if card.note and _fits(noted, end - left):
        service = noted
    elif card.note and _fits(f"{facts} \u00b7 {card.note}", end - left - badges - 6):
        facts = f"{facts} \u00b7 {card.note}" if facts else card.note
    _glyph_plate(page, tile)
    page.text(service, left, rect.y + 16, "t-small", end - left)
    name = card.name if card.count == 1 else f"\u00d7 {card.count}"
    page.text(name, left, rect.y + 31, "t-name", end - left)
    page.text(facts, left, rect.y + 49.5, "t-small", end - left - badges)
    page.badges(card.part.badge, end, rect.y + 38)
    for seat in tile.seats[1:]:
        if card.spread is Spread.ONE:
            page.text(page.say(OR_ZONE), seat, rect.middle[1] + 4, "t-small", anchor="middle")
        else:
            page.glyph(card.glyph, seat - _GLYPH / 2, rect.middle[1] - _GLYPH / 2, _GLYPH, "seat")


def _fits(text: str, room: float) -> bool:
    return width_of(visible(text), SMALL_SIZE) <= room


def _second(page: _Page, tile: Tile) -> None:
    """The standby of a pair, or a card that another row shows already."""
    left = tile.rect.x + PLATE + 8
    room = _text_end(tile) - left
    _glyph_plate(page, tile)
    page.text(
        page.say(second_words(tile.card, standby=tile.shape is Shape.STANDBY)),
        left,
        tile.rect.y + 24,
        "t-small",
        room,
    )
    page.text(tile.card.name, left, tile.rect.y + 40, "t-name", room)


def _glyph_plate(page: _Page, tile: Tile) -> None:
    rect = tile.rect
    page.rect(Rect(rect.x + 0.5, rect.y + 0.5, PLATE - 0.5, rect.h - 1), "plate", 3.5)
    inset = (PLATE - _GLYPH) / 2
    page.glyph(tile.card.glyph, rect.x + inset, rect.middle[1] - _GLYPH / 2, _GLYPH)


def _text_end(tile: Tile) -> float:
    """Where a tile's texts end: of a band, before the first gutter."""
    return tile.doors[0] - 16 if tile.doors else tile.rect.right - 8


def _chip(page: _Page, tile: Tile) -> None:
    rect, card = tile.rect, tile.card
    size = rect.h - 12
    page.glyph(card.glyph, rect.x + 8, rect.y + 6, size)
    left = rect.x + size + 14
    name = card.name if tile.shape is Shape.INTERNET else service_words(card)
    style = "t-name" if tile.shape is Shape.INTERNET else "t-small"
    room = rect.right - left - 6 - marks_width(card.part.badge)
    page.text(name, left, rect.middle[1] + 4, style, room)
    page.badges(card.part.badge, rect.right - 6, rect.middle[1] - BADGE_HEIGHT / 2)


def _route(page: _Page, route: Route) -> None:
    way = route.link.way
    tip = f'marker-end="url(#{page.key}-to-{way})"'
    start = f' marker-start="url(#{page.key}-to-{way})"' if way is Way.PEERING else ""
    page.put(f'<g class="link {way}">')
    page.title(link_title(route.link, page.names))
    page.put(f'<path d="{_path(route.points)}" {tip}{start}/></g>')


def _label(page: _Page, route: Route) -> None:
    if route.label is not None:
        x, y = route.label.middle
        page.put(f'<g class="link-label {route.link.way}">')
        page.text(route.link.label, x, y + 4, "t-way", anchor="middle")
        page.put("</g>")


def _texts(page: _Page, scene: Scene) -> None:
    """The name beside the internet; below, what the marks mean, and what is counted only."""
    place = scene.title.rect
    page.text(scene.title.text, place.x, place.middle[1] + 5, "t-head")
    for number, line in enumerate(scene.notes, 1):
        y = scene.height - MARGIN - LINE * (len(scene.notes) - number)
        page.text(line, MARGIN, y, "t-small", scene.width - 2 * MARGIN)
