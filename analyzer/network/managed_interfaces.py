"""Interfaces of services that AWS runs: public by their own word, whatever the subnet gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzer.model import Resource
from analyzer.network.group_sets import groups_named
from analyzer.network.interfaces import Address, Interface, Public, has_ipv6, places_named, read
from analyzer.network.places import Foreign, Place, attempted, foreign
from analyzer.unknown import Undecided, absent

# type -> groups, subnets, what says whether it is public; "A>B" follows A and reads B there.
# Where nothing says so, nothing of that type has a public address.
PLAIN: dict[str, tuple[str, str, str]] = {
    "AWS::DocDB::DBCluster": ("VpcSecurityGroupIds", "DBSubnetGroupName>SubnetIds", ""),
    "AWS::Neptune::DBCluster": ("VpcSecurityGroupIds", "DBSubnetGroupName>SubnetIds", ""),
    "AWS::Redshift::Cluster": (
        "VpcSecurityGroupIds",
        "ClusterSubnetGroupName>SubnetIds",
        "PubliclyAccessible",
    ),
    "AWS::RedshiftServerless::Workgroup": ("SecurityGroupIds", "SubnetIds", "PubliclyAccessible"),
    "AWS::DMS::ReplicationInstance": (
        "VpcSecurityGroupIds",
        "ReplicationSubnetGroupIdentifier>SubnetIds",
        "PubliclyAccessible",
    ),
    "AWS::ElastiCache::CacheCluster": (
        "VpcSecurityGroupIds",
        "CacheSubnetGroupName>SubnetIds",
        "",
    ),
    "AWS::ElastiCache::ReplicationGroup": (
        "SecurityGroupIds",
        "CacheSubnetGroupName>SubnetIds",
        "",
    ),
    "AWS::ElastiCache::ServerlessCache": ("SecurityGroupIds", "SubnetIds", ""),
    "AWS::MemoryDB::Cluster": ("SecurityGroupIds", "SubnetGroupName>SubnetIds", ""),
    "AWS::DAX::Cluster": ("SecurityGroupIds", "SubnetGroupName>SubnetIds", ""),
    "AWS::FSx::FileSystem": ("SecurityGroupIds", "SubnetIds", ""),
    "AWS::OpenSearchService::Domain": ("VPCOptions/SecurityGroupIds", "VPCOptions/SubnetIds", ""),
    "AWS::Elasticsearch::Domain": ("VPCOptions/SecurityGroupIds", "VPCOptions/SubnetIds", ""),
    "AWS::AmazonMQ::Broker": ("SecurityGroups", "SubnetIds", "PubliclyAccessible"),
    "AWS::RDS::DBProxy": ("VpcSecurityGroupIds", "VpcSubnetIds", ""),
    "AWS::Timestream::InfluxDBInstance": (
        "VpcSecurityGroupIds",
        "VpcSubnetIds",
        "PubliclyAccessible",
    ),
    "AWS::EFS::MountTarget": ("SecurityGroups", "SubnetId", ""),
    "AWS::EC2::InstanceConnectEndpoint": ("SecurityGroupIds", "SubnetId", ""),
    "AWS::SageMaker::NotebookInstance": ("SecurityGroupIds", "SubnetId", ""),
    "AWS::MWAA::Environment": (
        "NetworkConfiguration/SecurityGroupIds",
        "NetworkConfiguration/SubnetIds",
        "",
    ),
    "AWS::Transfer::Server": (
        "EndpointDetails/SecurityGroupIds",
        "EndpointDetails/SubnetIds",
        "EndpointDetails/AddressAllocationIds",
    ),
    "AWS::ApiGatewayV2::VpcLink": ("SecurityGroupIds", "SubnetIds", ""),
}

# What only begins connections: nobody can connect to it.
CLIENTS: dict[str, tuple[str, str]] = {
    "AWS::Lambda::Function": ("VpcConfig/SecurityGroupIds", "VpcConfig/SubnetIds"),
    "AWS::CodeBuild::Project": ("VpcConfig/SecurityGroupIds", "VpcConfig/Subnets"),
    "AWS::AppRunner::VpcConnector": ("SecurityGroups", "Subnets"),
}

# Types that are public where they do not say otherwise.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-dms-replicationinstance.html
_PUBLIC_BY_DEFAULT = ("AWS::DMS::ReplicationInstance",)


def subnets_at(resource: Resource, path: str) -> Any:
    """The subnets at a path, through a subnet group where the path says so."""
    named, _, rest = path.partition(">")
    if not rest:
        value = read(resource, path)
        return [value] if path.endswith("SubnetId") and not absent(value) else value
    group = attempted(resource.follow, named)
    return foreign(read(resource, named)) if isinstance(group, Undecided) else read(group, rest)


def subnet_places(resource: Resource, values: Any) -> list[Place]:
    """The subnets that a value names, or what stands in place of them."""
    return [values] if isinstance(values, Foreign) else places_named(resource, values)


def plain(resource: Resource, groups: str, subnets: str, public: str) -> Iterator[Interface]:
    """The interfaces of a type of the table: one in each of its subnets."""
    values = subnets_at(resource, subnets)
    if absent(values) and "/" in subnets:
        return  # it stands in no network at all
    for subnet in subnet_places(resource, values):
        yield managed(resource, read(resource, groups), subnet, stated_public(resource, public))


def stated_public(resource: Resource, path: str) -> Public:
    """A public address, where a property says so."""
    if not path:
        return None
    value = read(resource, path)
    if absent(value):
        return Address() if resource.type in _PUBLIC_BY_DEFAULT else None
    return attempted(lambda: Address() if value else None)


def managed(
    owner: Resource, groups: Any, subnet: Place, public: Public, *, accepts: bool = True
) -> Interface:
    """An interface of a managed service: public by its own word, whatever the subnet gives."""
    dual = public if public is None else attempted(_if_dual, owner, subnet, public)
    return Interface(
        owner, subnet, groups_named(owner, groups, subnet), public, dual, accepts=accepts
    )


def _if_dual(owner: Resource, subnet: Place, public: Public) -> Address | None:
    """A public address of a service in IPv6 too, where it says that it speaks both."""
    stated = owner.NetworkType
    if absent(stated) or stated.lower() not in ("dual", "dual_stack"):
        return None
    if isinstance(public, Undecided):
        raise public
    return public if has_ipv6(subnet) else None


def client(resource: Resource, groups: str, subnets: str) -> Iterator[Interface]:
    """The interfaces of what only begins connections."""
    values = read(resource, subnets)
    if absent(values):
        return
    for subnet in places_named(resource, values):
        yield managed(resource, read(resource, groups), subnet, None, accepts=False)


def owned(owner: Resource, found: list[Interface]) -> Iterator[Interface]:
    """Interfaces of one thing, as those of another one that it stands for."""
    for one in found:
        yield Interface(owner, one.subnet, one.groups, one.ipv4, one.ipv6, one.fixed, one.accepts)
