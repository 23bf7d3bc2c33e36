"""Regular expressions from templates: tried with a limit, since a hostile one never ends."""

from __future__ import annotations

import re
from math import comb

_MAX_STEPS = 100_000
_SECONDS = 0.1
_ESCAPED_OR_CLASS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_REPETITION = re.compile(r"[+*?|]|\{")
_REPEATED_GROUP = re.compile(r"\)[+*{]")


def matches(pattern: str, text: str) -> bool | None:
    """Whether a pattern matches a whole text; None where it is not understood or takes too long."""
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None
    if _is_quick(pattern, text):
        return compiled.fullmatch(text) is not None
    import regex

    try:
        return regex.fullmatch(pattern, text, timeout=_SECONDS) is not None
    except (regex.error, MemoryError, TimeoutError):
        return None


def _is_quick(pattern: str, text: str) -> bool:
    """Whether few ways exist to share a text out among the repetitions of a pattern.

    A repeated group doubles the ways with each character. `regex` can be stopped, and is slow to
    import: what is surely quick does not need it.
    """
    bare = _ESCAPED_OR_CLASS.sub("x", pattern)
    if _REPEATED_GROUP.search(bare):
        return False
    repetitions = len(_REPETITION.findall(bare))
    return comb(len(text) + repetitions, repetitions) <= _MAX_STEPS
