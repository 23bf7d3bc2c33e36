"""How a value is written, in the manner of the file around it."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from analyzer.template.construct import plain_value
from analyzer.template.editing.changes import UnfitError, is_function

_STEP = 2  # columns of a level, in a file that shows none
# A text that no reader of YAML takes for anything else; colons only where no flow confuses them.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./+-]*(?: [A-Za-z0-9_./+(-][A-Za-z0-9_./+()-]*)*")
_PLAIN_IN_BLOCK = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_./+-]|:(?=[A-Za-z0-9_:/*]))*\*?")
_KEY = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_./-]|:(?=[A-Za-z0-9_:]))*")
_SHORT = re.compile(
    "Base64|Cidr|FindInMap|GetAZs|GetAtt|If|ImportValue|Join|Length|Select|Split|Sub|ToJsonString"
)
_LONG = re.compile(f"Fn::(?:{_SHORT.pattern})")


@dataclass(frozen=True, slots=True)
class Style:
    """What a file shows of its manner: columns, quotes, and how functions are written.

    `step` are the columns of a level and `dash` those of a list below its key; JSON may leave out
    the blank after a colon (`tight`).
    """

    is_json: bool = False
    step: int = _STEP
    dash: int = _STEP
    quote: str = '"'
    short: bool = True
    tight: bool = False


def style_of(root: Node, text: str, *, is_json: bool) -> Style:
    """The style of a file, by what it does most often."""
    seen = _Seen()
    _look(root, seen, set())
    quote = seen.quotes.most_common(1)[0][0] if seen.quotes else '"'
    return Style(
        is_json=is_json,
        step=_commonest(seen.steps, _STEP),
        dash=_commonest(seen.dashes, _STEP),
        quote='"' if is_json else quote,
        short=not is_json and seen.functions["short"] >= seen.functions["long"],
        tight=is_json and '": ' not in text,
    )


class _Seen:
    """What was counted."""

    def __init__(self) -> None:
        self.steps: Counter[int] = Counter()
        self.dashes: Counter[int] = Counter()
        self.quotes: Counter[str] = Counter()
        self.functions: Counter[str] = Counter()


def _commonest(counts: Counter[int], default: int) -> int:
    likely = [number for number, _ in counts.most_common(1) if 0 <= number <= 8]  # noqa: PLR2004 - no file indents further
    return likely[0] if likely else default


def _look(node: Node, seen: _Seen, met: set[int]) -> None:
    if id(node) in met:
        return
    met.add(id(node))
    if node.tag.startswith("!") and node.tag[1:2] != "!":
        seen.functions["short"] += 1
    if isinstance(node, ScalarNode) and node.style in ('"', "'"):
        seen.quotes[node.style] += 1
    elif isinstance(node, SequenceNode):
        for item in node.value:
            _look(item, seen, met)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == "Ref" or _LONG.fullmatch(f"{key.value}"):
                seen.functions["long"] += 1
            _measure(key, value, seen)
            _look(value, seen, met)


def _measure(key: Node, value: Node, seen: _Seen) -> None:
    if isinstance(value, ScalarNode) or not value.value:
        return
    first = value.value[0][0] if isinstance(value, MappingNode) else value.value[0]
    if first.start_mark.line <= key.start_mark.line:
        return
    if isinstance(value, MappingNode):
        seen.steps[first.start_mark.column - key.start_mark.column] += 1
    elif isinstance(value, SequenceNode) and not value.flow_style:
        seen.dashes[value.start_mark.column - key.start_mark.column] += 1


class Notation:
    """Writes values in a style. Raises `UnfitError` for what no template can hold."""

    def __init__(self, style: Style) -> None:
        self.style = style

    def preferred(self, value: Any) -> Any:
        """The value as this file says it: short functions name an attribute with a dot."""
        if isinstance(value, dict):
            if self.style.short and value.keys() == {"Fn::GetAtt"}:
                return {"Fn::GetAtt": _dotted(value["Fn::GetAtt"])}
            return {key: self.preferred(item) for key, item in value.items()}
        return [self.preferred(item) for item in value] if isinstance(value, list) else value

    def key(self, name: str) -> str:
        """A key with what separates it from its value."""
        if self.style.is_json:
            return f"{_quoted_json(name)}:" + ("" if self.style.tight else " ")
        return f"{name if _KEY.fullmatch(name) else self._quoted(name)}: "

    def in_line(self, value: Any) -> str | None:
        """A value that stands behind its key; None for a structure, which stands below it."""
        if isinstance(value, dict | list) and value and not is_function(value):
            return None
        return self.flow(value, block=True)

    def flow(self, value: Any, *, block: bool = False) -> str:
        """A value on one line; `block`: not inside brackets, where texts need fewer quotes."""
        if self.style.is_json:
            separators = (",", ":") if self.style.tight else (", ", ": ")
            return _ascii_if_needed(_dumped(value, separators=separators))
        if is_function(value) and self.style.short:
            return self._function(value, block=block)
        if isinstance(value, dict):
            return "{" + ", ".join(self.key(k) + self.flow(v) for k, v in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self.flow, value)) + "]"
        return self._scalar(value, block=block)

    def lines(self, value: Any, indent: int) -> Iterator[str]:
        """A structure in lines, each with its indent."""
        if isinstance(value, list):
            for item in value:
                yield from self.item(item, indent)
        else:
            for key, inner in value.items():
                yield from self.entry(key, inner, indent)

    def entry(self, key: str, value: Any, indent: int) -> Iterator[str]:
        """A key with its value, in lines."""
        pad = " " * indent
        text = self.in_line(value)
        if text is not None:
            yield f"{pad}{self.key(key)}{text}"
            return
        yield f"{pad}{self.key(key).rstrip()}"
        deeper = self.style.dash if isinstance(value, list) else self.style.step
        yield from self.lines(value, indent + deeper)

    def item(self, value: Any, indent: int) -> Iterator[str]:
        """An item of a list, in lines."""
        pad = " " * indent
        if not isinstance(value, dict) or not value or is_function(value):
            yield f"{pad}- {self.flow(value, block=not isinstance(value, list))}"
            return
        first, *others = self.lines(value, indent + 2)
        yield f"{pad}- {first.lstrip()}"
        yield from others

    def json_lines(self, value: Any, pad: str, unit: str) -> list[str]:
        """A value of JSON in lines; all but the first one with their indent."""
        separators = (",", ":") if self.style.tight else (",", ": ")
        text = _ascii_if_needed(_dumped(value, indent=unit or None, separators=separators))
        first, *others = text.split("\n")
        return [first, *(pad + line for line in others)]

    def _function(self, value: dict[str, Any], *, block: bool) -> str:
        ((name, argument),) = value.items()
        short = name.removeprefix("Fn::")
        if name != "Ref" and not _SHORT.fullmatch(short):
            short = ""
        if not short or isinstance(argument, dict):
            return "{" + self.key(name) + self.flow(argument) + "}"
        return f"!{short} {self.flow(argument, block=block)}"

    def _scalar(self, value: Any, *, block: bool) -> str:
        if not isinstance(value, str):
            return _dumped(value)
        pattern = _PLAIN_IN_BLOCK if block and ":" in value else _PLAIN
        if pattern.fullmatch(value) and plain_value(value) == value:
            return value
        return self._quoted(value)

    def _quoted(self, text: str) -> str:
        if self.style.quote == "'" and text.isprintable() and "\ufeff" not in text:
            return "'" + text.replace("'", "''") + "'"
        return '"' + "".join(map(_escaped, text)) + '"'


def _dotted(argument: Any) -> Any:
    texts = isinstance(argument, list) and all(isinstance(part, str) for part in argument)
    return ".".join(argument) if texts else argument


def _dumped(value: Any, **style: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        raise UnfitError(f"{value} is no value of a template")
    try:
        return json.dumps(value, ensure_ascii=False, **style)
    except (TypeError, ValueError):
        raise UnfitError(f"`{value}` is not known before it is deployed") from None


def _ascii_if_needed(text: str) -> str:
    """JSON in which characters that YAML's reader refuses are escaped; tabs only indent there."""
    return "".join(
        char if char.isprintable() or char in "\n\t" or char > "\uffff" else json.dumps(char)[1:-1]
        for char in text
    )


def _quoted_json(text: str) -> str:
    return _ascii_if_needed(json.dumps(text, ensure_ascii=False))


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isprintable() and char != "\ufeff":
        return char
    code = ord(char)
    known = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char)
    return known or (f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")  # noqa: PLR2004 - the basic plane
