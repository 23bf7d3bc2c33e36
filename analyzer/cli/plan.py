"""`assay plan`: which fixes and savings to take, in which order, for which money."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from analyzer.cli import options
from analyzer.cli.exit_codes import COMPLIANT, VIOLATIONS
from analyzer.cli.inventories import is_snapshot
from analyzer.cli.requests import request_of
from analyzer.cli.writing import emit, format_of, layout, write
from analyzer.errors import UsageError
from analyzer.escape import visible_diff
from analyzer.findings import OURS, Severity
from analyzer.inputs import STANDARD_INPUT

# The kinds that ask; written down, for help is not to wait for the savings and their price book.
_ACCEPTABLE = ("generation", "arm64", "schedule", "one-nat", "idle")
_FORMATS = ("text", "json", "html", "markdown")


def _amount(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Decimal | None:
    if value is None:
        return None
    try:
        amount = Decimal(value)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise click.BadParameter(f"'{value}' is no amount of USD, such as 150 or 99.90")
    return amount


MONEY = options.with_options(
    click.option(
        "--budget",
        callback=_amount,
        metavar="USD",
        help="What the profile may cost a month. [default: its own budget, else no ceiling]",
    ),
    click.option(
        "--spend",
        callback=_amount,
        metavar="USD",
        help="How much more than today it may cost a month, in place of --budget.",
    ),
)
TAKING = options.with_options(
    click.option(
        "--accept",
        "accepted",
        multiple=True,
        type=click.Choice([*_ACCEPTABLE, "all"]),
        help="Take savings of this kind too, with what they give up; may be repeated.",
    ),
    click.option("--safe", is_flag=True, help="Only what replaces nothing and loses no data."),
)
SHOWING = options.with_options(
    click.option(
        "--format",
        "-f",
        "format_",
        type=click.Choice(_FORMATS),
        help="How to show the plan. [default: text, or what the name of --output tells]",
    ),
    options.OUTPUT,
    click.option(
        "--chart",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE.svg",
        help="Draw the plan into this file too.",
    ),
    click.option("--diff", is_flag=True, help="Show all changes as one patch instead."),
)
WRITING = options.with_options(
    click.option("--write", "written", is_flag=True, help="Make the changes in the files."),
    click.option("--unsafe", is_flag=True, help="With --write: also where they are not safe."),
)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@options.ONE_PROFILE
@MONEY
@TAKING
@SHOWING
@WRITING
@options.FAIL_ON
@options.PACKS
@options.DEPLOYMENT
@options.DATE
@options.showing("The steps and the last line only")
def command(
    *,
    path: Path,
    profile: str | None,
    budget: Decimal | None,
    spend: Decimal | None,
    accepted: Sequence[str],
    safe: bool,
    format_: str | None,
    output: Path | None,
    chart: Path | None,
    diff: bool,
    written: bool,
    unsafe: bool,
    fail_on: Severity,
    strict: bool,
    quiet: bool,
    **asked: Any,
) -> int:
    """Plan how a profile reaches its policy at the lowest price, or as far as its budget goes.

    PATH is an architecture or a template. Fixes are chosen by severity, the most severe first, and
    then by price; savings pay for them. The total is that of all changes made together. Of the
    snapshot of an audit PATH gives the savings of an account (--profile names it).

    \b
    assay plan architectures/webmarket --profile prod --budget 150
    assay plan architectures/webmarket --profile dev --accept schedule --accept arm64
    assay plan architectures/webmarket --profile prod --spend 10 --diff

    \b
    Exit codes
      0  the plan reaches the policy within the budget
      1  it does not: failures stay, or the budget is too small
      2  bad usage, or an input that cannot be used
    """  # noqa: D301 - \b is how click keeps lines
    from analyzer.cli.planning import Asked, carried_out, plan_of, shown

    if written and f"{path}" == STANDARD_INPUT:
        raise UsageError("standard input cannot be written", hint="name the template's file")
    if chart is not None and chart.suffix.lower() != ".svg":
        raise UsageError(
            f"a chart is an SVG, not a {chart.suffix or 'file without an ending'}",
            hint="name it FILE.svg",
        )
    chosen = format_ or _told_by(output)
    wanted = Asked(budget, spend, frozenset(accepted), safe, fail_on, strict)
    with options.progress_line(quiet=quiet) as progress:
        if is_snapshot(f"{path}"):
            from analyzer.cli.planning_account import plan_of_account

            made = plan_of_account(f"{path}", profile, wanted, progress, **asked)
        else:
            request = request_of(
                [path],
                profiles=[profile] if profile else [],
                engines=(OURS,),
                all_scenarios=False,
                no_cache=False,
                progress=progress,
                **asked,
            )
            made = plan_of(request, wanted)
    if written:
        for file in carried_out(made, unsafe=unsafe):
            click.echo(f"assay: wrote {file}", err=True)
    if chart is not None:
        from analyzer.output.plan_chart import chart_file

        write(chart, chart_file(made.plan))
    drawn = {} if output is not None else layout()
    text = visible_diff(made.diff) if diff else shown(made, chosen, quiet=quiet, drawn=drawn)
    if output is None:
        emit(text)
    else:
        write(output, text)
    return COMPLIANT if made.plan.reached else VIOLATIONS


def _told_by(output: Path | None) -> str:
    """The format that the name of a file tells."""
    told = "text" if output is None else format_of(output)
    if told not in _FORMATS:
        raise UsageError(f"a plan has no format {told}", hint=f"use one of {', '.join(_FORMATS)}")
    return told
