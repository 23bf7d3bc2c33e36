"""Amazon RDS: instances, storage by type, backup, and Extended Support. Aurora is its own file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from analyzer.cost.fleet import optional
from analyzer.cost.registry import Charge, Context, estimator, joined, known, number, truth
from analyzer.cost.schedule import HOURS
from analyzer.cost.usage import Amount
from analyzer.model import Resource
from analyzer.unknown import Absent, Undecided
from analyzer.versions import support

INSTANCE = "AWS::RDS::DBInstance"
SNAPSHOT = "AWS::RDS::DBSnapshot"
SINGLE, MULTI = "Single-AZ", "Multi-AZ"
ENGINES = {
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "postgres": "PostgreSQL",
    "aurora-mysql": "Aurora MySQL",
    "aurora-postgresql": "Aurora PostgreSQL",
}
"""Engines as templates and as the price book name them."""

_DISABLED = "open-source-rds-extended-support-disabled"

# What gp3 storage includes, below and from 400 GiB ("gp3 storage", Amazon RDS User Guide; MySQL,
# MariaDB and PostgreSQL).
_GP3_LARGE_GIB = 400
_GP3_SMALL = (Decimal(3000), Decimal(125))
_GP3_LARGE = (Decimal(12000), Decimal(500))


def engine_name(engine: Any) -> str:
    """The price book's name of an engine."""
    name = str(engine).lower()
    if name not in ENGINES:
        raise Undecided(f"the price of engine {name}", "is not in the price book")
    return ENGINES[name]


def inherited(db: Resource, name: str) -> Any:
    """A property of the instance, else of its cluster, else of the instance that it replicates."""
    value = getattr(db, name)
    if isinstance(value, Absent) and db.type == INSTANCE:
        for owner in ("DBClusterIdentifier", "SourceDBInstanceIdentifier"):
            if getattr(db, owner):
                return inherited(db.follow(owner), name)
    return value


def is_member(db: Resource) -> bool:
    """Whether the instance belongs to a cluster, which then has the storage and the backups."""
    return not isinstance(db.DBClusterIdentifier, Absent)


def deployment(db: Resource) -> str:
    """How the price book calls the instance's deployment; a replica has its own."""
    return MULTI if truth(db.MultiAZ) and not is_member(db) else SINGLE


@estimator(INSTANCE, name="RDS/instance-hours")
def instance_hours(db: Resource, context: Context) -> Charge | None:
    """Every hour of the class; Multi-AZ has a price of its own, not twice the other."""
    if is_member(db):
        return None
    return Charge(
        "rds.instance",
        HOURS,
        instance_type=db.DBInstanceClass,
        engine=engine_name(inherited(db, "Engine")),
        deployment=deployment(db),
    )


def _stored(db: Resource, context: Context) -> Amount:
    """GiB of storage: what is allocated, or more where usage says that it has grown."""
    allocated = number(inherited(db, "AllocatedStorage"))
    if context.usage.declared("storage_gib") is not None:
        return context.usage.amount("storage_gib")
    ceiling = optional(db.MaxAllocatedStorage)
    grows = f"AllocatedStorage assumed; may grow to {ceiling} GiB" if ceiling else ""
    return Amount(allocated, grows)


def _storage_type(db: Resource) -> str:
    kind = inherited(db, "StorageType")
    if isinstance(kind, Absent):
        return "gp2" if isinstance(db.Iops, Absent) else "io1"
    return "magnetic" if kind == "standard" else str(kind)


def _storage_charge(db: Resource, what: str, amount: Amount) -> Charge:
    kind = _storage_type(db)
    return Charge(
        f"rds.{what}.{kind}",
        amount.value,
        amount.assumption,
        deployment=deployment(db),
    )


@estimator(INSTANCE, name="RDS/storage")
def storage(db: Resource, context: Context) -> Charge | None:
    """GiB allocated; Multi-AZ storage has a price of its own."""
    return None if is_member(db) else _storage_charge(db, "storage", _stored(db, context))


def _included(db: Resource, context: Context) -> tuple[Decimal, Decimal]:
    """IOPS and MiB/s that gp3 storage of this size includes."""
    return _GP3_LARGE if _stored(db, context).value >= _GP3_LARGE_GIB else _GP3_SMALL


