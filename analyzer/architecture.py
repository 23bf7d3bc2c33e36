"""From an architecture.yaml to a system: its stacks, its profiles, and what its owner declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analyzer.architecture_file import ArchitectureFile, ProfilePart
from analyzer.cost.declared import Currency, read_claim
from analyzer.documents import read_document
from analyzer.errors import InputError
from analyzer.model import PropertyPath
from analyzer.system import Ceiling, ControlClaim, Intent, Profile, StackSpec, System
from analyzer.template import Source, beside


def read_architecture(path: Path, parsed: Source | None = None) -> System:
    """The system that an architecture.yaml describes. Raises `InputError` with file and line.

    `parsed` is read instead of the file that stands at the path.
    """
    written, source = read_document(path, ArchitectureFile, parsed)
    _check_names(written, source)
    for name, stack in written.stacks.items():
        template = beside(path, stack.template)
        if not template.is_file():
            place = source.locate(("stacks", name, "template"))
            raise InputError(
                f"template `{stack.template}` of stack `{name}` does not exist",
                file=str(path),
                line=place.line,
                hint="paths are relative to this file",
            )
    return System(
        name=written.name,
        title=written.title,
        description=written.description,
        file=str(path),
        locate=source.locate,
        profiles=tuple(
            _profile(name, profile, written, path) for name, profile in written.profiles.items()
        ),
        controls=tuple(
            ControlClaim(
                claim.id,
                claim.text,
                tuple(claim.rules),
                tuple(claim.profiles),
                tuple(claim.resources),
            )
            for claim in written.claims.controls
        ),
        costs=tuple(
            read_claim(claim.model_dump(), file=str(path)) for claim in written.claims.costs
        ),
        tiers={name: tuple(globs) for name, globs in written.tiers.items()},
        intents=tuple(_intents(written)),
        ceilings=tuple(_ceilings(written)),
        currency=Currency(**written.currency.model_dump()) if written.currency else None,
    )


def _check_names(written: ArchitectureFile, source: Source) -> None:
    """Raise `InputError` at the first name that stands for nothing in the file."""
    for path, what, name, known in _names(written):
        if name not in known:
            place = source.locate(path)
            raise InputError(
                f"`{'/'.join(map(str, path))}` names {what} `{name}`",
                file=source.path,
                line=place.line,
                column=place.column,
                hint=f"there is {', '.join(known) or 'none'}",
            )


_Name = tuple[PropertyPath, str, str, Mapping[str, Any]]


def _names(written: ArchitectureFile) -> Iterator[_Name]:
    """Where something else of the file is named: the place, what, its name, and what there is."""
    for name, profile in written.profiles.items():
        at = ("profiles", name)
        for position, stack in enumerate(profile.stacks or ()):
            yield (*at, "stacks", position), "stack", stack, written.stacks
        for stack in profile.stack_parameters:
            yield (*at, "stack_parameters", stack), "stack", stack, written.stacks
    for name, part in written.stacks.items():
        for export, target in part.imports.items():
            sibling = target.partition(".")[0]
            yield ("stacks", name, "imports", export), "stack", sibling, written.stacks
    for position, cost in enumerate(written.claims.costs):
        yield ("claims", "costs", position, "profile"), "profile", cost.profile, written.profiles
    yield from _names_of_profiles(written)
    for position, intent in enumerate(written.intents):
        word, ends = intent.stated[0]
        for end, globs in (("from", ends.sources), ("to", ends.targets)):
            for tier in (glob[5:] for glob in globs if glob.startswith("tier ")):
                yield ("intents", position, word, end), "tier", tier, written.tiers


def _names_of_profiles(written: ArchitectureFile) -> Iterator[_Name]:
    about: dict[PropertyPath, list[list[str]]] = {
        ("claims", "controls"): [claim.profiles for claim in written.claims.controls],
        ("intents",): [intent.profiles for intent in written.intents],
        ("ceilings",): [ceiling.profiles for ceiling in written.ceilings],
    }
    for base, lists in about.items():
        for position, names in enumerate(lists):
            for index, name in enumerate(names):
                yield (*base, position, "profiles", index), "profile", name, written.profiles


def _intents(written: ArchitectureFile) -> Iterator[Intent]:
    """The intents; one without an id is numbered within its system."""
    for position, part in enumerate(written.intents, 1):
        word, ends = part.stated[0]
        yield Intent(
            id=part.id or f"INTENT-{_slug(written)}-{position:02}",
            kind=word,
            sources=tuple(ends.sources),
            targets=tuple(ends.targets),
            ports=tuple(ends.port),
            protocol=ends.protocol,
            severity=part.severity,
            reason=part.reason,
            profiles=tuple(part.profiles),
        )


def _ceilings(written: ArchitectureFile) -> Iterator[Ceiling]:
    """The ceilings; one without an id is numbered within its system."""
    for position, part in enumerate(written.ceilings, 1):
        yield Ceiling(
            id=part.id or f"CEILING-{_slug(written)}-{position:02}",
            roles=tuple(part.roles),
            statements=tuple(part.statements),
            severity=part.severity,
            reason=part.reason,
            profiles=tuple(part.profiles),
        )


def _slug(written: ArchitectureFile) -> str:
    return re.sub("[^A-Z0-9]+", "-", written.name.upper()).strip("-")


def _profile(name: str, part: ProfilePart, written: ArchitectureFile, path: Path) -> Profile:
    chosen = written.stacks if part.stacks is None else part.stacks
    stacks = []
    for stack_name in chosen:
        stack = written.stacks[stack_name]
        stacks.append(
            StackSpec(
                name=stack_name,
                template=beside(path, stack.template),
                region=stack.region,
                account=stack.account,
                parameters={**stack.parameters, **part.stack_parameters.get(stack_name, {})},
                imports=stack.imports,
            )
        )
    return Profile(
        name=name,
        title=part.title,
        stacks=tuple(stacks),
        offered=part.parameters,
        policy=part.policy,
        usage=part.usage,
        schedule=part.schedule.model_dump() if part.schedule else None,
        budget=(part.budget.amount, part.budget.currency) if part.budget else None,
        increase=part.budget.allowed if part.budget else None,
    )
