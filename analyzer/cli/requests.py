"""From options to the request that a run answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from analyzer.cli import options
from analyzer.engines import Cache
from analyzer.results import Problem
from analyzer.run import Request


def request_of(
    paths: Sequence[Path],
    *,
    profiles: Sequence[str],
    engines: Sequence[str] | None,
    all_scenarios: bool,
    no_cache: bool,
    packs: Sequence[Path],
    trust_packs: bool,
    configuration_file: Path | None,
    parameter_files: Sequence[Path],
    assignments: Mapping[str, str],
    region: str,
    account: str,
    today: date,
    progress: Callable[[str], None],
) -> Request:
    """What a judging command asks for. Raises `AssayError` where an option is wrong."""
    inputs = options.inputs_of(paths, region, account, parameter_files, assignments)
    options.check_profiles(inputs, profiles)
    problems: list[Problem] = list(inputs.problems)
    configuration = options.configuration_of(configuration_file, problems)
    rules, frameworks = options.rules_of(packs, configuration, problems, trusted=trust_packs)
    return Request(
        systems=inputs.systems,
        today=today,
        rules=rules,
        frameworks=frameworks.titles,
        engines=options.ENGINES if engines is None else engines,
        required=engines or (),
        configuration=configuration,
        profiles=profiles,
        all_scenarios=all_scenarios,
        cache=Cache(None) if no_cache else None,
        problems=problems,
        progress=progress,
    )
