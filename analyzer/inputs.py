"""What the command line names, as systems: architectures, folders, templates, standard input."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from analyzer.errors import AssayError, InputError
from analyzer.escape import encodable
from analyzer.results import Problem
from analyzer.system import ACCOUNT, REGION, Profile, StackSpec, System
from analyzer.template import templates_in

ARCHITECTURE = ("architecture.yaml", "architecture.yml")
STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Deployment:
    """How templates without an architecture are deployed."""

    region: str = REGION
    account: str = ACCOUNT
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The systems that were found, and what could not be used."""

    systems: tuple[System, ...]
    problems: tuple[Problem, ...]


def find_systems(
    paths: Collection[Path], deployment: Deployment, stdin: bytes = b"", *, lenient: bool = False
) -> Inputs:
    """The systems below the paths, each once, in order; `-` is standard input.

    Templates at or below a folder with an architecture.yaml belong to that architecture, and so do
    those that its stacks name. Where `lenient`, paths may hold nothing, and parameters go to the
    templates that declare them.
    """
    systems: list[System] = []
    problems: list[Problem] = []
    templates: dict[Path, StackSpec] = {}
    seen: set[Path] = set()
    for file in _all_files(paths, problems, lenient=lenient):
        if file.resolve() in seen:
            continue
        seen.add(file.resolve())
        if file.name not in ARCHITECTURE:
            templates[file] = _bare(file, deployment, stdin)
            continue
        try:
            systems.append(_architecture(file))
        except InputError as error:
            problems.append(problem_of(error))
    stacks = _templates_of(systems)
    for file in [file for file in templates if file not in paths and file.resolve() in stacks]:
        del templates[file]
    alone = len(templates) == 1 and not lenient
    systems.extend(_system(stack, deployment, alone=alone) for stack in templates.values())
    return Inputs(tuple(systems), tuple(problems))


def _templates_of(systems: Iterable[System]) -> set[Path]:
    """The templates that architectures name, wherever they stand."""
    stacks = (stack for s in systems for profile in s.profiles for stack in profile.stacks)
    return {template.resolve() for template in {stack.template for stack in stacks}}


def left_out(systems: Iterable[System], read: Collection[Path]) -> Iterator[Problem]:
    """A note for each template below an architecture that is not among the files that were read."""
    for system in systems:
        if system.file:
            folder = Path(system.file).parent
            for template in templates_in(folder):
                if template.resolve() not in read and _architecture_above(template) == folder:
                    yield Problem(
                        "is named by no stack of the architecture above it: nobody judges it",
                        file=f"{template}",
                        hint="name it in `stacks`, or call assay with the template itself",
                        kind="note",
                    )


def _architecture_above(template: Path) -> Path | None:
    """The nearest folder above a template that has an architecture."""
    found = (up for up in template.parents if any((up / name).is_file() for name in ARCHITECTURE))
    return next(found, None)


def problem_of(error: AssayError) -> Problem:
    """An error about an input as the run reports it."""
    return Problem(error.message, file=error.file, line=error.line, hint=error.hint)


def error_of(problem: Problem) -> InputError:
    """A problem as the error that ends a command which can do nothing without that input."""
    return InputError(problem.message, file=problem.file, line=problem.line, hint=problem.hint)


def _all_files(paths: Iterable[Path], problems: list[Problem], *, lenient: bool) -> Iterator[Path]:
    """The files of all paths; a path that cannot be used joins the problems."""
    for path in paths:
        try:
            yield from _files(path, lenient=lenient)
        except InputError as error:
            problems.append(problem_of(error))


def _files(path: Path, *, lenient: bool) -> Iterator[Path]:
    if str(path) == STANDARD_INPUT or path.is_file():
        yield path
    elif path.is_dir():
        yield from _files_below(path, lenient=lenient)
    elif not lenient:
        raise InputError("does not exist", file=str(path), hint="check the path")


def _files_below(folder: Path, *, lenient: bool) -> Iterator[Path]:
    """Architectures, and the templates that belong to none of them."""
    found = sorted(file for name in ARCHITECTURE for file in folder.rglob(name))
    owned = {file.parent.resolve() for file in found}
    templates = [
        file for file in templates_in(folder) if not owned.intersection(file.resolve().parents)
    ]
    if not found and not templates and not lenient:
        raise InputError(
            "holds neither an architecture.yaml nor a CloudFormation template",
            file=str(folder),
            hint="name a template, or a folder that has one",
        )
    yield from found
    yield from templates


def _architecture(file: Path) -> System:
    from analyzer.architecture import read_architecture

    return read_architecture(file)


def _bare(file: Path, deployment: Deployment, stdin: bytes) -> StackSpec:
    standard = str(file) == STANDARD_INPUT
    return StackSpec(
        name="stdin" if standard else encodable(file.stem.split(".")[0]),
        template=Path("<stdin>") if standard else file,
        region=deployment.region,
        account=deployment.account,
        content=stdin if standard else None,
    )


def _system(stack: StackSpec, deployment: Deployment, *, alone: bool) -> System:
    """One template as a system; given parameters must fit it only when it stands alone."""
    if alone:
        stack = replace(stack, parameters=deployment.parameters)
    offered = {} if alone else deployment.parameters
    return System(f"{stack.template}", (Profile("", (stack,), offered=offered),))
