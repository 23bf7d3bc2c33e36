"""Warehouses: encrypted where they lie, and on the way."""

from __future__ import annotations

from analyzer.parameter_groups import warehouse_family, warehouse_setting
from analyzer.policy import Fail, Resource, absent, rule
from analyzer.policy.fixes import with_warehouse_parameter

# The family whose default lets sessions be in clear; its successor's does not (Amazon Redshift
# Management Guide, "Amazon Redshift parameter groups", read 2026-11-21).
CLEAR_BY_DEFAULT = "redshift-1.0"


@rule("ENC-RS-01", severity="medium", on="AWS::Redshift::Cluster")
def warehouse_is_encrypted(cluster: Resource) -> Fail | None:
    """Warehouse is encrypted at rest.

    It holds copies of everything worth a report, in one place.

    Fix: set Encrypted to true, or leave it out: it is the default of new clusters.
    Source: Amazon Redshift Management Guide, "Amazon Redshift database encryption".
    """
    if not cluster.Encrypted:
        return Fail("stores its data unencrypted", at="Encrypted", fix={"Encrypted": True})


@rule("ENC-RS-02", severity="medium", on="AWS::Redshift::Cluster")
def warehouse_requires_tls(cluster: Resource) -> Fail | None:
    """Warehouse refuses clear-text sessions.

    Passwords and data that cross the network in clear are read on the way.

    Fix: set require_ssl to true in the parameter group (the default of the family redshift-2.0).
    Source: Amazon Redshift Management Guide, "Configuring security options for connections".
    """
    required = warehouse_setting(cluster, "require_ssl")
    if absent(required):
        required = "false" if warehouse_family(cluster) == CLEAR_BY_DEFAULT else "true"
    if required.lower() != "true":
        return Fail(
            "accepts sessions in clear text",
            at="ClusterParameterGroupName",
            fix=lambda: with_warehouse_parameter(cluster, "require_ssl", "true"),
        )
