"""Interfaces of what is started from templates: groups of servers, tasks, nodes, brokers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzer.model import Resource
from analyzer.network.group_sets import group_of_aws, groups_named
from analyzer.network.interfaces import (
    Address,
    Interface,
    Public,
    has_ipv6,
    launched,
    mapped_address,
    places_named,
    stated_groups,
    template_data,
    unknown_groups,
)
from analyzer.network.managed_interfaces import managed, owned
from analyzer.network.places import Place, attempted
from analyzer.unknown import Undecided, absent


def auto_scaling_group(group: Resource) -> Iterator[Interface]:
    """A group of servers, in each of its subnets."""
    data = attempted(_launch_data, group)
    for subnet in places_named(group, group.VPCZoneIdentifier):
        yield from started(group, data, subnet)


def _launch_data(group: Resource) -> Any:
    mixed = group.MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification
    for named in (group.LaunchTemplate, mixed):
        if not absent(named):
            return template_data(named)
    if not absent(group.InstanceId):
        return group.follow("InstanceId")
    return group.follow("LaunchConfigurationName")


def started(owner: Resource, data: Any, subnet: Place) -> Iterator[Interface]:
    """The interfaces of servers that are started from a template into a subnet."""
    if isinstance(data, Undecided):
        yield Interface(owner, subnet, unknown_groups(owner, data), data, data)
        return
    parts = data.NetworkInterfaces
    for part in parts:
        yield launched(owner, part, part.Groups, subnet)
    if not parts:
        yield launched(owner, data, stated_groups(data), subnet)


def ecs_service(service: Resource) -> Iterator[Interface]:
    """The tasks of a service, or the servers under them."""
    network = service.NetworkConfiguration.AwsvpcConfiguration
    if absent(network):
        yield from _on_hosts(service)
        return
    public = attempted(lambda: Address() if network.AssignPublicIp == "ENABLED" else None)
    for subnet in places_named(service, network.Subnets):
        dual = attempted(_task_ipv6, service, subnet)
        yield Interface(
            service, subnet, groups_named(service, network.SecurityGroups, subnet), public, dual
        )


def _task_ipv6(service: Resource, subnet: Place) -> Address | None:
    """Tasks in a subnet with IPv6 get such an address where the account's setting says so."""
    if not has_ipv6(subnet):
        return None
    raise Undecided(
        f"IPv6 addresses of {service.label}", "hang on the account setting dualStackIPv6"
    )


def _on_hosts(service: Resource) -> Iterator[Interface]:
    """The servers under a service whose tasks have no interfaces of their own."""
    found = False
    for item in service.CapacityProviderStrategy:
        provider = item.follow("CapacityProvider")
        group = provider.AutoScalingGroupProvider.follow("AutoScalingGroupArn")
        yield from owned(service, list(auto_scaling_group(group)))
        found = True
    if not found:
        raise Undecided(f"the servers under {service.label}", "are not named by it")


def msk(cluster: Resource) -> Iterator[Interface]:
    """The brokers of a Kafka cluster."""
    nodes = cluster.BrokerNodeGroupInfo
    kind = nodes.ConnectivityInfo.PublicAccess.Type
    public = attempted(lambda: Address() if kind == "SERVICE_PROVIDED_EIPS" else None)
    for subnet in places_named(cluster, nodes.ClientSubnets):
        yield managed(cluster, nodes.SecurityGroups, subnet, public)


def msk_serverless(cluster: Resource) -> Iterator[Interface]:
    """The endpoints of a serverless Kafka cluster."""
    for part in cluster.VpcConfigs:
        for subnet in places_named(cluster, part.SubnetIds):
            yield managed(cluster, part.SecurityGroups, subnet, None)


def eks_cluster(cluster: Resource) -> Iterator[Interface]:
    """The interfaces of a control plane in the networks of its nodes."""
    own = group_of_aws(cluster, "ClusterSecurityGroupId")
    network = cluster.ResourcesVpcConfig
    for subnet in places_named(cluster, network.SubnetIds):
        stated = groups_named(cluster, network.SecurityGroupIds, None)
        yield Interface(cluster, subnet, (own, *stated))


def eks_nodes(nodes: Resource) -> Iterator[Interface]:
    """Nodes; a key without source groups opens SSH to everyone.

    https://docs.aws.amazon.com/eks/latest/APIReference/API_RemoteAccessConfig.html
    """
    data = attempted(template_data, nodes.LaunchTemplate)
    for subnet in places_named(nodes, nodes.Subnets):
        if (
            data
            and not isinstance(data, Undecided)
            and (data.NetworkInterfaces or not absent(stated_groups(data)))
        ):
            yield from started(nodes, data, subnet)
            continue
        cluster = attempted(nodes.follow, "ClusterName")
        groups = [group_of_aws(nodes, "RemoteAccess", _remote_access(nodes))]
        if isinstance(cluster, Resource):
            groups.append(group_of_aws(cluster, "ClusterSecurityGroupId"))
        public: Public = attempted(mapped_address, subnet)
        yield Interface(nodes, subnet, tuple(groups), public)


def _remote_access(nodes: Resource) -> Iterator[dict[str, Any]]:
    access = nodes.RemoteAccess
    if absent(access.Ec2SshKey):
        return
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
    if absent(access.SourceSecurityGroups):
        yield {**ssh, "CidrIp": "0.0.0.0/0"}
        return
    for group in access.SourceSecurityGroups:
        yield {**ssh, "SourceSecurityGroupId": group}


def batch(environment: Resource) -> Iterator[Interface]:
    """The servers of a compute environment."""
    resources = environment.ComputeResources
    if absent(resources):
        return
    for subnet in places_named(environment, resources.Subnets):
        groups = groups_named(environment, resources.SecurityGroupIds, subnet)
        yield Interface(environment, subnet, groups, attempted(mapped_address, subnet))
