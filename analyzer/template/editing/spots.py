"""Where a value stands in the text of a file: its node, and the key or the list that it is in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from analyzer.model import PropertyPath
from analyzer.template.construct import long_name
from analyzer.template.editing.changes import UnfitError
from analyzer.template.editing.template_file import TemplateFile, end_of

_COLON = re.compile(r"[ \t]*:")
_ALIAS = re.compile(r"[ \t]*\*[^\s,\[\]{}]+")
_BLOCK_SCALAR = re.compile(r"[^\n]*[|>][0-9-]*\+")
ITEM = re.compile(r"[ \t]*-[ \t]+")


class AliasError(Exception):
    """On the way stands an alias, or what a merge key brings: `depth` is how far it went."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.depth = depth


@dataclass(frozen=True, slots=True)
class Spot:
    """A value in the text: `key` where it stands in a map; `parent` is None for the root."""

    file: TemplateFile
    node: Node
    key: Node | None = None
    parent: Node | None = None

    @property
    def in_flow(self) -> bool:
        """Whether it stands inside brackets."""
        if not isinstance(self.parent, MappingNode | SequenceNode):
            return False
        return bool(self.parent.flow_style)

    @property
    def is_block(self) -> bool:
        """Whether the value itself is a structure in lines."""
        if self.is_alias or not isinstance(self.node, MappingNode | SequenceNode):
            return False
        return not self.node.flow_style and bool(self.node.value)

    @property
    def is_alias(self) -> bool:
        """Whether an alias stands here for a value that is written before."""
        before = self.key or self.parent
        return before is not None and self.node.start_mark.index < before.start_mark.index

    @property
    def colon(self) -> int:
        """The place behind the colon of the key."""
        if self.key is None:
            raise UnfitError("it does not stand behind a key")
        match = _COLON.match(self.file.text, self.key.end_mark.index)
        if match is None:
            raise UnfitError("its key is written in a form that is not edited")
        return match.end()

    @property
    def start(self) -> int:
        """Where the value begins."""
        if self.is_alias:
            return self._alias()[0]
        index: int = self.node.start_mark.index
        return index

    @property
    def end(self) -> int:
        """Where the value ends, on the last line that is its own."""
        if self.is_alias:
            return self._alias()[1]
        if self.is_block:
            return last_of(self.file, self.node).end
        end = end_of(self.node)
        if isinstance(self.node, ScalarNode) and self.node.style in ("|", ">"):
            text = self.file.text[self.start : end]
            if not _BLOCK_SCALAR.match(text):
                return self.start + len(text.rstrip())
            return end - (len(text) - len(text.removesuffix("\n").removesuffix("\r")))
        return end

    def _alias(self) -> tuple[int, int]:
        match = _ALIAS.match(self.file.text, self.colon) if self.key is not None else None
        if match is None:
            raise UnfitError("an alias stands in the list")
        return match.end() - len(match[0].lstrip()), match.end()


def last_of(file: TemplateFile, node: Node) -> Spot:
    """The last value of a structure that has one."""
    last = node.value[-1]
    if isinstance(last, tuple):
        return Spot(file, last[1], last[0], node)
    return Spot(file, last, None, node)


def find(file: TemplateFile, path: PropertyPath, *, whole: bool = False) -> Spot:
    """The spot of a path; `whole`: of a value that is replaced, which an alias may stand for.

    Raises `AliasError` where the way leads through an alias or a merge key, and `UnfitError` where
    it leads through what several places share.
    """
    spot = Spot(file, file.root)
    for depth, part in enumerate(path):
        spot = _step(spot, part, depth)
        if spot.is_alias and whole and depth == len(path) - 1:
            return spot
        if spot.is_alias:
            raise AliasError(depth)
        if file.is_shared(spot.node):
            raise UnfitError("it is written once and used in several places (an anchor)")
    return spot


def _step(spot: Spot, part: str | int, depth: int) -> Spot:
    node = spot.node
    if isinstance(part, str) and node.tag.startswith("!") and long_name(node.tag) == part:
        return spot
    if isinstance(part, int) and isinstance(node, SequenceNode) and part < len(node.value):
        return Spot(spot.file, node.value[part], None, node)
    if isinstance(part, str) and isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == part:
                return Spot(spot.file, value, key, node)
        raise AliasError(depth)
    raise UnfitError(f"`{part}` is not written out")
