"""What brings the objects of a bucket back."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, Skip, rule


@rule("BAK-S3-01", severity="medium", on="AWS::S3::Bucket")
def bucket_keeps_versions(bucket: Resource) -> Fail | None:
    """Bucket keeps versions.

    Without versions an object that is overwritten or deleted is gone.

    Fix: set VersioningConfiguration to Enabled.
    Source: Amazon S3 User Guide, "Retaining multiple versions of objects with S3 Versioning".
    """
    if bucket.VersioningConfiguration.Status != "Enabled":
        return Fail(
            "keeps no versions of its objects",
            at="VersioningConfiguration/Status",
            fix={"VersioningConfiguration": {"Status": "Enabled"}},
        )


@rule("BAK-S3-04", severity="medium", on="AWS::S3::Bucket")
def bucket_has_object_lock(bucket: Resource) -> Fail | None:
    """Bucket has object lock with a default retention.

    A locked version cannot be deleted before its time, by nobody in compliance mode.

    Fix: set ObjectLockEnabled, and a DefaultRetention in ObjectLockConfiguration.
    Source: Amazon S3 User Guide, "Locking objects with Object Lock".
    """
    if not bucket.ObjectLockEnabled:
        return Fail("lets every version be deleted", at="ObjectLockEnabled")
    if not bucket.ObjectLockConfiguration.Rule.DefaultRetention:
        return Fail("locks no object by default", at="ObjectLockConfiguration")


@rule("BAK-S3-05", severity="low", on="AWS::S3::Bucket")
def bucket_replicates_to_another_region(bucket: Resource) -> Fail | None:
    """Bucket replicates to another bucket.

    A copy in another region survives what happens to this one.

    Fix: add a ReplicationConfiguration with an enabled rule whose destination is in another region.
    Source: Amazon S3 User Guide, "Replicating objects within and across Regions".
    """
    if not any(copy.Status == "Enabled" for copy in bucket.ReplicationConfiguration.Rules):
        return Fail("has no copy in another region", at="ReplicationConfiguration")


@rule("BAK-S3-06", severity="low", on="AWS::S3::Bucket", where="accounts")
def deleting_versions_asks_for_a_second_factor(bucket: Resource) -> Fail | Skip | None:
    """Deleting a version asks for a second factor.

    Otherwise whoever takes over an administrator's session deletes the versions too. Only the root
    user can turn it on.

    Fix: turn on MFA delete with the root user, or lock the objects.
    Source: Amazon S3 User Guide, "Configuring MFA delete".
    """
    if bucket.VersioningConfiguration.Status != "Enabled":
        return Skip("keeps no versions")
    if bucket.Live.MfaDelete != "Enabled":
        return Fail("lets versions be deleted without a second factor")
