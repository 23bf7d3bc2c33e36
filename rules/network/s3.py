"""Buckets and everyone."""

from __future__ import annotations

from analyzer.iam import Rule, exposure_of
from analyzer.network import attached
from analyzer.policy import Fail, Fix, Resource, Skip, absent, rule
from analyzer.policy.fixes import own_account_only

BUCKETS = ("AWS::S3::Bucket", "AWS::S3::BucketPolicy")
READING = ("s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:ListBucketVersions")
WRITING = (
    *("s3:PutObject", "s3:PutObjectAcl", "s3:DeleteObject"),
    *("s3:PutBucketAcl", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"),
)
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


def _public(policy: Resource, actions: tuple[str, ...]) -> list[tuple[Rule, str]]:
    """The statements of a bucket's policy that let everyone do some of the actions, and which."""
    return [
        (statement, alone.named(actions))
        for statement, alone in exposure_of(policy.PolicyDocument, policy)
        .about(actions)
        .by_statement()
        if alone.opening
    ]


def _judged(resource: Resource, actions: tuple[str, ...], lists: tuple[str, ...]) -> list[Fail]:
    """What lets everyone in, by the bucket's access control list or by its policies."""
    block = resource.PublicAccessBlockConfiguration
    fails = []
    if any(resource.AccessControl == name for name in lists) and _heeds_lists(resource):
        fails.append(
            Fail(
                f"is open to everyone by its access control list, {resource.AccessControl}",
                at="AccessControl",
                fix=Fix(remove=("AccessControl",)),
            )
        )
    for policy in attached(resource, "AWS::S3::BucketPolicy", "Bucket"):
        public = _public(policy, actions)
        if public and not (block.BlockPublicPolicy or block.RestrictPublicBuckets):
            fails += [
                Fail(
                    f"lets everyone do {granted}",
                    on=policy,
                    at=statement.at,
                    fix=own_account_only(statement),
                )
                for statement, granted in public
            ]
    return fails


def _heeds_lists(bucket: Resource) -> bool:
    """Whether access control lists count: neither blocked nor disabled by the ownership."""
    block = bucket.PublicAccessBlockConfiguration
    return not (
        block.BlockPublicAcls
        or block.IgnorePublicAcls
        or any(
            controls.ObjectOwnership == "BucketOwnerEnforced"
            for controls in bucket.OwnershipControls.Rules
        )
    )


def _judged_with_its_bucket(policy: Resource, actions: tuple[str, ...]) -> Skip | None:
    """A policy counts with its bucket's switches; those of a bucket elsewhere are not known."""
    if _public(policy, actions):
        policy.follow("Bucket")
        return Skip("is judged with its bucket")
    return None


@rule("NET-S3-03", severity="critical", on=BUCKETS)
def bucket_is_not_publicly_readable(resource: Resource) -> list[Fail] | Skip | None:
    """Bucket is not publicly readable.

    What everyone may read is found by whoever tries names. A policy or list that the bucket's
    switches hold back does not count.

    Fix: name who may read, or serve the objects through CloudFront with an origin access control.
    Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage".
    """
    if resource.type == "AWS::S3::BucketPolicy":
        return _judged_with_its_bucket(resource, READING)
    return _judged(resource, READING, ("PublicRead", "PublicReadWrite", "AuthenticatedRead"))


@rule("NET-S3-04", severity="critical", on=BUCKETS)
def bucket_is_not_publicly_writable(resource: Resource) -> list[Fail] | Skip | None:
    """Bucket is not publicly writable.

    Where everyone may write, objects are replaced, deleted, or stored at this account's expense.

    Fix: name who may write.
    Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage".
    """
    if resource.type == "AWS::S3::BucketPolicy":
        return _judged_with_its_bucket(resource, WRITING)
    return _judged(resource, WRITING, ("PublicReadWrite",))
