"""Amazon S3, EFS and ECR, and AWS Backup."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from analyzer.cost.registry import Charge, Context, estimator, joined, number
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
    stored = context.usage.amount("storage_gib")
    return Charge("s3.standard.storage", stored.value, stored.assumption, variant="STANDARD")


def _declared(context: Context, usage_key: str, key: str, variant: str) -> Charge | None:
    if context.usage.declared(usage_key) is None:
        return None
    stored = context.usage.amount(usage_key)
    return Charge(key, stored.value, stored.assumption, variant=variant)


@estimator(_BUCKET, name="S3/storage-standard-ia")
def infrequent(bucket: Resource, context: Context) -> Charge | None:
    """GiB in Standard-IA, where they are declared."""
    return _declared(context, "standard_ia_gib", "s3.standard-ia.storage", "STANDARD_IA")


@estimator(_BUCKET, name="S3/storage-glacier")
def glacier(bucket: Resource, context: Context) -> Charge | None:
    """GiB in Glacier Flexible Retrieval, where they are declared."""
    return _declared(context, "glacier_gib", "s3.glacier.storage", "GLACIER")


@estimator(_BUCKET, name="S3/storage-deep-archive")
def deep_archive(bucket: Resource, context: Context) -> Charge | None:
    """GiB in Glacier Deep Archive, where they are declared."""
    return _declared(context, "deep_archive_gib", "s3.deep-archive.storage", "DEEP_ARCHIVE")


@estimator(_BUCKET, name="S3/requests")
def requests(bucket: Resource, context: Context) -> Iterator[Charge]:
    """Writes, reads and lifecycle transitions."""
    for usage_key, key in (("put_requests", "put"), ("get_requests", "get")):
        count = context.usage.amount(usage_key)
        yield Charge(f"s3.standard.{key}", count.value, count.assumption, variant="STANDARD")
    if context.usage.declared("transitions") is not None:
        moved = context.usage.amount("transitions")
        storage_class, why = _transition_class(bucket)
        key = f"s3.transition.{_TRANSITIONS[storage_class]}"
        why = joined(moved.assumption, why)
        yield Charge(key, moved.value, why, variant=storage_class)


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
    stored = context.usage.amount("storage_gib")
    key, variant = (
        ("efs.onezone.storage", "One Zone Standard")
        if _one_zone(files)
        else ("efs.standard.storage", "Regional Standard")
    )
    return Charge(key, stored.value, stored.assumption, variant=variant)


@estimator(_FILES, name="EFS/storage-ia")
def efs_infrequent(files: Resource, context: Context) -> Charge | None:
    """GiB in Infrequent Access, where they are declared."""
    if context.usage.declared("ia_storage_gib") is None:
        return None
    stored = context.usage.amount("ia_storage_gib")
    key, variant = "efs.ia.storage", "Regional IA (bursting/provisioned)"
    if _one_zone(files):
        key, variant = "efs.onezone-ia.storage", "One Zone IA"
    elif files.ThroughputMode == "elastic":
        key, variant = "efs.ia-et.storage", "Regional IA (elastic throughput)"
    return Charge(key, stored.value, stored.assumption, variant=variant)


@estimator(_FILES, name="EFS/provisioned-throughput")
def efs_provisioned(files: Resource, context: Context) -> Charge | None:
    """MiB/s provisioned above what the stored GiB include: 1 MiB/s for each 20 GiB."""
    if files.ThroughputMode != "provisioned":
        return None
    asked = number(files.ProvisionedThroughputInMibps)
    stored = context.usage.amount("storage_gib")
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
        moved = context.usage.amount(f"{direction}_gib")
        variant = f"elastic throughput {direction}"
        yield Charge(f"efs.elastic.{direction}", moved.value, moved.assumption, variant=variant)


@estimator("AWS::ECR::Repository", name="ECR/storage")
def images(repository: Resource, context: Context) -> Charge:
    """GiB of images."""
    stored = context.usage.amount("storage_gib")
    return Charge("ecr.storage", stored.value, stored.assumption)


# What AWS Backup bills as itself, and what it bills as the service's own snapshots: the price
# book's key, engine and variant.
_BACKUPS = {
    "EFS": ("backup.efs.warm", "", "EFS warm"),
    "S3": ("backup.s3.warm", "", "S3 warm"),
    "DynamoDB": ("backup.dynamodb.warm", "", "DynamoDB warm"),
    "RDS": ("rds.backup", "Any", ""),
    "EBS": ("ebs.snapshot.standard", "", "snapshot"),
}


@estimator("AWS::Backup::BackupVault", name="Backup/storage")
def recovery_points(vault: Resource, context: Context) -> Iterator[Charge]:
    """GiB of recovery points by what they are of, warm storage."""
    stored = context.usage.by_name("storage_gib")
    assumed = "storage_gib not declared: 0 assumed"
    for kind, gib in (stored or {"EFS": Decimal(0)}).items():
        key, engine, variant = _BACKUPS[kind]
        why = f"usage: {kind} {gib} GiB" if stored else assumed
        yield Charge(key, gib, why, engine=engine, variant=variant)
