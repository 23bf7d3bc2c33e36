"""The five systems as pictures, and what to ask of any picture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from analyzer.inputs import Deployment, find_systems
from analyzer.picture import Diagram, parts_of
from analyzer.policy.pack import load_packs
from analyzer.request import Request
from analyzer.results import Judgement
from analyzer.run import run

ROOT = Path(__file__).parent.parent.parent
TODAY = date(2026, 11, 21)


@cache
def judgements() -> tuple[Judgement, ...]:
    """Every profile of the five systems, judged by our own rules and drawn."""
    systems = find_systems([ROOT / "architectures"], Deployment()).systems
    rules = load_packs([ROOT / "rules"])
    return run(Request(systems=systems, today=TODAY, rules=rules, pictured=True)).judgements


def named(judgement: Judgement) -> str:
    return f"{judgement.system}-{judgement.profile}"


def drawn(judgement: Judgement) -> Diagram:
    assert judgement.diagram is not None
    return judgement.diagram


def keys(diagram: Diagram) -> Iterator[str]:
    """The key of every resource that a picture shows, holds or counts."""
    for part in parts_of(diagram):
        yield from part.resources
