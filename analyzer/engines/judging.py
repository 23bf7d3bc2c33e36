"""One engine over many templates: the cache first, then batches; one bad file costs only itself."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analyzer.engines.cache import Cache, Kept, key_of
from analyzer.engines.engine import (
    Answer,
    Engine,
    EngineSettings,
    NotJudgedError,
    Record,
    Target,
    Tool,
)
from analyzer.engines.process import Workshop
from analyzer.errors import EngineError
from analyzer.findings import Finding, RuleInfo
from analyzer.results import RAN, EngineStatus, Problem

# Files per call: a call costs seconds to start, and what it costs to lose one grows with it. The
# characters keep a command line within what every system takes.
_BATCH_FILES = 50
_BATCH_CHARACTERS = 20_000
# After so many files that fail alone, with nothing answered, the checker itself is broken.
_HOPELESS = 3


@dataclass
class Verdicts:
    """What one engine says about all targets, by their names."""

    status: EngineStatus
    findings: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    rules: dict[str, RuleInfo] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass
class _Work:
    """The state of one engine's work."""

    engine: Engine
    tool: Tool
    settings: EngineSettings
    workshop: Workshop
    deadline: float
    records: dict[Path, tuple[Record, ...]] = field(default_factory=dict)
    failed: dict[Path, str] = field(default_factory=dict)
    answered: bool = False  # whether any call gave an answer
    broken: int = 0  # files that a call of their own failed on


def judge(
    engine: Engine,
    targets: Sequence[Target],
    settings: EngineSettings,
    cache: Cache,
    workshop: Workshop,
) -> Verdicts:
    """Everything that an engine says about the targets; what went wrong is told, never raised."""
    started = time.monotonic()
    try:
        tool = _found(engine, settings)
    except EngineError as error:
        problem = Problem(error.message, file=error.file, hint=error.hint, kind="engine")
        return Verdicts(EngineStatus(engine.name, "failed", "", str(error)), problems=[problem])
    if tool is None:
        message = "not installed, not run"
        return Verdicts(EngineStatus(engine.name, "not installed", "", message))
    work = _Work(engine, tool, settings, workshop, started + settings.seconds)
    places = {target.file: _staged(target, engine, workshop) for target in targets}
    kept = _judge_all(work, targets, places, cache)
    return _verdicts(work, targets, places, kept, time.monotonic() - started)


def _found(engine: Engine, settings: EngineSettings) -> Tool | None:
    """The checker, if it is installed; raises `EngineError` where it is and cannot be used."""
    tool = engine.find(settings)
    config = settings.config_of(engine.name)
    if tool is not None and config and not Path(config).is_file():
        message = f"the configuration of {engine.name} is not there"
        raise EngineError(message, file=config, hint="correct its path")
    return tool


def _staged(target: Target, engine: Engine, workshop: Workshop) -> Path:
    """Where the engine reads a target: what it would not take by its name is given another one."""
    named = not engine.suffixes or target.path.suffix.lower() in engine.suffixes
    if target.content is None and named:
        return target.path.absolute()
    folder = workshop.folder / "staged" / engine.name / str(abs(hash(target.file)))
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / "template.yaml"
    try:
        if target.content is None:
            shutil.copyfile(target.path, place)
        else:
            place.write_bytes(target.content)
    except OSError:
        return target.path.absolute()  # judged there, and told as unreadable
    return place


def _judge_all(
    work: _Work, targets: Sequence[Target], places: Mapping[str, Path], cache: Cache
) -> int:
    """Fill `work`; how many files were answered from the cache."""
    engine, kept = work.engine, 0
    keys: dict[Path, str] = {}
    waiting: dict[tuple[str, ...], dict[Path, None]] = {}
    for target in targets:
        place = places[target.file]
        regions = tuple(sorted(set(target.regions))) if engine.by_region else ()
        try:
            keys[place] = key_of(engine, work.tool, work.settings, regions, place)
        except OSError as error:
            work.failed[place] = f"cannot be read: {error.strerror or error}"
            continue
        answer = cache.get(engine.name, keys[place])
        if answer is None:
            waiting.setdefault(regions, {})[place] = None
        elif place not in work.records:
            _take(work, Answer({place: answer.records}, _unread(place, answer)))
            kept += 1
    for regions, files in waiting.items():
        for batch in _batches(files):
            _judge_batch(work, batch, regions)
            for file in batch:
                if file in work.records:
                    unread = work.failed.get(file, "")
                    cache.put(engine.name, keys[file], Kept(work.records[file], unread))
    return kept


def _unread(place: Path, answer: Kept) -> dict[Path, str]:
    return {place: answer.unread} if answer.unread else {}


def _take(work: _Work, answer: Answer) -> None:
    work.records.update(answer.records)
    work.failed.update(answer.unread)


def _batches(files: Iterable[Path]) -> Iterator[list[Path]]:
    batch: list[Path] = []
    characters = 0
    for file in files:
        length = len(str(file)) + 3
        if batch and (len(batch) == _BATCH_FILES or characters + length > _BATCH_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(file)
        characters += length
    if batch:
        yield batch


def _judge_batch(work: _Work, files: Sequence[Path], regions: Sequence[str]) -> None:
    """Judge files in one call; where it fails, in halves, down to the file that it fails on.

    A call may take half of the time that is left, so that the files of the other half get theirs.
    """
    left = work.deadline - time.monotonic()
    if left <= 0:
        work.failed.update(
            dict.fromkeys(files, f"had no time left of {work.settings.seconds:.0f} s")
        )
        return
    if not work.answered and work.broken == _HOPELESS:
        work.failed.update(dict.fromkeys(files, "fails on every template; not run on this one"))
        return
    try:
        command = work.engine.command(work.tool, files, regions, work.settings)
        answer = _understood(work.engine, work.workshop.run(command, left / 2), files)
    except (NotJudgedError, OSError) as error:
        if len(files) == 1 or work.workshop.closed:
            work.failed.update(dict.fromkeys(files, str(error)))
            work.broken += 1
            return
        middle = len(files) // 2
        _judge_batch(work, files[:middle], regions)
        _judge_batch(work, files[middle:], regions)
    else:
        work.answered = True
        _take(work, answer)


def _understood(engine: Engine, output: str, files: Sequence[Path]) -> Answer:
    """What the output says; another version's output may have another shape."""
    try:
        return engine.read(output, files)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise NotJudgedError(f"gave output of another form ({type(error).__name__})") from error


def _verdicts(
    work: _Work, targets: Sequence[Target], places: Mapping[str, Path], kept: int, seconds: float
) -> Verdicts:
    name = work.engine.name
    verdicts = Verdicts(EngineStatus(name, RAN, work.tool.version))
    for target in targets:
        place = places[target.file]
        records = work.records.get(place, ())
        verdicts.findings[target.file] = tuple(
            record.finding(name, target.file) for record in records
        )
        verdicts.rules.update({record.rule: record.rule_info(name) for record in records})
        if place in work.failed:
            verdicts.problems.append(
                Problem(f"{name} {work.failed[place]}", file=target.file, kind="engine")
            )
    judged, all_files = len(set(work.records) - set(work.failed)), len(set(places.values()))
    parts = [
        work.engine.note,
        f"{kept} of {all_files} templates unchanged since an earlier run" if kept else "",
        f"{all_files - judged} of {all_files} templates not judged" if judged < all_files else "",
    ]
    verdicts.status = EngineStatus(
        name,
        "failed" if all_files and not judged else RAN,
        work.tool.version,
        "; ".join(filter(None, parts)),
        seconds,
    )
    return verdicts
