"""A template's text with the nodes that stand in it, and edits of it that keep the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from analyzer.errors import InputError
from analyzer.model import Location
from analyzer.template.context import StackContext
from analyzer.template.editing.changes import UnfitError
from analyzer.template.editing.diffs import unified_diff
from analyzer.template.editing.notation import Notation, style_of
from analyzer.template.parse import compose, spells_surrogates
from analyzer.template.reading import read_stack
from analyzer.template.source import Source, read_source

_COMMENT = re.compile(r"([ \t]+|^[ \t]*)#[^\r\n]*", re.MULTILINE)
Edit = tuple[int, int, str]
"""From where to where, and what takes the place."""

Mark = tuple[int, int]
"""Line and column of a node, from zero."""


class TemplateFile:
    """A template's text; `entries` are its keys by their place, `items` those of its lists."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.is_json = self.text.lstrip()[:1] == "{"
        if self.is_json and spells_surrogates(self.text):
            raise UnfitError("it holds characters that are written as two escapes")
        self.entries: dict[Mark, tuple[Node, Node, MappingNode]] = {}
        self.items: dict[Mark, tuple[Node, SequenceNode]] = {}
        self._parents: dict[int, list[Node]] = {}
        # The nodes are told apart by their identity: the root keeps them all.
        self.root = compose(text, path)
        self._walk(self.root)

    def _walk(self, node: Node) -> None:
        if isinstance(node, MappingNode):
            for key, value in node.value:
                self.entries[key.start_mark.line, key.start_mark.column] = (key, value, node)
                self._enter(value, node)
        elif isinstance(node, SequenceNode):
            for item in node.value:
                self.items[item.start_mark.line, item.start_mark.column] = (item, node)
                self._enter(item, node)

    def _enter(self, child: Node, parent: Node) -> None:
        above = self._parents.setdefault(id(child), [])
        above.append(parent)
        if len(above) == 1:
            self._walk(child)

    def is_shared(self, node: Node) -> bool:
        """Whether a node stands in several places, by an alias."""
        while above := self._parents.get(id(node)):
            if len(above) > 1:
                return True
            node = above[0]
        return False

    @staticmethod
    @lru_cache(maxsize=16)
    def of_text(path: str, text: str) -> TemplateFile:
        """The file of a text, the last ones kept: many edits begin with the same text."""
        return TemplateFile(path, text)

    @cached_property
    def data(self) -> dict[str, Any]:
        """The plain values of the document."""
        return Source(self.path, self.text).data

    @cached_property
    def newline(self) -> str:
        """How most lines of the file end."""
        return "\r\n" if 2 * self.text.count("\r\n") > self.text.count("\n") else "\n"

    @cached_property
    def notation(self) -> Notation:
        """How the file writes values."""
        return Notation(style_of(self.root, self.text, is_json=self.is_json))

    def slice(self, node: Node) -> str:
        """A node as it is written."""
        return self.text[node.start_mark.index : end_of(node)]

    def line_start(self, position: int) -> int:
        """Where the line of a position begins."""
        return self.text.rfind("\n", 0, position) + 1

    def line_end(self, position: int) -> int:
        """Where the line of a position ends, before its break."""
        end = self.text.find("\n", position)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[end - 1 : end] == "\r" else end

    def before(self, node: Node) -> str:
        """What stands in the line of a node before it."""
        start = node.start_mark.index
        return self.text[self.line_start(start) : start]

    def without_lines(self, first: Node, last: Node | None = None) -> Edit:
        """The lines of a node taken out, or those from one to another."""
        after = self.text.find("\n", end_of(last or first))
        end = len(self.text) if after < 0 else after + 1
        return (self.line_start(first.start_mark.index), end, "")

    def without_comments(self, node: Node) -> Iterator[Edit]:
        """The comments of a node taken out; those that stand alone with their lines."""
        written = [(one.start_mark.index, end_of(one)) for one in _scalars(node)]
        for match in _COMMENT.finditer(self.text, node.start_mark.index, end_of(node)):
            sign = match.end(1)
            if not any(start <= sign < end for start, end in written):
                alone = self.line_start(sign) == match.start()
                yield (match.start(), match.end() + alone, "")

    def edited(self, edits: Sequence[Edit]) -> str:
        """The text with the edits; what they write ends its lines as the file does."""
        return applied(
            self.text,
            [(start, end, re.sub("\r?\n", self.newline, new)) for start, end, new in edits],
        )

    def diff(self, edits: Sequence[Edit]) -> str:
        """The edits as a unified diff. Raises `UnfitError` where the template is broken by them."""
        text = self.edited(edits)
        self._check(text)
        return unified_diff(self.path, self.text, text)

    def _check(self, text: str) -> None:
        name = self.path
        context = StackContext(name="stack")
        try:
            compose(text, name)
        except InputError as error:
            raise UnfitError(f"the changed template cannot be read: {error.message}") from None
        try:
            read_stack(Source(name, self.text), context)
        except InputError:
            return  # it needs its parameters: then only its form is looked at
        try:
            read_stack(Source(name, text), context)
        except InputError as error:
            raise UnfitError(f"the changed template would not deploy: {error.message}") from None


@dataclass(frozen=True, slots=True)
class TemplateFiles:
    """The files of the templates, each read once; `sources` are not read again."""

    sources: Mapping[str, Source]
    _opened: dict[str, TemplateFile] = field(default_factory=dict)

    def at(self, place: Location | None) -> tuple[TemplateFile, Mark]:
        """The file of a place, and the mark of what stands there. Raises `UnfitError`."""
        if place is None or not place.line:
            raise UnfitError("it is not known where it is written")
        if place.file not in self._opened:
            try:
                source = self.sources.get(place.file) or read_source(place.file)
                self._opened[place.file] = TemplateFile.of_text(source.path, source.text)
            except InputError as error:
                raise UnfitError(f"{error}") from None
        return self._opened[place.file], (place.line - 1, place.column - 1)


def applied(text: str, edits: Sequence[Edit]) -> str:
    """A text with parts of it replaced."""
    for start, end, new in sorted(edits, key=lambda edit: edit[:2], reverse=True):
        text = text[:start] + new + text[end:]
    return text


def end_of(node: Node) -> int:
    """Where a node ends; a block ends with the last thing in it."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end_of(last[1] if isinstance(last, tuple) else last)
    end: int = node.end_mark.index
    return end


def _scalars(node: Node) -> Iterator[Node]:
    if isinstance(node, ScalarNode):
        yield node
        return
    for child in node.value:
        for one in child if isinstance(child, tuple) else (child,):
            yield from _scalars(one)
