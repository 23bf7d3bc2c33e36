"""What `--help` says of every command: each option, and examples that can be called."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
import pytest

from analyzer.cli.main import cli
from analyzer.content import content
from tests.cli.conftest import Assay


def commands() -> dict[str, click.Command]:
    """Every command by the words that call it."""
    return dict(_below("", cli))


def _below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command)
    for word in command.list_commands(context):
        found = command.get_command(context, word)
        assert found is not None
        yield from _below(f"{name} {word}".strip(), found)


COMMANDS = commands()
EXAMPLES = sorted(
    line
    for command in COMMANDS.values()
    for line in re.findall(r"^ *assay (.+ architectures/\w.+)$", command.help or "", re.MULTILINE)
)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_option_is_described(name: str) -> None:
    options = [given for given in COMMANDS[name].params if isinstance(given, click.Option)]

    assert [option.opts for option in options if not option.help] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_no_option_speaks_of_one_that_the_command_does_not_have(name: str) -> None:
    options = [given for given in COMMANDS[name].params if isinstance(given, click.Option)]
    known = {spelling for option in options for spelling in option.opts}
    named = {word for option in options for word in re.findall(r"--[a-z-]+", option.help or "")}

    assert named <= known


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_about_our_architectures_can_be_called(
    assay: Assay, tmp_path, example: str
) -> None:
    (tmp_path / "architectures").symlink_to(content("architectures"))

    ended = assay(*shlex.split(example))

    assert ended.code in (0, 1), ended.err
