"""The edits of a file's text that make one step: in lines, inside brackets, and between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from yaml.nodes import MappingNode, Node, SequenceNode

from analyzer.template.editing.brackets import bracket_insert, bracket_remove, bracket_text
from analyzer.template.editing.changes import Insert, Remove, Replace, Step, UnfitError
from analyzer.template.editing.spots import ITEM, Spot, find, last_of
from analyzer.template.editing.template_file import Edit, TemplateFile

_MARKS = re.compile(r"(?:[!&][^\s,\[\]{}]*[ \t]*)+")
_BLANK = re.compile(r"[ \t]*(?:#.*)?")


def edited(file: TemplateFile, step: Step) -> str:
    """The text of the file after a step.

    Raises `UnfitError` where the place cannot be edited, and `AliasError` where it is written
    elsewhere.
    """
    if isinstance(step, Replace):
        edits = _replace(find(file, step.path, whole=True), step.value)
    elif isinstance(step, Insert):
        edits = _insert(find(file, step.path[:-1]), step)
    else:
        edits = _remove(file, step)
    return file.edited(edits)


def _replace(spot: Spot, value: Any) -> list[Edit]:
    notation = spot.file.notation
    if spot.parent is None:
        raise UnfitError("the whole document would be replaced")
    if spot.in_flow:
        return [(spot.start, spot.end, bracket_text(spot.file, spot.node, value))]
    text = notation.in_line(value)
    if spot.key is None:
        return _replaced_item(spot, value)
    if text is not None:
        return _replaced_by_text(spot, text)
    return _replaced_by_lines(spot, value)


def _replaced_item(spot: Spot, value: Any) -> list[Edit]:
    """The first line stays behind the dash, the others follow below."""
    column = spot.start - spot.file.line_start(spot.start)
    if not ITEM.fullmatch(spot.file.before(spot.node)):
        raise UnfitError("the item does not begin a line of its own")
    first, *others = spot.file.notation.item(value, 0)
    below = [" " * (column - 2) + line for line in others]
    if spot.is_block or not below:
        return [(spot.start, spot.end, "\n".join([first[2:], *below]))]
    return [(spot.start, spot.end, first[2:]), _below(spot.file, spot.end, below)]


def _replaced_by_text(spot: Spot, text: str) -> list[Edit]:
    if not spot.is_block:
        start = spot.start
        if start == spot.end:  # nothing is written
            return [(spot.colon, spot.colon, f" {text}")]
        return [(start, spot.end, text)]
    return [_without_marks(spot, f" {text}"), _lines_of(spot, "")]


def _replaced_by_lines(spot: Spot, value: Any) -> list[Edit]:
    column = spot.key.start_mark.column if spot.key is not None else 0
    notation = spot.file.notation
    deeper = notation.style.dash if isinstance(value, list) else notation.style.step
    lines = list(notation.lines(value, column + deeper))
    if spot.is_block:
        return [_without_marks(spot, ""), _lines_of(spot, "\n".join(lines) + "\n")]
    if spot.start == spot.end:
        return [_below(spot.file, spot.colon, lines)]
    return [(spot.colon, spot.end, ""), _below(spot.file, spot.end, lines)]


def _without_marks(spot: Spot, text: str) -> Edit:
    """The tag and the anchor of a block taken from the line of its key, for a text."""
    start: int = spot.node.start_mark.index
    match = _MARKS.match(spot.file.text, start)
    if match is None or "\n" in spot.file.text[spot.colon : start]:
        return (spot.colon, spot.colon, text)
    return (spot.colon, match.end(), text)


def _lines_of(spot: Spot, text: str) -> Edit:
    """The lines of a block replaced."""
    file = spot.file
    start = file.line_start(_begin(spot))
    if start <= spot.colon:
        raise UnfitError("the block begins in the line of its key")
    end = file.text.find("\n", spot.end)
    if end < 0:
        return (start, len(file.text), text.removesuffix("\n"))
    return (start, end + 1, text)


def _begin(spot: Spot) -> int:
    """Where the first entry of a block begins: the dash of a list, which may stand alone."""
    start: int = spot.node.start_mark.index
    if isinstance(spot.node, SequenceNode) and spot.file.text[start] == "-":
        return start
    index: int = _first(spot.node).start_mark.index
    return index


def _dash(spot: Spot) -> int:
    """The column of a list's dashes."""
    begin = _begin(spot)
    before = spot.file.text[spot.file.line_start(begin) : begin]
    if not before.strip():
        return len(before)
    if not ITEM.fullmatch(before):
        raise UnfitError("the list does not begin a line of its own")
    return before.index("-")


