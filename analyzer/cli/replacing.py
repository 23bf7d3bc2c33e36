"""Changed texts put in place of the files they were made of: all of them, or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from analyzer.errors import InputError
from analyzer.template import Source
from analyzer.template.parse import decode, encoded


@dataclass(frozen=True, slots=True)
class _Replacement:
    """A file by the name that it was read under, the file itself, and what it is to hold."""

    name: str
    target: Path
    content: bytes
    before: bytes
    mode: int


def replace_files(originals: Mapping[str, Source], texts: Mapping[str, str]) -> list[str]:
    """Write the texts of files, which must stand there as they were read; gives their names.

    Encoding, line breaks and permissions stay as they are. Raises `InputError`, and leaves every
    file as it was, where one of them has changed since or cannot be written.
    """
    ready = [_checked(originals[name], text) for name, text in texts.items()]
    _check_names(ready)
    _write(ready)
    return [one.name for one in ready]


def _checked(original: Source, text: str) -> _Replacement:
    target = Path(original.path).resolve()  # a link stays a link
    try:
        content, mode = target.read_bytes(), target.stat().st_mode
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=original.path) from None
    if decode(content, original.path) != original.text:
        raise InputError(
            "has changed since it was read: nothing is written",
            file=original.path,
            hint="run the command again",
        )
    if not os.access(target, os.W_OK):
        raise InputError("is read-only: nothing is written", file=original.path)
    return _Replacement(original.path, target, encoded(text, content), content, mode & 0o7777)


def _check_names(replacements: Iterable[_Replacement]) -> None:
    """Raise where one file would be written twice, under two names."""
    names: dict[Path, str] = {}
    for one in replacements:
        known = names.setdefault(one.target, one.name)
        if known != one.name:
            raise InputError(
                f"is the same file as {known}: nothing is written",
                file=one.name,
                hint="name it once",
            )


def _write(replacements: Sequence[_Replacement]) -> None:
    """Write every text beside its file first: the files themselves change only if all can."""
    waiting: list[tuple[Path, _Replacement]] = []
    done: list[_Replacement] = []
    try:
        for one in replacements:
            with _told(one):
                waiting.append((_beside(one), one))
        for written, one in waiting:
            with _told(one):
                written.replace(one.target)
            done.append(one)
    except BaseException:
        for one in done:
            _beside(replace(one, content=one.before)).replace(one.target)
        raise
    finally:
        for written, _ in waiting:
            with suppress(FileNotFoundError):
                written.unlink()


@contextmanager
def _told(one: _Replacement) -> Iterator[None]:
    """What the system refuses as one line that names the file."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(
            f"cannot be written: {reason}; nothing is written", file=one.name
        ) from None


def _beside(one: _Replacement) -> Path:
    """The content in a new file beside the one that it is for."""
    handle, name = tempfile.mkstemp(dir=one.target.parent, prefix=f".{one.target.name}.")
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(one.content)
        written.chmod(one.mode)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
    return written
