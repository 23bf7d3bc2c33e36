"""A fix's values as a template, a parameter or a profile writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from analyzer.model import PropertyPath
from analyzer.template.editing import UnfitError
from analyzer.unknown import Partial, Reference, Unknown


def path_of(text: str) -> PropertyPath:
    """The path that a slash-separated text says, list positions as numbers."""
    return tuple(int(part) if part.isdigit() else part for part in text.split("/") if part)


def settings_of(values: Mapping[str, Any], stack: str) -> Iterator[tuple[PropertyPath, Any]]:
    """Each property that is set, with its value as a template writes it."""
    for name, value in values.items():
        yield path_of(name), plain(value, stack)


def plain(value: Any, stack: str) -> Any:
    """A value as a JSON template writes it. Raises `UnfitError` for one that is not known."""
    if isinstance(value, Mapping):
        return {f"{key}": plain(item, stack) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item, stack) for item in value]
    if isinstance(value, Reference):
        return _reference(value, stack)
    if isinstance(value, Unknown):
        raise UnfitError(f"{value.subject} {value.reason}")
    if isinstance(value, Partial):
        raise UnfitError(f"`{value}` is not known before it is deployed")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _reference(value: Reference, stack: str) -> dict[str, Any]:
    owner, _, name = value.target.rpartition("/")
    if owner != stack:
        raise UnfitError(f"`{name}` stands in another stack")
    return {"Fn::GetAtt": [name, value.attribute]} if value.attribute else {"Ref": name}


def in_the_kind_of(value: Any, old: Any) -> Any:
    """A number as text where text stands, and as a number where a number does."""
    if isinstance(value, str) and isinstance(old, int) and not isinstance(old, bool):
        return int(value) if value.isdigit() else value
    if isinstance(old, str) and type(value) is int and old.isdigit():
        return f"{value}"
    return value


def parameter_text(name: str, declaration: Mapping[str, Any], value: Any) -> str:
    """What a parameter has to be given for a value.

    Raises `UnfitError` where its declaration does not allow that.
    """
    if f"{declaration.get('NoEcho')}".lower() == "true":
        raise UnfitError(f"parameter `{name}` is a secret: it is not written anywhere")
    text = ",".join(map(_text, value)) if isinstance(value, list) else _text(value)
    allowed = declaration.get("AllowedValues")
    if not isinstance(allowed, list):
        return text
    for choice in map(_text, allowed):
        if choice == text or (isinstance(value, bool) and choice.lower() == text):
            return choice
    raise UnfitError(f"parameter `{name}` does not allow {text}: it is one of {_listed(allowed)}")


def _listed(allowed: list[Any]) -> str:
    more = ", ..." if len(allowed) > 5 else ""  # noqa: PLR2004 - enough to recognise the list
    return ", ".join(map(_text, allowed[:5])) + more


def _text(value: Any) -> str:
    return f"{value}".lower() if isinstance(value, bool) else f"{value}"


def as_written(text: str, old: Any) -> Any:
    """A parameter's text in the kind of what stands there."""
    if isinstance(old, bool) and text in ("true", "false"):
        return text == "true"
    if type(old) is int and text.isdigit() and f"{int(text)}" == text:
        return int(text)
    if isinstance(old, list):
        return text.split(",")
    if old is None and text.isdigit() and f"{int(text)}" == text:
        return int(text)
    return text
