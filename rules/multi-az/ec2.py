"""Servers that are not alone."""

from __future__ import annotations

from analyzer.policy import Fail, Inventory, Resource, Skip, rule


@rule("MAZ-EC2-01", severity="medium", on="AWS::EC2::Instance")
def server_is_not_alone(
    server: Resource, inventory: Inventory, *, lone_servers: bool = False
) -> Fail | Skip | None:
    """Server is one of several behind a load balancer.

    A server that no group replaces and no other one stands in for is a single point of failure.

    Fix: run it in an Auto Scaling group over two zones, or beside another one in a target group; a
        profile that accepts lone servers sets lone_servers to true.
    Source: AWS Well-Architected Framework, Reliability Pillar, "Deploy the workload to multiple
        locations".
    """
    if lone_servers:
        return Skip("the policy accepts servers that stand alone")
    if server.Live and server.Live.GroupedBy:
        return None  # its group replaces it
    groups = inventory.referrers(server, "AWS::ElasticLoadBalancingV2::TargetGroup")
    if not any(len(group.Targets) > 1 for group in groups):
        return Fail("stands alone: nothing takes over when it or its zone fails")
