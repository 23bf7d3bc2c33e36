"""Buckets and everyone."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, absent, rule

SWITCHES = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@rule("NET-S3-01", severity="high", on="AWS::S3::Bucket")
def bucket_blocks_public_access(bucket: Resource) -> Fail | None:
    """Bucket blocks public access on all four switches.

    The switches hold whatever an access control list or a policy says, today and after the next
    change. Only buckets made since April 2023 have them without being asked, and nothing here
    would bring them back once they are off.

    Fix: set all four switches of PublicAccessBlockConfiguration to true.
    Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage".
    """
    name = "PublicAccessBlockConfiguration"
    block = bucket.PublicAccessBlockConfiguration
    fix = {name: dict.fromkeys(SWITCHES, True)}
    if absent(block):
        return Fail("does not say that it blocks public access", at=name, fix=fix)
    off = [switch for switch in SWITCHES if not getattr(block, switch)]
    if off:
        return Fail(f"leaves public access open: {', '.join(off)} is not true", at=name, fix=fix)
