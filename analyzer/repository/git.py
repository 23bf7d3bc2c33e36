"""The `git` program, asked for facts only: nothing of a repository is changed, locked or run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from analyzer.errors import InputError, UsageError

# Settings of the repository that would run programs, or change what is said of paths.
_SAFE = (
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.quotePath=false"),
    "--no-pager",
    "--literal-pathspecs",
)

# What of git's own environment says where repositories may be looked for, and which are trusted.
_HARMLESS = ("GIT_CONFIG_", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM")


class GitError(Exception):
    """A call of git that did not succeed; its text is what git said, in one line."""


def git(folder: Path, *arguments: str) -> str:
    """What a call prints, without the last line's end. Raises `GitError`."""
    done = subprocess.run(  # noqa: S603 - git, without a shell
        _command(folder, arguments),
        env=_environment(os.environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace")
        raise GitError(" ".join(said.replace("fatal: ", "").split()))
    return os.fsdecode(done.stdout).rstrip("\n")


def streamed(folder: Path, asked: IO[bytes], *arguments: str) -> subprocess.Popen[bytes]:
    """A call that reads its questions from a file, and whose answers are read as they come."""
    return subprocess.Popen(  # noqa: S603 - git, without a shell
        _command(folder, arguments),
        env=_environment(os.environ),
        stdin=asked,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _command(folder: Path, arguments: Sequence[str]) -> list[str]:
    from shutil import which

    program = which("git")
    if program is None:
        raise UsageError("git is not installed", hint="install it, or leave --base away")
    if not folder.is_dir():
        raise InputError("does not exist", file=str(folder), hint="check the path")
    return [program, *_SAFE, "-C", str(folder), *arguments]


def _environment(around: Mapping[str, str]) -> dict[str, str]:
    """The user's own, without what points git elsewhere; no locks, prompts, network or fetching."""
    kept = {
        name: value
        for name, value in around.items()
        if not name.startswith("GIT_") or name.startswith(_HARMLESS)
    }
    return {
        **kept,
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }
