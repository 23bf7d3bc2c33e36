"""What a question is put to: the inventories of templates, of architectures, of saved snapshots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from analyzer.cli import options
from analyzer.errors import InputError, UsageError
from analyzer.model import Inventory, Resource

_PLAN = "plan.json"  # what makes a folder a snapshot


@dataclass(frozen=True, slots=True)
class Named:
    """An inventory, and what it is of: a profile of a system, or an account."""

    name: str
    inventory: Inventory


def inventories(
    path: Path, profiles: Sequence[str] = (), *, all_scenarios: bool = False
) -> Iterator[Named]:
    """The inventories below a path, one for each profile or account that is asked for.

    Raises `InputError` and `UsageError`.
    """
    if (path / _PLAN).is_file():
        yield from _of_snapshot(path, profiles)
        return
    from analyzer.assembly import assemble

    inputs = options.inputs_of([path], "us-east-1", "", (), {})
    for problem in inputs.problems:
        raise InputError(problem.message, file=problem.file, line=problem.line, hint=problem.hint)
    options.check_profiles(inputs, profiles)
    for system in inputs.systems:
        for profile in system.profiles:
            if not profiles or profile.name in profiles:
                assembled = assemble(system, profile, {}, all_scenarios=all_scenarios)
                yield Named(f"{system.name} {profile.name}".rstrip(), assembled.inventory)


def _of_snapshot(path: Path, accounts: Sequence[str]) -> Iterator[Named]:
    from analyzer.account.loading import load
    from analyzer.audit import parts_of
    from analyzer.cli.auditing import saved

    kept = saved(str(path), accounts)
    for account in kept.scope.accounts:
        parts, problems = parts_of(kept.snapshot, kept.scope, account)
        for problem in problems:
            raise InputError(problem.message, file=problem.file, hint=problem.hint)
        yield Named(account.id, load(account.id, parts, ()))


def one_of(path: Path, profiles: Sequence[str] = ()) -> Named:
    """The one inventory below a path; of several, the first profile or account."""
    found = next(inventories(path, profiles), None)
    if found is None:
        raise UsageError(f"'{path}' holds no inventory", hint="check the path and --profile")
    return found


def named_resource(inventory: Inventory, name: str) -> Resource:
    """A resource by its logical id, `stack/id`, ARN or Name. Raises `UsageError`."""
    found = [resource for resource in inventory if name in (resource.id, resource.key)]
    found = found or [r for r in inventory if name == r.label]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"'{name}' names {len(found)} resources",
            hint=f"write one of {', '.join(resource.key for resource in found)}",
        )
    near = get_close_matches(name, [resource.id for resource in inventory], n=1)
    raise UsageError(
        f"there is no resource '{name}'", hint=f"did you mean '{near[0]}'?" if near else ""
    )
