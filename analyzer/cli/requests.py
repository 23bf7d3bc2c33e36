"""From options to the request that a run answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from analyzer.cli import options
from analyzer.engines import Cache
from analyzer.request import Request
from analyzer.results import Problem, Run
from analyzer.run import run


def judged(
    paths: Sequence[Path],
    *,
    bare_priced: bool,
    base: str | None = None,
    baseline: Path | None = None,
    only_new: bool = False,
    **asked: Any,
) -> Run:
    """The run that a command asks for, beside a base and a baseline where they are named.

    `bare_priced`: templates without an architecture are priced too. `only_new`: fixes are worked
    out for what neither the base nor the baseline has.
    """
    if base is not None:  # an empty one is refused: a pipeline's variable is not set
        from analyzer.cli.against import judged_against

        return judged_against(
            paths, base, baseline, bare_priced=bare_priced, only_new=only_new, **asked
        )
    if baseline is None:
        return run(replace(request_of(paths, **asked), bare_priced=bare_priced))
    from analyzer.baseline import laid, read_baseline, unnamed

    known = read_baseline(baseline)  # before the work: a file that cannot be read ends it
    request = replace(request_of(paths, **asked), bare_priced=bare_priced)
    return laid(run(replace(request, mends=unnamed(known)) if only_new else request), known)


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
    pictured: bool = False,
    base: Path | None = None,
    no_fixes: bool = False,
) -> Request:
    """What a judging command asks for. Raises `AssayError` where an option is wrong.

    `base` is the working folder as it was at another commit, when that is what is asked about:
    nothing needs to be there.
    """
    deployed = region, account, parameter_files, assignments
    inputs = options.inputs_of(paths, *deployed, lenient=base is not None)
    if base is None:
        options.check_profiles(inputs, profiles)
    problems: list[Problem] = list(inputs.problems)
    configuration = options.configuration_of(configuration_file, problems, base)
    rules, frameworks = options.rules_of(packs, configuration, problems, trusted=trust_packs)
    return Request(
        systems=inputs.systems,
        today=today,
        mended=not no_fixes,
        rules=rules,
        frameworks=frameworks.titles,
        engines=options.ENGINES if engines is None else engines,
        required=engines or (),
        configuration=configuration,
        profiles=profiles,
        pictured=pictured,
        all_scenarios=all_scenarios,
        cache=Cache(None) if no_cache else None,
        problems=problems,
        progress=progress,
    )
