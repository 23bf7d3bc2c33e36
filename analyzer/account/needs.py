"""What rules and estimators ask for, read from their code: types, and names of properties.

Nothing has to be declared twice: a rule that reads `bucket.VersioningConfiguration` needs the call
that tells it. Functions of this project that a rule calls are followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from analyzer.account.collector import Collector

_TYPE = "AWS::"


@dataclass(frozen=True, slots=True)
class Needs:
    """Types of resources, and every name that could be one of their properties."""

    types: frozenset[str]
    names: frozenset[str]


def needs_of(
    functions: Iterable[Callable[..., Any]], types: Iterable[str], known: Mapping[str, Collector]
) -> Needs:
    """What functions need that are called with resources of `types`.

    A property that is read and links to another type needs that type too.
    """
    words = frozenset().union(*map(_words, functions), types)
    asked = {word for word in words if word.startswith(_TYPE)}
    while True:
        linked = {
            target
            for type_ in asked & known.keys()
            for path, targets in known[type_].links.items()
            if words.intersection(path.split("."))
            for target in targets.split()
        }
        if linked <= asked:
            return Needs(frozenset(asked), words)
        asked |= linked


@lru_cache(maxsize=4096)
def _words(function: Callable[..., Any]) -> frozenset[str]:
    """Every name and text in a function and in the functions that it can call."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting: list[Any] = [function]
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, FunctionType):
            waiting.extend(_closed_over(value))
            for code in _codes(value.__code__):
                found.update(code.co_names)
                found.update(_texts(code.co_consts))
                waiting.extend(_globals(code, value.__globals__))
        elif isinstance(value, type):
            waiting.extend(v for v in vars(value).values() if isinstance(v, FunctionType))
        else:
            found.update(_texts(value))
            waiting.extend(_functions(value))
    return frozenset(found)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _closed_over(function: FunctionType) -> Iterator[Any]:
    wrapped = getattr(function, "__wrapped__", None)
    if wrapped is not None:
        yield wrapped
    for cell in function.__closure__ or ():
        yield cell.cell_contents


def _globals(code: CodeType, names: Mapping[str, Any]) -> Iterator[Any]:
    """What a function's global names stand for, where it is of this project or of a pack."""
    for name in code.co_names:
        value = names.get(name)
        if isinstance(value, ModuleType):
            if value.__name__.startswith("analyzer"):
                yield from (getattr(value, other, None) for other in code.co_names)
        elif isinstance(value, FunctionType | type):
            if _followed(value.__module__):
                yield value
        elif value is not None:
            yield value


def _followed(module: str) -> bool:
    """Whether a module's code can ask for properties: the machinery below rules cannot."""
    return not module.startswith(("analyzer.findings", "analyzer.model", "analyzer.unknown")) and (
        module.startswith("analyzer") or "." not in module or "rules" in module
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        if "/" in value:
            yield from value.split("/")
    elif isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(key)
            yield from _texts(item)


def _functions(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _functions(item)
    elif isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from _functions(item)
    elif isinstance(value, FunctionType):
        yield value
    elif isinstance(getattr(value, "entry", None), FunctionType):
        yield value.entry
