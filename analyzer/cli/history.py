"""`assay history`: what changed from run to run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analyzer.cli import completing, options
from analyzer.cli.exit_codes import COMPLIANT
from analyzer.cli.writing import emit, layout, write
from analyzer.content import content
from analyzer.policy.frameworks import load_frameworks

if TYPE_CHECKING:
    from analyzer.history import History


def _since(ctx: click.Context, parameter: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


@click.command()
@click.argument("store")
@click.option(
    "--by",
    type=click.Choice(["family", "account", "rule", "control"]),
    default="family",
    show_default=True,
    help="What the trend is told by.",
)
@click.option(
    "--framework",
    default="",
    metavar="ID",
    shell_complete=completing.frameworks,
    help="Whose controls --by control means.",
)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_since,
    metavar="YYYY-MM-DD",
    help="Only runs from this day on.",
)
@click.option("--account", "accounts", multiple=True, metavar="ID", help="Only this account.")
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(["text", "json", "csv", "html"]),
    default="text",
    show_default=True,
    help="How to show the answer.",
)
@options.OUTPUT
@options.COLOR
def command(
    *,
    store: str,
    by: str,
    framework: str,
    since: date | None,
    accounts: Sequence[str],
    format_: str,
    output: Path | None,
) -> int:
    """Say what the runs kept in STORE tell: trends, and what became of each finding.

    STORE is a folder or an fsspec URL, as `assay audit --store` and `assay check --store` write.
    """
    from analyzer.history import Filter, read_history

    frameworks = load_frameworks(content("rules") / "frameworks")
    if framework:
        options.check_known("framework", [framework], frameworks.titles)
    groups = {
        rule: [
            f"{name} {control}"
            for name, controls in by_framework.items()
            if framework in ("", name)
            for control in controls
        ]
        for rule, by_framework in frameworks.controls.items()
    }
    history = read_history(store, by, Filter(since, tuple(accounts)), groups)
    text = _rendered(history, by, format_, piped=output is not None)
    if output is None:
        emit(text)
    else:
        write(output, text)
    return COMPLIANT


def _rendered(history: History, by: str, format: str, *, piped: bool) -> str:  # noqa: A002 - the option's name
    from analyzer.output import history as shapes

    if format == "json":
        return shapes.as_json(history)
    if format == "csv":
        return shapes.as_csv(history)
    if format == "html":
        return shapes.as_html(history, by)
    from analyzer.output.text import shown

    return shown(list(shapes.blocks(history, by)), **({} if piped else layout()))
