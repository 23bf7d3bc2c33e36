"""Two texts of a file as a unified diff."""

from __future__ import annotations

import difflib
import re
from itertools import takewhile

_MARGIN = 20  # equal lines that are compared too: a change may be told a few lines further
_NUMBERS = re.compile(r"([-+])(\d+)")


def unified_diff(name: str, before: str, after: str) -> str:
    """What changes in a file; "" where nothing does. Line breaks stay as they are written."""
    old, new = _lines(before), _lines(after)
    # Only what lies between the equal ends is compared: most of a file does not change.
    head = max(_equal(old, new) - _MARGIN, 0)
    tail = _equal(old[head:][::-1], new[head:][::-1])
    tail = max(tail - _MARGIN, 0)
    shown = name.lstrip("/")
    lines = difflib.unified_diff(
        old[head : len(old) - tail], new[head : len(new) - tail], f"a/{shown}", f"b/{shown}"
    )
    return "".join(map(_ended, (_shifted(line, head) for line in lines)))


def _equal(one: list[str], other: list[str]) -> int:
    """How many lines are the same from the begin."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _shifted(line: str, by: int) -> str:
    """The head of a hunk with the numbers of its lines in the whole file."""
    if not line.startswith("@@"):
        return line
    return _NUMBERS.sub(lambda match: f"{match[1]}{int(match[2]) + by}", line)


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)
