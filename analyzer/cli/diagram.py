"""`assay diagram`: the architecture as a picture, with what was found and what it costs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import Any

import click

from analyzer.cli import options
from analyzer.cli.exit_codes import BAD_INPUT, COMPLIANT
from analyzer.cli.inventories import is_snapshot
from analyzer.cli.writing import emit, tell_problems, write
from analyzer.content import content
from analyzer.errors import UsageError
from analyzer.findings import OURS
from analyzer.picture import Diagram
from analyzer.results import Problem, Run

_SUFFIX = ".svg"


@click.command()
@options.PATHS
@click.option(
    "--output",
    "-o",
    "output",
    type=click.Path(path_type=Path),
    help="The SVG file to write, or a folder that gets one file for each profile.",
)
@options.LANGUAGE
@options.PROFILE
@options.PACKS
@options.DEPLOYMENT
@options.DATE
@options.quiet("Problems only")
def command(
    *,
    paths: Sequence[Path],
    output: Path | None,
    language: str,
    quiet: bool,
    **asked: Any,
) -> int:
    """Draw networks, zones, subnets and what stands in them, as SVG.

    Badges say what was found, lines what the internet reaches, and each box what it costs. PATHS
    are templates, folders, architecture.yaml files, or the snapshot of an audit. One picture goes
    to standard output where no --output is given.

    \b
    assay diagram architectures/webmarket --profile prod -o webmarket.svg
    assay diagram architectures/ -o pictures/
    assay diagram .assay/audit/2026-11-21T02-00-00Z -o account.svg

    \b
    Exit codes
      0  drawn
      2  bad usage, or an input that cannot be used
    """  # noqa: D301 - \b is how click keeps lines
    from analyzer.output.diagram import say_in, svg
    from analyzer.output.languages import language as spoken

    options.check_language(language)
    say = say_in(spoken(content("reports") / "assay", language))
    with options.progress_line(quiet=quiet) as progress:
        result = _judged(paths, **asked, progress=progress)
    tell_problems(result)
    pictures = [one.diagram for one in result.judgements if one.diagram is not None]
    failed = any(problem.kind == "input" for problem in result.problems)
    if output is None:
        if len(pictures) > 1:
            raise UsageError(
                f"there are {len(pictures)} pictures", hint="give --output a folder, or --profile"
            )
        for picture in pictures:
            emit(svg(picture, alone=True, say=say))
    else:
        for file, picture in _files(output, pictures):
            write(file, svg(picture, alone=True, say=say))
            if not quiet:
                emit(f"Diagram: {file}")
    return BAD_INPUT if failed else COMPLIANT


def _judged(
    paths: Sequence[Path],
    profiles: Sequence[str],
    packs: Sequence[Path],
    configuration_file: Path | None,
    today: date,
    progress: Callable[[str], None],
    *,
    trust_packs: bool,
    **deployment: Any,
) -> Run:
    """What is drawn, judged by our own rules: an account's snapshot, or templates."""
    kept = [path for path in paths if is_snapshot(f"{path}")]
    if kept and len(paths) > 1:
        raise UsageError("a snapshot is drawn by itself", hint="name nothing beside it")
    if kept:
        return _audited(kept[0], packs, configuration_file, today, progress, trusted=trust_packs)
    from analyzer.cli.requests import request_of
    from analyzer.run import run

    request = request_of(
        paths,
        pictured=True,
        profiles=profiles,
        engines=(OURS,),
        all_scenarios=False,
        no_cache=True,
        packs=packs,
        trust_packs=trust_packs,
        configuration_file=configuration_file,
        today=today,
        progress=progress,
        **deployment,
    )
    return run(replace(request, mended=False))  # no picture shows fixes


def _audited(
    place: Path,
    packs: Sequence[Path],
    configuration_file: Path | None,
    today: date,
    progress: Callable[[str], None],
    *,
    trusted: bool,
) -> Run:
    """The run of a snapshot that `assay audit` made."""
    from analyzer.audit import AuditRequest, audit
    from analyzer.cli.auditing import saved

    problems: list[Problem] = []
    configuration = options.configuration_of(configuration_file, problems)
    rules, frameworks = options.rules_of(packs, configuration, problems, trusted=trusted)
    kept = saved(f"{place}", [])
    return audit(
        AuditRequest(
            snapshot=kept.snapshot,
            scope=kept.scope,
            today=today,
            rules=rules,
            frameworks=frameworks.titles,
            configuration=configuration,
            pictured=True,
            problems=tuple(problems),
            progress=progress,
        )
    )


def _files(output: Path, pictures: Sequence[Diagram]) -> Iterator[tuple[Path, Diagram]]:
    """The file of each picture: the one that is named, or one for each in a folder."""
    if output.suffix.lower() == _SUFFIX and not output.is_dir():
        if len(pictures) > 1:
            raise UsageError(
                f"there are {len(pictures)} pictures, and '{output}' is one file",
                hint="name a folder, or one profile with --profile",
            )
        yield from ((output, picture) for picture in pictures)
        return
    if output.is_file():
        raise UsageError(f"'{output}' is no folder", hint=f"name a folder, or a {_SUFFIX} file")
    taken: set[str] = set()
    for picture in pictures:
        name = _plain(f"{Path(picture.system).stem} {picture.profile}")
        numbers = (f"{name}-{number}" for number in count(2))
        name = next(each for each in chain((name,), numbers) if each not in taken)
        taken.add(name)
        yield output / f"{name}{_SUFFIX}", picture


def _plain(text: str) -> str:
    """Text as the name of a file."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-.").lower()[:100] or "diagram"