@estimator(INSTANCE, name="RDS/iops")
def iops(db: Resource, context: Context) -> Charge | None:
    """All IOPS of io1 and io2; those of gp3 above what its size includes."""
    asked = inherited(db, "Iops")
    if is_member(db) or isinstance(asked, Absent):
        return None
    billed, why = number(asked), ""
    if _storage_type(db) == "gp3":
        included = _included(db, context)[0]
        billed = max(billed - included, Decimal(0))
        why = f"{included:f} IOPS are included at this size"
    return _storage_charge(db, "iops", Amount(billed, why))


@estimator(INSTANCE, name="RDS/throughput")
def throughput(db: Resource, context: Context) -> Charge | None:
    """Throughput of gp3 above what its size includes, MiB/s."""
    asked = inherited(db, "StorageThroughput")
    if is_member(db) or isinstance(asked, Absent) or _storage_type(db) != "gp3":
        return None
    included = _included(db, context)[1]
    billed = max(number(asked) - included, Decimal(0))
    why = f"{included:f} MiB/s are included at this size"
    return _storage_charge(db, "throughput", Amount(billed, why))


@estimator(INSTANCE, name="RDS/io-requests")
def io_requests(db: Resource, context: Context) -> Charge | None:
    """I/O requests of magnetic storage."""
    if is_member(db) or _storage_type(db) != "magnetic":
        return None
    requests = context.usage.amount("io_requests")
    return Charge(
        "rds.io.magnetic",
        requests.value,
        requests.assumption,
    )


@estimator(INSTANCE, name="RDS/backup")
def backup(db: Resource, context: Context) -> Charge | None:
    """Backup storage beyond the free part, which is as large as the database's storage."""
    if is_member(db) or db.SourceDBInstanceIdentifier:
        return None
    kept = context.usage.amount("backup_gib", because="within the free backup storage")
    return Charge("rds.backup", kept.value, kept.assumption)


def kept_snapshot_gib(snapshot: Resource) -> Amount | None:
    """GiB of a snapshot that stays until it is deleted; the others are in the database's backup."""
    if snapshot.Live.Type == "automated":
        return None
    why = "all that was allocated: at most this, beyond the free backup storage"
    return Amount(number(snapshot.Live.GiB), why)


@estimator(SNAPSHOT, name="RDS/backup")
def snapshot_storage(snapshot: Resource, context: Context) -> Charge | None:
    """A snapshot, for as long as it is kept."""
    held = kept_snapshot_gib(snapshot)
    return None if held is None else Charge("rds.backup", held.value, held.assumption)


@estimator(INSTANCE, name="RDS/extended-support")
def extended_support(db: Resource, context: Context) -> Charge | None:
    """Every vCPU-hour of an engine out of standard support; a Multi-AZ standby counts too."""
    engine, version = inherited(db, "Engine"), inherited(db, "EngineVersion")
    if engine == "mariadb" or isinstance(version, Absent):
        return None  # MariaDB has no Extended Support; AWS's own choice of version is supported
    if inherited(db, "EngineLifecycleSupport") == _DISABLED:
        return None
    dates = known(support(engine, version))
    years = dates.extended_years(context.today)
    if not years:
        return None
    copies = 2 if deployment(db) == MULTI else 1
    vcpus = known(context.book.vcpus(db.DBInstanceClass))
    standby = ", and those of the standby," if copies > 1 else ""
    ended = f"{engine} {dates.version} left standard support on {dates.standard_end}"
    return Charge(
        "rds.extended-support",
        vcpus * copies * HOURS,
        joined(ended, f"{vcpus} vCPUs{standby} x {HOURS} hours"),
        engine=engine_name(engine),
        variant=f"{dates.version} year {years}",
    )


@estimator(INSTANCE, "AWS::RDS::DBCluster", name="SecretsManager/secrets")
def managed_password(db: Resource, context: Context) -> Charge | None:
    """The secret that RDS keeps where it manages the master password."""
    if not truth(db.ManageMasterUserPassword):
        return None
    return Charge("secretsmanager.secret", Decimal(1), "the secret that RDS manages")
