"""Where a value stands: in a file, and in the document that the file holds."""

from __future__ import annotations

from dataclasses import dataclass

PropertyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file, 1-based; `end_line` closes the node that stands there."""

    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Written:
    """Where a value stands in a document: its path there, and the part that is not written.

    `obstacle` says why it cannot be changed there; "" where it can.
    """

    file: str
    path: PropertyPath
    missing: PropertyPath = ()
    obstacle: str = ""
