"""Databases that outlive the loss of a zone."""

from __future__ import annotations

from analyzer.network import shown_zones, zones_named
from analyzer.policy import Fail, Fix, Inventory, Resource, Skip, rule
from analyzer.policy.fixes import in_another_zone, second_member


@rule("MAZ-RDS-01", severity="medium", on="AWS::RDS::DBInstance")
def instance_has_a_standby(db: Resource) -> Fail | Skip | None:
    """Database instance keeps a standby in a second zone.

    Without a standby, the loss of the zone or a fault of the host takes the database down until it
    is restored from a backup.

    Fix: set MultiAZ to true.
    Source: Amazon RDS User Guide, "Multi-AZ DB instance deployments".
    """
    if db.DBClusterIdentifier:
        return Skip("its cluster spreads its members over zones")
    if db.SourceDBInstanceIdentifier:
        return Skip("a read replica")
    if not db.MultiAZ:
        return Fail("has no standby in a second zone", at="MultiAZ", fix={"MultiAZ": True})


@rule("MAZ-RDS-02", severity="medium", on="AWS::RDS::DBCluster")
def cluster_spans_zones(
    cluster: Resource, inventory: Inventory, *, min_zones: int = 2
) -> Fail | None:
    """Database cluster spans at least two zones.

    A cluster of one member, or with all members in one zone, fails over to nothing.

    Fix: add a second member, in another zone (or leave the zones to Aurora).
    Source: Amazon Aurora User Guide, "High availability for Amazon Aurora".
    """
    if cluster.DBClusterInstanceClass:
        return None
    members = inventory.referrers(cluster, "AWS::RDS::DBInstance")
    if len(members) < min_zones:
        return Fail(
            f"has {len(members)} of the {min_zones} members that it needs",
            fix=lambda: second_member(members) if len(members) == min_zones - 1 else None,
        )
    first, *others = [member.AvailabilityZone for member in members]
    if first and all(zone == first for zone in others):
        return Fail(
            f"has all its members in {first}",
            fix=Fix(elsewhere={members[1].key: {"AvailabilityZone": None}}),
        )


@rule("MAZ-RDS-03", severity="medium", on="AWS::RDS::DBSubnetGroup")
def subnet_group_covers_zones(group: Resource, *, min_zones: int = 2) -> Fail | None:
    """Database subnet group covers two or more zones.

    A standby or a replica can only be placed in a zone that the group has a subnet in.

    Fix: add a subnet of a second zone to SubnetIds.
    Source: Amazon RDS User Guide, "Working with DB subnet groups".
    """
    zones = zones_named(group, "SubnetIds")
    if len(zones) < min_zones:
        return Fail(
            f"has subnets in {shown_zones(zones)} only",
            at="SubnetIds",
            fix=lambda: in_another_zone(group, "SubnetIds", min_zones),
        )
