"""The foreign checkers at work while ours works: `start` them, do other things, `collect`."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from analyzer.engines.cache import Cache, default_cache
from analyzer.engines.cfn_lint import CFN_LINT
from analyzer.engines.checkov import CHECKOV
from analyzer.engines.engine import Engine, EngineSettings, Target
from analyzer.engines.judging import Verdicts, judge
from analyzer.engines.process import Workshop, checker_environment
from analyzer.findings import Finding, RuleInfo
from analyzer.results import EngineStatus, Problem

ENGINES: dict[str, Engine] = {engine.name: engine for engine in (CFN_LINT, CHECKOV)}


@dataclass(frozen=True, slots=True)
class Foreign:
    """What the foreign checkers gave: findings by the target's name, their rules, how they ran."""

    findings: Mapping[str, tuple[Finding, ...]]
    rules: Mapping[str, RuleInfo]
    statuses: tuple[EngineStatus, ...]
    problems: tuple[Problem, ...]


@dataclass
class Running:
    """Checkers at work; leaving it as a context ends whatever still runs."""

    workshop: Workshop
    asked: tuple[str, ...]
    verdicts: dict[str, Verdicts] = field(default_factory=dict)
    threads: list[threading.Thread] = field(default_factory=list)

    def collect(self) -> Foreign:
        """Wait for the checkers and give what they found."""
        for thread in self.threads:
            thread.join()
        self.close()
        done = [self.verdicts[name] for name in self.asked]
        findings: dict[str, tuple[Finding, ...]] = {}
        for verdicts in done:
            for file, found in verdicts.findings.items():
                findings[file] = (*findings.get(file, ()), *found)
        return Foreign(
            findings=findings,
            rules={id_: rule for verdicts in done for id_, rule in verdicts.rules.items()},
            statuses=tuple(
                self.verdicts[name].status
                if name in self.asked
                else EngineStatus(name, "not asked")
                for name in ENGINES
            ),
            problems=tuple(problem for verdicts in done for problem in verdicts.problems),
        )

    def close(self) -> None:
        """End what still runs, and remove its folder."""
        self.workshop.close()
        for thread in self.threads:
            thread.join()
        shutil.rmtree(self.workshop.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def start(
    targets: Sequence[Target],
    engines: Collection[str] = tuple(ENGINES),
    *,
    cache: Cache | None = None,
    settings: EngineSettings | None = None,
    environment: Mapping[str, str] | None = None,
) -> Running:
    """Start the asked checkers on the targets, one thread and one process each.

    Names of `engines` that are not foreign (ours) are passed over. Without a `cache`, the user's.
    """
    around = os.environ if environment is None else environment
    # A path without symbolic links: checkers answer with the name that they resolved.
    folder = Path(tempfile.mkdtemp(prefix="assay-")).resolve()
    asked = tuple(name for name in ENGINES if name in engines)
    running = Running(Workshop(folder, checker_environment(around)), asked)
    shelf = default_cache(around) if cache is None else cache
    # The checkers run in another folder: what is relative to this one would not be found.
    chosen = (settings or EngineSettings()).within(Path.cwd())

    def work(engine: Engine) -> None:
        try:
            verdicts = judge(engine, targets, chosen, shelf, running.workshop)
        except Exception as error:  # noqa: BLE001 - a checker costs its own findings, no more
            message = f"{engine.name} could not be run ({type(error).__name__}: {error})"
            status = EngineStatus(engine.name, "failed", "", message)
            verdicts = Verdicts(status, problems=[Problem(message, kind="engine")])
        running.verdicts[engine.name] = verdicts

    for name in asked:
        thread = threading.Thread(target=work, args=(ENGINES[name],), name=name, daemon=True)
        running.threads.append(thread)
        thread.start()
    return running


def run_engines(
    targets: Sequence[Target],
    engines: Collection[str] = tuple(ENGINES),
    *,
    cache: Cache | None = None,
    settings: EngineSettings | None = None,
) -> Foreign:
    """Run the asked checkers on the targets and wait for them."""
    with start(targets, engines, cache=cache, settings=settings) as running:
        return running.collect()
