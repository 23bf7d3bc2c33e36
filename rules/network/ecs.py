"""Container services: public addresses of tasks, and their way to the image."""

from __future__ import annotations

from analyzer.network import (
    attached,
    default_routes,
    is_public,
    leads_to_internet_gateway,
    matching,
    names,
    route_table_of,
)
from analyzer.policy import Fail, Resource, Skip, absent, rule
from analyzer.policy.fixes import with_endpoints, without_address


@rule("NET-ECS-01", severity="high", on="AWS::ECS::Service")
def tasks_get_no_public_address(service: Resource) -> Fail | None:
    """Service tasks get no public address.

    A task with a public address can be reached past its load balancer.

    Fix: set AssignPublicIp to DISABLED and run the tasks in private subnets.
    Source: Amazon ECS Developer Guide, "Amazon ECS task networking options for Fargate".
    """
    if service.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp == "ENABLED":
        return Fail(
            "gives each task a public address",
            at="NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp",
            fix=lambda: without_address(service.NetworkConfiguration.AwsvpcConfiguration),
        )


@rule("NET-ECS-02", severity="high", on="AWS::ECS::Service")
def fargate_service_can_pull_its_image(service: Resource) -> Fail | Skip | None:
    """Fargate service can pull its image.

    A task that cannot reach the registry never starts: its subnets need a way out through a NAT
    gateway, or endpoints for ECR, S3 and the logs, or the task a public address in a public subnet.

    Fix: add a NAT gateway, or the interface endpoints ecr.api, ecr.dkr and logs and a gateway
        endpoint for S3.
    Source: Amazon ECR User Guide, "Amazon ECR interface VPC endpoints (AWS PrivateLink)".
    """
    if not _on_fargate(service):
        return Skip("does not run on Fargate")
    network = service.NetworkConfiguration.AwsvpcConfiguration
    addressed = network.AssignPublicIp == "ENABLED"

    def missing_in(subnet: Resource) -> list[str]:
        if _leads_out(subnet, addressed=addressed):
            return []
        return _missing_endpoints(subnet, _endpoints_needed(service))

    closed = matching(network, "Subnets", lambda subnet: bool(missing_in(subnet)))
    for subnet in closed:
        missing = ", ".join(missing_in(subnet))
        return Fail(
            f"starts no task in {subnet.id}: there is no way out, and no endpoint for {missing}",
            at=network.at("Subnets"),
            fix=lambda: with_endpoints(closed[0].follow("VpcId"), missing_in(closed[0])),
        )


def _on_fargate(service: Resource) -> bool:
    return service.LaunchType == "FARGATE" or any(
        item.CapacityProvider.startswith("FARGATE") for item in service.CapacityProviderStrategy
    )


def _leads_out(subnet: Resource, *, addressed: bool) -> bool:
    if is_public(subnet):
        return addressed
    return any(
        not leads_to_internet_gateway(route)
        and not route.EgressOnlyInternetGatewayId
        and not route.VpcPeeringConnectionId
        for route in default_routes(subnet)
    )


def _endpoints_needed(service: Resource) -> list[str]:
    """The endpoints that the service's tasks need; those of the logs where they write there."""
    logs = any(
        container.LogConfiguration.LogDriver == "awslogs"
        for container in service.follow("TaskDefinition").ContainerDefinitions
    )
    return ["ecr.api", "ecr.dkr", "s3", *(["logs"] if logs else [])]


def _missing_endpoints(subnet: Resource, needed: list[str]) -> list[str]:
    endpoints = list(attached(subnet.follow("VpcId"), "AWS::EC2::VPCEndpoint", "VpcId"))
    return [
        name
        for name in needed
        if not any(_serves(endpoint, name, subnet) for endpoint in endpoints)
    ]


def _serves(endpoint: Resource, name: str, subnet: Resource) -> bool:
    if not endpoint.ServiceName.endswith(f".{name}"):
        return False
    if name == "s3":
        table = route_table_of(subnet)
        return not absent(table) and names(endpoint.RouteTableIds, table)
    return endpoint.VpcEndpointType == "Interface" and (
        absent(endpoint.PrivateDnsEnabled) or bool(endpoint.PrivateDnsEnabled)
    )
