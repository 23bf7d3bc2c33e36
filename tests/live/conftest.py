from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "fixtures" / "live"))

import emulator as emulators
from auditing import Audited, audited


@pytest.fixture(scope="session")
def server(session_environment):
    with emulators.emulator() as running:
        yield running


@pytest.fixture(scope="session")
def session_environment():
    patch = pytest.MonkeyPatch()
    for name, value in emulators.CREDENTIALS.items():
        patch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        patch.delenv(name, raising=False)
    yield
    patch.undo()


@pytest.fixture
def aws(server):
    """A fresh, empty account."""
    server.reset()
    yield server
    server.reset()


@pytest.fixture
def run_audit(aws, tmp_path) -> Callable[..., Audited]:
    def run(rules: list[str] | None = None, **more) -> Audited:
        return audited(aws.url, tmp_path / "snapshot", rules, **more)

    return run
