"""Property tests: the same examples in every run, and others with `ASSAY_EXPLORE=1`.

A machine that is busy is no failure: nothing here is timed.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("explore" if os.environ.get("ASSAY_EXPLORE") == "1" else "same")
