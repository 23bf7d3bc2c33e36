"""`assay drift`: a deployed system against its templates."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analyzer.cli import completing, options
from analyzer.cli.accounts import CONNECTION, means_options
from analyzer.cli.exit_codes import COMPLIANT, INCOMPLETE, VIOLATIONS, VIOLATIONS_AND_INCOMPLETE
from analyzer.cli.writing import emit, layout
from analyzer.errors import InputError, UsageError
from analyzer.inputs import error_of
from analyzer.results import Problem
from analyzer.system import REGION, Profile, System

if TYPE_CHECKING:
    from analyzer.account.scan import Means
    from analyzer.account.sessions import Clients
    from analyzer.drift import Drift
    from analyzer.model import Inventory
    from analyzer.results import CoverageLine


def _names(ctx: click.Context, parameter: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    names = {}
    for value in values:
        name, sign, deployed = value.partition("=")
        if not sign or not name or not deployed:
            raise click.BadParameter(f"'{value}' is not STACK=DEPLOYED-NAME")
        names[name] = deployed
    return names


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--profile",
    required=True,
    metavar="NAME",
    shell_complete=completing.profiles,
    help="The profile that is deployed.",
)
@click.option(
    "--stack",
    "names",
    multiple=True,
    callback=_names,
    metavar="STACK=NAME",
    help="The deployed name of a stack. [default: SYSTEM-PROFILE-STACK]",
)
@click.option(
    "--ids",
    "ids_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Physical ids by logical id (JSON or YAML), where CloudFormation cannot be asked.",
)
@CONNECTION
@options.FORMAT
@options.PACKS
@options.DATE
@options.showing("The answer only")
def command(
    *,
    path: Path,
    profile: str,
    names: Mapping[str, str],
    ids_file: Path | None,
    format_: str,
    packs: Sequence[Path],
    trust_packs: bool,
    configuration_file: Path | None,
    today: date,
    quiet: bool,
    **asked: Any,
) -> int:
    """Compare what is deployed with the templates of an architecture, property by property.

    Says what was changed by hand, which of the changes break a rule, and what they cost. Ends with
    1 where anything drifted, 3 where something could not be compared.
    """
    from analyzer.assembly import assemble
    from analyzer.drift import Judging, drift_of

    problems: list[Problem] = []
    configuration = options.configuration_of(configuration_file, problems)
    rules, _ = options.rules_of(packs, configuration, problems, trusted=trust_packs)
    inputs = options.inputs_of([path], REGION, "", (), {})
    for problem in inputs.problems:
        raise error_of(problem)
    options.check_profiles(inputs, [profile])
    system, chosen = _chosen(inputs.systems, profile)
    declared = assemble(system, chosen, {}).inventory
    with options.progress_line(quiet=quiet) as progress:
        deployed, ids, coverage = _deployed(
            system, chosen, declared, means_options(asked), names, ids_file, progress
        )
    policy = {**configuration.policy, **chosen.policy}
    drift = drift_of(declared, deployed, ids, Judging(system, chosen, rules, policy, today))
    if format_ == "json":
        from analyzer.output.json import plain

        emit(json.dumps({**plain(drift), "coverage": plain(coverage)}, indent=1))
    else:
        from analyzer.output.drift import blocks
        from analyzer.output.text import shown

        emit(shown(list(blocks(drift, coverage)), **layout()))
    return _exit_code(drift, coverage)


def _exit_code(drift: Drift, coverage: Sequence[CoverageLine]) -> int:
    complete = all(line.complete for line in coverage)
    if drift.drifted:
        return VIOLATIONS if complete else VIOLATIONS_AND_INCOMPLETE
    return COMPLIANT if complete else INCOMPLETE


def _chosen(systems: Sequence[System], name: str) -> tuple[System, Profile]:
    found = [(s, profile) for s in systems for profile in s.profiles if profile.name == name]
    if len(found) != 1:
        raise UsageError(
            f"{len(found)} systems have a profile '{name}'", hint="name one architecture"
        )
    return found[0]


def _deployed(
    system: System,
    profile: Profile,
    declared: Inventory,
    means: Means,
    names: Mapping[str, str],
    ids_file: Path | None,
    progress: Callable[[str], None],
) -> tuple[Inventory, dict[str, str], tuple[CoverageLine, ...]]:
    """What the account has of the types of the templates, and the physical ids."""
    from analyzer.account.discovery import caller
    from analyzer.account.limits import Limiter
    from analyzer.account.plan import plan_for
    from analyzer.account.scan import places, scan
    from analyzer.account.sessions import Account, Clients
    from analyzer.account.snapshot import Snapshot
    from analyzer.audit import coverage_of, inventory_of, parts_of, scope_of

    known = {stack.name for stack in profile.stacks}
    options.check_known("stack", list(names), known)
    progress("asking who we are")
    current = Clients(Account("current"), means.connection, Limiter(means.rates))
    with closing(current) as clients:
        account = Account(caller(clients)[0])
        ids = (
            _given(ids_file, declared)
            if ids_file
            else _asked(system, profile, clients, names, progress)
        )
    planned = plan_for(declared.types)
    regions = tuple(dict.fromkeys(stack.region for stack in profile.stacks))
    with tempfile.TemporaryDirectory() as folder:
        snapshot = Snapshot(folder)
        started = datetime.now(UTC).isoformat(timespec="seconds")
        scope = scope_of([account], {account.id: regions}, planned, started)
        scan(list(places(account, regions)), planned, snapshot, means, progress)
        parts, _ = parts_of(snapshot, scope, account)
    inventory = inventory_of(scope, account, parts, planned)
    return inventory, ids, tuple(coverage_of(scope, account, parts))


def _asked(
    system: System,
    profile: Profile,
    clients: Clients,
    names: Mapping[str, str],
    progress: Callable[[str], None],
) -> dict[str, str]:
    from analyzer.account.stacks import physical_ids
    from analyzer.assembly import stack_name

    ids: dict[str, str] = {}
    for stack in profile.stacks:
        deployed = names.get(stack.name) or stack_name(system, profile, stack)
        progress(f"asking for the resources of {deployed}")
        for logical, physical in physical_ids(clients, stack.region, deployed).items():
            ids[f"{stack.name}/{logical}"] = physical
    return ids


def _given(file: Path, declared: Inventory) -> dict[str, str]:
    """The ids of a file; a logical id may stand without its stack."""
    import yaml

    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError("does not exist", file=f"{file}", hint="check --ids") from error
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise InputError("cannot be read as JSON or YAML", file=f"{file}") from error
    if not isinstance(data, dict):
        raise InputError(
            "is no map of logical ids", file=f"{file}", hint="write LogicalId: physical-id"
        )
    ids: dict[str, str] = {}
    for name, physical in data.items():
        keys = [resource.key for resource in declared if name in (resource.key, resource.id)]
        if len(keys) != 1:
            raise InputError(
                f"'{name}' names {len(keys)} resources of the templates",
                file=f"{file}",
                hint="write STACK/LogicalId",
            )
        ids[keys[0]] = f"{physical}"
    return ids
