"""`assay completion`: what a shell must know to complete assay's command lines."""

from __future__ import annotations

from typing import Any

import click

from analyzer.cli.exit_codes import COMPLIANT
from analyzer.cli.writing import emit


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, *, shell: str) -> int:
    """Print the script that teaches SHELL to complete commands, options, rules and profiles.

    \b
    assay completion bash > ~/.local/share/bash-completion/completions/assay
    assay completion zsh > "${fpath[1]}/_assay"
    assay completion fish > ~/.config/fish/completions/assay.fish
    """  # noqa: D301 - \b is how click keeps lines
    emit(_script(context.find_root(), shell))
    return COMPLIANT


def _script(root: click.Context, shell: str) -> str:
    from click.shell_completion import ShellComplete, get_completion_class

    from analyzer.cli.main import COMPLETE_VARIABLE
    from analyzer.cli.shells import register

    register()
    made: type[ShellComplete] | None = get_completion_class(shell)
    if made is None:
        raise click.BadParameter(f"there is no completion for '{shell}'")
    options: dict[str, Any] = {}
    return made(root.command, options, "assay", COMPLETE_VARIABLE).source()
