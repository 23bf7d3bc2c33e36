"""What protects Kubernetes clusters from deletion."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, rule


@rule("BAK-EKS-01", severity="low", on="AWS::EKS::Cluster")
def cluster_is_protected_from_deletion(cluster: Resource) -> Fail | None:
    """Kubernetes cluster is protected from deletion.

    With protection on, a wrong call or a removed line in a template cannot delete the cluster.

    Fix: set DeletionProtection to true.
    Source: Amazon EKS User Guide, "Protect EKS clusters from accidental deletion".
    """
    if not cluster.DeletionProtection:
        return Fail(
            "can be deleted by one call",
            at="DeletionProtection",
            fix={"DeletionProtection": True},
        )
