"""Snapshots of warehouses."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, rule


@rule("BAK-RS-01", severity="medium", on="AWS::Redshift::Cluster")
def warehouse_keeps_snapshots(cluster: Resource, *, backup_days: int = 7) -> Fail | None:
    """Warehouse keeps automated snapshots long enough.

    What a faulty load destroyed before the oldest snapshot is lost.

    Fix: set AutomatedSnapshotRetentionPeriod to the number of days that the policy asks for.
    Source: Amazon Redshift Management Guide, "Amazon Redshift snapshots and backups".
    """
    if cluster.AutomatedSnapshotRetentionPeriod < backup_days:
        return Fail(
            f"keeps snapshots {cluster.AutomatedSnapshotRetentionPeriod} days; the policy asks "
            f"for {backup_days}",
            at="AutomatedSnapshotRetentionPeriod",
            fix={"AutomatedSnapshotRetentionPeriod": backup_days},
        )
