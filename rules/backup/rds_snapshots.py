"""Snapshots of databases in an account: one that is recent, and none that is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from analyzer.ages import days_since
from analyzer.cost.savings import monthly_words
from analyzer.policy import Fail, Inventory, Resource, Skip, rule

INSTANCE = "AWS::RDS::DBInstance"
OF_INSTANCE = "AWS::RDS::DBSnapshot"
OF_CLUSTER = "AWS::RDS::DBClusterSnapshot"


@rule("BAK-RDS-11", severity="high", on=(INSTANCE, "AWS::RDS::DBCluster"), where="accounts")
def database_has_a_recent_snapshot(
    db: Resource, inventory: Inventory, today: date, *, recent_snapshot_days: int = 7
) -> Fail | Skip | None:
    """Database has a recent snapshot.

    Whatever the settings promise, a database comes back from a snapshot that is there.

    Fix: take a snapshot, and keep automated backups.
    Source: Amazon RDS User Guide, "Backing up, restoring, and exporting data".
    """
    if db.type == INSTANCE and db.DBClusterIdentifier:
        return Skip("its cluster has the snapshots")
    if db.SourceDBInstanceIdentifier if db.type == INSTANCE else db.ReplicationSourceIdentifier:
        return Skip("a replica: its source has the snapshots")
    age = days_since(db.Live.Created, today)
    ages = sorted(_ages(db, inventory, today, age))
    if min([age, *ages]) > recent_snapshot_days:
        found = f"the newest is {ages[0]} days old" if ages else "there is none at all"
        return Fail(f"has no snapshot of the last {recent_snapshot_days} days: {found}")


def _ages(db: Resource, inventory: Inventory, today: date, of_database: int) -> Iterator[int]:
    """The ages of the snapshots that can be restored.

    An older one than the database is of another that had the same name.
    """
    for snapshot in inventory.referrers(db, OF_INSTANCE if db.type == INSTANCE else OF_CLUSTER):
        age = days_since(snapshot.Live.Created, today)
        if snapshot.Live.Status == "available" and age <= of_database:
            yield age


@rule("BAK-RDS-12", severity="low", on=(OF_INSTANCE, OF_CLUSTER), where="accounts")
def manual_snapshot_is_not_stale(
    snapshot: Resource, today: date, *, stale_snapshot_days: int = 7
) -> Fail | Skip | None:
    """Manual database snapshot is not stale.

    RDS deletes its own snapshots when their time is over; those taken by hand stay, and are paid,
    until somebody deletes them.

    Fix: delete the snapshot, or let a backup plan keep what must be kept.
    Source: Amazon RDS User Guide, "Deleting a DB snapshot".
    """
    if snapshot.Live.Type != "manual":
        return Skip("is deleted by the service that made it")
    age = days_since(snapshot.Live.Created, today)
    if age > stale_snapshot_days:
        return Fail(
            f"is {age} days old and of {snapshot.Live.GiB} GiB{_monthly(snapshot)}; the policy "
            f"keeps manual snapshots {stale_snapshot_days} days"
        )


def _monthly(snapshot: Resource) -> str:
    size, region = snapshot.Live.GiB, snapshot.region
    if "aurora" in f"{snapshot.Engine}":
        return monthly_words("aurora.backup", size, region, engine=snapshot.Engine)
    return monthly_words("rds.backup", size, region)
