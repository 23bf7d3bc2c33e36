"""Load balancers that face the internet."""

from __future__ import annotations

from analyzer.network import attached
from analyzer.policy import Fail, Resource, Skip, rule
from analyzer.policy.fixes import balancer_firewall

_ASSOCIATIONS = ("AWS::WAFv2::WebACLAssociation", "AWS::WAFRegional::WebACLAssociation")


@rule("NET-ELB-01", severity="medium", on="AWS::ElasticLoadBalancingV2::LoadBalancer")
def public_load_balancer_has_a_web_acl(balancer: Resource) -> Fail | Skip | None:
    """Public load balancer has a web ACL.

    A web ACL stops known attacks and floods before they reach the application.

    Fix: add an AWS::WAFv2::WebACLAssociation whose ResourceArn is the load balancer.
    Source: AWS WAF Developer Guide, "Resources that you can protect with AWS WAF".
    """
    if balancer.Type == "network" or balancer.Type == "gateway":  # noqa: PLR1714 - may be unknown
        return Skip("is no application load balancer: a web ACL cannot be associated")
    if balancer.Scheme == "internal":
        return Skip("does not face the internet")
    for type_ in _ASSOCIATIONS:
        for _ in attached(balancer, type_, "ResourceArn"):
            return None
    return Fail(
        "faces the internet, and nothing that was read gives it a web ACL",
        fix=lambda: balancer_firewall(balancer),
    )
