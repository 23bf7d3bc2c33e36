"""What a repository asks of assay; read from its assay.yaml where it has one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analyzer.engines.engine import EngineSettings
from analyzer.model import Location, PropertyPath
from analyzer.policy.waivers import Grant

FILE_NAME = "assay.yaml"


@dataclass(frozen=True, slots=True)
class Configuration:
    """Rule packs, thresholds, how foreign checkers are run, and waivers."""

    file: str = ""
    packs: tuple[Path, ...] = ()
    policy: Mapping[str, Any] = field(default_factory=dict)
    engines: EngineSettings = field(default_factory=EngineSettings)
    grants: tuple[Grant, ...] = ()
    locate: Callable[[PropertyPath], Location] | None = None


def nearest_file(start: Path) -> Path | None:
    """The nearest assay.yaml upwards from `start`, within its repository."""
    here = start.resolve()
    for folder in (here, *here.parents):
        file = folder / FILE_NAME
        if file.is_file():
            return file
        if (folder / ".git").exists():
            return None
    return None
