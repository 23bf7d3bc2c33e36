"""A comment for a pull request: what the change does. Ends with the mark by which it is found.

Where nothing was compared it is the whole run, as `markdown` shows it.
"""

from __future__ import annotations

from analyzer.forges.mark import mark
from analyzer.output.changes import compared
from analyzer.output.links import Links
from analyzer.output.markdown import engines, markdown, marks, problems
from analyzer.output.markdown_blocks import LIMIT, PLACES, Section, fitting, size
from analyzer.output.markdown_changes import (
    Page,
    added_waivers,
    change_sections,
    compared_with,
    headline,
)
from analyzer.output.text_parts import incomplete
from analyzer.results import Run


def comment(
    run: Run, *, name: str = "assay", links: Links | None = None, limit: int = LIMIT
) -> str:
    """The change as GitHub Markdown of at most `limit` characters; what is left out is counted."""
    ending = f"\n{mark(name)}\n"
    room = limit - size(ending)
    if not compared(run):
        return markdown(run, limit=room) + ending
    pages = (
        Page(run, links),
        Page(run, links, patches=False),
        *(Page(run, links, patches=False, places=number) for number in PLACES),
    )
    return fitting(map(_sections, pages), room) + ending


def _sections(page: Page) -> list[Section]:
    run = page.run
    first = [_head(run), added_waivers(page), problems(run)]
    return [*first, *change_sections(page), Section("\n", [engines(run)])]


def _head(run: Run) -> Section:
    words = [compared_with(run), incomplete(run)]
    return Section(
        "", [f"## {marks(run)} assay: {headline(run)}\n\n{' '.join(filter(None, words))}\n"]
    )
