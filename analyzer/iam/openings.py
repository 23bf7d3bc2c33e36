"""A resource's policy as an exposure: which document it is, and what else keeps strangers out."""

from __future__ import annotations

from typing import Any

from analyzer.iam.exposure import Exposure
from analyzer.iam.grants import layer
from analyzer.iam.service_reference import service_reference
from analyzer.model import Resource
from analyzer.unknown import Undecided, Unknown


def exposure_of(
    document: Any, owner: Resource, *, is_trust: bool = False, restricted: bool = False
) -> Exposure:
    """Whom a document of a resource lets in; see `Exposure`.

    Raises `Undecided` where the document is not known.
    """
    reference = service_reference()
    return Exposure(
        layer([document], reference, kind="trust" if is_trust else "resource"),
        reference,
        owner.account,
        is_trust,
        restricted,
        owner.inventory,
    )


def is_restricted(owner: Resource) -> bool:
    """Whether S3 keeps strangers out of a bucket whatever its policy says; a choice if not known.

    Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage".
    """
    if owner.type != "AWS::S3::BucketPolicy":
        return False
    accounts = owner.inventory.declared("AWS::::Account")
    if any(account.Live.PublicAccessBlock.RestrictPublicBuckets for account in accounts):
        return True
    try:
        bucket = owner.follow("Bucket")
    except Undecided as error:
        bucket = Unknown(error.subject, error.reason)
    return bool(bucket.PublicAccessBlockConfiguration.RestrictPublicBuckets)
