"""A profile of a system as one inventory: its stacks read, joined, and normalised."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from typing import Any

from analyzer.errors import InputError
from analyzer.membership import normalise
from analyzer.model import Inventory
from analyzer.secrets import names_secret, secret_lines, secrets_below
from analyzer.system import Profile, StackSpec, System
from analyzer.template import MASK, NOT_GIVEN, Source, Stack, StackContext, read_source, read_stack

Sources = dict[str, Source]


@dataclass(frozen=True, slots=True)
class Assembled:
    """One profile, read: the inventory, and the stacks that it was made of by name.

    `secrets` are literal texts of the templates that must never be shown.
    """

    inventory: Inventory
    stacks: Mapping[str, Stack]
    secrets: frozenset[str]

    @property
    def parameters(self) -> dict[str, str]:
        """The effective parameters, secrets masked; the stack is named where there are several."""
        several = len(self.stacks) > 1
        return {
            f"{name}/{parameter}" if several else parameter: (
                MASK
                if value in self.secrets or (names_secret(parameter) and value != NOT_GIVEN)
                else value
            )
            for name, stack in self.stacks.items()
            for parameter, value in stack.parameters.items()
        }


def assemble(
    system: System, profile: Profile, sources: Sources, *, all_scenarios: bool = False
) -> Assembled:
    """Read every stack of a profile; `sources` keeps what was parsed, for other profiles.

    Raises `InputError` where a template or a parameter is wrong.
    """
    parsed = {stack.name: _source(stack, sources) for stack in profile.stacks}
    if system.file:
        _check_offered(system, profile, parsed)
    given = {
        stack.name: {**_wanted(profile.offered, parsed[stack.name]), **stack.parameters}
        for stack in profile.stacks
    }
    stacks: dict[str, Stack] = {}
    # An import can only be answered once its sibling was read, which may itself import.
    for _ in profile.stacks:
        asked: set[str] = set()
        before = stacks
        stacks = {
            spec.name: read_stack(
                parsed[spec.name],
                StackContext(
                    name=spec.name,
                    stack_name=stack_name(system, profile, spec),
                    region=spec.region,
                    account=spec.account,
                    parameters=given[spec.name],
                    imports=_imports(spec, profile, before, asked),
                    all_scenarios=all_scenarios,
                    sources=sources,
                ),
            )
            for spec in profile.stacks
        }
        if not asked:
            break
    resources = [resource for stack in stacks.values() for resource in stack.resources]
    inventory = Inventory(system.name, normalise(resources))
    return Assembled(inventory, stacks, _secrets(stacks, inventory, sources.values()))


def _secrets(
    stacks: Mapping[str, Stack], inventory: Inventory, sources: Iterable[Source]
) -> frozenset[str]:
    given = (stack.secrets for stack in stacks.values())
    written = (secrets_below(resource.properties) for resource in inventory)
    secrets = frozenset(chain(*given, *written))
    return secrets.union(*(secret_lines(secrets, source) for source in sources))


def _source(stack: StackSpec, sources: Sources) -> Source:
    name = f"{stack.template}"
    if name not in sources:
        sources[name] = read_source(
            stack.template if stack.content is None else (name, stack.content)
        )
    return sources[name]


def stack_name(system: System, profile: Profile, stack: StackSpec) -> str:
    """The name under which a stack is deployed, unless somebody says otherwise."""
    if not system.file:
        return stack.name
    return "-".join(filter(None, (system.name, profile.name, stack.name)))


def _declared(source: Source) -> Mapping[str, Any]:
    declared = source.data.get("Parameters")
    return declared if isinstance(declared, dict) else {}


def _wanted(offered: Mapping[str, Any], source: Source) -> dict[str, Any]:
    return {name: value for name, value in offered.items() if name in _declared(source)}


def _check_offered(system: System, profile: Profile, parsed: Mapping[str, Source]) -> None:
    known = {name for source in parsed.values() for name in _declared(source)}
    for name in profile.offered:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise InputError(
                f"parameter `{name}` is declared by no template of profile `{profile.name}`",
                file=system.file,
                line=system.line("profiles", profile.name, "parameters", name),
                hint=f"did you mean `{near[0]}`?" if near else "remove it",
            )


def _imports(
    spec: StackSpec, profile: Profile, read: Mapping[str, Stack], asked: set[str]
) -> Callable[[str], Any]:
    """What gives an import its value; `asked` collects names that siblings may yet export."""
    places = {stack.name: (stack.account, stack.region) for stack in profile.stacks}

    def find(name: str) -> Any:
        if name in spec.imports:
            sibling, _, output = spec.imports[name].partition(".")
            if sibling in places:
                if sibling not in read:
                    asked.add(name)
                return read[sibling].outputs[output]
        for sibling, stack in read.items():
            if name in stack.exports and places[sibling] == places[spec.name]:
                return stack.exports[name]
        if not read and len(places) > 1:
            asked.add(name)
        raise KeyError(name)

    return find
