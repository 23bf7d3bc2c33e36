"""Amazon Aurora and Multi-AZ DB clusters: members, storage, I/O and backup."""

from __future__ import annotations

from decimal import Decimal

from analyzer.cost.estimators.rds import (
    ENGINES,
    INSTANCE,
    SINGLE,
    engine_name,
    is_member,
    kept_snapshot_gib,
)
from analyzer.cost.registry import Charge, Context, estimator, joined, number
from analyzer.cost.schedule import HOURS
from analyzer.model import Resource
from analyzer.unknown import Absent

CLUSTER = "AWS::RDS::DBCluster"
_SERVERLESS = "db.serverless"
_SMALLEST_GIB = Decimal(10)  # what Aurora bills at least
_READABLE_STANDBYS = "Multi-AZ (readable standbys)"


def _is_aurora(cluster: Resource) -> bool:
    return str(cluster.Engine).startswith("aurora")


def _variant(cluster: Resource) -> str:
    return "IO-Optimized" if cluster.StorageType == "aurora-iopt1" else "Standard"


@estimator(INSTANCE, name="RDS/instance-hours")
def member_hours(db: Resource, context: Context) -> Charge | None:
    """Every hour of a cluster's member, writer or reader alike."""
    if not is_member(db):
        return None
    cluster = db.follow("DBClusterIdentifier")
    engine = engine_name(cluster.Engine)
    if db.DBInstanceClass != _SERVERLESS:
        return Charge(
            "rds.instance",
            HOURS,
            instance_type=db.DBInstanceClass,
            engine=engine,
            deployment=SINGLE,
            variant=_variant(cluster),
        )
    scaling = cluster.ServerlessV2ScalingConfiguration
    smallest = number(scaling.MinCapacity)
    units = _cluster_units(cluster, context, smallest)
    why = f"{units:f} Aurora capacity units x {HOURS} hours; MinCapacity is {smallest:f}"
    return Charge(
        "aurora.serverless-v2", units * HOURS, why, engine=engine, variant=_variant(cluster)
    )


def _cluster_units(cluster: Resource, context: Context, smallest: Decimal) -> Decimal:
    """Capacity units of each member: never below the cluster's minimum."""
    declared = context.usage_of(cluster).declared("capacity_units")
    return max(declared or smallest, smallest)


@estimator(CLUSTER, name="RDS/instance-hours")
def standby_cluster_hours(cluster: Resource, context: Context) -> Charge | None:
    """A Multi-AZ DB cluster has one price for its writer and two readable standbys."""
    if _is_aurora(cluster):
        return None
    return Charge(
        "rds.instance",
        HOURS,
        instance_type=cluster.DBClusterInstanceClass,
        engine=ENGINES.get(str(cluster.Engine), str(cluster.Engine)),
        deployment=_READABLE_STANDBYS,
    )


@estimator(CLUSTER, name="RDS/storage")
def storage(cluster: Resource, context: Context) -> Charge:
    """GiB stored (Aurora) or allocated (Multi-AZ DB cluster)."""
    if _is_aurora(cluster):
        because = f"{_SMALLEST_GIB} GiB assumed, the least that is billed"
        stored = context.usage.amount("storage_gib", _SMALLEST_GIB, because)
        return Charge(
            "aurora.storage",
            stored.value,
            stored.assumption,
            variant=_variant(cluster),
        )
    kind = "io1" if isinstance(cluster.StorageType, Absent) else cluster.StorageType
    return Charge(
        f"rds.storage.{kind}",
        number(cluster.AllocatedStorage),
        deployment=_READABLE_STANDBYS,
    )


@estimator(CLUSTER, name="RDS/io-requests")
def io_requests(cluster: Resource, context: Context) -> Charge | None:
    """I/O of Aurora Standard; IO-Optimized has it in its other prices."""
    if not _is_aurora(cluster) or _variant(cluster) != "Standard":
        return None
    requests = context.usage.amount("io_requests")
    return Charge("aurora.io", requests.value, requests.assumption)


@estimator(CLUSTER, name="RDS/backup")
def backup(cluster: Resource, context: Context) -> Charge:
    """Backup storage beyond the free part."""
    kept = context.usage.amount("backup_gib", because="within the free backup storage")
    if _is_aurora(cluster):
        why = joined(kept.assumption)
        return Charge("aurora.backup", kept.value, why, engine=engine_name(cluster.Engine))
    return Charge("rds.backup", kept.value, kept.assumption)


@estimator("AWS::RDS::DBClusterSnapshot", name="RDS/backup")
def snapshot_storage(snapshot: Resource, context: Context) -> Charge | None:
    """A snapshot, for as long as it is kept."""
    held = kept_snapshot_gib(snapshot)
    if held is None:
        return None
    if _is_aurora(snapshot):
        engine = engine_name(snapshot.Engine)
        return Charge("aurora.backup", held.value, held.assumption, engine=engine)
    return Charge("rds.backup", held.value, held.assumption)
