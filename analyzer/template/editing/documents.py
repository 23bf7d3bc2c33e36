"""A document with changes: its text edited in place, and read again to see that it says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analyzer.errors import InputError
from analyzer.template.editing.changes import (
    Append,
    Change,
    Insert,
    Put,
    Remove,
    Replace,
    Step,
    UnfitError,
    after,
    same,
    steps,
    value_at,
)
from analyzer.template.editing.edits import edited
from analyzer.template.editing.spots import AliasError
from analyzer.template.editing.template_file import TemplateFile
from analyzer.template.source import Source


def changed(source: Source, changes: Iterable[Change]) -> Source:
    """The document after the changes, one after the other; the same one where none is needed.

    Comments and layout stay as they are. Raises `UnfitError` where it cannot be changed in place.
    """
    try:
        text, data = _written(source, changes)
        return source if text == source.text else _checked(source, text, data)
    except InputError as error:
        raise UnfitError(f"it cannot be edited in place: {error.message}") from None


def _written(source: Source, changes: Iterable[Change]) -> tuple[str, Any]:
    """The text after the changes, and the values that it is to hold."""
    data: Any = source.data
    text = source.text
    for change in changes:
        for step in steps(data, _preferred(source, change)):
            file = TemplateFile.of_text(source.path, text)
            then = after(data, step)
            text, data = _edited(file, step, then), then
    return text, data


def _preferred(source: Source, change: Change) -> Change:
    """The change with its value as the file says such values."""
    if isinstance(change, Remove):
        return change
    if isinstance(change, Put) and not isinstance(change.value, dict | list):
        return change
    file = TemplateFile.of_text(source.path, source.text)
    if isinstance(change, Append):
        return Append(change.path, tuple(map(file.notation.preferred, change.items)))
    return Put(change.path, file.notation.preferred(change.value), change.behind)


def _edited(file: TemplateFile, step: Step, then: Any) -> str:
    try:
        return edited(file, step)
    except AliasError as alias:
        # What is written elsewhere gets a copy of its own here, with the change.
        depth = alias.depth + 1
        if isinstance(step, Remove) and depth == len(step.path):
            raise UnfitError("it is written elsewhere (an alias or a merge key)") from None
        path = step.path[:depth]
        return _own(file, path, value_at(then, path))


def _own(file: TemplateFile, path: Any, value: Any) -> str:
    for form in (Replace, Insert):
        try:
            return edited(file, form(path, value))
        except AliasError:
            continue
    raise UnfitError("it is written elsewhere (an alias or a merge key)")


def _checked(source: Source, text: str, data: Any) -> Source:
    result = Source(source.path, text)
    # Told apart by their texts at first, which is fast: only the order of keys may differ then.
    if repr(result.data) != repr(data) and not same(result.data, data):
        raise UnfitError("it is written in a way that is not edited in place")
    return result
