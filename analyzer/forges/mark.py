"""The hidden mark by which assay finds its own comment again."""

from __future__ import annotations

import re

from analyzer.errors import UsageError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,80}")
_MARK = re.compile(r"^<!-- assay: ([^\n]*) -->\s*\Z", re.MULTILINE)


def mark(name: str) -> str:
    """The mark of a comment's name. Raises `UsageError` for a name that could end it early."""
    if not _NAME.fullmatch(name) or "--" in name:
        raise UsageError(
            f"'{name}' is no name for a comment", hint="use letters, digits, blanks and ._/-"
        )
    return f"<!-- assay: {name} -->"


def marked(text: str) -> str:
    """The mark that a text ends with; "" where it has none."""
    found = _MARK.search(text)
    return found[0].strip() if found else ""


def renamed(text: str, name: str) -> str:
    """The text with another mark at its end."""
    return f"{_MARK.sub('', text).rstrip()}\n\n{mark(name)}\n"
