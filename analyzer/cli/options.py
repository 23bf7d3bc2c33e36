"""The options that several commands share, and what they become."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from analyzer.cli import completing, writing
from analyzer.configuration import Configuration, nearest_file
from analyzer.content import content
from analyzer.errors import InputError, PackError, UsageError
from analyzer.findings import OURS, Severity
from analyzer.inputs import STANDARD_INPUT, Deployment, Inputs, find_systems, problem_of
from analyzer.output import FORMATS
from analyzer.policy.frameworks import Frameworks, load_frameworks
from analyzer.policy.pack import load_packs
from analyzer.policy.rule import Rule
from analyzer.results import Problem
from analyzer.system import ACCOUNT, REGION

Command = Callable[..., Any]
ENGINES = (OURS, "cfn-lint", "checkov")
NOT_LOADED = "names rule packs, which are code: not loaded"


def with_options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Several options as one decorator."""

    def decorate(function: Command) -> Command:
        return functools.reduce(lambda made, option: option(made), reversed(options), function)

    return decorate


def _severity(ctx: click.Context, parameter: click.Parameter, value: str) -> Severity:
    return Severity[value.upper()]


def _engines(
    ctx: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[str, ...] | None:
    if value is None:
        return None
    names = tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))
    for name in names:
        if name not in ENGINES:
            raise click.BadParameter(f"'{name}' is not one of {', '.join(ENGINES)}")
    if not names:
        raise click.BadParameter(f"name at least one of {', '.join(ENGINES)}")
    return names


def _day(ctx: click.Context, parameter: click.Parameter, value: datetime | None) -> date:
    return value.date() if value else date.today()  # noqa: DTZ011 - the user's own day


def _color(ctx: click.Context, parameter: click.Parameter, value: str) -> None:
    ctx.meta[writing.COLOR] = value


def _assignments(
    ctx: click.Context, parameter: click.Parameter, values: Sequence[str]
) -> dict[str, str]:
    given = {}
    for value in values:
        name, sign, text = value.partition("=")
        if not sign or not name:
            raise click.BadParameter(f"'{value}' is not Name=value")
        given[name] = text
    return given


PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
PROFILE = click.option(
    "--profile",
    "profiles",
    multiple=True,
    metavar="NAME",
    shell_complete=completing.profiles,
    help="Only this profile of the architectures; may be repeated.",
)
KIND = click.option(
    "--kind",
    type=click.Choice(["identity", "trust", "resource"]),
    help="What kind of policies they are. [default: what they look like]",
)
FORMAT = click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to show the answer.",
)
ONE_PROFILE = click.option(
    "--profile",
    metavar="NAME",
    shell_complete=completing.profiles,
    help="The profile, where there are several.",
)
OUTPUT = click.option(
    "--output",
    "-o",
    "output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file instead of standard output.",
)
OUTPUTS = with_options(
    click.option(
        "--format",
        "-f",
        "format_",
        type=click.Choice(list(FORMATS)),
        help="How to show the run. [default: text, or what the name of --output tells]",
    ),
    click.option(
        "--output",
        "-o",
        "outputs",
        multiple=True,
        type=click.Path(path_type=Path, dir_okay=False),
        help=(
            "Write to this file, and print text; may be repeated (.sarif, .json, .xml, .md, .html)."
        ),
    ),
)
BASE = with_options(
    click.option(
        "--base",
        metavar="REF",
        help="Compare with the commit at which the work left this branch; only what is new fails.",
    ),
    click.option(
        "--baseline",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Failures that are known, as `assay baseline` writes them: they do not fail.",
    ),
)
DATE = click.option(
    "--date",
    "today",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_day,
    metavar="YYYY-MM-DD",
    help="Judge as on this day: version ends, waivers. [default: today]",
)
LANGUAGE = click.option(
    "--language",
    default="en",
    show_default=True,
    metavar="CODE",
    shell_complete=completing.languages,
    help="The language of the report's and the pictures' own words: en, fr.",
)
COLOR = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    expose_value=False,
    callback=_color,
    help="Colours in text; auto: on a terminal, unless NO_COLOR is set.",
)


def quiet(left: str) -> Callable[[Command], Command]:
    """The option that shows less, where `left` says what is still shown."""
    return click.option("--quiet", "-q", is_flag=True, help=f"{left}; no progress.")


def showing(left: str = "Failures and the last line only") -> Callable[[Command], Command]:
    """How much is shown, and whether in colours."""
    return with_options(quiet(left), COLOR)


DEPLOYMENT = with_options(
    click.option(
        "--parameters",
        "parameter_files",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Parameters of templates without an architecture: AWS CLI, CodePipeline, samconfig.",
    ),
    click.option(
        "--parameter",
        "-p",
        "assignments",
        multiple=True,
        callback=_assignments,
        metavar="NAME=VALUE",
        help="One parameter; wins over --parameters.",
    ),
    click.option("--region", default=REGION, show_default=True, help="Region of such templates."),
    click.option(
        "--account", default=ACCOUNT, show_default=True, help="Account of such templates."
    ),
)


