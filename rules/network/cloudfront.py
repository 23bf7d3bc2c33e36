"""Distributions: their web ACL, and how they reach their buckets."""

from __future__ import annotations

from functools import partial

from analyzer.policy import Fail, Resource, Skip, absent, rule
from analyzer.policy.fixes import distribution_firewall, with_access_control


@rule("NET-CF-01", severity="medium", on="AWS::CloudFront::Distribution")
def distribution_has_a_web_acl(distribution: Resource) -> Fail | None:
    """Distribution has a web ACL.

    A web ACL stops known attacks and floods at the edge, before they cost anything behind it.

    Fix: set WebACLId to the ARN of a web ACL of scope CLOUDFRONT.
    Source: Amazon CloudFront Developer Guide, "Use AWS WAF protections".
    """
    if not distribution.DistributionConfig.WebACLId:
        return Fail(
            "has no web ACL",
            at="DistributionConfig/WebACLId",
            fix=lambda: distribution_firewall(distribution),
        )


@rule("NET-CF-02", severity="medium", on="AWS::CloudFront::Distribution")
def bucket_origin_has_an_access_control(distribution: Resource) -> list[Fail] | Skip:
    """Bucket origin is reached through an access control.

    With an origin access control the bucket answers this distribution only; without it the bucket
    has to be public, or the distribution cannot read it. An origin access identity is its
    predecessor, which knows neither every region nor KMS keys.

    Fix: set OriginAccessControlId of the origin, and name the distribution in the bucket's policy.
    Source: Amazon CloudFront Developer Guide, "Restrict access to an Amazon S3 origin".
    """
    buckets = [
        origin
        for origin in distribution.DistributionConfig.Origins
        if not absent(origin.S3OriginConfig)
    ]
    if not buckets:
        return Skip("has no bucket as origin")
    return [
        Fail(
            f"reaches the origin {origin.Id} by an origin access identity"
            if origin.S3OriginConfig.OriginAccessIdentity
            else f"reaches the origin {origin.Id} as everyone does",
            at=origin.at("OriginAccessControlId"),
            fix=partial(with_access_control, origin),
        )
        for origin in buckets
        if not origin.OriginAccessControlId
    ]
