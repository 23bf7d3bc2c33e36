"""Data transfer: traffic that belongs to no single resource, from a profile's `network` usage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.cost.registry import Charge
from analyzer.cost.usage import ResourceUsage, Usage
from analyzer.model import Inventory


@dataclass(frozen=True, slots=True)
class Place:
    """Where traffic starts."""

    stack: str
    region: str
    account: str


def traffic(inventory: Inventory, usage: Usage) -> Iterator[tuple[Place, str, Charge]]:
    """The charges for traffic, by where it starts.

    Traffic declared for the whole system starts in the region of its first stack.
    """
    places: dict[str, Place] = {}
    for resource in inventory:
        place = Place(resource.stack, resource.region, resource.account)
        places.setdefault(resource.stack, place)
        places.setdefault("", Place("", resource.region, resource.account))
    for stack, place in places.items():
        for name, charge in _charges(usage.network(stack)):
            yield place, name, charge


def _charges(network: ResourceUsage) -> Iterator[tuple[str, Charge]]:
    if network.declared("internet_out_gib") is not None:
        out = network.amount("internet_out_gib")
        charge = Charge("dt.out.internet", out.value, out.assumption)
        yield "DataTransfer/internet-out", charge
    if network.declared("between_zones_gib") is not None:
        moved = network.amount("between_zones_gib")
        why = f"{moved.assumption}, billed once in each direction"
        yield (
            "DataTransfer/between-zones",
            Charge("dt.intra-region", moved.value * 2, why),
        )
    for target, gib in network.by_name("between_regions_gib").items():
        charge = Charge(
            "dt.out.region", gib, f"usage: {gib:,f} GiB to {target}", variant=f"to {target}"
        )
        yield "DataTransfer/between-regions", charge
