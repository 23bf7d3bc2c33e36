"""Services that outlive the loss of a zone."""

from __future__ import annotations

from analyzer.network import shown_zones, zones_named
from analyzer.policy import Fail, Resource, Skip, rule
from analyzer.policy.fixes import in_another_zone


@rule("MAZ-ECS-01", severity="medium", on="AWS::ECS::Service")
def service_runs_in_two_zones(
    service: Resource, *, min_tasks: int = 2, min_zones: int = 2
) -> Fail | Skip | None:
    """Service runs two tasks over two zones.

    One task, or tasks in one zone, are an outage when the zone fails.

    Fix: set DesiredCount to 2 or more, and name subnets of two zones.
    Source: Amazon ECS Developer Guide, "Amazon ECS availability best practices".
    """
    if service.SchedulingStrategy == "DAEMON":
        return Skip("a daemon runs on each of the cluster's servers")
    if service.DesiredCount == 0:
        return Fail("runs no task", at="DesiredCount")  # whether it should is its owner's to say
    if service.DesiredCount < min_tasks:
        return Fail(
            f"asks for {service.DesiredCount} running tasks; the policy asks for {min_tasks}",
            at="DesiredCount",
            fix={"DesiredCount": min_tasks},
        )
    network = service.NetworkConfiguration.AwsvpcConfiguration
    if network:
        zones = zones_named(network, "Subnets")
        if len(zones) < min_zones:
            return Fail(
                f"runs its tasks in {shown_zones(zones)} only",
                at=network.at("Subnets"),
                fix=lambda: in_another_zone(network, "Subnets", min_zones),
            )
