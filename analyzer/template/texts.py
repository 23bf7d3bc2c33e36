"""Functions that make texts: Sub, Join, Base64, ToJsonString, and dynamic references in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from analyzer.template.arguments import arguments
from analyzer.template.branches import lift, lift_inside
from analyzer.template.problem import Problem
from analyzer.unknown import ABSENT, Either, Partial, Reference, Unknown

if TYPE_CHECKING:
    from analyzer.template.resolver import Resolver

MAX_TEXT = 4_000_000

# What a value that is not known, or a number, counts as: about the name that is shown for it.
_HOLE = 16

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_DYNAMIC = re.compile(r"\{\{resolve:([a-z-]+):([^{}]*)\}\}")
_SERVICES = {"ssm": "SSM parameter", "ssm-secure": "SSM parameter", "secretsmanager": "secret"}


class DynamicReference(Unknown):
    """A `{{resolve:...}}`: read when the stack is deployed, never part of the template.

    `service` is `ssm`, `ssm-secure` or `secretsmanager`.
    """

    __slots__ = ("service",)

    def __init__(self, service: str, what: str, text: str) -> None:
        super().__init__(
            f"{_SERVICES[service]} `{what}`",
            "is read at deployment",
            key=("resolve", text),
            secret=service != "ssm",
        )
        self.service = service


def derived(value: Unknown, what: str, *how: Any) -> Unknown:
    """An unknown that is made from another one."""
    return Unknown(
        f"{what} {value.subject}",
        value.reason,
        key=(*value.key, *how),
        source=value.source,
        secret=value.secret,
        scenario=value.scenario,
    )


def as_text(value: Any) -> Any:
    """A value as part of a text; open values stay what they are."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return join(",", value)
    if value is ABSENT:
        return ""
    if isinstance(value, dict):
        raise Problem("a map stands where a text belongs")
    return value


