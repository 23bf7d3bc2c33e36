"""Auto Scaling groups that outlive the loss of a zone."""

from __future__ import annotations

from analyzer.network import distinct, shown_zones, zones_named
from analyzer.policy import Fail, Resource, Skip, absent, rule
from analyzer.policy.fixes import in_another_zone

GROUP = "AWS::AutoScaling::AutoScalingGroup"
BALANCERS = ("elb", "elbv2")  # traffic sources that check the health of instances
GRACE_SECONDS = 300


@rule("MAZ-ASG-01", severity="medium", on=GROUP)
def group_covers_zones(group: Resource, *, min_zones: int = 2) -> Fail | None:
    """Auto Scaling group covers two zones.

    A group with one zone has nowhere to start instances when that zone fails.

    Fix: name subnets of two or more zones in VPCZoneIdentifier.
    Source: Amazon EC2 Auto Scaling User Guide, "Example: Distribute instances across Availability
        Zones".
    """
    if absent(group.VPCZoneIdentifier):
        zones, at = distinct(group.AvailabilityZones), "AvailabilityZones"
    else:
        zones, at = zones_named(group, "VPCZoneIdentifier"), "VPCZoneIdentifier"
    if len(zones) < min_zones:
        return Fail(
            f"starts instances in {shown_zones(zones)} only",
            at=at,
            fix=lambda: in_another_zone(group, "VPCZoneIdentifier", min_zones),
        )


@rule("MAZ-ASG-02", severity="low", on=GROUP)
def group_uses_the_load_balancer_check(group: Resource) -> Fail | Skip | None:
    """Auto Scaling group behind a load balancer uses the load balancer's health check.

    The check of EC2 sees a server that runs; the load balancer's sees whether it answers.

    Fix: set HealthCheckType to ELB, and a HealthCheckGracePeriod of as long as a server starts.
    Source: Amazon EC2 Auto Scaling User Guide, "Health checks for instances in an Auto Scaling
        group".
    """
    sources = any(source.Type in BALANCERS for source in group.TrafficSources)
    if not group.TargetGroupARNs and not group.LoadBalancerNames and not sources:
        return Skip("is behind no load balancer")
    if "ELB" not in group.HealthCheckType:
        return Fail(
            "keeps servers that run but do not answer",
            at="HealthCheckType",
            fix={"HealthCheckType": "ELB", **_time_to_start(group)},
        )


def _time_to_start(group: Resource) -> dict[str, int]:
    """The grace of the console: without one, servers that are starting are taken for broken ones.

    Amazon EC2 Auto Scaling User Guide, "Set the health check grace period".
    """
    return {} if group.HealthCheckGracePeriod else {"HealthCheckGracePeriod": GRACE_SECONDS}


@rule("MAZ-ASG-03", severity="medium", on=GROUP)
def group_keeps_enough_instances(group: Resource, *, min_instances: int = 2) -> Fail | None:
    """Auto Scaling group keeps at least two instances.

    With one instance, the loss of a zone is an outage until another one has started.

    Fix: set MinSize to what the policy asks for, or more.
    Source: Amazon EC2 Auto Scaling User Guide, "Set scaling limits for your Auto Scaling group".
    """
    if group.MinSize < min_instances:
        return Fail(
            f"may shrink to {group.MinSize}; the policy asks for {min_instances}",
            at="MinSize",
            fix=lambda: _enough(group, min_instances),
        )


def _enough(group: Resource, least: int) -> dict[str, str]:
    """At least so many; a group that is to have fewer, or may grow to fewer, does not deploy."""
    others = {
        name: f"{least}"
        for name in ("MaxSize", "DesiredCapacity")
        if not absent(getattr(group, name)) and getattr(group, name) < least
    }
    return {"MinSize": f"{least}", **others}
