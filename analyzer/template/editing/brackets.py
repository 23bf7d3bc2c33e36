"""Edits inside brackets: the flow style of YAML, and all of JSON."""

from __future__ import annotations

import re
from typing import Any

from yaml.nodes import MappingNode, Node

from analyzer.template.editing.changes import Insert, UnfitError
from analyzer.template.editing.spots import Spot
from analyzer.template.editing.template_file import Edit, TemplateFile

_COMMA = re.compile(r"\s*,")
_REST = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r?\n|$)")
_UNIT = "  "


def bracket_text(file: TemplateFile, old: Node, value: Any) -> str:
    """A value in the place of another one inside brackets."""
    text = file.notation.flow(value)
    if not file.is_json or not isinstance(value, dict | list) or not value:
        return text
    pad = _pad(file, old.start_mark.index)
    return text if pad is None else "\n".join(file.notation.json_lines(value, pad, _unit(file)))


def bracket_insert(file: TemplateFile, last: Spot, step: Insert) -> list[Edit]:
    """A new entry behind another one: on a line of its own where that one has one."""
    name = step.path[-1]
    start = (last.key or last.node).start_mark.index
    pad = file.text[file.line_start(start) : start]
    label = file.notation.key(name) if isinstance(name, str) else ""
    in_lines = not pad.strip() and file.line_start(start) > 0
    if not in_lines:
        gap = "," if file.notation.style.tight else ", "
        return [(last.end, last.end, gap + label + file.notation.flow(step.value))]
    entry = label + _text_in_lines(file, step.value, pad)
    return _on_own_line(file, last.end, pad + entry)


def _text_in_lines(file: TemplateFile, value: Any, pad: str) -> str:
    if not file.is_json or not isinstance(value, dict | list) or not value:
        return file.notation.flow(value)
    return "\n".join(file.notation.json_lines(value, pad, _unit(file)))


def _on_own_line(file: TemplateFile, end: int, line: str) -> list[Edit]:
    comma = _COMMA.match(file.text, end)
    behind = comma.end() if comma else end
    if not _REST.match(file.text, behind):
        # What follows in the line stays behind the new entry.
        return [(end, end, f",\n{line}")]
    at = file.line_end(behind)
    if comma is None:
        return [(end, at, f",{file.text[end:at]}\n{line}")]
    return [(at, at, f"\n{line},")]


def bracket_remove(file: TemplateFile, owner: Node, spot: Spot) -> Edit:
    """An entry taken out, with its comma; with its line where that is all of it."""
    start = (spot.key or spot.node).start_mark.index
    comma = _COMMA.match(file.text, spot.end)
    if comma is None:
        return (_end_before(file, owner, start), spot.end, "")
    alone = not file.text[file.line_start(start) : start].strip()
    rest = _REST.match(file.text, comma.end())
    if alone and rest:
        return (file.line_start(start), file.text.find("\n", rest.end()) + 1, "")
    blank = re.compile(r"[ \t]*").match(file.text, comma.end())
    return (start, blank.end() if blank else comma.end(), "")


def _end_before(file: TemplateFile, owner: Node, start: int) -> int:
    """Where the entry before the last one ends: its comma goes, and comments must not."""
    before = owner.value[-2]
    previous = (
        Spot(file, before[1], before[0], owner)
        if isinstance(owner, MappingNode)
        else (Spot(file, before, None, owner))
    )
    if "#" in file.text[previous.end : start]:
        raise UnfitError("a comment stands before it")
    return previous.end


def _pad(file: TemplateFile, start: int) -> str | None:
    """The indent of the line in which something stands; None where the file is a single line."""
    if "\n" not in file.text.strip():
        return None
    line = file.text[file.line_start(start) : start]
    return line[: len(line) - len(line.lstrip())]


def _unit(file: TemplateFile) -> str:
    """What a level of JSON is indented by."""
    match = re.search(r"\{[ \t]*\r?\n([ \t]+)", file.text)
    return match[1] if match else _UNIT
