"""Where a rendered run goes: standard output, or a file that is complete or not there at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from analyzer.errors import UsageError
from analyzer.output import render
from analyzer.output.text import terminal_options
from analyzer.results import Run

_BY_SUFFIX = {
    ".json": "json",
    ".ocsf.json": "ocsf",
    ".asff.json": "asff",
    ".oscal.json": "oscal",
    ".csv": "csv",
    ".focus.csv": "focus",
    ".sarif": "sarif",
    ".xml": "junit",
    ".codequality.json": "codequality",
    ".comment.md": "comment",
    ".md": "markdown",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
}


COLOR = "analyzer.color"
"""Under this name a command's context keeps what `--color` says."""


def color() -> str:
    """What `--color` says: auto, always or never."""
    context = click.get_current_context(silent=True)
    chosen: str = context.meta.get(COLOR, "auto") if context else "auto"
    return chosen


def layout() -> dict[str, Any]:
    """How text is laid out on standard output: plain, or for a terminal, in colours or without."""
    return terminal_options(sys.stdout, os.environ, color())


def show(
    run: Run,
    format: str,  # noqa: A002 - the option's name
    *,
    quiet: bool,
    language: str = "en",
) -> None:
    """Print the run; `language` is that of a page."""
    options = {"quiet": quiet, **layout()} if format == "text" else _surroundings(format, language)
    emit(rendered(run, format, **options))


def save(
    run: Run,
    format: str | None,  # noqa: A002 - the option's name
    file: Path,
    *,
    language: str = "en",
    **options: Any,
) -> None:
    """Write the run to a file, in the format that its name tells where none is given.

    `language` is that of a page, `options` are the keywords that the format's function has.
    """
    known = format or format_of(file)
    write(file, rendered(run, known, **_surroundings(known, language), **options))


def rendered(run: Run, format: str, **options: Any) -> str:  # noqa: A002 - the option's name
    """The run in a format; what a format cannot hold is told on standard error."""
    text = render(run, format, **options)
    if format == "focus":
        from analyzer.output.focus import left_out

        words = left_out(run)
        if words:
            click.echo(f"assay: {words}", err=True)
    return text


def _surroundings(format: str, language: str) -> dict[str, Any]:  # noqa: A002 - the option's name
    """What a format is told beside the run: a page its language, a comment where files are."""
    if format == "html":
        return {"language": language}
    if format == "comment":
        from analyzer.cli.pipeline import links_of

        return {"links": links_of(os.environ)}
    return {}


# The formats that show the fixes of what is new alone, where a run is compared.
_OF_CHANGE = ("text", "comment", "junit", "webhook", "focus")


def shows_old_fixes(format: str | None, files: Sequence[Path]) -> bool:  # noqa: A002 - as in `show`
    """Whether anything that is asked for shows the fixes of what was there before, too."""
    formats = [format] if format else map(format_of, files)
    return any(name not in _OF_CHANGE for name in formats)


def shows_diagrams(format: str | None, files: Sequence[Path]) -> bool:  # noqa: A002 - as in `show`
    """Whether anything that is asked for is a page, which shows the architecture as a picture."""
    return format == "html" or (format is None and "html" in map(format_of, files))


def format_of(file: Path) -> str:
    """The format that a file's name tells. Raises `UsageError` where it tells none."""
    name = file.name.lower()
    longest_first = sorted(_BY_SUFFIX, key=len, reverse=True)
    suffix = next((suffix for suffix in longest_first if name.endswith(suffix)), "")
    format = _BY_SUFFIX.get(suffix)  # noqa: A001 - the option's name
    if format is None:
        known = ", ".join(_BY_SUFFIX)
        raise UsageError(f"'{file}' does not tell a format", hint=f"give --format, or {known}")
    return format


def write(file: Path, text: str) -> None:
    """Replace a file in one step: a reader sees the old text or the new one, never half of it."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        with os.fdopen(
            handle, "w", encoding="utf-8", errors="backslashreplace", newline="\n"
        ) as stream:
            stream.write(text)
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(file)
    except OSError as error:
        raise UsageError(f"cannot write '{file}': {error.strerror or error}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def emit(text: str) -> None:
    """Print text on standard output, whatever its encoding can show."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
    if not text.endswith("\n"):
        sys.stdout.write("\n")
    sys.stdout.flush()


def tell_problems(run: Run) -> None:
    """Say on standard error what could not be read or judged, for what does not show the run."""
    for problem in run.problems:
        if problem.kind in ("input", "rule"):
            click.echo(f"assay: {problem}", err=True)
