"""`assay price`: what every profile costs a month, beside what its owner declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click

from analyzer.cli import options
from analyzer.cli.exit_codes import BAD_INPUT, COMPLIANT
from analyzer.cli.writing import emit, layout, rendered, write
from analyzer.results import Run


@click.command()
@options.PATHS
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(["table", "csv", "json", "focus"]),
    default="table",
    show_default=True,
    help="A table by profile and service; every line as CSV; lines and totals as JSON; FOCUS 1.2.",
)
@click.option("--lines", is_flag=True, help="In the table: every line, with its assumption.")
@options.OUTPUT
@options.PROFILE
@options.DEPLOYMENT
@options.DATE
@options.showing("The totals only")
def command(
    *,
    paths: Sequence[Path],
    format_: str,
    lines: bool,
    output: Path | None,
    profiles: Sequence[str],
    parameter_files: Sequence[Path],
    assignments: Mapping[str, str],
    region: str,
    account: str,
    today: date,
    quiet: bool,
) -> int:
    """Estimate the monthly cost (730 hours) of templates and architectures, in USD.

    What is not known, and what is not priced, is listed; it is never counted as zero.
    """
    from analyzer.request import Request
    from analyzer.run import run

    inputs = options.inputs_of(paths, region, account, parameter_files, assignments)
    options.check_profiles(inputs, profiles)
    with options.progress_line(quiet=quiet) as progress:
        result = run(
            Request(
                systems=inputs.systems,
                today=today,
                profiles=profiles,
                judged=False,
                problems=inputs.problems,
                progress=progress,
            )
        )
    text = _rendered(result, format_, lines=lines, quiet=quiet, piped=output is not None)
    if output is None:
        emit(text)
    else:
        write(output, text)
    for problem in result.problems:
        if problem.kind != "note" or format_ == "table":
            click.echo(f"assay: {problem}", err=True)
    return BAD_INPUT if any(problem.kind == "input" for problem in result.problems) else COMPLIANT


def _rendered(
    run: Run,
    format: str,  # noqa: A002 - the option's name
    *,
    lines: bool,
    quiet: bool,
    piped: bool,
) -> str:
    from analyzer.output import prices

    if format == "csv":
        return prices.as_csv(run)
    if format == "json":
        return prices.as_json(run)
    if format == "focus":
        return rendered(run, format)
    from analyzer.output.text import shown

    blocks = prices.totals(run) if quiet else prices.as_blocks(run, lines=lines)
    return shown(blocks, **({} if piped else layout()))
