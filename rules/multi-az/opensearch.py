"""Search domains that outlive the loss of a zone."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, absent, rule

MOST_ZONES = 3
ELASTICSEARCH = "AWS::Elasticsearch::Domain"


@rule("MAZ-OS-01", severity="medium", on=("AWS::OpenSearchService::Domain", ELASTICSEARCH))
def domain_spreads_its_nodes(domain: Resource, *, min_data_nodes: int = 3) -> Fail | None:
    """Search domain has enough data nodes, spread over zones.

    With two nodes, the loss of one leaves no majority to choose who leads.

    Fix: set ZoneAwarenessEnabled to true, and InstanceCount to 3 or more.
    Source: Amazon OpenSearch Service Developer Guide, "Configuring a multi-AZ domain".
    """
    name = "ElasticsearchClusterConfig" if domain.type == ELASTICSEARCH else "ClusterConfig"
    config = getattr(domain, name)
    if not config.ZoneAwarenessEnabled:
        return Fail(
            "keeps its nodes in one zone",
            at=f"{name}/ZoneAwarenessEnabled",
            fix=lambda: _spread(domain, name, min_data_nodes),
        )
    nodes = 1 if absent(config.InstanceCount) else config.InstanceCount
    if nodes < min_data_nodes:
        return Fail(
            f"has {nodes} data nodes; the policy asks for {min_data_nodes}",
            at=f"{name}/InstanceCount",
            fix=lambda: _spread(domain, name, min_data_nodes),
        )


def _spread(domain: Resource, name: str, min_data_nodes: int) -> dict[str, object] | None:
    """As many zones as the domain has subnets, three at most, and as many nodes in each of them."""
    subnets = domain.VPCOptions.SubnetIds
    zones = min(len(subnets), MOST_ZONES) if subnets else MOST_ZONES
    if zones == 1:
        return None
    nodes = max(getattr(domain, name).InstanceCount or 1, min_data_nodes)
    return {
        name: {
            "ZoneAwarenessEnabled": True,
            "ZoneAwarenessConfig": {"AvailabilityZoneCount": zones},
            "InstanceCount": -(-nodes // zones) * zones,
        }
    }
