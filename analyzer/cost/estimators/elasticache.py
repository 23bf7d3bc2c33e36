"""Amazon ElastiCache: nodes and backups."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from analyzer.cost.registry import Charge, Component, Context, NotPriced, estimator, known, number
from analyzer.cost.schedule import HOURS
from analyzer.model import Resource
from analyzer.unknown import Absent, Undecided
from analyzer.versions import support

_GROUP = "AWS::ElastiCache::ReplicationGroup"
_CLUSTER = "AWS::ElastiCache::CacheCluster"
_ENGINES = {"redis": "Redis", "valkey": "Valkey", "memcached": "Memcached"}


def _engine(value: Any) -> str:
    name = "redis" if isinstance(value, Absent) else str(value).lower()
    if name not in _ENGINES:
        raise Undecided(f"the price of engine {name}", "is not in the price book")
    return _ENGINES[name]


def _nodes(group: Resource) -> tuple[Decimal, str]:
    """Nodes of a replication group: each node group has its primary and its replicas."""
    if not isinstance(group.NumCacheClusters, Absent):
        return number(group.NumCacheClusters), ""
    if group.NodeGroupConfiguration:
        replicas = [number(part.ReplicaCount, 0) for part in group.NodeGroupConfiguration]
        return sum((count + 1 for count in replicas), Decimal(0)), ""
    shards = number(group.NumNodeGroups, 1)
    replicas_each = number(group.ReplicasPerNodeGroup, 0)
    nodes = shards * (replicas_each + 1)
    return nodes, f"{shards} node groups x (1 primary + {replicas_each} replicas)"


@estimator(_GROUP, name="ElastiCache/node-hours")
def group_hours(group: Resource, context: Context) -> Charge:
    """Every hour of every node."""
    nodes, why = _nodes(group)
    engine = _engine(group.Engine)
    return Charge(
        "elasticache.node", nodes * HOURS, why, instance_type=group.CacheNodeType, engine=engine
    )


@estimator(_CLUSTER, name="ElastiCache/node-hours")
def cluster_hours(cluster: Resource, context: Context) -> Charge:
    """Every hour of every node."""
    return Charge(
        "elasticache.node",
        number(cluster.NumCacheNodes, 1) * HOURS,
        instance_type=cluster.CacheNodeType,
        engine=_engine(cluster.Engine),
    )


@estimator(_GROUP, _CLUSTER, name="ElastiCache/extended-support")
def extended_support(cache: Resource, context: Context) -> NotPriced | None:
    """A share of the node's price for engines out of standard support, which the book lacks."""
    if isinstance(cache.EngineVersion, Absent) or _engine(cache.Engine) == "Memcached":
        return None
    dates = known(support(_engine(cache.Engine), cache.EngineVersion))
    if not dates.extended_years(context.today):
        return None
    ended = f"{dates.engine} {dates.version} left standard support on {dates.standard_end}"
    return NotPriced(f"{ended}; its Extended Support is not in the price book")


@estimator(_GROUP, _CLUSTER, name="ElastiCache/backup")
def backup(cache: Resource, context: Context) -> Charge | None:
    """Snapshots beyond the one of each cluster that is free, where they are declared."""
    return context.charged_if_declared("elasticache.backup", "backup_gib")


@estimator("AWS::ElastiCache::ServerlessCache", name="ElastiCache/node-hours")
def serverless(cache: Resource, context: Context) -> Component:
    """Serverless caches bill what they hold and do, which no usage key declares."""
    return NotPriced("serverless caches bill data held and processing units")
