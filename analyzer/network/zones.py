"""Availability zones: over how many of them something is spread."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analyzer.model import Resource
from analyzer.unknown import Undecided, absent


def zone_of(subnet: Resource) -> Any:
    """The zone of a subnet. Raises `Undecided` where the template leaves it to AWS."""
    zone = subnet.AvailabilityZone
    if absent(zone):
        zone = subnet.AvailabilityZoneId
    if absent(zone):
        raise Undecided(f"the zone of {subnet.id}", "is chosen by AWS")
    return zone


def zones_of(subnets: Iterable[Resource]) -> list[Any]:
    """The distinct zones of subnets, in order; comparing unknown ones is a choice point."""
    return distinct(zone_of(subnet) for subnet in subnets)


def distinct(zones: Iterable[Any]) -> list[Any]:
    """The zones, each once."""
    found: list[Any] = []
    for zone in zones:
        if zone not in found:
            found.append(zone)
    return found
