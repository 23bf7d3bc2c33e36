"""Caches that outlive the loss of a zone."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, absent, rule


@rule("MAZ-EC-01", severity="medium", on="AWS::ElastiCache::ReplicationGroup")
def group_is_multi_az(group: Resource) -> Fail | None:
    """Redis or Valkey replication group has Multi-AZ on, and a replica to fail over to.

    Multi-AZ places the replicas in other zones than the primary.

    Fix: set MultiAZEnabled to true, and keep two or more nodes a shard.
    Source: Amazon ElastiCache User Guide, "Minimizing downtime in ElastiCache by using Multi-AZ".
    """
    if not group.MultiAZEnabled:
        return Fail(
            "keeps its nodes in one zone", at="MultiAZEnabled", fix={"MultiAZEnabled": True}
        )
    if not _has_replicas(group):
        return Fail("has a shard of one node: nothing to fail over to", at="NumCacheClusters")


def _has_replicas(group: Resource) -> bool:
    """Whether each shard has a replica: by its own count where it has one, else by the group's."""
    own = [shard.ReplicaCount for shard in group.NodeGroupConfiguration]
    counts = [count for count in own if not absent(count)]
    if counts:
        return all(count > 0 for count in counts)
    replicas, nodes = group.ReplicasPerNodeGroup, group.NumCacheClusters
    return (not absent(replicas) and replicas > 0) or (not absent(nodes) and nodes > 1)


@rule("MAZ-EC-02", severity="medium", on="AWS::ElastiCache::ReplicationGroup")
def group_fails_over_by_itself(group: Resource) -> Fail | None:
    """Redis or Valkey replication group fails over by itself.

    Without automatic failover a replica is promoted by hand.

    Fix: set AutomaticFailoverEnabled to true, and keep two or more nodes a shard.
    Source: Amazon ElastiCache User Guide, "Minimizing downtime in ElastiCache by using Multi-AZ".
    """
    if not group.AutomaticFailoverEnabled:
        return Fail(
            "waits for somebody to promote a replica",
            at="AutomaticFailoverEnabled",
            fix={"AutomaticFailoverEnabled": True},
        )


@rule("MAZ-EC-03", severity="low", on="AWS::ElastiCache::CacheCluster")
def cluster_spreads_over_zones(cluster: Resource) -> Fail | None:
    """Cache cluster spreads two or more nodes over zones.

    A single node, or nodes in a single zone, lose the whole cache at once.

    Fix: set AZMode to cross-az and NumCacheNodes to 2 or more (Memcached), or use a replication
        group (Redis, Valkey).
    Source: Amazon ElastiCache User Guide, "Mitigating failures".
    """
    if not cluster.NumCacheNodes > 1:
        return Fail("has a single node", at="NumCacheNodes")
    if cluster.AZMode != "cross-az":
        return Fail("keeps its nodes in one zone", at="AZMode", fix={"AZMode": "cross-az"})
