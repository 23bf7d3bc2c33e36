"""Warehouses that outlive the loss of a zone."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, rule


@rule("MAZ-RS-01", severity="medium", on="AWS::Redshift::Cluster")
def warehouse_is_multi_az(cluster: Resource) -> Fail | None:
    """Warehouse runs in two zones.

    Without it, the loss of the zone stops every report until the cluster is moved or restored.

    Fix: set MultiAZ to true.
    Source: Amazon Redshift Management Guide, "Multi-AZ deployment".
    """
    if not cluster.MultiAZ:
        return Fail("runs in one zone", at="MultiAZ", fix={"MultiAZ": True})
