"""Kubernetes clusters and the internet."""

from __future__ import annotations

from analyzer.network import is_internet
from analyzer.policy import Fail, Fix, Resource, rule

WITHIN = {"EndpointPublicAccess": False, "EndpointPrivateAccess": True}


@rule("NET-EKS-01", severity="high", on="AWS::EKS::Cluster")
def endpoint_is_not_open_to_everyone(cluster: Resource) -> Fail | None:
    """Kubernetes API endpoint is not open to everyone.

    Credentials that leak from a laptop or a pipeline work from everywhere.

    Fix: set EndpointPublicAccess to false with EndpointPrivateAccess, or name the networks that
        may reach the endpoint in PublicAccessCidrs.
    Source: Amazon EKS User Guide, "Cluster API server endpoint".
    """
    network = cluster.ResourcesVpcConfig
    if not network.EndpointPublicAccess:
        return None
    if not network.PublicAccessCidrs or any(map(is_internet, network.PublicAccessCidrs)):
        return Fail(
            "lets the internet reach its API",
            at=network.at("PublicAccessCidrs"),
            fix=Fix(
                set={"ResourcesVpcConfig": WITHIN}, note="reach it from the cluster's network, then"
            ),
        )


@rule("NET-EKS-02", severity="high", on="AWS::EKS::Nodegroup")
def remote_access_is_restricted(nodes: Resource) -> Fail | None:
    """Remote access to nodes is restricted to named groups.

    With a key and no source groups, EKS opens port 22 of the nodes to the internet.

    Fix: leave RemoteAccess out, or name SourceSecurityGroups.
    Source: Amazon EKS API Reference, "RemoteAccessConfig".
    """
    access = nodes.RemoteAccess
    if access.Ec2SshKey and not access.SourceSecurityGroups:
        return Fail(
            "opens SSH on its nodes to everyone",
            at="RemoteAccess",
            fix=Fix(remove=("RemoteAccess",)),
        )
