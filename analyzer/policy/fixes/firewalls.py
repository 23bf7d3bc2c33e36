"""Web ACLs: the stack's own, or one that is added."""

from __future__ import annotations

from typing import Any

from analyzer.findings import Fix
from analyzer.model import Resource
from analyzer.policy.fixes.values import Template, attribute, ref

_ACL = "AWS::WAFv2::WebACL"
_GLOBAL_REGION = "us-east-1"  # AWS WAF Developer Guide: where web ACLs of scope CLOUDFRONT are
_SET = {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}
_NOTE = "watch in its metrics what the rule set stops before it goes live"


def distribution_firewall(distribution: Resource) -> Fix | None:
    """Set a distribution's web ACL; None where its stack cannot have one.

    AWS WAF Developer Guide, "Using AWS WAF with Amazon CloudFront".
    """
    if distribution.region != _GLOBAL_REGION:
        return None
    arn, add = _acl(distribution, "CLOUDFRONT")
    return Fix(set={"DistributionConfig/WebACLId": arn}, add=add, note=_NOTE if add else "")


def balancer_firewall(balancer: Resource) -> Fix:
    """Associate a load balancer with a web ACL.

    AWS WAF Developer Guide, "Associating or disassociating protection with an AWS resource".
    """
    arn, add = _acl(balancer, "REGIONAL")
    properties = {"ResourceArn": ref(balancer, balancer), "WebACLArn": arn}
    link = {"Type": "AWS::WAFv2::WebACLAssociation", "Properties": properties}
    return Fix(add={**add, f"{balancer.id}Firewall": link}, note=_NOTE if add else "")


def _acl(resource: Resource, scope: str) -> tuple[Template, dict[str, Any]]:
    """The ARN of the stack's web ACL of a scope, and what is added where there is none."""
    for acl in resource.inventory.of(_ACL):
        if acl.stack == resource.stack and acl.Scope == scope:
            return attribute(acl, "Arn", resource), {}
    name = f"{scope.title()}WebAcl"
    return {"Fn::GetAtt": [name, "Arn"]}, {name: _added(name, scope)}


def _added(name: str, scope: str) -> Template:
    common = {
        "Name": "common",
        "Priority": 0,
        "Statement": {"ManagedRuleGroupStatement": _SET},
        "OverrideAction": {"None": {}},
        "VisibilityConfig": _metrics(f"{name}Common"),
    }
    properties = {
        "Scope": scope,
        "DefaultAction": {"Allow": {}},
        "Rules": [common],
        "VisibilityConfig": _metrics(name),
    }
    return {"Type": _ACL, "Properties": properties}


def _metrics(name: str) -> Template:
    return {
        "CloudWatchMetricsEnabled": True,
        "MetricName": name,
        "SampledRequestsEnabled": True,
    }
