"""The ends of a question by their names: resources, the internet, blocks, services."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from analyzer.errors import UsageError
from analyzer.model import Inventory, Resource
from analyzer.network.address_sets import addresses_of
from analyzer.network.reach import EVERYBODY
from analyzer.network.services import services


def end_named(inventory: Inventory, name: str, *, target: bool = False) -> Resource | str:
    """What a name stands for: "internet", a block, a service (as a target), or a resource.

    Resources are named by logical id, `stack/id`, ARN, or in an account by id, name or Name tag.
    Raises `UsageError` for a name that is none of them, or that several have.
    """
    if name == EVERYBODY:
        return name
    found = resources_named(inventory, name)
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(sorted(resource.key.lstrip("/") for resource in found)[:4])
        raise UsageError(f"'{name}' names {len(found)} resources", hint=f"there is {choices}")
    if is_block(name) or (target and name in services()):
        return name
    known = {word for resource in inventory for word in _words(resource)} | {EVERYBODY}
    known |= services() if target else frozenset()
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    hint = f"did you mean '{near[0]}'?" if near else "name a logical id, an ARN, or internet"
    raise UsageError(f"there is no '{name}' in {inventory.name}", hint=hint)


def resources_named(inventory: Inventory, name: str) -> list[Resource]:
    """The resources that a name stands for, by the most exact of their names."""
    for key in (name, f"/{name}"):
        if key in inventory.resources:
            return [inventory.resources[key]]
    by_id = [resource for resource in inventory if resource.id == name]
    return by_id or [resource for resource in inventory if name in _words(resource)]


def _words(resource: Resource) -> list[str]:
    """The names of a resource that a user may write."""
    if resource.live is None:
        return [resource.id]
    names = (*resource.live.get("Names", ()), resource.label, *_name_tags(resource))
    return [resource.id, *(name for name in names if isinstance(name, str))]


def _name_tags(resource: Resource) -> list[Any]:
    stated = resource.properties.get("Tags")
    tags = [tag for tag in stated if isinstance(tag, dict)] if isinstance(stated, list) else []
    return [tag.get("Value") for tag in tags if tag.get("Key") == "Name"]


def is_block(text: str) -> bool:
    """Whether a text is an address or a CIDR block."""
    try:
        addresses_of(text)
    except ValueError:
        return False
    return True
