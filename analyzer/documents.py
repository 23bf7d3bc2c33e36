"""Our own YAML files: read with positions, validated by a model, errors with their line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from analyzer.errors import InputError

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

    from analyzer.template.parse import Limits
    from analyzer.template.source import Source

M = TypeVar("M", bound="BaseModel")


def read_document(
    path: Path, model: type[M], parsed: Source | None = None, limits: Limits | None = None
) -> tuple[M, Source]:
    """The file as its model, and the source that knows where each value stands.

    `parsed` is taken instead of what stands at the path.
    Raises `InputError` with file and line where it cannot be read or has the wrong form.
    """
    from pydantic import ValidationError

    from analyzer.template.source import read_source

    source = parsed or read_source(path, limits or _limits())
    try:
        return model.model_validate(source.data), source
    except ValidationError as error:
        raise _located(error, source) from None


def _limits() -> Limits:
    from analyzer.template.parse import Limits

    large = "no file of this kind needs that"
    return Limits(too_large=large, too_many=large, empty="", root="a map", other_root="")


def _located(error: ValidationError, source: Source) -> InputError:
    """The first thing that is wrong, as one line; how many more there are."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    first = problems[0]
    path: tuple[Any, ...] = first["loc"]
    place = source.locate(path)
    where = "/".join(str(part) for part in path)
    said = first["msg"].removeprefix("Value error, ")
    message = _WORDS.get(first["type"], said[:1].lower() + said[1:])
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return InputError(
        f"`{where}`: {message}{more}" if where else f"{message}{more}",
        file=source.path,
        line=place.line,
        column=place.column,
    )


_WORDS = {
    "extra_forbidden": "is not known here",
    "missing": "is missing",
}
