"""Kubernetes clusters that outlive the loss of a zone."""

from __future__ import annotations

from analyzer.network import shown_zones, zones_named
from analyzer.policy import Fail, Resource, rule
from analyzer.policy.fixes import in_another_zone

CLUSTER = "AWS::EKS::Cluster"


@rule("MAZ-EKS-01", severity="medium", on=(CLUSTER, "AWS::EKS::Nodegroup"))
def cluster_covers_zones(cluster: Resource, *, min_zones: int = 2) -> Fail | None:
    """Kubernetes cluster and its node groups have subnets in two or more zones.

    Nodes are only made in the zones of their subnets, whatever the pods ask for.

    Fix: add a subnet of a second zone.
    Source: Amazon EKS User Guide, "Amazon EKS networking requirements for VPC and subnets".
    """
    own = cluster.type == CLUSTER
    owner, name = (cluster.ResourcesVpcConfig, "SubnetIds") if own else (cluster, "Subnets")
    zones = zones_named(owner, name)
    if len(zones) < min_zones:
        return Fail(
            f"has subnets in {shown_zones(zones)} only",
            at=owner.at(name) if own else name,
            fix=lambda: in_another_zone(owner, name, min_zones),
        )
