"""Databases that know who signs in."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, Skip, rule

# Engines that IAM can sign in to (Amazon RDS User Guide, "IAM database authentication").
SIGN_IN = ("mysql", "mariadb", "postgres")


@rule("IAM-RDS-01", severity="medium", on="AWS::RDS::DBInstance")
def instance_accepts_iam_sign_in(db: Resource) -> Fail | Skip | None:
    """Database instance accepts IAM sign-in.

    Tokens of fifteen minutes, bound to a role, take the place of passwords that stay.

    Fix: set EnableIAMDatabaseAuthentication to true.
    Source: Amazon RDS User Guide, "IAM database authentication for MariaDB, MySQL, and PostgreSQL".
    """
    if db.DBClusterIdentifier:
        return Skip("its cluster decides")
    if db.SourceDBInstanceIdentifier and not db.Engine:
        return Skip("a read replica: its source decides")
    if db.Engine not in SIGN_IN:
        return Skip(f"IAM cannot sign in to {db.Engine}")
    if not db.EnableIAMDatabaseAuthentication:
        return Fail(
            "accepts passwords only",
            at="EnableIAMDatabaseAuthentication",
            fix={"EnableIAMDatabaseAuthentication": True},
        )


@rule("IAM-RDS-02", severity="medium", on="AWS::RDS::DBCluster")
def cluster_accepts_iam_sign_in(cluster: Resource) -> Fail | None:
    """Database cluster accepts IAM sign-in.

    Tokens of fifteen minutes, bound to a role, take the place of passwords that stay.

    Fix: set EnableIAMDatabaseAuthentication to true.
    Source: Amazon Aurora User Guide, "IAM database authentication".
    """
    if not cluster.EnableIAMDatabaseAuthentication:
        return Fail(
            "accepts passwords only",
            at="EnableIAMDatabaseAuthentication",
            fix={"EnableIAMDatabaseAuthentication": True},
        )
