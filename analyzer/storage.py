"""Files on a local path or any fsspec URL, each written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analyzer.errors import InputError, UsageError


class Storage:
    """The files below a place: a folder, or a URL such as `s3://bucket/prefix`."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._remote: Any = None
        if "://" in where:
            self._remote, self._root = _opened(where)
        else:
            self._folder = Path(where)

    def write(self, name: str, content: bytes) -> None:
        """Put a file: a reader sees all of it or nothing. Raises `UsageError`."""
        try:
            if self._remote is not None:
                self._remote.pipe_file(f"{self._root}/{name}", content)
            else:
                _replace(self._folder / name, content)
        except OSError as error:
            raise UsageError(
                f"cannot write '{self.where}/{name}': {error.strerror or error}"
            ) from error

    def read(self, name: str) -> bytes | None:
        """A file's content; None where there is none. Raises `InputError`."""
        try:
            if self._remote is not None:
                return bytes(self._remote.cat_file(f"{self._root}/{name}"))
            return (self._folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise InputError(
                f"cannot be read: {error.strerror or error}", file=f"{self.where}/{name}"
            ) from error

    def names(self, below: str) -> Iterator[str]:
        """The files below a folder, sorted; none where there is no such folder."""
        if self._remote is not None:
            found = self._remote.find(f"{self._root}/{below}")
            yield from sorted(name[len(self._root) + 1 :].lstrip("/") for name in found)
            return
        for file in sorted((self._folder / below).rglob("*")):
            if file.is_file() and not file.name.startswith("."):
                yield file.relative_to(self._folder).as_posix()


def _opened(where: str) -> tuple[Any, str]:
    try:
        import fsspec

        remote, root = fsspec.core.url_to_fs(where)
    except ImportError as error:
        raise UsageError(
            f"'{where}' needs a package that is not installed: {error}",
            hint="pip install 'cloud-assay[history]', and the file system's own package",
        ) from error
    except ValueError as error:
        raise UsageError(f"'{where}' is no place to write to: {error}") from error
    return remote, root.rstrip("/")


def _replace(file: Path, content: bytes) -> None:
    """Write beside the file and rename: also a process that is killed leaves no half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
