"""JMESPath as the tables of collectors write it, with a few functions more."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any

import jmespath
from jmespath import functions

_TEXT = {"types": ["string", "null"]}
_PLAIN = {"types": ["string"]}
_MAP = {"types": ["object", "null"]}
_ANY: dict[str, list[str]] = {"types": []}


class _Functions(functions.Functions):  # type: ignore[misc]
    """What answers need beyond JMESPath's own functions; null stays null."""

    @functions.signature(_TEXT)  # type: ignore[untyped-decorator]
    def _func_from_json(self, text: str | None) -> Any:
        """A JSON text, read; a text that is none stays as it is."""
        try:
            return json.loads(text) if text else None
        except ValueError:
            return text

    @functions.signature(_TEXT)  # type: ignore[untyped-decorator]
    def _func_from_base64(self, text: str | None) -> Any:
        return base64.b64decode(text).decode(errors="replace") if text else None

    @functions.signature(_MAP, _PLAIN, _PLAIN)  # type: ignore[untyped-decorator]
    def _func_entries(self, values: Mapping[str, Any] | None, key: str, value: str) -> Any:
        """A map as the list of its entries: `entries(Tags, 'Key', 'Value')`."""
        return None if values is None else [{key: k, value: v} for k, v in values.items()]

    @functions.signature(_TEXT, _PLAIN)  # type: ignore[untyped-decorator]
    def _func_last_of(self, text: str | None, separator: str) -> Any:
        return None if text is None else text.rpartition(separator)[2]

    @functions.signature(_TEXT, _PLAIN)  # type: ignore[untyped-decorator]
    def _func_first_of(self, text: str | None, separator: str) -> Any:
        return None if text is None else text.partition(separator)[0]

    @functions.signature(_ANY)  # type: ignore[untyped-decorator]
    def _func_iso(self, moment: Any) -> Any:
        """The identity: moments are ISO 8601 texts when expressions see them."""
        return moment


_OPTIONS = jmespath.Options(custom_functions=_Functions())


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> Any:
    return jmespath.compile(expression)


@cache
def _plain(expression: str) -> bool:
    return expression.isidentifier()


def search(expression: str | Callable[[Any], Any], value: Any) -> Any:
    """What an expression, or a function, finds in a value; None where there is nothing."""
    if callable(expression):
        return expression(value)
    if _plain(expression) and isinstance(value, Mapping):
        return value.get(expression)
    return _compiled(expression).search(value, options=_OPTIONS)
