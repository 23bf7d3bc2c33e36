"""What stands in a profile now and stood in it before, resource by resource."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from analyzer.assembly import Assembled, Sources, assemble
from analyzer.compare.files import Files
from analyzer.compare.matching import Sides
from analyzer.compare.pairing import Pairs, every, pair, renamed
from analyzer.compare.policy import waivers_added
from analyzer.compare.suppressions import suppressions_added
from analyzer.compare.systems import Twin
from analyzer.errors import InputError
from analyzer.model import Inventory
from analyzer.policy.waivers import Grant, inline_grants
from analyzer.results import Problem
from analyzer.system import Profile


@dataclass(frozen=True, slots=True)
class State:
    """A profile that may have changed; `added` are waivers beside resources that it alone has.

    `suppressed` is what it alone has the other checkers leave out, by their names; `secrets` are
    literal texts of either side that must never be shown.
    """

    sides: Sides
    added: tuple[Grant, ...] = ()
    suppressed: tuple[tuple[str, Problem], ...] = ()
    secrets: frozenset[str] = frozenset()


States = Mapping[tuple[str, str], State]
"""By system and profile; what could not be read is not there."""


def states_of(
    pairs: Iterable[Twin], files: Files, profiles: Collection[str] = (), *, scenarios: bool = False
) -> dict[tuple[str, str], State]:
    """The states of the profiles (of all, where none is named) that may have changed."""
    return {
        (twin.head.name, profile.name): state
        for twin in pairs
        if not twin.same
        for profile, state in _states(twin, files, scenarios=scenarios)
        if not profiles or profile.name in profiles
    }


def _states(twin: Twin, files: Files, *, scenarios: bool) -> Iterator[tuple[Profile, State]]:
    now: Sources = {}
    then: Sources = {}
    before = {p.name: p for p in twin.base.profiles} if twin.base is not None else {}
    for profile in twin.head.profiles:
        was = before.get(profile.name)
        try:
            head = assemble(twin.head, profile, now, all_scenarios=scenarios)
            base = Assembled(Inventory(twin.head.name, []), {}, frozenset())
            if twin.base is not None and was is not None:
                base = assemble(twin.base, was, then, all_scenarios=scenarios)
        except InputError:
            continue  # the run says so
        stacks = _stacks(was, profile, files) if was else {}
        state = _state(base, head, stacks, twin, files)
        yield profile, replace(state, secrets=base.secrets | head.secrets)


def _state(
    was: Assembled, is_: Assembled, stacks: Mapping[str, str], twin: Twin, files: Files
) -> State:
    base, head = was.inventory, is_.inventory
    pairs = pair(base, head, stacks)
    shown = {files.shown(f"{t}") for t in twin.base.templates} if twin.base else set()
    moved = {file: files.now(file) for file in shown}
    known = (_moved(grant, pairs) for grant in _grants(base))
    added = waivers_added(_grants(head), known)
    gone = frozenset(resource.key for resource in every(base)) - pairs.keys()
    sides = Sides(renamed(base, pairs), head, pairs, gone, stacks, moved)
    return State(sides, tuple(added), tuple(suppressions_added(was, is_, pairs, stacks)))


def _grants(inventory: Inventory) -> list[Grant]:
    return [grant for grant in inline_grants(inventory) if isinstance(grant, Grant)]


def _moved(grant: Grant, pairs: Pairs) -> Grant:
    """A waiver of the base beside the resource as it is called now."""
    key = f"{grant.stack}/{grant.waiver.resource}"
    stack, _, resource = pairs.get(key, key).rpartition("/")
    return replace(grant, stack=stack, waiver=replace(grant.waiver, resource=resource))


def _stacks(before: Profile, now: Profile, files: Files) -> dict[str, str]:
    """The names of stacks as they are now: the same, the only other one, or of a moved template."""
    names = {stack.name for stack in now.stacks}
    old = [stack for stack in before.stacks if stack.name not in names]
    new = [s for s in now.stacks if s.name not in {stack.name for stack in before.stacks}]
    if len(old) == len(new) == 1:
        return {old[0].name: new[0].name}
    by_template = {f"{stack.template}": stack.name for stack in new}
    moved = ((s.name, files.now(files.shown(f"{s.template}"))) for s in old)
    return {name: by_template[file] for name, file in moved if file in by_template}
