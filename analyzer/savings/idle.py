"""What is paid for and not used: addresses, volumes, snapshots."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.ages import days_since
from analyzer.findings import Fix
from analyzer.model import Inventory, Resource
from analyzer.savings.reading import absent, certain, unused, value
from analyzer.savings.saving import KINDS, WHOLE, Saving, Surroundings
from analyzer.unknown import Undecided


def addresses(inventory: Inventory, around: Surroundings) -> Iterator[Saving]:
    """Elastic IP addresses that nothing is reached by."""
    for address in certain(inventory, "AWS::EC2::EIP"):
        idle = (
            _fact(address, "Attached") is False
            if inventory.live
            else absent(address, "InstanceId") and unused(address)
        )
        if idle:
            yield _gone(address, "release the address, which nothing uses")


def volumes(inventory: Inventory, around: Surroundings) -> Iterator[Saving]:
    """Volumes that no server has."""
    for volume in certain(inventory, "AWS::EC2::Volume"):
        idle = _fact(volume, "State") == "available" if inventory.live else unused(volume)
        if idle:
            yield _gone(volume, "delete the volume, which no server has, after a last snapshot")


def snapshots(inventory: Inventory, around: Surroundings) -> Iterator[Saving]:
    """Snapshots of volumes that are old, and that no backup plan keeps."""
    for snapshot in certain(inventory, "AWS::EC2::Snapshot"):
        if any(key.startswith("aws:backup:") for key in snapshot.tags):
            continue
        try:
            age = days_since(_fact(snapshot, "Created"), around.today)
        except Undecided:
            continue
        if age > around.stale_days:
            yield _gone(snapshot, f"delete the snapshot, {age} days old")


def _fact(resource: Resource, name: str) -> object:
    return value(dict(resource.live or {}), name)


def _gone(resource: Resource, title: str) -> Saving:
    edits = ((resource.key, Fix(remove=(WHOLE,))),)
    return Saving(KINDS["idle"], resource.key, title, edits)
