"""Interfaces of databases and file systems."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.model import Resource
from analyzer.network.interfaces import Address, Interface
from analyzer.network.links import pointing
from analyzer.network.managed_interfaces import (
    PLAIN,
    managed,
    owned,
    plain,
    stated_public,
    subnet_places,
    subnets_at,
)
from analyzer.network.places import Foreign, Place, attempted, foreign, network_of
from analyzer.unknown import Undecided, absent


def db_instance(db: Resource) -> Iterator[Interface]:
    """A database instance; in a cluster, which then names groups and subnets, one of it."""
    cluster = db.DBClusterIdentifier
    if not absent(cluster):
        head = attempted(db.follow, "DBClusterIdentifier")
        if isinstance(head, Undecided):
            yield managed(
                db, cluster, foreign(cluster), attempted(_db_public, db, foreign(cluster))
            )
            return
        values, groups = subnets_at(head, "DBSubnetGroupName>SubnetIds"), head.VpcSecurityGroupIds
    else:
        values, groups = subnets_at(db, "DBSubnetGroupName>SubnetIds"), db.VPCSecurityGroups
        if absent(db.DBSubnetGroupName) and not absent(db.SourceDBInstanceIdentifier):
            source = attempted(db.follow, "SourceDBInstanceIdentifier")
            if isinstance(source, Resource):
                values = subnets_at(source, "DBSubnetGroupName>SubnetIds")
    for subnet in subnet_places(db, values):
        yield managed(db, groups, subnet, attempted(_db_public, db, subnet))


def _db_public(db: Resource, subnet: Place) -> Address | None:
    """What it says; where it says nothing, whether its network has an internet gateway.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    """
    if not absent(db.PubliclyAccessible):
        return Address() if db.PubliclyAccessible else None
    vpc = network_of(subnet)
    if isinstance(vpc, Foreign):
        raise vpc.undecided("internet gateway")
    attachments = pointing(vpc, "AWS::EC2::VPCGatewayAttachment", "VpcId")
    attached = any(not absent(each.InternetGatewayId) for each in attachments)
    return Address() if attached else None


def db_cluster(cluster: Resource) -> Iterator[Interface]:
    """A cluster: its members, or itself where it has none here."""
    members = list(pointing(cluster, "AWS::RDS::DBInstance", "DBClusterIdentifier"))
    for member in members:
        yield from owned(cluster, list(db_instance(member)))
    if not members:
        for subnet in subnet_places(cluster, subnets_at(cluster, "DBSubnetGroupName>SubnetIds")):
            public = attempted(lambda: Address() if cluster.PubliclyAccessible else None)
            yield managed(cluster, cluster.VpcSecurityGroupIds, subnet, public)


def member_of_cluster(instance: Resource) -> Iterator[Interface]:
    """An instance of a DocumentDB or Neptune cluster."""
    cluster = instance.follow("DBClusterIdentifier")
    public = stated_public(instance, "PubliclyAccessible") if "Neptune" in instance.type else None
    for one in plain(cluster, *PLAIN[cluster.type]):
        yield Interface(instance, one.subnet, one.groups, public)


def file_system(system: Resource) -> Iterator[Interface]:
    """A file system stands where its mount targets do."""
    for target in pointing(system, "AWS::EFS::MountTarget", "FileSystemId"):
        yield from owned(system, list(plain(target, *PLAIN[target.type])))
