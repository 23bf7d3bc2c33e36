"""Properties as they were read: what is not known is not there, and nothing is assumed of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from analyzer.model import Inventory, Resource
from analyzer.unknown import Reference, Undecided


def certain(inventory: Inventory, *types: str) -> Iterator[Resource]:
    """The resources of these types whose existence hangs on nothing."""
    return (found for found in inventory.declared(*types) if found.condition is None)


def value(holder: Any, *path: str | int) -> Any:
    """What stands at a path below a resource or a structure; None where nothing plain does."""
    here: Any = holder.properties if isinstance(holder, Resource) else holder
    for step in path:
        try:
            here = here[step] if type(here) in (dict, list) else None
        except (KeyError, IndexError, TypeError):
            return None
    return here


def text(holder: Any, *path: str | int) -> str:
    """A text, or "" where there is none that is known."""
    found = value(holder, *path)
    return found if isinstance(found, str) else ""


def absent(holder: Any, name: str) -> bool:
    """Whether a property is not set: something that is not known is set."""
    return name not in (holder.properties if isinstance(holder, Resource) else holder)


def number(holder: Any, *path: str | int) -> Decimal | None:
    """A number, also where it is written as text."""
    found = value(holder, *path)
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        return Decimal(str(found))
    except InvalidOperation:
        return None


def target(holder: Any, *path: str | int) -> str:
    """The key of the resource that a property refers to, or ""."""
    found = value(holder, *path)
    return found.target if isinstance(found, Reference) else ""


def followed(resource: Resource, name: str) -> Resource | None:
    """The resource that a property refers to, where it is part of the inventory."""
    return resource.inventory.resources.get(target(resource, name))


def unused(resource: Resource) -> bool:
    """Whether nothing in the inventory refers to a resource, for certain."""
    try:
        return not resource.inventory.referrers(resource)
    except Undecided:
        return False
