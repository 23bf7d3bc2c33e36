"""Changed texts written to their files: whole or not at all, and only where nobody was first."""

from __future__ import annotations

import codecs
import os
import tempfile
from pathlib import Path

from analyzer.errors import InputError
from analyzer.template.parse import decode

_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def replace_text(name: str, before: str, after: str) -> None:
    """Replace the text of a file in one step; its mode and its encoding stay.

    Raises `InputError`, and leaves the file, where it does not say `before` any more.
    """
    file = Path(name).resolve()  # a link stays a link
    try:
        content = file.read_bytes()
        if decode(content, name) != before:
            raise InputError(
                "has changed since it was judged: nothing of it is written",
                file=name,
                hint="call assay fix again",
            )
        _replace(file, _encoded(after, like=content))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(f"cannot be written: {reason}", file=name) from None


def _encoded(text: str, *, like: bytes) -> bytes:
    for mark, encoding in _ENCODINGS:
        if like.startswith(mark):
            return mark + text.encode(encoding)
    return text.encode()


def _replace(file: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        written.chmod(file.stat().st_mode & 0o7777)
        written.replace(file)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
