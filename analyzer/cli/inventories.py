"""What a question is put to: the inventories of templates, of architectures, of saved snapshots."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.cli import options
from analyzer.errors import UsageError
from analyzer.inputs import Inputs, error_of
from analyzer.model import Inventory, Resource
from analyzer.network.naming import resources_named
from analyzer.system import REGION, Profile, System

if TYPE_CHECKING:
    from analyzer.account.plan import Plan
    from analyzer.account.sessions import Account
    from analyzer.cli.auditing import Kept

_PLAN = "plan.json"  # what makes a folder a snapshot


@dataclass(frozen=True)
class Named:
    """An inventory that is read when it is asked for, and what it is of: a profile or an account.

    `choice` is what the option says that chooses it.
    """

    name: str
    choice: str
    read: Callable[[], Inventory]

    @cached_property
    def inventory(self) -> Inventory:
        """The inventory. Raises `InputError`."""
        return self.read()


def inventories(path: Path, names: Sequence[str] = ()) -> Iterator[Named]:
    """The inventories below a path, one for each profile or account that is asked for.

    Raises `InputError` and `UsageError`.
    """
    if is_snapshot(f"{path}"):
        return of_snapshot(f"{path}", names)
    return of_templates(options.inputs_of([path], REGION, "", (), {}), names)


def is_snapshot(where: str) -> bool:
    """Whether a place is the snapshot of an audit: a folder with a plan, or a URL."""
    return "://" in where or (Path(where) / _PLAN).is_file()


def of_templates(
    inputs: Inputs, profiles: Sequence[str] = (), *, all_scenarios: bool = False
) -> Iterator[Named]:
    """One inventory for each profile. Raises `InputError` for an input that cannot be used."""
    for problem in inputs.problems:
        raise error_of(problem)
    options.check_profiles(inputs, profiles)
    for system in inputs.systems:
        for profile in system.profiles:
            if not profiles or profile.name in profiles:
                name = f"{system.name} {profile.name}".rstrip()
                read = partial(_profile, system, profile, all_scenarios=all_scenarios)
                yield Named(name, profile.name or system.name, read)


def _profile(system: System, profile: Profile, *, all_scenarios: bool) -> Inventory:
    from analyzer.assembly import assemble

    return assemble(system, profile, {}, all_scenarios=all_scenarios).inventory


def of_snapshot(where: str, accounts: Sequence[str], plan: Plan | None = None) -> Iterator[Named]:
    """One inventory for each account; with a plan, what it asks for and was not read is unknown."""
    from analyzer.cli.auditing import saved

    kept = saved(where, accounts)
    for account in kept.scope.accounts:
        yield Named(account.id, account.id, partial(_account, kept, account, plan))


def _account(kept: Kept, account: Account, plan: Plan | None) -> Inventory:
    from analyzer.account.loading import load
    from analyzer.audit import inventory_of, parts_of

    parts, problems = parts_of(kept.snapshot, kept.scope, account)
    for problem in problems:
        raise error_of(problem)
    if plan is None:
        return load(account.id, parts, ())
    return inventory_of(kept.scope, account, parts, plan)


def named_resource(inventory: Inventory, name: str) -> Resource:
    """A resource by its logical id, `stack/id`, ARN or Name. Raises `UsageError`."""
    found = resources_named(inventory, name)
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
