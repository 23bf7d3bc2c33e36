"""`Fn::FindInMap`: values by two keys; keys that are not known become questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analyzer.template.arguments import arguments
from analyzer.template.branches import either, lift
from analyzer.template.conditions import equals
from analyzer.template.problem import Problem, did_you_mean
from analyzer.template.texts import as_text
from analyzer.unknown import Partial, Reference, Unknown

if TYPE_CHECKING:
    from analyzer.template.resolver import Resolver

MAX_QUESTIONS = 16

_INCLUDED = "Fn::Transform"


def find_in_map(resolver: Resolver, argument: Any) -> Any:
    """`Fn::FindInMap`: the value in a mapping, or the default where the map has none."""
    stated = arguments("Fn::FindInMap", argument, 3, 4)
    names = [resolver.argument(stated, index) for index in range(3)]
    lookup = _Lookup(resolver, [isinstance(name, str | int) for name in stated[:3]])
    if stated[3:]:
        lookup.default = [_default(resolver, stated[3])]
    return lift(lookup.mapping, names)


def _default(resolver: Resolver, options: Any) -> Any:
    if not isinstance(options, dict) or "DefaultValue" not in options:
        raise Problem("`Fn::FindInMap` takes a map with DefaultValue as its fourth", path=(3,))
    try:
        return resolver.value(options["DefaultValue"])
    except Problem as problem:
        raise problem.within(3, "DefaultValue") from None


class _Lookup:
    """One call: `literal` says which of the three names the template states as they are."""

    def __init__(self, resolver: Resolver, literal: Sequence[bool]) -> None:
        self.resolver = resolver
        self.literal = literal
        self.default: list[Any] = []

    def mapping(self, names: Sequence[Any]) -> Any:
        """The value by the names of a mapping and of two keys."""
        name, *keys = names
        mappings = self.resolver.mappings
        if not isinstance(name, str):
            return Unknown("a mapping", "has a name that is not known", key=("map", f"{name}"))
        if name in mappings:
            return self._below(mappings[name], keys, name)
        if _INCLUDED in mappings:
            return _included(f"mapping `{name}`")
        if self.default:
            return self.default[0]
        raise Problem(f"mapping `{name}` is not declared", did_you_mean(name, mappings))

    def _below(self, level: Any, keys: Sequence[Any], path: str) -> Any:
        if not keys:
            return self._found(level, path)
        if not isinstance(level, Mapping):
            raise Problem(f"mapping `{path}` is not a map")
        key = keys[0]
        if isinstance(key, Unknown | Partial | Reference):
            return _asked(
                key, level, lambda name: self._below(level[name], keys[1:], f"{path}.{name}")
            )
        if not isinstance(key, str | int | float):
            raise Problem("`Fn::FindInMap` needs texts as keys")
        text = as_text(key)
        if text in level:
            return self._below(level[text], keys[1:], f"{path}.{text}")
        if _INCLUDED in level:
            return _included(f"`{text}` in mapping `{path}`")
        return self._missing(level, text, path, literal=self.literal[-len(keys)])

    def _found(self, value: Any, path: str) -> Any:
        """A mapping holds no functions: what stands there is the value."""
        items = value if isinstance(value, list) else [value]
        if any(isinstance(item, dict | list) for item in items):
            raise Problem(f"mapping `{path}` holds neither a text nor a list of texts")
        return self.resolver.value(value)

    def _missing(self, level: Mapping[str, Any], text: str, path: str, *, literal: bool) -> Any:
        if self.default:
            return self.default[0]
        if literal:
            raise Problem(f"mapping `{path}` has no key `{text}`", did_you_mean(text, level))
        note = f"mapping `{path}` has no key `{text}`: deployment would fail here"
        self.resolver.notes[note] = None
        return Unknown(f"`{text}` in mapping `{path}`", "does not exist", key=("map", path, text))


def _included(what: str) -> Unknown:
    return Unknown(what, "is included at deployment", key=("map", what))


def _asked(key: Any, level: Mapping[str, Any], found: Callable[[str], Any]) -> Any:
    """One question per possible key; the last needs none, since one of them it must be."""
    names = list(level)
    if isinstance(key, Unknown) and key.allowed is not None:
        names = [name for name in names if name in key.allowed] or names
    if not names or len(names) > MAX_QUESTIONS:
        return Unknown(
            f"the value for {key}", "hangs on a key that is not known", key=("map", f"{key}")
        )
    result = found(names[-1])
    for name in reversed(names[:-1]):
        result = either(equals(key, name), found(name), result)
    return result
