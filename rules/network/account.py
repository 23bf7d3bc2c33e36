"""What an account shows to everybody: its buckets, its snapshots, its images."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, absent, rule

SWITCHES = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@rule("NET-S3-02", severity="medium", on="AWS::::Account", where="accounts")
def account_blocks_public_buckets(account: Resource) -> Fail | None:
    """Account blocks public access to all of its buckets.

    The switches of the account hold for every bucket, also for one that is made tomorrow.

    Fix: turn on all four switches of Block Public Access for the account; serve what must be public
        through CloudFront.
    Source: Amazon S3 User Guide, "Configuring block public access settings for your account".
    """
    block = account.Live.PublicAccessBlock
    if absent(block):
        return Fail("has no switches against public buckets")
    off = [switch for switch in SWITCHES if not getattr(block, switch)]
    if off:
        return Fail(f"leaves public buckets possible: {', '.join(off)} is not true")


@rule("NET-EBS-01", severity="critical", on="AWS::EC2::Snapshot", where="accounts")
def snapshot_is_not_shared_with_everyone(snapshot: Resource) -> Fail | None:
    """Snapshot of a volume is not shared with everyone.

    Every account of AWS can make a volume from it, and read what was on the disk.

    Fix: take the group "all" out of the snapshot's permissions.
    Source: Amazon EBS User Guide, "Share an Amazon EBS snapshot with other AWS accounts".
    """
    if snapshot.Live.Public:
        return Fail("can be restored by every account of AWS")


@rule("NET-AMI-01", severity="high", on="AWS::EC2::Image", where="accounts")
def image_is_not_public(image: Resource) -> Fail | None:
    """Machine image is not public.

    Images carry keys, histories and configuration that nobody meant to publish.

    Fix: make the image private; name the accounts that may start it.
    Source: Amazon EC2 User Guide, "Make your AMI publicly available for use in Amazon EC2".
    """
    if image.Live.Public:
        return Fail("can be started by every account of AWS")
