"""Whether a fix is safe: it replaces nothing, loses nothing, interrupts nothing, closes nothing.

What is made public less, or refused on plain HTTP, may still stop somebody who used it: only what
the templates can tell is judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from analyzer.fixes.replacements import identity, interruption, replaces
from analyzer.model import Inventory, Resource, references_in
from analyzer.unknown import ABSENT

# Quantities that cannot shrink without losing what they hold.
_HOLDS = frozenset(
    (
        "AllocatedStorage",
        "AutomatedSnapshotRetentionPeriod",
        "BackupRetentionPeriod",
        "Iops",
        "RetentionInDays",
        "Size",
        "SnapshotRetentionLimit",
        "VolumeSize",
    )
)
# Those of which nothing said means without an end.
_ENDLESS = frozenset(("RetentionInDays",))
_ENTRIES = {
    "SecurityGroupIngress": "closes a way in that somebody may use",
    "SecurityGroupEgress": "closes a way out that something may use",
    "SubnetIds": "takes a subnet away in which something may stand",
    "AccessControl": "takes access away that somebody may use",
}
# Attributes that have another value after every change of their resource.
_FOLLOWING = {
    "AWS::EC2::LaunchTemplate": frozenset(("DefaultVersionNumber", "LatestVersionNumber")),
}


def dangers(
    before: Inventory, after: Inventory, changed: Collection[str] | None = None
) -> tuple[str, ...]:
    """What would happen that somebody should decide, each once; nothing for a safe change.

    `changed` are the keys of the only resources that may differ, where that is known.
    """
    found: dict[str, None] = {}
    for key, old in before.resources.items():
        if changed is not None and key not in changed:
            continue
        new = after.resources.get(key)
        if new is None:
            found[f"removes {old.label} ({old.type})"] = None
        elif old.type == new.type:
            found.update(dict.fromkeys(_changed(old, new)))
    for key, new in after.resources.items():
        if key not in before.resources:
            found.update(dict.fromkeys(_overrides(new, before)))
    return tuple(found)


def _changed(old: Resource, new: Resource) -> Iterator[str]:
    changes = False
    for name in {**old.properties, **new.properties}:
        one, other = (side.properties.get(name, ABSENT) for side in (old, new))
        if not alike(one, other):
            changes = True
            yield from _property(old, name, one, other)
    if changes and old.type in _FOLLOWING:
        yield from _followed(old)
    if (
        old.deletion_policy != new.deletion_policy
        and new.deletion_policy == "Delete"
        and old.deletion_policy
    ):
        yield f"lets {old.label} be deleted with its stack"


def _property(resource: Resource, name: str, old: Any, new: Any) -> Iterator[str]:
    known = interruption(resource.type, name)
    yield from _replacement(resource, name, old, new, known=known is not None)
    if known is not None and known.what and (not known.since or f"{old}" == known.since):
        yield f"{known.what} ({resource.label})"
    if name in _HOLDS and (_shrinks(old, new) or (name in _ENDLESS and old is ABSENT)):
        yield f"keeps less than before: {name} of {resource.label}"
    if name in _ENTRIES and not _all_stay(_listed(old), _listed(new)):
        yield _ENTRIES[name]
    if not _all_stay(_allowing(old), _allowing(new)):
        yield "takes access away that somebody may use"


def _followed(changed: Resource) -> Iterator[str]:
    """What is replaced because it names an attribute that every change of a resource changes."""
    versions = {(changed.key, attribute) for attribute in _FOLLOWING[changed.type]}
    for other in changed.inventory:
        for path, reference in references_in(other.properties):
            follows = (reference.target, reference.attribute) in versions
            if follows and replaces(other.type, path) == "always":
                yield f"replaces {other.label}: it follows the versions of {changed.label}"


def _replacement(
    resource: Resource, name: str, old: Any, new: Any, *, known: bool
) -> Iterator[str]:
    """What the schema says, where the documentation of the property does not say more."""
    paths = [(name, *path) for path in _differences(old, new)]
    words = {replaces(resource.type, path): path for path in paths}
    if "always" in words:
        yield f"replaces {resource.label}: {_shown(words['always'])} is set when it is created"
    elif "maybe" in words and not known:
        path = _shown(words["maybe"])
        yield f"may interrupt or replace {resource.label}: not every change of {path} can be made"


def _shown(path: tuple[Any, ...]) -> str:
    return "/".join(map(str, path))


def _differences(old: Any, new: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            one, other = old.get(key, ABSENT), new.get(key, ABSENT)
            if not alike(one, other):
                yield from _differences(one, other, (*path, key))
    else:
        yield path


def _shrinks(old: Any, new: Any) -> bool:
    try:
        return float(new) < float(old)
    except (TypeError, ValueError):
        return False


def _all_stay(old: list[Any], new: list[Any]) -> bool:
    return all(any(alike(entry, one) for one in new) for entry in old)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is ABSENT else [value]


def _allowing(policy: Any) -> list[Any]:
    """The statements of a policy that allow something; none where it is no policy."""
    stated = _listed(policy.get("Statement", ABSENT)) if isinstance(policy, dict) else []
    allows = [one for one in stated if isinstance(one, dict)]
    return [one for one in allows if alike(one.get("Effect"), "Allow")]


def _overrides(added: Resource, before: Inventory) -> Iterator[str]:
    names = [name for name in identity(added.type) if name in added.properties]
    for other in before.declared(added.type):
        if names and all(
            alike(other.properties.get(name, ABSENT), added.properties[name]) for name in names
        ):
            yield f"takes the place of {other.label}"


def alike(one: Any, other: Any) -> bool:
    """Whether two values are written alike; what is not known is told by what it hangs on.

    Comparing such values themselves would be a question to a rule's exploration.
    """
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return type(one) is type(other) and repr(one) == repr(other)
