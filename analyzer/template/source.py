"""One file as it was written: its text, its plain values, and where each of them stands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from copy import copy
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from analyzer.errors import InputError
from analyzer.model import Location, PropertyPath
from analyzer.template.construct import Constructor, is_merge, long_name, merged_nodes
from analyzer.template.parse import TEMPLATE, Limits, check_size, compose, decode


def beside(file: str | Path, name: str) -> Path:
    """The file that another one names from where it stands, by one name whoever names it.

    Steps back are taken out where they lead to the same file, as they do but behind a link.
    """
    named = Path(file).parent / name
    short = Path(os.path.normpath(named))
    same = named.exists() and short.exists() and short.samefile(named)
    return short if same else named


class Source:
    """A parsed template: `data` holds plain values, `locate` finds their places when asked.

    Node trees are large beside the text, so only those of the files that were used last are kept;
    an older one is composed again when one of its places is asked for.
    """

    def __init__(
        self, path: str, text: str, *, placed: bool = True, limits: Limits = TEMPLATE
    ) -> None:
        """`placed`: whether places are found to the line, or only the file is told."""
        self.path = path
        self.text = text
        self.placed = placed
        self.limits = limits
        self.data  # noqa: B018 - broken input shows here, not at first use

    @cached_property
    def data(self) -> dict[str, Any]:
        """The values of the document; short tags in their long form."""
        data: dict[str, Any] = Constructor(self.path, self.limits).value(_root(self))
        return data

    @cached_property
    def lines(self) -> list[str]:
        """The text by lines, for excerpts."""
        return self.text.splitlines()

    @cached_property
    def folded(self) -> list[tuple[str, tuple[str, ...]]]:
        """The texts that are put together from several lines, each with what those lines hold."""
        return [
            (node.value, tuple(map(str.strip, self.text[start.index : end.index].splitlines())))
            for node in _scalars(_root(self), set())
            if (start := node.start_mark).line < (end := node.end_mark).line and node.style != "|"
        ]

    def locate(self, path: PropertyPath = ()) -> Location:
        """Where a value stands: its key or list item, or the nearest parent that is written."""
        if not self.placed:
            return Location(self.path)
        node: Node = _root(self)
        start = node
        for part in path:
            step = _step(node, part)
            if step is None:
                break
            start, node = step
        mark = start.start_mark
        return Location(self.path, mark.line + 1, mark.column + 1, self._last_line(start, node))

    def without_places(self) -> Source:
        """The same document, whose nodes are not looked for again."""
        twin = copy(self)
        twin.placed = False
        return twin

    def _last_line(self, start: Node, node: Node) -> int:
        """A block ends where the next token starts: go back over what is blank or a comment."""
        first = start.start_mark.line
        if node.start_mark.line < first:
            return first + 1
        end = node.end_mark
        last = min(end.line, len(self.lines) - 1)
        if last == end.line and not self.lines[last][: end.column].strip():
            last -= 1
        while last > first and self.lines[last].lstrip()[:1] in ("", "#"):
            last -= 1
        return max(last, first) + 1


def read_source(path: str | Path | tuple[str, bytes], limits: Limits = TEMPLATE) -> Source:
    """Parse a template file, or bytes with the name to show for them.

    Raises InputError where it cannot be read or parsed.
    """
    if isinstance(path, tuple):
        name, content = path
        return Source(name, decode(content, name))
    file = Path(path)
    try:
        check_size(file.stat().st_size, str(path), limits)
        content = file.read_bytes()
    except FileNotFoundError:
        raise InputError("does not exist", file=str(path), hint="check the path") from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(f"cannot be read: {reason}", file=str(path)) from None
    except ValueError as error:
        raise InputError(f"cannot be read: {error}", file=repr(str(path))) from None
    return Source(str(path), decode(content, str(path), limits), limits=limits)


@lru_cache(maxsize=8)
def _root(source: Source) -> MappingNode:
    return compose(source.text, source.path, source.limits)


def _scalars(node: Node, met: set[int]) -> Iterator[ScalarNode]:
    if id(node) in met:
        return
    met.add(id(node))
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, MappingNode):
        for entry in node.value:
            yield from chain.from_iterable(_scalars(one, met) for one in entry)
    elif isinstance(node, SequenceNode):
        yield from chain.from_iterable(_scalars(one, met) for one in node.value)


def _step(node: Node, part: str | int) -> tuple[Node, Node] | None:
    """From a node to its child: where the child starts, and the child."""
    if isinstance(part, int):
        if isinstance(node, SequenceNode) and 0 <= part < len(node.value):
            return node.value[part], node.value[part]
        return None
    if node.tag.startswith("!") and long_name(node.tag) == part:
        return node, node
    return next(_entries(node, part), None)


def _entries(node: Node, key: str) -> Iterator[tuple[Node, Node]]:
    if not isinstance(node, MappingNode):
        return
    for key_node, value_node in node.value:
        if key_node.value == key:
            yield key_node, value_node
    for key_node, value_node in node.value:
        if is_merge(key_node):
            for parent in merged_nodes(value_node):
                yield from _entries(parent, key)
