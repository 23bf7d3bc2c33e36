"""Volumes of servers: gp3 in place of gp2, at the same performance or better."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from analyzer.findings import Fix
from analyzer.model import Inventory, Resource
from analyzer.savings.reading import absent, certain, number, text, value
from analyzer.savings.saving import KINDS, Saving, Surroundings

_VOLUME = "AWS::EC2::Volume"
_HOLDERS = {
    "AWS::EC2::Instance": "BlockDeviceMappings",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateData/BlockDeviceMappings",
    "AWS::AutoScaling::LaunchConfiguration": "BlockDeviceMappings",
}
# "General purpose SSD volumes", Amazon EBS User Guide: gp2 has 3 IOPS a GiB up to 16,000, and more
# than 128 MiB/s above 170 GiB; gp3 has 3,000 IOPS and 125 MiB/s, and more where it is asked for.
_IOPS_PER_GIB = 3
_MOST_IOPS = 16_000
_GP3_IOPS = 3_000
_SLOW_GIB = 170
_FAST_MIB_PER_SECOND = 250


def gp3_volumes(inventory: Inventory, around: Surroundings) -> Iterator[Saving]:
    """Volumes of their own."""
    for volume in certain(inventory, _VOLUME):
        size = number(volume, "Size")
        if size is not None and _is_gp2(volume):
            yield _saving(volume, size, "", _as_gp3(size))


def gp3_disks(inventory: Inventory, around: Surroundings) -> Iterator[Saving]:
    """Volumes that servers are started with."""
    for holder in certain(inventory, *_HOLDERS):
        path = _HOLDERS[holder.type]
        mappings = value(holder, *path.split("/"))
        if holder.live is not None or not isinstance(mappings, list):
            continue  # in an account the volumes stand for themselves
        for position, mapping in enumerate(mappings):
            disk = value(mapping, "Ebs") if isinstance(mapping, dict) else None
            size = number(disk, "VolumeSize") if isinstance(disk, dict) else None
            if size is not None and _is_gp2(disk):
                yield _saving(holder, size, f"{path}/{position}/Ebs/", _as_gp3(size))


def _is_gp2(holder: Any) -> bool:
    """AWS makes a gp2 volume where no type is given."""
    return absent(holder, "VolumeType") or text(holder, "VolumeType") == "gp2"


def _as_gp3(gib: Decimal) -> dict[str, Any]:
    """The properties of a gp3 volume that is nowhere slower than gp2 of this size."""
    properties: dict[str, Any] = {"VolumeType": "gp3"}
    iops = min(int(gib * _IOPS_PER_GIB), _MOST_IOPS)
    if iops > _GP3_IOPS:
        properties["Iops"] = iops
    if gib > _SLOW_GIB:
        properties["Throughput"] = _FAST_MIB_PER_SECOND
    return properties


def _saving(holder: Resource, gib: Decimal, below: str, properties: dict[str, Any]) -> Saving:
    title = f"store {gib.normalize():f} GiB on gp3 instead of gp2"
    fix = Fix(set={f"{below}{name}": value for name, value in properties.items()})
    return Saving(KINDS["gp3"], holder.key, title, ((holder.key, fix),))
