"""`assay iam`: what policies allow, which allows more, and how far one can be narrowed."""

from __future__ import annotations

import click

from analyzer.cli.lazy import LazyGroup

_COMMANDS = {
    "check": "analyzer.cli.iam_check",
    "compare": "analyzer.cli.iam_compare",
    "tighten": "analyzer.cli.iam_tighten",
    "update": "analyzer.cli.iam_update",
}


@click.group(cls=LazyGroup, modules=_COMMANDS)
def command() -> None:
    """What IAM policies allow, decided: offline, with an example for every answer."""
