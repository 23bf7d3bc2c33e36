"""Private subnets in the place of public ones, where the network has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzer.findings import Fix
from analyzer.model import Props, Resource
from analyzer.network import (
    attached,
    default_routes,
    distinct,
    is_public,
    leads_to_internet_gateway,
    zone_of,
    zones_of,
)
from analyzer.policy.fixes.values import place, ref

_SUBNET = "AWS::EC2::Subnet"


def without_public(owner: Resource, name: str) -> Fix | None:
    """Take the public subnets out of a list, each for a private one where its zone needs one.

    None where the network has none: the list would cover fewer zones than before.
    """
    changes = _changes(owner, name)
    if changes is None:
        return None
    return Fix(
        set={path: value for path, value in changes.items() if value is not None},
        remove=tuple(path for path, value in changes.items() if value is None),
    )


def elsewhere_without_public(owner: Resource, name: str) -> Fix | None:
    """The same, where the finding is about another resource than the list's owner."""
    changes = _changes(owner, name)
    return Fix(elsewhere={owner.key: changes}) if changes else None


def _changes(owner: Resource, name: str) -> dict[str, Any] | None:
    """What is set, and None for what goes."""
    named = owner.follow_all(name)
    public = [subnet for subnet in named if is_public(subnet)]
    kept = [subnet for subnet in named if subnet not in public]
    wanted, zones = len(zones_of(named)), zones_of(kept)
    instead: list[Resource] = []
    for candidate in _private(public[0]):
        if len(zones) < wanted and zone_of(candidate) not in zones:
            instead.append(candidate)
            zones.append(zone_of(candidate))
    if len(zones) < wanted:
        return None
    gone: dict[str, Any] = {
        f"{name}/{index}": None for index, subnet in enumerate(named) if subnet in public
    }
    added = [ref(subnet, owner) for subnet in instead]
    return gone | ({f"{name}/-": added} if added else {})


def private_in_zone_of(subnet: Resource) -> Resource | None:
    """A private subnet of the same network, of the same zone where there is more than one."""
    found = [other for other in _private(subnet) if not other.MapPublicIpOnLaunch]
    if len(found) > 1:
        found = [other for other in found if zone_of(other) == zone_of(subnet)]
    return found[0] if found else None


def _private(subnet: Resource) -> Iterator[Resource]:
    for other in attached(subnet.follow("VpcId"), _SUBNET, "VpcId"):
        if other is not subnet and not is_public(other):
            yield other


def without_address(network: Props, name: str = "Subnets") -> Fix | None:
    """Start tasks without a public address, in subnets that lead out without one.

    Amazon ECS Developer Guide, "Amazon ECS task networking options for Fargate".
    """
    owner = network.resource
    fix: dict[str, Any] = {place(network.at("AssignPublicIp")): "DISABLED"}
    named = network.follow_all(name)
    if any(is_public(subnet) for subnet in named):
        private = [subnet for subnet in _private(named[0]) if _leads_out(subnet)]
        if not private:
            return None
        fix[place(network.at(name))] = [ref(subnet, owner) for subnet in private]
    return Fix(set=fix)


def _leads_out(subnet: Resource) -> bool:
    return any(not leads_to_internet_gateway(route) for route in default_routes(subnet))


def workplaces(vpc: Resource) -> list[Resource]:
    """The private subnets of a network, or all where it has none; one for each zone.

    Where there is one only, its zone is not asked for.
    """
    listed = list(attached(vpc, _SUBNET, "VpcId"))
    private = [subnet for subnet in listed if not is_public(subnet)] or listed
    if len(private) == 1:
        return private
    zones = distinct(zone_of(subnet) for subnet in private)
    return [next(one for one in private if zone_of(one) == zone) for zone in zones]
