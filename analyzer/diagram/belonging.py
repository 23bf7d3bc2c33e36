"""What each resource belongs to in the picture: a card, a network, a subnet, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from analyzer.diagram.catalog import LOOKS, belongings
from analyzer.model import Inventory, Resource, references_in

NETWORK = "AWS::EC2::VPC"
SUBNET = "AWS::EC2::Subnet"
PEERING = "AWS::EC2::VPCPeeringConnection"
_GROUP = "AWS::EC2::SecurityGroup"


class Belonging:
    """Finds what things belong to, each once; what goes round in circles belongs to nothing."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._known: dict[str, str] = {}
        self._referrers: dict[str, dict[str, None]] = {}
        for resource in inventory:
            for _, reference in references_in(resource.properties):
                self._referrers.setdefault(reference.target, {})[resource.key] = None

    def owner(self, resource: Resource) -> str:
        """The key of the card or box that a resource is part of, or is; "" where there is none."""
        if resource.key not in self._known:
            self._known[resource.key] = ""  # while it is looked for
            self._known[resource.key] = self._found(resource)
        return self._known[resource.key]

    def _found(self, resource: Resource) -> str:
        for step in self._steps(resource):
            owners = {self.owner(other) for other in self._led_to(resource, step)} - {""}
            if len(owners) == 1:
                return owners.pop()
        stands = resource.type in LOOKS or resource.type in (NETWORK, SUBNET)
        return resource.key if stands else ""

    def _steps(self, resource: Resource) -> tuple[str, ...]:
        if resource.type == PEERING and len(set(networks_of(resource))) < 2:  # noqa: PLR2004
            return ()  # one end is outside: it is drawn where the other one is
        return belongings(resource.type)

    def _led_to(self, resource: Resource, step: str) -> Iterable[Resource]:
        if step.startswith(">"):
            return targets(resource, step[1:])
        return self._from(resource, step[1:])

    def _from(self, resource: Resource, type_: str) -> Iterator[Resource]:
        """What refers to a resource; of groups that name each other, none is the other's owner."""
        for key in self._referrers.get(resource.key, ()):
            other = self._inventory.resources[key]
            wanted = other.type == type_ if type_ else other.type != _GROUP
            if wanted and key != resource.key:
                yield other


def targets(resource: Resource, name: str) -> Iterator[Resource]:
    """The resources of the inventory that a property refers to, in any case."""
    yield from referred(resource.inventory, resource.properties.get(name))


def referred(inventory: Inventory, value: Any) -> Iterator[Resource]:
    """The resources of the inventory that a value refers to, in any case."""
    for _, reference in references_in(value):
        if reference.target in inventory.resources:
            yield inventory.resources[reference.target]
    if isinstance(value, str) and value in inventory.resources:
        yield inventory.resources[value]


def networks_of(peering: Resource) -> list[str]:
    """The networks of the inventory that a peering joins, its own first."""
    ends = [next(targets(peering, name), None) for name in ("VpcId", "PeerVpcId")]
    return [end.key for end in ends if end is not None and end.type == NETWORK]
