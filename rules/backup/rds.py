"""Backups of databases, and what protects them from deletion."""

from __future__ import annotations

from datetime import date

from analyzer.backups import is_backed_up
from analyzer.policy import Fail, Inventory, Resource, Skip, rule
from analyzer.policy.fixes import KEPT, outliving, selected_for_backup
from analyzer.versions import support

DATABASES = ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster")


def _source(db: Resource) -> object:
    """What the database replicates."""
    instance = db.type == "AWS::RDS::DBInstance"
    return db.SourceDBInstanceIdentifier if instance else db.ReplicationSourceIdentifier


@rule("BAK-RDS-01", severity="high", on="AWS::RDS::DBInstance")
def automated_backups_are_kept(db: Resource, *, backup_days: int = 7) -> Fail | Skip | None:
    """Database instance keeps automated backups long enough.

    Point-in-time recovery reaches no further back than the automated backups that are kept.

    Fix: set BackupRetentionPeriod to the number of days that the policy asks for (at most 35).
    Source: Amazon RDS User Guide, "Backup retention period".
    """
    if db.DBClusterIdentifier:
        return Skip("its cluster keeps the backups")
    if db.SourceDBInstanceIdentifier:
        return Skip("a read replica: its source keeps the backups")
    if db.BackupRetentionPeriod < backup_days:
        return Fail(
            f"keeps backups {db.BackupRetentionPeriod} days; the policy asks for {backup_days}",
            at="BackupRetentionPeriod",
            fix={"BackupRetentionPeriod": backup_days},
        )


@rule("BAK-RDS-02", severity="high", on="AWS::RDS::DBCluster")
def cluster_backups_are_kept(cluster: Resource, *, backup_days: int = 7) -> Fail | None:
    """Database cluster keeps automated backups long enough.

    Point-in-time recovery reaches no further back than the automated backups that are kept.

    Fix: set BackupRetentionPeriod to the number of days that the policy asks for (at most 35).
    Source: Amazon Aurora User Guide, "Backup retention period".
    """
    if cluster.BackupRetentionPeriod < backup_days:
        return Fail(
            f"keeps backups {cluster.BackupRetentionPeriod} days; the policy asks for "
            f"{backup_days}",
            at="BackupRetentionPeriod",
            fix={"BackupRetentionPeriod": backup_days},
        )


@rule("BAK-RDS-03", severity="medium", on="AWS::RDS::DBInstance")
def instance_is_protected_from_deletion(db: Resource) -> Fail | Skip | None:
    """Database instance is protected from deletion.

    With protection on, a wrong call or a removed line in a template cannot delete the database.

    Fix: set DeletionProtection to true.
    Source: Amazon RDS User Guide, "Deleting a DB instance", section on deletion protection.
    """
    if db.DBClusterIdentifier:
        return Skip("its cluster carries the protection")
    if not db.DeletionProtection:
        return Fail(
            "can be deleted by one call",
            at="DeletionProtection",
            fix={"DeletionProtection": True},
        )


@rule("BAK-RDS-04", severity="medium", on="AWS::RDS::DBCluster")
def cluster_is_protected_from_deletion(cluster: Resource) -> Fail | None:
    """Database cluster is protected from deletion.

    With protection on, a wrong call or a removed line in a template cannot delete the cluster.

    Fix: set DeletionProtection to true.
    Source: Amazon Aurora User Guide, "Deletion protection for Aurora clusters".
    """
    if not cluster.DeletionProtection:
        return Fail(
            "can be deleted by one call",
            at="DeletionProtection",
            fix={"DeletionProtection": True},
        )


@rule("BAK-RDS-07", severity="medium", on=DATABASES)
def database_is_in_a_backup_plan(
    db: Resource, inventory: Inventory, *, backup_days: int = 35
) -> Fail | Skip | None:
    """Database is in a backup plan.

    Automated backups go when the database goes; a vault keeps its own, under its own permissions.

    Fix: select the database in an AWS Backup plan, by its ARN or by a tag.
    Source: AWS Backup Developer Guide, "Assigning resources to a backup plan".
    """
    if db.DBClusterIdentifier and db.type == "AWS::RDS::DBInstance":
        return Skip("its cluster is what a plan selects")
    if _source(db):
        return Skip("a read replica: its source is what a plan selects")
    if not is_backed_up(db, inventory):
        return Fail(
            "nothing that was read selects it for a backup plan",
            fix=lambda: selected_for_backup(db, inventory, backup_days),
        )


@rule("BAK-RDS-09", severity="medium", on=DATABASES, where="templates")
def database_outlives_its_stack(db: Resource) -> Fail | Skip | None:
    """Database leaves a snapshot when its stack deletes or replaces it.

    CloudFormation takes a last snapshot of a database that is deleted unless told otherwise, but of
    one that it replaces only when told to.

    Fix: set DeletionPolicy and UpdateReplacePolicy to Snapshot (or Retain).
    Source: AWS CloudFormation User Guide, "DeletionPolicy attribute" and "UpdateReplacePolicy
        attribute".
    """
    if db.DBClusterIdentifier and db.type == "AWS::RDS::DBInstance":
        return Skip("the data are its cluster's")
    if _source(db):
        return Skip("a read replica: the data are its source's")
    if (db.deletion_policy or "Snapshot") not in KEPT:
        return Fail("is deleted with its stack, without a snapshot", fix=outliving(db, "Snapshot"))
    if db.update_replace_policy not in KEPT:
        return Fail(
            "is deleted without a snapshot when an update replaces it",
            fix=outliving(db, "Snapshot"),
        )


@rule("BAK-RDS-10", severity="medium", on=DATABASES)
def engine_version_is_supported(db: Resource, today: date) -> Fail | Skip | None:
    """Engine version is in standard support.

    After standard support a version gets security fixes only under Extended Support, which is
    charged per vCPU and hour, and in the end is upgraded by AWS.

    Fix: upgrade to a version in standard support.
    Source: Amazon RDS User Guide and Amazon Aurora User Guide, the release calendars.
    """
    if db.DBClusterIdentifier and db.type == "AWS::RDS::DBInstance":
        return Skip("its cluster has the engine")
    if _source(db) and not db.Engine:
        return Skip("a read replica: its source has the engine")
    version = support(db.Engine, db.EngineVersion)
    if version.ended(today):
        return Fail(
            f"runs {version.engine} {version.version}, which left standard support on "
            f"{version.standard_end}",
            at="EngineVersion",
        )
