"""Waivers: failures that somebody answers for, with a reason and until a date.

They stand in `assay.yaml` or `waivers.yaml`, or beside the resource under `Metadata: {assay:
{waivers: [...]}}`. A waiver without a reason or a date, past its date, with a date too far away, or
that covers nothing is itself reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import Any

from analyzer.findings import Finding, Verdict, Waiver
from analyzer.model import Inventory, Location, Resource
from analyzer.results import Problem

METADATA = "assay"
LONGEST = 90
"""Days that a waiver may reach ahead, where a repository does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A waiver and what it is limited to; globs over rule, resource, system and profile."""

    waiver: Waiver
    systems: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    stack: str = ""  # of an inline waiver: it covers its own resource only

    def covers(self, finding: Finding, system: str, profile: str) -> bool:
        """Whether the finding is what the waiver speaks of."""
        waiver = self.waiver
        named = (finding.resource, f"{finding.stack}/{finding.resource}")
        return (
            any(fnmatchcase(id_, waiver.rule) for id_ in (finding.rule, *finding.also))
            and any(fnmatchcase(name, waiver.resource) for name in named)
            and (not self.stack or finding.stack == self.stack)
            and _within(system, self.systems)
            and _within(profile, self.profiles)
        )


def _within(name: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def inline_grants(inventory: Inventory) -> Iterator[Grant | Problem]:
    """The waivers in the resources' Metadata, and what is wrong with them.

    A waiver beside a part that was moved onto its owner covers the owner.
    """
    for resource in inventory:
        moved = {part.key: part for part, _ in resource.moved.values()}
        for source in (resource, *moved.values()):
            own = source.metadata.get(METADATA)
            entries = own.get("waivers") if isinstance(own, Mapping) else None
            for entry in entries if isinstance(entries, list) else ():
                yield _inline(resource, entry, source.locate())


def _inline(resource: Resource, entry: Any, place: Location | None) -> Grant | Problem:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("rule"), str):
        return _problem(f"a waiver of `{resource.id}` names no rule", place, "write rule: RULE-ID")
    try:
        until = entry.get("until")
        day = date.fromisoformat(f"{until}") if until is not None else None
    except ValueError:
        return _problem(
            f"the waiver of {entry['rule']} on `{resource.id}` ends on '{entry['until']}'",
            place,
            "write a date as 2027-01-31",
        )
    waiver = Waiver(
        rule=entry["rule"],
        resource=resource.id,
        reason=f"{entry.get('reason') or ''}",
        owner=f"{entry.get('owner') or ''}",
        until=day,
        location=place,
    )
    return Grant(waiver, stack=resource.stack)


def fault_of(waiver: Waiver, today: date, longest: int = LONGEST) -> Problem | None:
    """Why a waiver does not count, if it does not; it may reach `longest` days ahead."""
    fault = _fault(waiver, today, longest)
    if fault is None:
        return None
    words, hint = fault
    what = f"the waiver of {waiver.rule} on `{waiver.resource}`"
    return _problem(f"{what} {words}: not applied", waiver.location, hint)


def _fault(waiver: Waiver, today: date, longest: int) -> tuple[str, str] | None:
    """What is wrong, and what to do."""
    if not waiver.reason.strip():
        return "gives no reason", "write one"
    if waiver.until is None:
        last = today + timedelta(days=longest)
        return "has no end", f"write until: with a day up to {last}"
    if waiver.until < today:
        return f"expired on {waiver.until}", "renew it or fix the finding"
    if (waiver.until - today).days > longest:
        words = f"ends on {waiver.until}, more than {longest} days from now"
        return words, "bring the day nearer, or set waiver_days in assay.yaml"
    return None


def unmatched(waiver: Waiver) -> Problem:
    """A waiver that covered nothing."""
    return _problem(
        f"the waiver of {waiver.rule} on `{waiver.resource}` covers no failure",
        waiver.location,
        "remove it",
    )


def _problem(message: str, place: Location | None, hint: str) -> Problem:
    file, line = (place.file, place.line) if place else ("", 0)
    return Problem(message, file=file, line=line, hint=hint, kind="waiver")


def waived(
    findings: Iterable[Finding], grants: Sequence[Grant], system: str, profile: str
) -> tuple[list[Finding], set[int]]:
    """The findings with waivers laid over failures, and the positions of the grants that did."""
    used: set[int] = set()
    result = []
    for finding in findings:
        if finding.verdict is Verdict.FAIL:
            for position, grant in enumerate(grants):
                if grant.covers(finding, system, profile):
                    used.add(position)
                    finding = replace(finding, waiver=grant.waiver)  # noqa: PLW2901 - the same, waived
                    break
        result.append(finding)
    return result, used