def _first(node: Node) -> Node:
    first = node.value[0]
    found: Node = first[0] if isinstance(first, tuple) else first
    return found


def _below(file: TemplateFile, end: int, lines: Sequence[str]) -> Edit:
    """Lines put below the line in which something ends."""
    at = file.line_end(end)
    return (at, at, "".join(f"\n{line}" for line in lines))


def _insert(spot: Spot, step: Insert) -> list[Edit]:
    node = spot.node
    if not node.value or not isinstance(node, MappingNode | SequenceNode):
        part = step.path[-1]
        return _replace(spot, {part: step.value} if isinstance(part, str) else [step.value])
    last = _behind(spot, step.behind) or last_of(spot.file, node)
    if node.flow_style:
        return bracket_insert(spot.file, last, step)
    column = _first(node).start_mark.column
    notation = spot.file.notation
    if isinstance(node, SequenceNode):
        lines = list(notation.item(step.value, _dash(spot)))
    else:
        lines = list(notation.entry(f"{step.path[-1]}", step.value, column))
    if len(lines) > 1 and _spaced(spot):
        lines.insert(0, "")
    return [_below(spot.file, last.end, lines)]


def _behind(spot: Spot, name: str) -> Spot | None:
    """The entry behind which a new one is to stand."""
    if name and isinstance(spot.node, MappingNode):
        for key, value in spot.node.value:
            if key.value == name:
                return Spot(spot.file, value, key, spot.node)
    return None


def _spaced(spot: Spot) -> bool:
    """Whether an empty line stands before the last one of several entries."""
    if len(spot.node.value) <= 1:
        return False
    last = spot.node.value[-1]
    start = (last[0] if isinstance(last, tuple) else last).start_mark.index
    above = spot.file.text[: spot.file.line_start(start)].split("\n")[:-1]
    while above and above[-1].lstrip().startswith("#"):
        above.pop()
    return bool(above) and not above[-1].strip()


def _remove(file: TemplateFile, step: Remove) -> list[Edit]:
    owner = find(file, step.path[:-1])
    spot = find(file, step.path)
    if len(owner.node.value) == 1:
        return _replace(owner, {} if isinstance(owner.node, MappingNode) else [])
    if spot.in_flow:
        return [bracket_remove(file, owner.node, spot)]
    start = (spot.key or spot.node).start_mark.index
    before = file.text[file.line_start(start) : start]
    end = file.line_end(spot.end)
    if spot.key is None and not ITEM.fullmatch(before):
        raise UnfitError("the item does not begin a line of its own")
    if spot.key is None or not before.strip():
        return [(file.line_start(start), _next_line(file, end), "")]
    return [_first_of_item(file, owner, start, end)]


def _next_line(file: TemplateFile, end: int) -> int:
    following = file.text.find("\n", end)
    return len(file.text) if following < 0 else following + 1


def _first_of_item(file: TemplateFile, owner: Spot, start: int, end: int) -> Edit:
    """The first key of an item of a list: the next one takes its place behind the dash."""
    if not ITEM.fullmatch(file.text[file.line_start(start) : start]):
        raise UnfitError("the key does not begin a line of its own")
    following: int = owner.node.value[1][0].start_mark.index
    if _BLANK.fullmatch(file.text[end:following].replace("\n", "").replace("\r", "")) and (
        "#" not in file.text[end:following]
    ):
        return (start, following, "")
    return (start - 1, end, "")
