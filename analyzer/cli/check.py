"""`assay check`: the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from analyzer.cli import options
from analyzer.cli.exit_codes import exit_code
from analyzer.cli.requests import request_of
from analyzer.cli.writing import format_of, save, show
from analyzer.findings import Severity
from analyzer.output import FORMATS


@click.command()
@options.PATHS
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(list(FORMATS)),
    help="How to show the run. [default: text, or what the name of --output tells]",
)
@click.option(
    "--output",
    "-o",
    "outputs",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file, and print text; may be repeated (.sarif, .json, .xml, .md, .html).",
)
@click.option("--store", default="", metavar="PLACE", help="Add the run to this history.")
@options.LANGUAGE
@options.PROFILE
@options.FAIL_ON
@options.JUDGING
@options.PACKS
@options.DEPLOYMENT
@options.DATE
@options.SHOWING
def command(
    *,
    paths: Sequence[Path],
    format_: str | None,
    outputs: Sequence[Path],
    fail_on: Severity,
    strict: bool,
    quiet: bool,
    store: str,
    language: str,
    **asked: Any,
) -> int:
    """Judge templates and architectures: what holds, what does not, what cannot be known.

    PATHS are templates, folders, architecture.yaml files, or - for standard input.

    \b
    assay check architectures/
    assay check template.yaml --parameter Environment=prod
    assay check . --output findings.sarif --output report.html
    """  # noqa: D301 - \b is how click keeps lines
    options.check_language(language)
    if format_ is None:
        for file in outputs:
            format_of(file)  # a name that tells no format is refused before the work
    from analyzer.run import run

    with options.progress_line(quiet=quiet) as progress:
        request = request_of(paths, **asked, progress=progress)
        # Quiet text shows no costs, and those of a template without usage decide nothing else.
        result = run(
            replace(request, bare_priced=not quiet or bool(outputs) or format_ is not None)
        )
    if store:
        from analyzer.history import save as keep

        keep(result, store)
    for file in outputs:
        save(result, format_, file, language=language)
    show(result, "text" if outputs else format_ or "text", quiet=quiet, language=language)
    return exit_code(result, fail_on, strict=strict)
