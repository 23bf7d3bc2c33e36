"""What a repository asks of assay; read from its assay.yaml and waivers.yaml where it has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analyzer.engines.engine import EngineSettings
from analyzer.model import Location, PropertyPath
from analyzer.policy.waivers import LONGEST, Grant

FILE_NAME = "assay.yaml"
WAIVERS_NAME = "waivers.yaml"


@dataclass(frozen=True, slots=True)
class Configuration:
    """Rule packs, thresholds, how foreign checkers are run, and waivers.

    `waiver_days` is how many days ahead a waiver may reach.
    """

    file: str = ""
    packs: tuple[Path, ...] = ()
    policy: Mapping[str, Any] = field(default_factory=dict)
    engines: EngineSettings = field(default_factory=EngineSettings)
    grants: tuple[Grant, ...] = ()
    waiver_days: int = LONGEST
    locate: Callable[[PropertyPath], Location] | None = None


def nearest_file(start: Path) -> Path | None:
    """The nearest assay.yaml upwards from `start`, within its repository.

    A waivers.yaml stands beside it, or alone.
    """
    here = start.resolve()
    for folder in (here, *here.parents):
        for name in (FILE_NAME, WAIVERS_NAME):
            if (folder / name).is_file():
                return folder / name
        if (folder / ".git").exists():
            return None
    return None
