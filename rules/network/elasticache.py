"""Caches and the internet."""

from __future__ import annotations

from analyzer.network import public_subnets
from analyzer.policy import Fail, Resource, rule
from analyzer.policy.fixes import without_public


@rule("NET-EC-01", severity="high", on="AWS::ElastiCache::SubnetGroup")
def cache_sits_in_private_subnets(group: Resource) -> Fail | None:
    """Cache sits in private subnets.

    A cache often asks for no password; the network is what protects it.

    Fix: keep the public subnets out of the cache's subnet group.
    Source: Amazon ElastiCache User Guide, "Subnets and subnet groups".
    """
    subnets = public_subnets(group, "SubnetIds")
    if subnets:
        names = ", ".join(subnet.id for subnet in subnets)
        return Fail(
            f"holds public subnets: {names}",
            at="SubnetIds",
            fix=lambda: without_public(group, "SubnetIds"),
        )
