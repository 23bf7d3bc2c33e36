"""From the options of a command to a run that is compared with a base branch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from analyzer.baseline import Baseline, laid, read_baseline, unnamed
from analyzer.cli import options
from analyzer.cli.requests import request_of
from analyzer.compare import Asked, Files, base_files, compared
from analyzer.errors import UsageError
from analyzer.inputs import STANDARD_INPUT
from analyzer.repository import find_repository
from analyzer.request import Request
from analyzer.results import Problem, Run


def judged_against(
    paths: Sequence[Path],
    base: str,
    baseline: Path | None,
    *,
    bare_priced: bool,
    only_new: bool,
    packs: Sequence[Path],
    trust_packs: bool,
    configuration_file: Path | None,
    parameter_files: Sequence[Path],
    **asked: Any,
) -> Run:
    """Judge the paths, and compare them with what they were where the work left a branch.

    Policy, packs, waivers and the baseline are the base's, unless `trust_packs` takes the change's.
    Raises `AssayError` where there is nothing to compare with.
    """
    if Path(STANDARD_INPUT) in paths:
        raise UsageError("standard input has no base", hint="name the template's file")
    repository = find_repository(paths)
    commit = repository.merge_base(base)
    # The change's packs are code: they are not even loaded unless they are trusted.
    head = request_of(
        paths,
        packs=packs if trust_packs else (),
        trust_packs=trust_packs,
        configuration_file=configuration_file,
        parameter_files=parameter_files,
        **asked,
    )
    also = [*packs, *parameter_files, *filter(None, (configuration_file, baseline))]
    with base_files(repository, commit, paths, also) as files:
        moved = (files.moved_from(Path(system.file or system.name)) for system in head.systems)
        before = request_of(
            [*map(files.before, paths), *filter(None, moved)],
            packs=() if trust_packs else [p for p in map(files.before, packs) if p.exists()],
            trust_packs=not trust_packs,
            configuration_file=_before(configuration_file, files),
            parameter_files=[_before(file, files) or file for file in parameter_files],
            base=files.before(Path.cwd()),
            **asked,
        )
        known = _baseline(baseline, files, trusted=trust_packs)
        told = [p for p in head.problems if trust_packs or p.message != options.NOT_LOADED]
        told = list(_without_emptied(told, _emptied(paths, before, files)))
        told += _notes(packs, baseline, files, trusted=trust_packs)
        head = replace(head, bare_priced=bare_priced, problems=told)
        if known and only_new:
            head = replace(head, mends=unnamed(known))
        both = Asked(head, before, files, base, trust_packs, parameter_files, only_new=only_new)
        run = compared(both)
        return laid(run, known) if known else run


def _emptied(paths: Sequence[Path], before: Request, files: Files) -> set[str]:
    """The paths of which all that the base had there is deleted: neither broken nor moved."""
    was = [Path(system.file or system.name) for system in before.systems]
    held = {path: [file for file in was if _holds(files.before(path), file)] for path in paths}
    return {str(path) for path, had in held.items() if had and not any(map(files.stands, had))}


def _holds(path: Path, file: Path) -> bool:
    return path in (file, *file.parents)


def _without_emptied(problems: Sequence[Problem], emptied: set[str]) -> Iterator[Problem]:
    """The problems; that a change takes everything away is none."""
    for problem in problems:
        if problem.kind == "input" and problem.file in emptied:
            yield replace(problem, message="has nothing left to judge", hint="", kind="note")
        else:
            yield problem


def _baseline(file: Path | None, files: Files, *, trusted: bool) -> Baseline | None:
    """The baseline as it is in the base: a change does not write down its own failures."""
    if file is None:
        return None
    before = file if trusted else files.before(file)
    if not before.is_file() and file.is_file():
        return None
    return read_baseline(before if before.is_file() else file, shown=file)


def _before(file: Path | None, files: Files) -> Path | None:
    """A file as it is in the base, where it is there."""
    before = files.before(file) if file else None
    return before if before and before.is_file() else None


def _notes(
    packs: Sequence[Path], baseline: Path | None, files: Files, *, trusted: bool
) -> Iterator[Problem]:
    """What is not looked into."""
    if baseline and baseline.is_file() and not (trusted or files.before(baseline).is_file()):
        message = "is not in the base: nothing in it is known"
        hint = "call with --trust-pack where the change is trusted"
        yield Problem(message, file=f"{baseline}", hint=hint, kind="note")
    for pack in packs if not trusted else ():
        if not files.before(pack).exists():
            message = "is not in the base, and a rule pack is code: not loaded"
            hint = "call with --trust-pack where the change is trusted"
            yield Problem(message, file=f"{pack}", hint=hint, kind="note")
    for path in files.tree.submodules:
        message = f"submodule {path}: its files are not known in the base"
        yield Problem(message, kind="note")
