"""All finders, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analyzer.model import Inventory
from analyzer.savings import databases, gateways, idle, processors, resting, volumes
from analyzer.savings.saving import Saving, Surroundings

Finder = Callable[[Inventory, Surroundings], Iterator[Saving]]

FINDERS: tuple[Finder, ...] = (
    volumes.gp3_volumes,
    volumes.gp3_disks,
    databases.gp3_storage,
    databases.supported_engines,
    processors.servers,
    processors.databases,
    processors.caches,
    processors.functions,
    processors.tasks,
    resting.scheduled_servers,
    gateways.shared_gateway,
    idle.addresses,
    idle.volumes,
    idle.snapshots,
)


def find_savings(inventory: Inventory, around: Surroundings) -> Iterator[Saving]:
    """Every change that the inventory suggests; several of them may exclude each other."""
    for finder in FINDERS:
        yield from finder(inventory, around)
