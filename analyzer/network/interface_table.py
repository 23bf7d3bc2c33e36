"""The interfaces of every type of resource that stands in a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analyzer.model import Resource
from analyzer.network.database_interfaces import (
    db_cluster,
    db_instance,
    file_system,
    member_of_cluster,
)
from analyzer.network.group_sets import groups_named
from analyzer.network.interfaces import (
    Address,
    Interface,
    Public,
    has_ipv6,
    of_instance,
    of_network_interface,
    places_named,
)
from analyzer.network.links import pointing
from analyzer.network.managed_interfaces import CLIENTS, PLAIN, client, managed, plain
from analyzer.network.places import Place, attempted, subnet_place
from analyzer.network.started_interfaces import (
    auto_scaling_group,
    batch,
    ecs_service,
    eks_cluster,
    eks_nodes,
    msk,
    msk_serverless,
)
from analyzer.unknown import absent


def interfaces(resource: Resource) -> list[Interface]:
    """Every place where a resource may stand in a network; empty where it stands in none.

    Raises `Undecided` where that cannot be told.
    """
    return resource.inventory.once(("interfaces", resource.key), lambda: _interfaces(resource))


def _interfaces(resource: Resource) -> list[Interface]:
    if resource.type in PLAIN:
        return list(plain(resource, *PLAIN[resource.type]))
    if resource.type in CLIENTS:
        return list(client(resource, *CLIENTS[resource.type]))
    special = _SPECIAL.get(resource.type)
    return list(special(resource)) if special else []


def _network_interface(interface: Resource) -> Iterator[Interface]:
    yield of_network_interface(interface, interface)


def _load_balancer(balancer: Resource) -> Iterator[Interface]:
    public = attempted(lambda: None if balancer.Scheme == "internal" else Address())
    for subnet in _balancer_places(balancer):
        stated = balancer.SecurityGroups
        none = absent(stated) or (isinstance(stated, list) and not stated)
        bare = balancer.Type in ("network", "gateway") and none
        groups = None if bare else groups_named(balancer, stated, subnet)
        dual = attempted(_dual_stack, balancer, subnet, public)
        yield Interface(balancer, subnet, groups, public, dual)


def _balancer_places(balancer: Resource) -> list[Place]:
    mappings = balancer.SubnetMappings
    if absent(mappings):
        return places_named(balancer, balancer.Subnets)
    return [subnet_place(balancer, mapping.SubnetId, balancer) for mapping in mappings]


def _dual_stack(balancer: Resource, subnet: Place, public: Public) -> Address | None:
    stated = balancer.IpAddressType
    if public is None or absent(stated) or not stated.startswith("dualstack"):
        return None
    return Address() if has_ipv6(subnet) else None


def _classic(balancer: Resource) -> Iterator[Interface]:
    public = attempted(lambda: None if balancer.Scheme == "internal" else Address())
    for subnet in places_named(balancer, balancer.Subnets):
        yield Interface(
            balancer, subnet, groups_named(balancer, balancer.SecurityGroups, subnet), public
        )


def _endpoint(endpoint: Resource) -> Iterator[Interface]:
    if endpoint.VpcEndpointType != "Interface":
        return
    for subnet in places_named(endpoint, endpoint.SubnetIds):
        yield managed(endpoint, endpoint.SecurityGroupIds, subnet, None)


def _client_vpn(endpoint: Resource) -> Iterator[Interface]:
    kind = "AWS::EC2::ClientVpnTargetNetworkAssociation"
    for association in pointing(endpoint, kind, "ClientVpnEndpointId"):
        subnet = subnet_place(association, association.SubnetId, endpoint)
        yield managed(endpoint, endpoint.SecurityGroupIds, subnet, None, accepts=False)


_SPECIAL: dict[str, Callable[[Resource], Iterator[Interface]]] = {
    "AWS::EC2::Instance": of_instance,
    "AWS::EC2::NetworkInterface": _network_interface,
    "AWS::AutoScaling::AutoScalingGroup": auto_scaling_group,
    "AWS::ECS::Service": ecs_service,
    "AWS::RDS::DBInstance": db_instance,
    "AWS::RDS::DBCluster": db_cluster,
    "AWS::DocDB::DBInstance": member_of_cluster,
    "AWS::Neptune::DBInstance": member_of_cluster,
    "AWS::EFS::FileSystem": file_system,
    "AWS::MSK::Cluster": msk,
    "AWS::MSK::ServerlessCluster": msk_serverless,
    "AWS::EKS::Cluster": eks_cluster,
    "AWS::EKS::Nodegroup": eks_nodes,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _load_balancer,
    "AWS::ElasticLoadBalancing::LoadBalancer": _classic,
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::EC2::ClientVpnEndpoint": _client_vpn,
    "AWS::Batch::ComputeEnvironment": batch,
}

TYPES = (*PLAIN, *CLIENTS, *_SPECIAL)
"""Every type that stands in a network."""
