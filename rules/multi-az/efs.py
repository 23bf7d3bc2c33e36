"""File systems that outlive the loss of a zone."""

from __future__ import annotations

from dataclasses import replace

from analyzer.network import distinct, shown_zones, zone_named
from analyzer.policy import Fail, Fix, Inventory, Resource, rule
from analyzer.policy.fixes import mount_targets


@rule("MAZ-EFS-01", severity="medium", on="AWS::EFS::FileSystem")
def file_system_is_regional(
    file_system: Resource, inventory: Inventory, *, min_zones: int = 2
) -> Fail | None:
    """File system is regional, with mount targets in two zones.

    A One Zone file system goes with its zone; without a mount target in a zone, servers there
    cannot reach the files.

    Fix: leave AvailabilityZoneName out, and add a mount target in each zone that is used.
    Source: Amazon EFS User Guide, "EFS file system types" and "Managing mount targets".
    """
    if file_system.AvailabilityZoneName:
        return Fail(
            f"keeps its data in {file_system.AvailabilityZoneName} only",
            at="AvailabilityZoneName",
            fix=lambda: _regional(file_system, inventory, min_zones),
        )
    targets = inventory.referrers(file_system, "AWS::EFS::MountTarget")
    zones = distinct(zone_named(target, "SubnetId") for target in targets)
    if len(zones) < min_zones:
        return Fail(
            f"has mount targets in {shown_zones(zones)} only",
            fix=lambda: mount_targets(file_system, targets, min_zones),
        )


def _regional(file_system: Resource, inventory: Inventory, min_zones: int) -> Fix | None:
    """Leave the zone out, and add the mount targets that a regional file system then needs."""
    targets = inventory.referrers(file_system, "AWS::EFS::MountTarget")
    added = mount_targets(file_system, targets, min_zones)
    return replace(added, remove=("AvailabilityZoneName",)) if added else None
