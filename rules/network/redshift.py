"""Warehouses and the internet."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, rule


@rule("NET-RS-01", severity="critical", on="AWS::Redshift::Cluster")
def warehouse_is_not_public(cluster: Resource) -> Fail | None:
    """Warehouse is not reachable from the internet.

    A warehouse with a public address is one security group away from everyone.

    Fix: set PubliclyAccessible to false, or leave it out.
    Source: Amazon Redshift Management Guide, "Redshift resources in a VPC".
    """
    if cluster.PubliclyAccessible:
        return Fail(
            "has a public address", at="PubliclyAccessible", fix={"PubliclyAccessible": False}
        )
