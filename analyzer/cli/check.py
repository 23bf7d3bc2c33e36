"""`assay check`: the gate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from analyzer.changed_files import concerned
from analyzer.cli import options
from analyzer.cli.exit_codes import exit_code
from analyzer.cli.notifying import WEBHOOK, Webhook
from analyzer.cli.requests import judged
from analyzer.cli.writing import format_of, save, show, shows_diagrams, shows_old_fixes
from analyzer.errors import UsageError
from analyzer.findings import Severity
from analyzer.inputs import STANDARD_INPUT
from analyzer.results import Run


@click.command()
@options.PATHS
@options.OUTPUTS
@click.option("--store", default="", metavar="PLACE", help="Add the run to this history.")
@WEBHOOK
@click.option(
    "--watch", is_flag=True, help="Judge again at every change, and tell what it changed."
)
@click.option(
    "--changed",
    is_flag=True,
    help="PATHS are files that changed: judge their architectures, and leave what is no template.",
)
@options.LANGUAGE
@options.PROFILE
@options.FAIL_ON
@options.BASE
@options.JUDGING
@options.NO_FIXES
@options.PACKS_OF_A_CHANGE
@options.DEPLOYMENT
@options.DATE
@options.showing()
def command(
    *,
    paths: Sequence[Path],
    format_: str | None,
    outputs: Sequence[Path],
    fail_on: Severity,
    strict: bool,
    quiet: bool,
    store: str,
    webhook: str,
    body_file: Path | None,
    watch: bool,
    changed: bool,
    language: str,
    **asked: Any,
) -> int:
    """Judge templates and architectures: what holds, what does not, what cannot be known.

    PATHS are templates, folders, architecture.yaml files, or - for standard input.

    \b
    assay check architectures/
    assay check template.yaml --parameter Environment=prod
    assay check . --output findings.sarif --output report.html
    assay check template.yaml --watch --engine assay
    assay check . --base origin/main
    """  # noqa: D301 - \b is how click keeps lines
    options.check_language(language)
    if format_ is None:
        for file in outputs:
            format_of(file)  # a name that tells no format is refused before the work
    if changed:
        paths = concerned(paths)
    kept = watch or bool(store) or body_file is not None
    wanted = _Wanted(format_, outputs, language, quiet=quiet, kept=kept)
    judge = partial(_judged, paths, asked, wanted)
    code = partial(exit_code, fail_on=fail_on, strict=strict)
    told = Webhook(webhook, body_file)
    if watch:
        if store or told:
            raise UsageError("--watch keeps and sends nothing", hint="write files with --output")
        return _watched(paths, judge, code, asked, wanted)
    result = judge()
    if store:
        from analyzer.history import save as keep

        keep(result, store)
    _print(result, wanted)
    if told:
        told.send(result, store)
    return code(result)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How a run is printed, and the files that it is written to.

    `kept` where more than these look at the run.
    """

    format: str | None
    outputs: Sequence[Path]
    language: str
    quiet: bool
    kept: bool = False


def _judged(paths: Sequence[Path], asked: Mapping[str, Any], wanted: _Wanted) -> Run:
    """The run, written to its files."""
    with options.progress_line(quiet=wanted.quiet) as progress:
        # Quiet text shows no costs, and those of a template without usage decide nothing else.
        priced = not wanted.quiet or bool(wanted.outputs) or wanted.format is not None
        pictured = shows_diagrams(wanted.format, wanted.outputs)
        result = judged(
            paths,
            **asked,
            bare_priced=priced,
            pictured=pictured,
            only_new=not (wanted.kept or shows_old_fixes(wanted.format, wanted.outputs)),
            progress=progress,
        )
    for file in wanted.outputs:
        save(result, wanted.format, file, language=wanted.language)
    return result


def _print(run: Run, wanted: _Wanted) -> None:
    format = "text" if wanted.outputs else wanted.format or "text"  # noqa: A001 - the option's name
    show(run, format, quiet=wanted.quiet, language=wanted.language)


def _watched(
    paths: Sequence[Path],
    judge: Callable[[], Run],
    code: Callable[[Run], int],
    asked: Mapping[str, Any],
    wanted: _Wanted,
) -> int:
    from analyzer.cli.watching import Watch, places_of

    if Path(STANDARD_INPUT) in paths:
        raise UsageError("standard input cannot be watched", hint="name a file")
    if wanted.format not in (None, "text"):
        raise UsageError("--watch prints text", hint="write files with --output")
    baseline = asked["baseline"]
    named = [*paths, *asked["packs"], *asked["parameter_files"], *([baseline] if baseline else [])]
    places = places_of(named, asked["configuration_file"])
    shown = partial(_print, wanted=wanted)
    return Watch(places, judge, shown, code, wanted.outputs).until_stopped()
