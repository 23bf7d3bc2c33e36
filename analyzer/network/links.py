"""Resources that say of themselves what they belong to: routes, associations, policies, logs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzer.model import Resource
from analyzer.unknown import Partial, Reference, Undecided


def names(value: Any, resource: Resource) -> bool:
    """Whether a property's value (or an item of it, where it is a list) points to a resource.

    What is not known names something else: a parameter cannot hold the id of a resource that the
    same inventory creates.
    """
    if isinstance(value, list):
        return any(names(item, resource) for item in value)
    if isinstance(value, Partial):
        return any(names(part, resource) for part in value.parts)
    if isinstance(value, Reference):
        return value.target == resource.key
    return isinstance(value, str) and value == resource.key


def attached(resource: Resource, type_: str, property_: str) -> Iterator[Resource]:
    """The existing resources of a type whose property names a resource.

    Raises `Undecided` where resources of the type could not be read.
    """
    for gap in resource.inventory.gaps:
        if gap.type == type_:
            raise Undecided(f"the set of {gap.type} in {gap.region}", gap.reason)
    for other in resource.inventory.declared(type_):
        # Asked in this order, the conditions of resources that have nothing to do with it are not
        # choices.
        if names(getattr(other, property_), resource) and other.exists():
            yield other


def pointing(resource: Resource, type_: str, *properties: str) -> Iterator[Resource]:
    """As `attached`, for any of some properties, found by an index of the whole inventory."""
    for other in resource.inventory.referrers(resource, type_):
        if any(names(getattr(other, property_), resource) for property_ in properties):
            yield other
