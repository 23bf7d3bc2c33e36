"""Text output on a terminal; the only place that needs rich."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from analyzer.output.text_blocks import Block, Span, Table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

_STYLES = {
    "heading": "bold underline",
    "group": "bold",
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
    "info": "dim",
    "unknown": "magenta",
    "pass": "green",
    "waived": "dim",
    "rule": "bold",
    "place": "dim",
    "label": "dim",
    "fix": "green",
}


def painted(blocks: Iterable[Block], *, color: bool, width: int) -> str:
    """The blocks with escape sequences of our own; words never add any."""
    from rich.console import Console

    stream = io.StringIO()
    console = Console(
        file=stream,
        force_terminal=True,
        color_system="standard" if color else None,
        no_color=False,
        width=max(width, 60),
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for block in blocks:
        if isinstance(block, Table):
            _table(console, block)
        else:
            console.print(_text(block), soft_wrap=True)
    return stream.getvalue()


def _text(spans: Iterable[Span]) -> Text:
    from rich.text import Text

    return Text.assemble(*((piece.text, _STYLES.get(piece.style, "")) for piece in spans))


def _table(console: Console, block: Table) -> None:
    from rich import box
    from rich.table import Table as Grid

    grid = Grid(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for column, header in enumerate(block.headers):
        grid.add_column(header, justify="right" if column in block.right else "left")
    for row in block.rows:
        grid.add_row(*(_text([cell]) for cell in row))
    console.print(grid)
