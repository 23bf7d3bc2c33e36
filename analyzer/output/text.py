"""A run for people at a terminal, or in the log of a build: plain lines, or colours and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any

from analyzer.output.text_blocks import Block, Table, words
from analyzer.output.text_parts import blocks
from analyzer.results import Run


def text(
    run: Run, *, quiet: bool = False, terminal: bool = False, color: bool = True, width: int = 100
) -> str:
    """The run as text.

    `quiet` leaves failures and the last line only; `terminal` lays out for a screen of `width`
    columns, and `color` colours it there. Without `terminal` there is no escape sequence in it.
    """
    return shown(blocks(run, quiet=quiet), terminal=terminal, color=color, width=width)


def shown(
    parts: Iterable[Block], *, terminal: bool = False, color: bool = True, width: int = 100
) -> str:
    """Blocks as text, as `text` shows a run."""
    if terminal:
        from analyzer.output.text_rich import painted

        return painted(parts, color=color, width=width)
    return "".join(_plain(block) for block in parts)


def terminal_options(
    stream: IO[str], environment: Mapping[str, str], color: str = "auto"
) -> dict[str, Any]:
    """What `text` needs to know of where it will be shown.

    `color` is "always" (colours wherever it is shown), "never", or "auto": on a terminal, unless
    NO_COLOR is set.
    """
    import shutil

    if color != "always" and (not stream.isatty() or environment.get("TERM") == "dumb"):
        return {"terminal": False}
    return {
        "terminal": True,
        "color": color == "always" or (color == "auto" and not environment.get("NO_COLOR")),
        "width": shutil.get_terminal_size().columns,
    }


def _plain(block: Block) -> str:
    if not isinstance(block, Table):
        return words(block).rstrip() + "\n"
    rows = [block.headers, *([cell.text for cell in row] for row in block.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(block.headers))]
    return "".join(
        "  ".join(
            cell.rjust(width) if column in block.right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        + "\n"
        for row in rows
    )