def size(value: Any) -> int:
    """About how many characters a value takes."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Partial):
        return sum(map(size, value.parts))
    if isinstance(value, list):
        return len(value) + sum(map(size, value))
    if isinstance(value, Either):
        return size(value.if_true) + size(value.if_false)
    return _HOLE


def concatenate(pieces: Sequence[Any]) -> Any:
    """One text of many pieces; with holes where a piece is not known."""
    return lift(_concatenate, [as_text(piece) for piece in pieces])


def _concatenate(pieces: Sequence[Any]) -> Any:
    pieces = [as_text(piece) for piece in pieces]
    if sum(map(size, pieces)) > MAX_TEXT:
        raise Problem(f"makes a text of more than {MAX_TEXT:,} characters")
    if all(isinstance(piece, str) for piece in pieces):
        return dynamic("".join(pieces))
    solid = [piece for piece in pieces if not isinstance(piece, str) or piece]
    if len(solid) == 1:
        return solid[0]
    return _with_dynamic_holes(Partial(*solid))


def join(delimiter: str, values: Sequence[Any]) -> Any:
    """The values with a delimiter between them; values that are not set are left out."""

    def joined(values: Sequence[Any]) -> Any:
        pieces: list[Any] = []
        for value in values:
            if value is not ABSENT:
                pieces.extend((delimiter, value) if pieces else (value,))
        return _concatenate(pieces)

    return lift(joined, values)


def dynamic(text: str) -> Any:
    """A text with its dynamic references turned into unknown values."""
    if "{{resolve:" not in text:
        return text
    parts = list(_dynamic_parts(text))
    return parts[0] if len(parts) == 1 else Partial(*parts)


def _dynamic_parts(text: str) -> Iterator[Any]:
    position = 0
    for match in _DYNAMIC.finditer(text):
        if match[1] not in _SERVICES:
            raise Problem(
                f"`{match[1]}` is not a service of dynamic references",
                "use ssm, ssm-secure or secretsmanager",
            )
        if match.start() > position:
            yield text[position : match.start()]
        yield DynamicReference(match[1], _named(match[2]), match[0])
        position = match.end()
    if position < len(text):
        yield text[position:]


def _named(argument: str) -> str:
    """What a dynamic reference reads, without version or the place inside a secret."""
    if argument.startswith("arn:"):
        return ":".join(argument.split(":")[:7])
    return argument.split(":", maxsplit=1)[0]


def _with_dynamic_holes(text: Partial) -> Any:
    """`{{resolve:secretsmanager:` hole `:SecretString:password}}` is one unknown value."""
    if not any(isinstance(part, str) and "{{resolve:" in part for part in text.parts):
        return text
    holes: list[Any] = []
    pattern = ""
    for part in text.parts:
        if isinstance(part, str):
            pattern += part.replace("\x02", "")
        else:
            pattern += f"\x02{len(holes)}\x03"
            holes.append(part)
    parts: list[Any] = []
    for piece in _dynamic_parts(pattern):
        if isinstance(piece, DynamicReference):
            name = _filled(piece.subject, holes)
            piece.subject = name
            piece.key = ("resolve", _filled(piece.key[1], holes))
            parts.append(piece)
        else:
            pieces = re.split("\x02([0-9]+)\x03", piece)
            parts.extend(holes[int(p)] if odd % 2 else p for odd, p in enumerate(pieces) if p)
    return parts[0] if len(parts) == 1 else Partial(*parts)


def _filled(text: str, holes: list[Any]) -> str:
    return re.sub("\x02([0-9]+)\x03", lambda match: f"{holes[int(match[1])]}", text)


@lru_cache(maxsize=4096)
def _pieces(text: str) -> tuple[tuple[bool, str], ...]:
    """The pieces of a Sub text: (is a variable, text or name)."""
    pieces = []
    position = 0
    for match in _VARIABLE.finditer(text):
        name = match[1]
        literal = text[position : match.start()]
        position = match.end()
        if name.startswith("!"):
            pieces.append((False, f"{literal}${{{name[1:]}}}"))
        else:
            if literal:
                pieces.append((False, literal))
            pieces.append((True, name.strip()))
    if position < len(text):
        pieces.append((False, text[position:]))
    return tuple(pieces)


def sub(resolver: Resolver, argument: Any) -> Any:
    """`Fn::Sub`: a text, or a text and the values of names of its own."""
    text, own = argument, {}
    if isinstance(argument, list):
        text, own = arguments("Fn::Sub", argument, 2, 2)
    if not isinstance(text, str) or not isinstance(own, dict):
        raise Problem("`Fn::Sub` needs a literal text, or a list of one and a map")
    pieces = []
    for is_variable, piece in _pieces(text):
        if not is_variable:
            pieces.append(piece)
        elif piece in own:
            try:
                pieces.append(resolver.value(own[piece]))
            except Problem as problem:
                raise problem.within(1, piece) from None
        elif "." in piece:
            pieces.append(resolver.attribute(*piece.split(".", 1)))
        elif piece:
            pieces.append(resolver.reference(piece))
        else:
            raise Problem("`Fn::Sub` holds an empty `${}`", "write `${!}` for a literal one")
    return concatenate(pieces)


def join_function(resolver: Resolver, argument: Any) -> Any:
    """`Fn::Join`: a delimiter and a list."""
    stated = arguments("Fn::Join", argument, 2, 2)
    delimiter = stated[0]
    if not isinstance(delimiter, str):
        raise Problem("`Fn::Join` needs a literal delimiter", path=(0,))

    def joined(values: Any) -> Any:
        items = values[0]
        if isinstance(items, Unknown):
            return derived(items, "the text of", "join", delimiter)
        if isinstance(items, Reference):
            what = f"the text of `{items}`"
            return Unknown(what, "is chosen by AWS", key=("join", items.target, what, delimiter))
        if not isinstance(items, list):
            raise Problem("`Fn::Join` needs a list of values", path=(1,))
        return join(delimiter, items)

    return lift(joined, [resolver.argument(stated, 1)])


def base64_function(resolver: Resolver, argument: Any) -> Any:
    """`Fn::Base64`; a text with holes stays readable, since no encoding of it is known."""

    def encoded(values: Sequence[Any]) -> Any:
        value = as_text(values[0])
        if not isinstance(value, str):
            return value
        from base64 import b64encode

        return b64encode(value.encode()).decode()

    return lift(encoded, [resolver.value(argument)])


def to_json_function(resolver: Resolver, argument: Any) -> Any:
    """`Fn::ToJsonString`: a map or list as JSON text."""
    if not isinstance(argument, dict | list):
        raise Problem("`Fn::ToJsonString` needs a map or a list")
    return lift_inside(
        lambda value: concatenate(list(_json_pieces(value))), resolver.value(argument)
    )


def _json_pieces(value: Any) -> Iterator[Any]:
    if value is ABSENT:
        raise Problem("`Fn::ToJsonString` needs a value, and there is none")
    if isinstance(value, dict):
        yield "{"
        for index, (key, item) in enumerate(value.items()):
            yield ("," if index else "") + json.dumps(key) + ":"
            yield from _json_pieces(item)
        yield "}"
    elif isinstance(value, list):
        yield "["
        for index, item in enumerate(value):
            yield "," if index else ""
            yield from _json_pieces(item)
        yield "]"
    elif isinstance(value, Unknown | Partial | Reference):
        yield '"'
        yield value
        yield '"'
    else:
        yield json.dumps(value)


TEXT_FUNCTIONS: dict[str, Callable[[Resolver, Any], Any]] = {
    "Fn::Sub": sub,
    "Fn::Join": join_function,
    "Fn::Base64": base64_function,
    "Fn::ToJsonString": to_json_function,
}
