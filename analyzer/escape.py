"""Untrusted text made harmless to show: no control character reaches a terminal or a file."""

from __future__ import annotations

import re

# Line and field breaks of any kind: shown as one blank.
_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+ *")
# The rest of C0 and C1, delete, lone surrogates, what reorders text, and what no XML may hold.
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
    "\ufffe\uffff]"
)
_HIDDEN_IN_DIFF = re.compile(rf"{_HIDDEN.pattern}|[\v\f]|\r(?!\n)")


def visible(text: object) -> str:
    r"""One line that shows every character: breaks as a blank, hidden characters as `\x1b`."""
    return _HIDDEN.sub(_named, _BREAKS.sub(" ", str(text)))


def visible_diff(text: str) -> str:
    """A diff that shows hidden characters; tabs and ends of lines stay, for patch to find them."""
    return _HIDDEN_IN_DIFF.sub(_named, text)


def encodable(text: str) -> str:
    """The text in characters that UTF-8 has: a file's name may hold bytes that are none."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


_LATIN = 0xFF


def _named(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code <= _LATIN else f"\\u{code:04x}"
