"""Distributions that outlive the loss of an origin."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, rule


@rule("MAZ-CF-01", severity="low", on="AWS::CloudFront::Distribution")
def distribution_can_switch_origin(distribution: Resource) -> Fail | None:
    """Distribution can switch to a second origin.

    With an origin group, CloudFront asks the second origin when the first fails.

    Fix: add an origin group with failover criteria, and target it from the cache behaviours.
    Source: Amazon CloudFront Developer Guide, "Optimize high availability with CloudFront origin
        failover".
    """
    if not distribution.DistributionConfig.OriginGroups.Items:
        return Fail("has no second origin to switch to", at="DistributionConfig/OriginGroups")
