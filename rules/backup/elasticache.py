"""Snapshots of caches."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, rule


@rule("BAK-EC-01", severity="medium", on="AWS::ElastiCache::ReplicationGroup")
def cache_keeps_snapshots(group: Resource, *, snapshot_days: int = 1) -> Fail | None:
    """Replication group keeps snapshots.

    What sessions and queues hold in the cache alone is lost with it when no snapshot is kept.

    Fix: set SnapshotRetentionLimit to the number of days that the policy asks for.
    Source: Amazon ElastiCache User Guide, "Scheduling automatic backups".
    """
    if group.SnapshotRetentionLimit < snapshot_days:
        return Fail(
            f"keeps snapshots {group.SnapshotRetentionLimit} days; the policy asks for "
            f"{snapshot_days}",
            at="SnapshotRetentionLimit",
            fix={"SnapshotRetentionLimit": snapshot_days},
        )
