"""Messages with the names and values of a template in them."""

from __future__ import annotations

_MAX_LENGTH = 400


def one_line(text: str) -> str:
    """A message fit for one line of output: shortened, its control characters escaped."""
    shown = text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]}..."
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in shown
    )
