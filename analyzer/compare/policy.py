"""Whose policy judges a change: that of the base, never the one that the change brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from analyzer.compare.renaming import (
    Renames,
    ceiling_followed,
    ceiling_renamed,
    intent_followed,
    intent_renamed,
)
from analyzer.configuration import Configuration
from analyzer.findings import Waiver
from analyzer.policy.waivers import Grant
from analyzer.results import Problem
from analyzer.system import Ceiling, Intent, Profile, System

_NONE: Renames = {}
_TIER = "tier "
_OTHERWISE = "it is judged by the base's; --trust-pack takes the change's own"


def judged_by(head: System, base: System | None, renames: Renames = _NONE) -> System:
    """The system with the thresholds, budgets, intents and ceilings of the base.

    They are about the same resources also where these are called otherwise now. What the change
    states beside them, or otherwise, is judged too: it can only ask for more.
    """
    if base is None:
        return replace(head, profiles=tuple(replace(p, policy={}) for p in head.profiles))
    before = {profile.name: profile for profile in base.profiles}
    return replace(
        head,
        profiles=tuple(_thresholds(p, before.get(p.name), base) for p in head.profiles),
        intents=tuple(_intents(head, base, renames)),
        ceilings=tuple(_ceilings(head, base, renames)),
    )


def _intents(head: System, base: System, renames: Renames) -> Iterator[Intent]:
    """The base's intents, and those of the change that are not the same."""
    stated = set()
    for intent in base.intents:
        wide = _expanded(intent, base)
        followed = intent_followed(wide, renames)
        stated |= {_intent(wide), _intent(intent_renamed(wide, renames))}
        # A tier that the change defines otherwise is written out in what the base says.
        same = followed == wide and _tiers(intent, base) == _tiers(intent, head)
        yield intent if same else followed
    yield from (own for own in head.intents if _intent(_expanded(own, head)) not in stated)


def _ceilings(head: System, base: System, renames: Renames) -> Iterator[Ceiling]:
    """The base's ceilings, and those of the change that are not the same."""
    stated = set()
    for ceiling in base.ceilings:
        stated |= {_ceiling(ceiling), _ceiling(ceiling_renamed(ceiling, renames))}
        yield ceiling_followed(ceiling, renames)
    yield from (own for own in head.ceilings if _ceiling(own) not in stated)


def with_policy_of(base: System, head: System, renames: Renames = _NONE) -> System:
    """The base's system judged as the change asks for, where the change is trusted.

    `renames` are the names that the base's resources have in the change.
    """
    now = {profile.name: profile for profile in head.profiles}
    back = {new: old for old, new in renames.items()}
    return replace(
        base,
        profiles=tuple(_thresholds(p, now.get(p.name, p), head) for p in base.profiles),
        tiers=head.tiers,
        intents=tuple(intent_followed(_expanded(i, head), back) for i in head.intents),
        ceilings=tuple(ceiling_followed(ceiling, back) for ceiling in head.ceilings),
    )


def _thresholds(profile: Profile, other: Profile | None, system: System) -> Profile:
    """The profile with what another states for it in a system, at that system's rates."""
    if other is None:
        return replace(profile, policy={})
    return replace(
        profile,
        policy=other.policy,
        budget=other.budget,
        increase=other.increase,
        currency=system.currency,
    )


def _tiers(intent: Intent, system: System) -> list[tuple[str, ...] | None]:
    names = [name for name in (*intent.sources, *intent.targets) if name.startswith(_TIER)]
    return [system.tiers.get(name.removeprefix(_TIER)) for name in names]


def _expanded(intent: Intent, system: System) -> Intent:
    """The intent with its tiers written out."""

    def ends(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(
            glob
            for name in names
            for glob in (
                system.tiers.get(name.removeprefix(_TIER), (name,))
                if name.startswith(_TIER)
                else (name,)
            )
        )

    return replace(intent, sources=ends(intent.sources), targets=ends(intent.targets))


def _intent(intent: Intent) -> Intent:
    """What an intent asks for, whatever it is called and why."""
    return replace(intent, id="", severity="", reason="")


def _ceiling(ceiling: Ceiling) -> tuple[object, ...]:
    return ceiling.roles, repr(ceiling.statements), ceiling.profiles


def waivers_added(head: Iterable[Grant], base: Iterable[Grant]) -> list[Grant]:
    """The waivers that only the change has, wherever in a file they stand."""
    known = [_grant(grant) for grant in base]
    return [grant for grant in head if _grant(grant) not in known]


def _grant(grant: Grant) -> tuple[object, ...]:
    waiver: Waiver = grant.waiver
    limits = grant.systems, grant.profiles, grant.stack
    return waiver.rule, waiver.resource, waiver.until, limits


def notes(
    systems: Iterable[tuple[System, System | None]], head: Configuration, base: Configuration
) -> Iterator[Problem]:
    """What the change says of thresholds, budgets, packs, intents and ceilings otherwise."""
    yield from _differing(head.policy, base.policy, head.file, "")
    if head.waiver_days != base.waiver_days:
        yield _note(f"sets waiver_days {head.waiver_days}, the base {base.waiver_days}", head.file)
    names = [sorted(pack.name for pack in one.packs) for one in (head, base)]
    if names[0] != names[1]:
        yield _note("names other rule packs than the base", head.file)
    for system, before in systems:
        yield from _of_system(system, before)


def _of_system(system: System, base: System | None) -> Iterator[Problem]:
    before = {profile.name: profile for profile in base.profiles} if base else {}
    for profile in system.profiles:
        was = before.get(profile.name)
        where = ("profiles", profile.name)
        line = system.line(*where, "policy")
        said = f"profile {profile.name} "
        yield from _differing(profile.policy, was.policy if was else {}, system.file, said, line)
        if was and (profile.budget, profile.increase) != (was.budget, was.increase):
            yield _note(
                f"profile {profile.name} has another budget than in the base",
                system.file,
                system.line(*where, "budget"),
            )
    if base and any(p.budget for p in base.profiles) and _rate(system) != _rate(base):
        message = "has another currency or rate than the base"
        yield _note(message, system.file, system.line("currency"))
    for word in ("intents", "ceilings", "tiers") if base else ():
        if getattr(system, word) != getattr(base, word):
            message = f"{word} are not those of the base: what either states is judged"
            yield Problem(message, system.file, system.line(word), kind="note")


def _rate(system: System) -> tuple[str, Decimal] | None:
    currency = system.currency
    return (currency.code, currency.usd_per_unit) if currency else None


def _differing(
    now: Mapping[str, Any], before: Mapping[str, Any], file: str, said: str, line: int = 0
) -> Iterator[Problem]:
    for name in dict.fromkeys([*now, *before]):
        if now.get(name) != before.get(name):
            is_now, was = (f"{one[name]}" if name in one else "nothing" for one in (now, before))
            yield _note(f"{said}sets `{name}` to {is_now}, the base to {was}", file, line)


def _note(message: str, file: str, line: int = 0) -> Problem:
    return Problem(message, file=file, line=line, hint=_OTHERWISE, kind="note")
