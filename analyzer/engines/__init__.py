"""Foreign checkers, cfn-lint and Checkov: run as processes, their findings in our model."""

from __future__ import annotations

from analyzer.engines.cache import Cache, default_cache
from analyzer.engines.engine import EngineSettings, Target
from analyzer.engines.merge import merge
from analyzer.engines.running import ENGINES, Foreign, Running, run_engines, start

__all__ = [
    "ENGINES",
    "Cache",
    "EngineSettings",
    "Foreign",
    "Running",
    "Target",
    "default_cache",
    "merge",
    "run_engines",
    "start",
]
