"""The five systems, judged once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.content import content
from analyzer.inputs import Deployment, find_systems
from analyzer.policy.pack import load_packs
from analyzer.request import Request
from analyzer.results import Run
from analyzer.run import run
from tests.run.systems import TODAY

FOLDER = content("architectures")
SYSTEMS = ("clefcloud", "jeancloud", "moodle", "projet-e4", "webmarket")


@pytest.fixture(scope="session")
def judged() -> Run:
    """The run over all five by our own rules."""
    found = find_systems([FOLDER], Deployment())
    return run(
        Request(
            systems=found.systems,
            today=TODAY,
            rules=load_packs([content("rules")]),
            problems=found.problems,
        )
    )


def readme(system: str) -> str:
    """A system's page."""
    return Path(FOLDER / system / "README.md").read_text(encoding="utf-8")
