"""What a command shows on a terminal, and what stays out of pipes and logs."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run.systems import ARCHITECTURE, DATABASE, written

ROOT = Path(__file__).parent.parent.parent
CODE = "from analyzer.cli.main import main; main()"
RUNS = [
    ("check", "shop", "--engine", "assay"),
    ("price", "shop"),
    ("report", "shop", "--engine", "assay"),
]
TEXTS = [*RUNS, ("rules", "--family", "backup"), ("explain", "BAK-RDS-01")]
ESCAPE = b"\x1b"
ERASED = b"\x1b[2K"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(tmp_path / "shop", template__yaml=DATABASE, architecture__yaml=ARCHITECTURE)
    return tmp_path


def shown(
    folder: Path, *arguments: str, on: str = "stdout", **environment: str
) -> tuple[bytes, bytes]:
    """What a command writes to standard output and error; one of the two is a terminal."""
    ours, theirs = pty.openpty()
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, on: theirs}
    kept = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": f"{ROOT}", "TERM": "xterm-256color", **environment},
        **streams,
    )
    os.close(theirs)
    told = b""
    while part := _read(ours):
        told += part
    os.close(ours)
    out, err = process.communicate(timeout=60)
    return (told, err) if on == "stdout" else (out, told)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when nobody has the other end open any more
        return b""


@pytest.mark.parametrize("arguments", TEXTS, ids=lambda arguments: arguments[0])
def test_a_terminal_gets_colours(folder: Path, arguments: tuple[str, ...]) -> None:
    assert ESCAPE in shown(folder, *arguments)[0]


@pytest.mark.parametrize("arguments", TEXTS, ids=lambda arguments: arguments[0])
def test_no_color_turns_them_off(folder: Path, arguments: tuple[str, ...]) -> None:
    assert ESCAPE not in shown(folder, *arguments, NO_COLOR="1")[0]


@pytest.mark.parametrize("arguments", TEXTS, ids=lambda arguments: arguments[0])
def test_never_turns_them_off(folder: Path, arguments: tuple[str, ...]) -> None:
    assert ESCAPE not in shown(folder, *arguments, "--color", "never")[0]


@pytest.mark.parametrize("arguments", TEXTS, ids=lambda arguments: arguments[0])
def test_a_pipe_gets_colours_only_where_they_are_asked_for(
    folder: Path, arguments: tuple[str, ...]
) -> None:
    assert ESCAPE not in shown(folder, *arguments, on="stderr")[0]
    asked = (*arguments, "--color", "always")
    assert ESCAPE in shown(folder, *asked, on="stderr", NO_COLOR="1", TERM="dumb")[0]


@pytest.mark.parametrize("arguments", RUNS, ids=lambda arguments: arguments[0])
def test_progress_comes_and_goes_on_a_terminal_alone(
    folder: Path, arguments: tuple[str, ...]
) -> None:
    assert shown(folder, *arguments, on="stderr")[1].rstrip().endswith(ERASED)
    assert shown(folder, *arguments)[1] == b""


@pytest.mark.parametrize("arguments", RUNS, ids=lambda arguments: arguments[0])
def test_quiet_and_dumb_terminals_show_no_progress(
    folder: Path, arguments: tuple[str, ...]
) -> None:
    assert shown(folder, *arguments, "--quiet", on="stderr")[1] == b""
    assert shown(folder, *arguments, on="stderr", TERM="dumb")[1] == b""


def test_quiet_prices_are_the_totals(folder: Path) -> None:
    lines = shown(folder, "price", "shop", "--quiet", on="stderr")[0].decode().splitlines()
    assert [line.split()[:2] for line in lines[-2:]] == [["shop", "dev"], ["shop", "prod"]]
    assert len(lines) == 4
