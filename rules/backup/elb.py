"""What protects load balancers from deletion."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, rule
from analyzer.policy.fixes import balancer_attribute


@rule("BAK-ELB-01", severity="medium", on="AWS::ElasticLoadBalancingV2::LoadBalancer")
def load_balancer_is_protected_from_deletion(balancer: Resource) -> Fail | None:
    """Load balancer is protected from deletion.

    A load balancer that is made again has another address, which clients and records do not know.

    Fix: set the attribute deletion_protection.enabled to true.
    Source: Elastic Load Balancing User Guide for Application Load Balancers, "Deletion protection".
    """
    protected = any(
        attribute.Value == "true"
        for attribute in balancer.LoadBalancerAttributes
        if attribute.Key == "deletion_protection.enabled"
    )
    if not protected:
        return Fail(
            "can be deleted by one call",
            at="LoadBalancerAttributes",
            fix=lambda: balancer_attribute(balancer, "deletion_protection.enabled", "true"),
        )
