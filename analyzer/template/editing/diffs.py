"""Two texts of a file as a unified diff."""

from __future__ import annotations

import difflib
import re


def unified_diff(name: str, before: str, after: str) -> str:
    """What changes in a file; "" where nothing does. Line breaks stay as they are written."""
    shown = name.lstrip("/")
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{shown}", f"b/{shown}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)
