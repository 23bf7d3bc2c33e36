"""`assay iam`: what policies allow, which allows more, and how far one can be narrowed."""

from __future__ import annotations

from importlib import import_module

import click

_COMMANDS = {
    "check": "analyzer.cli.iam_check",
    "compare": "analyzer.cli.iam_compare",
    "tighten": "analyzer.cli.iam_tighten",
    "update": "analyzer.cli.iam_update",
}


class _Commands(click.Group):
    """The commands, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in _COMMANDS:
            return None
        found: click.Command = import_module(_COMMANDS[cmd_name]).command
        return found


@click.group(cls=_Commands)
def command() -> None:
    """What IAM policies allow, decided: offline, with an example for every answer."""
