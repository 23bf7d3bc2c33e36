"""The JSON Schema of a run, derived from the dataclasses: run this module to write the file.

python -m analyzer.output.json_schema > docs/schema/run.json
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import json
import sys
import types
import typing
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from analyzer.findings import Severity
from analyzer.output.json import FORMAT, names
from analyzer.results import Run

_DECIMAL = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Decimal: _DECIMAL,
    date: {"type": "string", "format": "date"},
    Any: {},
}


def schema() -> dict[str, Any]:
    """The schema (draft 2020-12): every field is always there, and there are no others."""
    definitions: dict[str, Any] = {}
    root = _object(Run, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A run of assay",
        **root,
        "properties": {"format": {"const": FORMAT}, **root["properties"]},
        "required": ["format", *root["required"]],
        "$defs": dict(sorted(definitions.items())),
    }


def _object(type_: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(type_)
    properties = {
        name: _schema_of(hints.get(name) or _computed(type_, name), definitions)
        for name in names(type_)
    }
    return {
        "description": inspect.cleandoc(type_.__doc__ or "")
        .partition("\n\n")[0]
        .replace("\n", " "),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _computed(type_: type, name: str) -> Any:
    return typing.get_type_hints(getattr(type_, name).fget)["return"]


def _schema_of(  # noqa: PLR0911 - one answer for each kind of type
    hint: Any, definitions: dict[str, Any]
) -> dict[str, Any]:
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        return {"anyOf": [_schema_of(argument, definitions) for argument in arguments]}
    if hint is types.NoneType:
        return {"type": "null"}
    if origin is tuple:
        return _array(arguments, definitions)
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _schema_of(arguments[1], definitions)}
    if issubclass(hint, Severity):
        return {"enum": [member.label for member in hint]}
    if issubclass(hint, enum.Enum):
        return {"enum": [member.value for member in hint]}
    return _reference(hint, definitions)


def _reference(type_: type, definitions: dict[str, Any]) -> dict[str, Any]:
    if not dataclasses.is_dataclass(type_):
        raise TypeError(f"{type_} has no form in JSON")
    name = type_.__name__
    if name not in definitions:
        definitions[name] = {}  # holds the name while the type's own fields are read
        definitions[name] = _object(type_, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _array(arguments: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    if arguments[-1] is Ellipsis:
        return {"type": "array", "items": _schema_of(arguments[0], definitions)}
    return {
        "type": "array",
        "prefixItems": [_schema_of(argument, definitions) for argument in arguments],
        "items": False,
        "minItems": len(arguments),
    }


def text() -> str:
    """The schema as its file holds it."""
    return json.dumps(schema(), indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
