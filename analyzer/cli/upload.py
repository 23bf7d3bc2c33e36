"""`assay upload`: SARIF for GitHub's code scanning."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click

from analyzer.cli.exit_codes import COMPLIANT, INCOMPLETE
from analyzer.cli.pipeline import GITHUB, pipeline_of
from analyzer.cli.writing import emit
from analyzer.errors import ForgeError, UsageError
from analyzer.forges import github
from analyzer.forges.api import told
from analyzer.forges.code_scanning import Prepared, prepared
from analyzer.output.grouping import counted


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--repository", metavar="OWNER/NAME", help="[default: that of the workflow]")
@click.option("--commit", metavar="SHA", help="What was judged. [default: that of the workflow]")
@click.option("--ref", help="Its branch or pull request. [default: that of the workflow]")
@click.option(
    "--category",
    metavar="NAME",
    default="assay",
    show_default=True,
    help="Where a commit is judged in several parts: which one.",
)
@click.option("--strict", is_flag=True, help="Hand over what is UNKNOWN too.")
def command(
    *,
    file: Path,
    repository: str | None,
    commit: str | None,
    ref: str | None,
    category: str,
    strict: bool,
) -> int:
    """Hand SARIF to GitHub's code scanning; the token stands in GITHUB_TOKEN.

    Code scanning shows each result as an open alert: what is waived or UNKNOWN is left out, and
    counted.

    Ends with 3 where GitHub does not permit it: code scanning is not switched on, or the token may
    not write security events, as for a pull request from a fork.
    """
    found = pipeline_of(os.environ, GITHUB)
    found = replace(
        found,
        project=repository or found.project,
        built=commit or found.built,
        ref=ref or found.ref,
    )
    if not (found.project and found.built and found.ref):
        raise UsageError(
            "this is no workflow of GitHub", hint="give --repository, --commit and --ref"
        )
    try:
        sarif = prepared(file.read_bytes(), category.strip("/"), unknown=strict)
    except OSError as error:
        raise UsageError(f"cannot read '{file}': {error.strerror or error}") from error
    host = github.api(found.api, os.environ.get("GITHUB_TOKEN", ""))
    try:
        github.upload(host, found.project, commit=found.built, ref=found.ref, sarif=sarif.sarif)
    except ForgeError as error:
        click.echo(f"assay: code scanning did not take it: {told(error, _HINT)}", err=True)
        return INCOMPLETE
    emit(_words(sarif))
    return COMPLIANT


def _words(sarif: Prepared) -> str:
    left = ", ".join(f"{number:,} {reason}" for reason, number in sarif.left_out.items())
    number = counted(sarif.results, "result")
    return f"Handed to code scanning: {number}{f'; left out: {left}' if left else ''}."


_HINT = "see that it is switched on, and that the token may write security events"