def _packs(trust: str) -> Callable[[Command], Command]:
    return with_options(
        click.option(
            "--pack",
            "packs",
            multiple=True,
            type=click.Path(path_type=Path),
            metavar="PATH",
            help="A rule pack beside the built-in one. A pack is code: it is run.",
        ),
        click.option("--trust-packs", "--trust-pack", is_flag=True, help=trust),
        click.option(
            "--config",
            "configuration_file",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Configuration and waivers. [default: the nearest assay.yaml]",
        ),
    )


_TRUST = "Load the packs that assay.yaml names"
PACKS = _packs(f"{_TRUST}.")
PACKS_OF_A_CHANGE = _packs(f"{_TRUST}; with --base, take the change's own policy.")
ALL_SCENARIOS = click.option(
    "--all-scenarios",
    is_flag=True,
    help="Open every parameter that has AllowedValues, not only the chosen value.",
)
JUDGING = with_options(
    click.option(
        "--engine",
        "engines",
        callback=_engines,
        metavar="NAMES",
        shell_complete=completing.words(ENGINES),
        help="Which checkers must judge, separated by commas. [default: assay,cfn-lint,checkov]",
    ),
    ALL_SCENARIOS,
    click.option("--no-cache", is_flag=True, help="Ask the other checkers again about all files."),
)
NO_FIXES = click.option(
    "--no-fixes", is_flag=True, help="Do not work out what each fix would change and cost."
)
FAIL_ON = with_options(
    click.option(
        "--fail-on",
        type=click.Choice([severity.label for severity in Severity]),
        default=Severity.LOW.label,
        show_default=True,
        callback=_severity,
        help="The least severity that counts as a violation.",
    ),
    click.option("--strict", is_flag=True, help="What is UNKNOWN counts as a violation."),
)


def inputs_of(
    paths: Sequence[Path],
    region: str,
    account: str,
    parameter_files: Sequence[Path],
    assignments: Mapping[str, str],
    *,
    lenient: bool = False,
) -> Inputs:
    """The systems that the arguments name. Raises `InputError` for a bad parameter file."""
    from analyzer.template import read_parameters

    given: dict[str, Any] = {}
    for file in parameter_files:
        given.update(read_parameters(file))
    given.update(assignments)
    stdin = sys.stdin.buffer.read() if Path(STANDARD_INPUT) in paths else b""
    return find_systems(paths, Deployment(region, account, given), stdin, lenient=lenient)


def check_known(what: str, names: Sequence[str], known: Collection[str]) -> None:
    """Raise `UsageError` for a name that is not one of those known."""
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"there is {', '.join(sorted(known))}"
            raise UsageError(f"there is no {what} '{name}'", hint=hint)


def check_language(code: str, theme: Path | None = None) -> None:
    """Raise `UsageError` for a language that the report's theme does not speak."""
    from analyzer.output.languages import languages

    check_known("language", [code], languages(theme or content("reports") / "assay"))


def check_profiles(inputs: Inputs, profiles: Sequence[str]) -> None:
    """Raise `UsageError` for a profile that no system has."""
    known = {profile.name for system in inputs.systems for profile in system.profiles} - {""}
    check_known("profile", profiles, known or {"none: no architecture was named"})


def configuration_of(
    file: Path | None, problems: list[Problem], start: Path | None = None
) -> Configuration:
    """The repository's configuration; a broken one is a problem, and the defaults stand.

    Searched upwards from `start`, or from the working folder.
    """
    if file is not None and not file.is_file():
        raise UsageError(f"there is no file '{file}'", hint="check --config")
    found = file or nearest_file(start or Path.cwd())
    if found is None:
        return Configuration()
    if file is None and start is None:
        found = Path(os.path.relpath(found))  # as its owner would write it
    from analyzer.configuration_file import read_configuration

    try:
        return read_configuration(found)
    except InputError as error:
        problems.append(problem_of(error))
        return Configuration()


def rules_of(
    packs: Sequence[Path],
    configuration: Configuration,
    problems: list[Problem],
    *,
    trusted: bool,
) -> tuple[dict[str, Rule], Frameworks]:
    """The built-in rules, and those of the packs that can be loaded."""
    named = [*packs, *(configuration.packs if trusted else ())]
    if configuration.packs and not trusted:
        problems.append(
            Problem(
                NOT_LOADED,
                file=configuration.file,
                hint="call with --trust-packs where the file is trusted",
                kind="note",
            )
        )
    frameworks = load_frameworks(content("rules") / "frameworks")
    loaded = load_packs([content("rules")])
    for pack in named:
        try:
            own = load_packs([pack])
            for id_ in own.keys() & loaded.keys():
                raise PackError(  # noqa: TRY301 - told like every other fault of the pack
                    f"rule id {id_} is a built-in rule's", file=own[id_].file, line=own[id_].line
                )
            loaded.update(own)
        except PackError as error:
            problems.append(problem_of(error))
    return frameworks.applied(loaded), frameworks


def progress_line(*, quiet: bool) -> AbstractContextManager[Callable[[str], None]]:
    """What shows progress: a line on a terminal, nothing elsewhere."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return nullcontext(lambda _: None)
    from analyzer.cli.progress import progress

    return progress(color=writing.color() != "never")
