"""Amazon S3, EFS and ECR, and AWS Backup."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from analyzer.cost.registry import (
    Charge,
    Component,
    Context,
    Free,
    NotPriced,
    estimator,
    joined,
    measured,
    number,
)
from analyzer.model import Resource
from analyzer.unknown import Absent

_BUCKET = "AWS::S3::Bucket"
_FILES = "AWS::EFS::FileSystem"

# Lifecycle classes as templates write them, and the price book's name of a transition into them.
_TRANSITIONS = {
    "STANDARD_IA": "standard-ia",
    "GLACIER": "glacier",
    "GLACIER_IR": "glacier-ir",
    "DEEP_ARCHIVE": "deep-archive",
}


@estimator(_BUCKET, name="S3/storage-standard")
def standard(bucket: Resource, context: Context) -> Charge:
    """GiB in the Standard class."""
    return context.charged("s3.standard.storage", "storage_gib")


@estimator(_BUCKET, name="S3/storage-standard-ia")
def infrequent(bucket: Resource, context: Context) -> Charge | None:
    """GiB in Standard-IA, where they are declared."""
    return context.charged_if_declared("s3.standard-ia.storage", "standard_ia_gib")


@estimator(_BUCKET, name="S3/storage-glacier")
def glacier(bucket: Resource, context: Context) -> Charge | None:
    """GiB in Glacier Flexible Retrieval, where they are declared."""
    return context.charged_if_declared("s3.glacier.storage", "glacier_gib")


@estimator(_BUCKET, name="S3/storage-deep-archive")
def deep_archive(bucket: Resource, context: Context) -> Charge | None:
    """GiB in Glacier Deep Archive, where they are declared."""
    return context.charged_if_declared("s3.deep-archive.storage", "deep_archive_gib")


@estimator(_BUCKET, name="S3/requests")
def requests(bucket: Resource, context: Context) -> Iterator[Charge]:
    """Writes, reads and lifecycle transitions."""
    yield context.charged("s3.standard.put", "put_requests")
    yield context.charged("s3.standard.get", "get_requests")
    if context.usage.declared("transitions") is not None:
        moved = context.usage.amount("transitions")
        storage_class, why = _transition_class(bucket)
        key = f"s3.transition.{_TRANSITIONS[storage_class]}"
        why = joined(moved.assumption, why)
        yield Charge(key, moved.value, why)


def _transition_class(bucket: Resource) -> tuple[str, str]:
    """The class that the first lifecycle rule with a transition moves objects to."""
    for rule in bucket.LifecycleConfiguration.Rules:
        for transition in rule.Transitions:
            if transition.StorageClass in _TRANSITIONS:
                return str(transition.StorageClass), ""
        if rule.Transition.StorageClass in _TRANSITIONS:
            return str(rule.Transition.StorageClass), ""
    return "GLACIER", "no lifecycle transition declared: into GLACIER assumed"


def _one_zone(files: Resource) -> bool:
    return not isinstance(files.AvailabilityZoneName, Absent)


@estimator(_FILES, name="EFS/storage")
def efs_storage(files: Resource, context: Context) -> Charge:
    """GiB in the Standard class, regional or One Zone."""
    stored = context.stored(files)
    key = "efs.onezone.storage" if _one_zone(files) else "efs.standard.storage"
    return Charge(key, stored.value, stored.assumption)


@estimator(_FILES, name="EFS/storage-ia")
def efs_infrequent(files: Resource, context: Context) -> Charge | None:
    """GiB in Infrequent Access, where they are declared or seen."""
    key = "efs.ia.storage"
    if _one_zone(files):
        key = "efs.onezone-ia.storage"
    elif files.ThroughputMode == "elastic":
        key = "efs.ia-et.storage"
    declared = context.usage.declared("ia_storage_gib") is not None
    if not declared and files.Live and files.Live.InfrequentBytes:
        stored = measured(files.Live.InfrequentBytes)
        return Charge(key, stored.value, stored.assumption)
    return context.charged_if_declared(key, "ia_storage_gib")


@estimator(_FILES, name="EFS/provisioned-throughput")
def efs_provisioned(files: Resource, context: Context) -> Charge | None:
    """MiB/s provisioned above what the stored GiB include: 1 MiB/s for each 20 GiB."""
    if files.ThroughputMode != "provisioned":
        return None
    asked = number(files.ProvisionedThroughputInMibps)
    stored = context.stored(files)
    included = stored.value / 20
    billed = max(asked - included, Decimal(0))
    why = f"{asked} MiB/s provisioned, {included:f} included with {stored.value:f} GiB"
    if context.usage.declared("storage_gib") is None:
        why = joined(why, stored.assumption)
    return Charge("efs.throughput.provisioned", billed, why)


@estimator(_FILES, name="EFS/elastic-throughput")
def efs_elastic(files: Resource, context: Context) -> Iterator[Charge]:
    """GiB read and written under elastic throughput."""
    if files.ThroughputMode != "elastic":
        return
    for direction in ("read", "write"):
        yield context.charged(f"efs.elastic.{direction}", f"{direction}_gib")


@estimator("AWS::ECR::Repository", name="ECR/storage")
def images(repository: Resource, context: Context) -> Charge:
    """GiB of images."""
    return context.charged("ecr.storage", "storage_gib")


# What AWS Backup bills as itself, and what it bills as the service's own snapshots.
_BACKUPS = {
    "EFS": "backup.efs.warm",
    "S3": "backup.s3.warm",
    "DynamoDB": "backup.dynamodb.warm",
    "RDS": "rds.backup",
    "EBS": "ebs.snapshot.standard",
}


@estimator("AWS::Backup::BackupVault", name="Backup/storage")
def recovery_points(vault: Resource, context: Context) -> Iterator[Charge]:
    """GiB of recovery points by what they are of, warm storage."""
    stored = context.usage.by_name("storage_gib")
    if vault.Live and not stored:
        return  # its recovery points are seen, each by itself
    assumed = "storage_gib not declared: 0 assumed"
    for kind, gib in (stored or {"EFS": Decimal(0)}).items():
        yield Charge(_BACKUPS[kind], gib, f"usage: {kind} {gib} GiB" if stored else assumed)


@estimator("AWS::Backup::RecoveryPoint", name="Backup/storage")
def recovery_point(point: Resource, context: Context) -> Component:
    """GiB of one recovery point in warm storage."""
    kind = str(point.ResourceType)
    key = _BACKUPS.get(kind, "")
    if not key.startswith("backup."):
        return Free(f"kept, and charged, as a snapshot of {kind}")
    if point.Live.Cold:
        return NotPriced("assay does not estimate cold storage of backups")
    held = measured(point.Live.Bytes)
    why = "the size of what it is of: at most this, since backups hold what changed"
    return Charge(key, held.value, why)
