"""Foreign checkers, cfn-lint and Checkov: run as processes, their findings in our model.

They work while we do. Start them before judging, collect what they found after it, and say each
thing once:

    with start(targets, {"cfn-lint", "checkov"}, settings=settings) as running:
        ours = ...                      # judge, price
        foreign = running.collect()     # waits; `Foreign`
    findings = merge(ours, foreign.findings[target.file], resources)

Nothing of this raises for what a checker does. One that is not installed has the status "not
installed" and no problem; one that crashes, takes too long, or answers in another form is a
`Problem` of the kind "engine" for each template that it did not judge. Leaving the context ends
whatever still runs, also on an exception. `run_engines` starts and waits in one call.

`Target.file` is the name that findings carry and that `Foreign.findings` is keyed by. Paths in
`EngineSettings` are relative to the current folder. Answers are kept in `default_cache` unless
another `Cache` is given; `Cache(None)` keeps none.
"""

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
