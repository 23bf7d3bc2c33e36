"""Changed texts put in place of the files they were made of: all of a file, or nothing of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from analyzer.errors import InputError, UsageError
from analyzer.template import Source
from analyzer.template.parse import decode, encoding_of


@dataclass(frozen=True, slots=True)
class _Replacement:
    file: Path
    content: bytes
    mode: int


def replace_files(originals: Mapping[str, Source], texts: Mapping[str, str]) -> list[str]:
    """Write the texts of files, which must stand there as they were read; gives their names.

    Encoding, line breaks and permissions stay as they are. Raises `InputError` where a file has
    changed since, before anything is written.
    """
    ready = [_checked(originals[name], text) for name, text in texts.items()]
    _write(ready)
    return [f"{replacement.file}" for replacement in ready]


def _checked(original: Source, text: str) -> _Replacement:
    file = Path(original.path)
    try:
        content, mode = file.read_bytes(), file.stat().st_mode
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=original.path) from None
    if decode(content, original.path) != original.text:
        raise InputError(
            "has changed since it was read: nothing is written",
            file=original.path,
            hint="run the command again",
        )
    return _Replacement(file, text.encode(encoding_of(content)), mode & 0o7777)


def _write(replacements: Iterable[_Replacement]) -> None:
    """Write every text beside its file first: the files themselves change only if all can."""
    waiting: list[tuple[Path, Path]] = []
    try:
        for one in replacements:
            target = one.file.resolve()
            handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
            waiting.append((Path(name), target))
            with os.fdopen(handle, "wb") as stream:
                stream.write(one.content)
            Path(name).chmod(one.mode)
        for written, target in waiting:
            written.replace(target)
    except OSError as error:
        raise UsageError(
            f"cannot write '{error.filename}': {error.strerror}", hint="check its permissions"
        ) from error
    finally:
        for written, _ in waiting:
            with suppress(FileNotFoundError):
                written.unlink()
