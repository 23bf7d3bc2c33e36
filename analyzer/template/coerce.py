"""Texts that stand for booleans and numbers become what the resource's schema says they are.

CloudFormation takes `"true"` for a boolean and `"22"` for an integer; parameters are always texts.
The schemas' scalar types are packaged, one line a type; see `build_scalars`.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

from analyzer.template.texts import as_text
from analyzer.unknown import Either, Unknown

DATA = Path(__file__).parent / "data" / "scalars.json.gz"

_BOOLEANS = {"true": True, "false": False}


def known_type(type_: str) -> bool:
    """Whether the schemas know a resource type."""
    return shape_of(type_) is not None


def coerced(type_: str, properties: dict[str, Any]) -> dict[str, Any]:
    """The properties with each scalar in the type that the schema gives it; changed in place."""
    shape = shape_of(type_)
    if shape:
        _map(properties, shape[""], shape)
    return properties


@cache
def shape_of(type_: str) -> dict[str, Any] | None:
    """The scalar types of a resource type: `""` for its properties, other names for definitions.

    A shape is a letter (b, i, n, s), a name of a definition (`#Name`), a list with the shape of
    its items, or a map of property names (`*` for any name).
    """
    lines = _lines()
    start = lines.find(b"\n" + type_.encode() + b"\t")
    if start < 0:
        return None
    start += len(type_.encode()) + 2
    result: dict[str, Any] = json.loads(lines[start : lines.index(b"\n", start)])
    return result


@cache
def _lines() -> bytes:
    return gzip.decompress(DATA.read_bytes())


def _map(values: dict[str, Any], shape: Any, shapes: dict[str, Any]) -> None:
    anything = shape.get("*")
    for name, value in values.items():
        inner = shape.get(name, anything)
        if inner is not None:
            changed = _value(value, inner, shapes)
            if changed is not value:
                values[name] = changed


def _value(value: Any, shape: Any, shapes: dict[str, Any]) -> Any:
    if isinstance(value, Either):
        if_true, if_false = value.if_true, value.if_false
        left, right = _value(if_true, shape, shapes), _value(if_false, shape, shapes)
        if left is if_true and right is if_false:
            return value
        return Either(value.condition, left, right)
    if isinstance(shape, str):
        return _value(value, shapes[shape], shapes) if shape[0] == "#" else _scalar(value, shape)
    if isinstance(value, list) and isinstance(shape, list):
        return [_value(item, shape[0], shapes) for item in value]
    if isinstance(value, dict) and isinstance(shape, dict):
        _map(value, shape, shapes)
    return value


def _scalar(value: Any, letter: str) -> Any:
    if letter == "s":
        return as_text(value) if isinstance(value, bool | int | float) else value
    if isinstance(value, Unknown):
        view, convert = _VIEWS[letter]
        return value.viewed(view, convert)
    if isinstance(value, str):
        try:
            return _VIEWS[letter][1](value)
        except ValueError:
            return value
    return value


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    try:
        return _BOOLEANS[f"{value}".strip().lower()]
    except KeyError:
        raise ValueError(f"{value!r} is not a boolean") from None


def _integer(value: Any) -> int:
    return int(f"{value}".strip())


def _number(value: Any) -> int | float:
    text = f"{value}".strip()
    try:
        return int(text)
    except ValueError:
        number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text} is not a number")
    return number


_VIEWS: dict[str, Any] = {
    "b": ("boolean", _boolean),
    "i": ("integer", _integer),
    "n": ("number", _number),
}
