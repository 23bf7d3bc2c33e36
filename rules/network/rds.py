"""Databases and the internet."""

from __future__ import annotations

from analyzer.network import in_default_network, public_subnets
from analyzer.policy import Fail, Resource, Skip, absent, rule
from analyzer.policy.fixes import elsewhere_without_public


def _subnet_group(db: Resource) -> Resource:
    """The subnet group of a database; that of its cluster or source where it names none."""
    if db.type == "AWS::RDS::DBInstance":
        for name in ("DBClusterIdentifier", "SourceDBInstanceIdentifier"):
            if absent(db.DBSubnetGroupName) and not absent(getattr(db, name)):
                return _subnet_group(db.follow(name))
    group = db.follow("DBSubnetGroupName")
    return in_default_network(db) if absent(group) else group


def _public_names(group: Resource) -> str:
    return ", ".join(subnet.id for subnet in public_subnets(group, "SubnetIds"))


@rule("NET-RDS-01", severity="critical", on="AWS::RDS::DBInstance")
def database_is_not_public(db: Resource) -> Fail | None:
    """Database instance is not reachable from the internet.

    A database with a public address is one security group away from everyone. Where nothing is
    said, RDS gives a public address to a database whose network leads to the internet.

    Fix: set PubliclyAccessible to false.
    Source: Amazon RDS User Guide, "Hiding a DB instance in a VPC from the internet".
    """
    fix = {"PubliclyAccessible": False}
    if db.PubliclyAccessible:
        return Fail("has a public address", at="PubliclyAccessible", fix=fix)
    if absent(db.PubliclyAccessible) and (names := _public_names(_subnet_group(db))):
        return Fail(
            f"does not say that it is private, and may stand in a public subnet ({names})",
            at="PubliclyAccessible",
            fix=fix,
        )


@rule("NET-RDS-03", severity="high", on=("AWS::RDS::DBInstance", "AWS::RDS::DBCluster"))
def database_sits_in_private_subnets(db: Resource) -> Fail | Skip | None:
    """Database sits in private subnets.

    A database whose subnets have no route to an internet gateway stays closed whatever its own
    settings and security groups say.

    Fix: keep the public subnets out of the database's subnet group.
    Source: Amazon RDS User Guide, "Working with a DB instance in a VPC".
    """
    if db.type == "AWS::RDS::DBInstance" and db.DBClusterIdentifier:
        return Skip("its cluster names the subnets")
    group = _subnet_group(db)
    if names := _public_names(group):
        return Fail(
            f"may stand in a public subnet: its group {group.id} holds {names}",
            at="DBSubnetGroupName",
            fix=lambda: elsewhere_without_public(group, "SubnetIds"),
        )


@rule(
    "NET-RDS-02",
    severity="critical",
    on=("AWS::RDS::DBSnapshot", "AWS::RDS::DBClusterSnapshot"),
    where="accounts",
)
def snapshot_is_private(snapshot: Resource) -> Fail | Skip | None:
    """Database snapshot is private.

    A public snapshot is restored, with all its data, by whoever has an AWS account.

    Fix: remove "all" from the accounts that may restore the snapshot.
    Source: Amazon RDS User Guide, "Sharing a DB snapshot".
    """
    if snapshot.Live.Type != "manual":
        return Skip("only manual snapshots can be shared")
    if "all" in snapshot.Live.SharedWith:
        return Fail("may be restored by everyone with an AWS account")
