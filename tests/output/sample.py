"""One realistic run for the tests of the output formats; `sample_run()` is all they need.

Four systems in eight profiles: failures of every severity, undecided verdicts, waivers (one
expired), claims that hold and that do not, costs beside declared ones in euros, findings of other
engines, an unreadable input, and names that try to break out of whatever shows them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from analyzer.results import EngineStatus, Problem, Run
from tests.output.sample_declared import clefcloud, moodle
from tests.output.sample_hard import HOSTILE, atelier, projet_e4
from tests.output.sample_rules import FRAMEWORKS, RULES

__all__ = ["HOSTILE", "TODAY", "sample_run", "single_run"]

TODAY = date(2026, 11, 20)


def sample_run() -> Run:
    """A run that shows everything a format has to show; the same value on every call."""
    return Run(
        version="0.1.0",
        date=TODAY,
        judgements=(*moodle(), *clefcloud(), *projet_e4(), atelier()),
        rules=RULES,
        engines=(
            EngineStatus("assay", "run", "0.1.0", seconds=0.41),
            EngineStatus("cfn-lint", "run", "1.58.0", seconds=2.9),
            EngineStatus("checkov", "run", "3.3.30", seconds=14.2),
        ),
        problems=(
            Problem(
                "mapping values are not allowed here",
                file="architectures/atelier été/réseau.yaml",
                line=17,
                hint="quote the value that holds a colon",
            ),
            Problem(
                "waiver of MAZ-VPC-02 on NatGateway expired on 2026-10-31",
                file="assay.yaml",
                line=12,
                hint="renew it with a new date, or remove it",
                kind="waiver",
            ),
        ),
        frameworks=FRAMEWORKS,
    )


def single_run() -> Run:
    """A run of one template of no architecture: its system is its file, its profile has no name."""
    run = sample_run()
    found = next(found for found in run.judgements if found.system == "projet-e4")
    alone = replace(found, system="kiosk.yaml", profile="", title="", claims=(), declared=None)
    return replace(run, judgements=(alone,), problems=())
