"""One line on the terminal that says what is being done, and goes away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(*, color: bool = True) -> Iterator[Callable[[str], None]]:
    """A function that shows what is being done."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True, no_color=not color or None)
    with console.status("reading") as status:
        yield lambda words: status.update(escape(words))
