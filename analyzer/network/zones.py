"""Availability zones: over how many of them something is spread.

A zone that is not known is an `Unknown` like any other value, so that counting stays decided where
it can be: one subnet is in one zone, whichever that is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analyzer.exploration import token
from analyzer.model import Props, Resource
from analyzer.unknown import Undecided, Unknown, absent, show


def zone_of(subnet: Resource) -> Any:
    """The zone of a subnet; an `Unknown` where the template leaves it to AWS."""
    zone = subnet.AvailabilityZone
    if absent(zone):
        zone = subnet.AvailabilityZoneId
    if absent(zone):
        key = ("zone", subnet.key)
        return Unknown(f"the zone of {subnet.id}", "is chosen by AWS", key=key)
    return zone


def zones_of(subnets: Iterable[Resource]) -> list[Any]:
    """The distinct zones of subnets, in order; comparing unknown ones is a choice point."""
    return distinct(zone_of(subnet) for subnet in subnets)


def zones_named(owner: Resource | Props, name: str) -> list[Any]:
    """The distinct zones of the subnets that a list property names.

    Raises `Undecided` where the list is not known: it may be of any length.
    """
    return distinct(_zone_named(owner, subnet) for subnet in getattr(owner, name))


def zone_named(owner: Resource | Props, name: str) -> Any:
    """The zone of the subnet that a property names."""
    return _zone_named(owner, getattr(owner, name))


def _zone_named(owner: Resource | Props, subnet: Any) -> Any:
    resource = owner.resource if isinstance(owner, Props) else owner
    try:
        return zone_of(resource.inventory.resolve(subnet, "a subnet"))
    except Undecided:
        key = ("zone", token(subnet))
        if isinstance(subnet, Unknown):
            return Unknown(f"the zone of {subnet.subject}", subnet.reason, key=key)
        return Unknown(f"the zone of {show(subnet)}", "is not part of what was read", key=key)


def distinct(zones: Iterable[Any]) -> list[Any]:
    """The zones, each once."""
    found: list[Any] = []
    for zone in zones:
        if zone not in found:
            found.append(zone)
    return found


def shown_zones(zones: Iterable[Any]) -> str:
    """Zones as a message names them."""
    return ", ".join(f"{zone}" for zone in zones) or "no zone"
