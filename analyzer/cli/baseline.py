"""`assay baseline`: what a repository starts with, written down so that only the rest fails."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.cli import options
from analyzer.cli.exit_codes import BAD_INPUT, COMPLIANT, INCOMPLETE
from analyzer.cli.requests import judged
from analyzer.cli.writing import emit, write
from analyzer.output.grouping import counted
from analyzer.results import Run

if TYPE_CHECKING:
    from analyzer.baseline import Baseline


@click.command()
@options.PATHS
@click.option(
    "--output",
    "-o",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("assay-baseline.yaml"),
    show_default=True,
    help="The baseline: YAML, or JSON by its name.",
)
@click.option("--add", is_flag=True, help="Write down what has come since, too.")
@options.JUDGING
@options.PACKS
@options.DEPLOYMENT
@options.DATE
@options.showing("Problems only")
def command(*, paths: Sequence[Path], file: Path, add: bool, quiet: bool, **asked: Any) -> int:
    """Write down the failures of today, so that `assay check --baseline` fails on others only.

    Where the file is there already, what is fixed is taken out of it, and nothing is put in unless
    --add says so. It is left as it is where not everything could be judged.

    \b
    assay baseline architectures/
    assay check architectures/ --baseline assay-baseline.yaml
    """  # noqa: D301 - \b is how click keeps lines
    from analyzer.baseline import Baseline, added, read_baseline, shrunk, written

    is_new = not file.exists()
    before = Baseline(f"{file}", file.parent) if is_new else read_baseline(file)
    with options.progress_line(quiet=quiet) as progress:
        run = judged(
            paths, bare_priced=False, no_fixes=True, profiles=(), progress=progress, **asked
        )
    if not run.complete:
        return _left(run, file)
    entries = added(run, before, asked["today"]) if is_new or add else shrunk(run, before)
    write(file, written(entries, file))
    if not quiet:
        emit(f"{file}: {counted(len(entries), 'known failure')}{_was(before, is_new=is_new)}")
    return COMPLIANT


def _was(before: Baseline, *, is_new: bool) -> str:
    return "" if is_new else f" ({len(before.entries):,} before)"


def _left(run: Run, file: Path) -> int:
    for problem in run.problems:
        click.echo(f"assay: {problem}", err=True)
    click.echo(f"assay: {file} is left as it is: not everything could be judged", err=True)
    unusable = any(problem.kind == "input" for problem in run.problems)
    return BAD_INPUT if unusable else INCOMPLETE
