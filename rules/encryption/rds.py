"""Databases: encrypted where they lie, and on the way."""

from __future__ import annotations

from analyzer.parameter_groups import setting_of
from analyzer.policy import Fail, Resource, Skip, absent, rule
from analyzer.policy.fixes import with_parameter
from analyzer.versions import release

# The version from which the engine's default parameter groups refuse clear text (Amazon RDS User
# Guide, "Requiring SSL/TLS" of each engine, read 2026-11-21); MySQL's never do.
POSTGRES_SINCE = (15,)
MARIADB_SINCE = (11, 8)
ON = ("1", "ON", "on", 1)


def _stored_encrypted(db: Resource, snapshot: object) -> bool:
    """A database from a snapshot is encrypted as the snapshot is, which only the account knows."""
    return db.StorageEncrypted or (snapshot and db.Live.StorageEncrypted)


@rule("ENC-RDS-01", severity="high", on="AWS::RDS::DBInstance")
def instance_is_encrypted(db: Resource) -> Fail | Skip | None:
    """Database instance storage is encrypted.

    Without it the data, the automated backups and the snapshots lie in clear. It cannot be turned
    on later: the database is copied.

    Fix: set StorageEncrypted to true; an existing instance is replaced, from an encrypted copy of
        its snapshot.
    Source: Amazon RDS User Guide, "Encrypting Amazon RDS resources".
    """
    if db.DBClusterIdentifier:
        return Skip("its cluster has the storage")
    if db.SourceDBInstanceIdentifier:
        return Skip("a read replica: encrypted as its source is")
    if not _stored_encrypted(db, db.DBSnapshotIdentifier):
        return Fail(
            "stores its data unencrypted", at="StorageEncrypted", fix={"StorageEncrypted": True}
        )


@rule("ENC-RDS-02", severity="high", on="AWS::RDS::DBCluster")
def cluster_is_encrypted(cluster: Resource) -> Fail | Skip | None:
    """Database cluster storage is encrypted.

    Without it the data, the automated backups and the snapshots lie in clear. It cannot be turned
    on later: the cluster is copied.

    Fix: set StorageEncrypted to true; an existing cluster is replaced, from an encrypted copy of
        its snapshot.
    Source: Amazon Aurora User Guide, "Encrypting Amazon Aurora resources".
    """
    if cluster.ReplicationSourceIdentifier:
        return Skip("a replica: encrypted as its source is")
    if not _stored_encrypted(cluster, cluster.SnapshotIdentifier):
        return Fail(
            "stores its data unencrypted", at="StorageEncrypted", fix={"StorageEncrypted": True}
        )


@rule("ENC-RDS-04", severity="medium", on="AWS::RDS::DBInstance")
def postgres_refuses_clear_text(db: Resource) -> Fail | Skip | None:
    """PostgreSQL server refuses clear-text sessions.

    Passwords and data that cross the network in clear are read on the way.

    Fix: set rds.force_ssl to 1 in the parameter group (the default since PostgreSQL 15).
    Source: Amazon RDS User Guide, "Requiring an SSL connection to a PostgreSQL DB instance".
    """
    if db.DBClusterIdentifier or db.Engine != "postgres":
        return Skip("is no PostgreSQL instance of its own")
    forced = setting_of(db, "rds.force_ssl")
    if absent(forced):
        forced = "1" if release(db.EngineVersion) >= POSTGRES_SINCE else "0"
    if forced not in ON:
        return Fail(
            "accepts sessions in clear text",
            at="DBParameterGroupName",
            fix=lambda: with_parameter(db, "rds.force_ssl", "1"),
        )


@rule("ENC-RDS-05", severity="medium", on="AWS::RDS::DBInstance")
def mysql_refuses_clear_text(db: Resource) -> Fail | Skip | None:
    """MySQL or MariaDB server refuses clear-text sessions.

    Passwords and data that cross the network in clear are read on the way.

    Fix: set require_secure_transport to 1 in the parameter group.
    Source: Amazon RDS User Guide, "Requiring SSL/TLS for all connections" to MySQL and to MariaDB.
    """
    if db.DBClusterIdentifier or db.Engine not in ("mysql", "mariadb"):
        return Skip("is no MySQL or MariaDB instance of its own")
    required = setting_of(db, "require_secure_transport")
    if absent(required) and db.Engine == "mariadb":
        required = "1" if release(db.EngineVersion) >= MARIADB_SINCE else "0"
    if required not in ON:
        return Fail(
            "accepts sessions in clear text",
            at="DBParameterGroupName",
            fix=lambda: with_parameter(db, "require_secure_transport", "1"),
        )


@rule(
    "ENC-RDS-03",
    severity="medium",
    on=("AWS::RDS::DBSnapshot", "AWS::RDS::DBClusterSnapshot"),
    where="accounts",
)
def snapshot_is_encrypted(snapshot: Resource) -> Fail | None:
    """Database snapshot is encrypted.

    Whoever may restore or copy a snapshot in clear has the data.

    Fix: copy the snapshot with a KMS key, and delete this one.
    Source: Amazon RDS User Guide, "Encrypting Amazon RDS resources".
    """
    if not snapshot.Live.Encrypted:
        return Fail("holds its data unencrypted")
