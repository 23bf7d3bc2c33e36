"""`assay` of this checkout as a command, in an environment that is not ours."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_OURS = ("GIT_", "GITHUB_", "GITLAB_", "CI_", "RUNNER_", "PYTHON")
# Whatever would speak to the network fails at once; loopback is this machine.
_COMMAND = """\
#!{python}
import socket, sys
from ipaddress import ip_address
connect = socket.socket.connect
def on_loopback(self, address):
    if self.family != socket.AF_UNIX and not ip_address(address[0]).is_loopback:
        sys.exit(f"the network was asked for: {{address}}")
    return connect(self, address)
socket.socket.connect = on_loopback
sys.path.insert(0, {root!r})
from analyzer.cli.main import main
main()
"""

installs = pytest.mark.skipif(
    os.environ.get("ASSAY_SKIP_INSTALL") == "1", reason="ASSAY_SKIP_INSTALL=1"
)
"""A test that installs assay from the package registry, in half a minute."""


def environment(**more: str) -> dict[str, str]:
    """Ours without what a pipeline around us would say, and with `more`."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {**ours, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **more}


def with_assay(folder: Path) -> Path:
    """`folder/bin` with `assay` and `python`, as a virtual environment has them; no network."""
    place = folder / "bin"
    place.mkdir(parents=True)
    command = place / "assay"
    command.write_text(_COMMAND.format(python=sys.executable, root=f"{ROOT}"), encoding="utf-8")
    command.chmod(0o755)
    python = place / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    return place
