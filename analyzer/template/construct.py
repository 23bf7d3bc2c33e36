"""Node tree to plain values: short tags to their long form, merge keys, duplicate keys refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import isfinite
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from analyzer.errors import InputError
from analyzer.template.parse import MAX_DEPTH, PLAIN, QUOTED, TEMPLATE, Limits
from analyzer.template.wording import one_line

_CORE = "tag:yaml.org,2002:"
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
}
_NUMBER_START = frozenset("0123456789+-.")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)")
_OCTAL = re.compile(r"[-+]?0[0-7_]+")
_HEXADECIMAL = re.compile(r"[-+]?0x[0-9a-fA-F_]+")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9_]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?")
_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str], float]], ...] = (
    (_DECIMAL, int),
    (_OCTAL, lambda digits: int(digits, 8)),
    (_HEXADECIMAL, lambda digits: int(digits, 16)),
    (_FLOAT, float),
)
# Longer ones are identifiers; a float of this length is finite unless its exponent says otherwise.
_MAX_DIGITS = 40


def plain_value(text: str) -> Any:
    """What an unquoted YAML 1.1 scalar means; dates and clock times stay text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_START or len(text) > _MAX_DIGITS:
        return text
    for pattern, convert in _NUMBERS:
        if pattern.fullmatch(text):
            try:
                number = convert(text.replace("_", ""))
            except ValueError:
                return text
            return number if isfinite(number) else text
    return text


def long_name(tag: str) -> str:
    """The long form of a short tag: `!Ref` is `Ref`, `!Sub` is `Fn::Sub`."""
    name = tag[1:]
    return name if name in ("Ref", "Condition") else f"Fn::{name}"


def merged_nodes(value: Node) -> list[Node]:
    """The maps that a merge key names."""
    return list(value.value) if isinstance(value, SequenceNode) else [value]


def is_merge(key: Node) -> bool:
    """Whether a key is the merge key `<<`."""
    return key.value == "<<" and key.tag == PLAIN


class Constructor:
    """Builds the plain values of one file.

    Aliases can repeat a part of the document without end, and inside itself: what is built is
    counted, and so is its depth.
    """

    def __init__(self, file: str, limits: Limits = TEMPLATE) -> None:
        self.file = file
        self.most = limits.values
        self.count = 0

    def value(self, node: Node, depth: int = 0) -> Any:
        """The plain value of a node."""
        if isinstance(node, ScalarNode):
            if node.tag == PLAIN:
                return plain_value(node.value)
            return node.value if node.tag == QUOTED else self._tagged(node, node.value)
        self.count += len(node.value) + 1
        if self.count > self.most:
            raise self._error(
                node, f"holds more than {self.most:,} values", "do its aliases multiply?"
            )
        if depth > MAX_DEPTH:
            raise self._error(
                node, f"nests deeper than {MAX_DEPTH} levels", "does an alias lead back to itself?"
            )
        if isinstance(node, SequenceNode):
            result: Any = [self.value(item, depth + 1) for item in node.value]
        else:
            result = self._mapping(node, depth + 1)
        return result if not node.tag else self._tagged(node, result)

    def _mapping(self, node: Node, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        inherited: list[Node] = []
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                raise self._error(key_node, "has a key that is not text", "quote it")
            key = key_node.value
            if key == "<<" and is_merge(key_node):
                inherited.extend(merged_nodes(value_node))
                continue
            if key in result:
                first = next(k for k, _ in node.value if k.value == key).start_mark.line + 1
                raise self._error(
                    key_node,
                    f"key `{key}` stands twice in one map, first in line {first}",
                    "remove one of the two",
                )
            result[key] = self.value(value_node, depth)
        for parent in inherited:
            if not isinstance(parent, MappingNode):
                raise self._error(parent, "merge key `<<` needs a map", "name an anchor of a map")
            for key, value in self.value(parent, depth).items():
                result.setdefault(key, value)
        return result

    def _tagged(self, node: Node, value: Any) -> Any:
        tag = node.tag
        if tag.startswith("!") and len(tag) > 1 and tag[1] != "!":
            return {long_name(tag): value}
        kind = tag.removeprefix(_CORE)
        if kind in ("str", "binary", "timestamp") and isinstance(node, ScalarNode):
            return value
        if kind in ("int", "float", "bool", "null") and isinstance(node, ScalarNode):
            return plain_value(node.value)
        if (kind, type(value)) in (("map", dict), ("seq", list)):
            return value
        raise self._error(node, f"tag `{tag}` is not known here", "remove it")

    def _error(self, node: Node, message: str, hint: str) -> InputError:
        mark = node.start_mark
        return InputError(
            one_line(message), file=self.file, line=mark.line + 1, column=mark.column + 1, hint=hint
        )
