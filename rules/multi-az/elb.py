"""Load balancers that outlive the loss of a zone."""

from __future__ import annotations

from analyzer.network import distinct, shown_zones, zone_named, zones_named
from analyzer.policy import Fail, Resource, Skip, rule
from analyzer.policy.fixes import balancer_attribute, mapped_in_another_zone

CROSS_ZONE = "load_balancing.cross_zone.enabled"


@rule("MAZ-ELB-01", severity="medium", on="AWS::ElasticLoadBalancingV2::LoadBalancer")
def load_balancer_covers_zones(balancer: Resource, *, min_zones: int = 2) -> Fail | None:
    """Load balancer covers two zones.

    A load balancer with nodes in one zone goes down with it, whatever stands behind.

    Fix: name subnets of a second zone in Subnets or SubnetMappings.
    Source: Elastic Load Balancing User Guide, "Availability Zones and load balancer nodes".
    """
    if balancer.SubnetMappings:
        zones = distinct(zone_named(mapping, "SubnetId") for mapping in balancer.SubnetMappings)
    else:
        zones = zones_named(balancer, "Subnets")
    if len(zones) < min_zones:
        return Fail(
            f"has nodes in {shown_zones(zones)} only",
            at="Subnets",
            fix=lambda: mapped_in_another_zone(balancer, min_zones),
        )


@rule("MAZ-ELB-03", severity="low", on="AWS::ElasticLoadBalancingV2::LoadBalancer")
def balancer_balances_across_zones(balancer: Resource) -> Fail | Skip | None:
    """Network or gateway load balancer balances across zones.

    Without it a node hands requests to its own zone only, also where nothing healthy is left there.

    Fix: set the attribute load_balancing.cross_zone.enabled to true.
    Source: Elastic Load Balancing User Guide for Network Load Balancers, "Cross-zone load
        balancing".
    """
    if balancer.Type == "application":
        return Skip("an application load balancer always balances across zones")
    crossing = any(
        attribute.Value == "true"
        for attribute in balancer.LoadBalancerAttributes
        if attribute.Key == CROSS_ZONE
    )
    if not crossing:
        return Fail(
            "balances within each zone only",
            at="LoadBalancerAttributes",
            fix=lambda: balancer_attribute(balancer, CROSS_ZONE, "true"),
        )
