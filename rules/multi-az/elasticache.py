"""Caches that outlive the loss of a zone."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, absent, rule
from analyzer.policy.fixes import place


@rule("MAZ-EC-01", severity="medium", on="AWS::ElastiCache::ReplicationGroup")
def group_is_multi_az(group: Resource) -> Fail | None:
    """Redis or Valkey replication group has Multi-AZ on, and a replica to fail over to.

    Multi-AZ places the replicas in other zones than the primary.

    Fix: set MultiAZEnabled to true, and keep two or more nodes a shard.
    Source: Amazon ElastiCache User Guide, "Minimizing downtime in ElastiCache by using Multi-AZ".
    """
    if not group.MultiAZEnabled:
        return Fail(
            "keeps its nodes in one zone",
            at="MultiAZEnabled",
            fix=lambda: {"MultiAZEnabled": True, **_failing_over(group)},
        )
    if not _has_replicas(group):
        return Fail(
            "has a shard of one node: nothing to fail over to",
            at="NumCacheClusters",
            fix=lambda: _failing_over(group),
        )


def _failing_over(group: Resource) -> dict[str, object]:
    """Failover, which Multi-AZ asks for, and a replica in each shard where there is none."""
    fix: dict[str, object] = {"AutomaticFailoverEnabled": True}
    if _has_replicas(group):
        return fix
    for shard in group.NodeGroupConfiguration:
        if not absent(shard.ReplicaCount):
            fix[place(shard.at("ReplicaCount"))] = max(shard.ReplicaCount, 1)
    by_shards = not absent(group.NumNodeGroups) or not absent(group.ReplicasPerNodeGroup)
    if len(fix) == 1:
        fix |= {"ReplicasPerNodeGroup": 1} if by_shards else {"NumCacheClusters": 2}
    return fix


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
            fix=lambda: _failing_over(group),
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
        return Fail("has a single node", at="NumCacheNodes", fix=lambda: _two_nodes(cluster))
    if cluster.AZMode != "cross-az":
        return Fail("keeps its nodes in one zone", at="AZMode", fix={"AZMode": "cross-az"})


def _two_nodes(cluster: Resource) -> dict[str, object] | None:
    """A cluster of Redis or Valkey has one node only."""
    memcached = cluster.Engine == "memcached"
    return {"NumCacheNodes": 2, "AZMode": "cross-az"} if memcached else None
