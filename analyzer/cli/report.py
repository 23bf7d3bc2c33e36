"""`assay report`: the same run as a page for reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from analyzer.cli import options
from analyzer.cli.exit_codes import COMPLIANT
from analyzer.cli.requests import judged
from analyzer.cli.writing import emit, layout, write


@click.command()
@options.PATHS
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("report.html"),
    show_default=True,
    help="The HTML file to write.",
)
@click.option(
    "--theme",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="A folder with a theme of your own.",
)
@options.LANGUAGE
@options.PROFILE
@options.BASE
@options.JUDGING
@options.PACKS_OF_A_CHANGE
@options.DEPLOYMENT
@options.DATE
@options.showing("The name of the file only")
def command(
    *,
    paths: Sequence[Path],
    output: Path,
    theme: Path | None,
    language: str,
    quiet: bool,
    **asked: Any,
) -> int:
    """Write one HTML file that a reviewer can open from disk, filter, and print.

    It ends with 0 once the file is written, whatever the findings are; `check` is the gate.
    """
    from analyzer.output.html import html
    from analyzer.output.text import shown
    from analyzer.output.text_blocks import BLANK, Block, line
    from analyzer.output.text_parts import last_line, problem_lines, summary

    options.check_language(language, theme)
    with options.progress_line(quiet=quiet) as progress:
        result = judged(paths, **asked, bare_priced=True, pictured=True, progress=progress)
    write(output, html(result, theme=theme, language=language))
    if not quiet:
        told: list[Block] = [*problem_lines(result), summary(result), BLANK]
        told += [line(last_line(result)), BLANK]
        emit(shown(told, **layout()))
    emit(f"Report: {output}")
    return COMPLIANT
