"""Buckets: encrypted where objects lie, and on the way."""

from __future__ import annotations

from analyzer.iam import denies_clear_text, statements
from analyzer.network import attached
from analyzer.policy import Fail, Resource, absent, rule
from analyzer.policy.fixes import default_encryption, encrypted_by_kms, tls_only

KMS = ("aws:kms", "aws:kms:dsse")


def _algorithms(bucket: Resource) -> list[object]:
    return [
        entry.ServerSideEncryptionByDefault.SSEAlgorithm
        for entry in bucket.BucketEncryption.ServerSideEncryptionConfiguration
    ]


@rule("ENC-S3-01", severity="low", on="AWS::S3::Bucket")
def bucket_has_default_encryption(bucket: Resource) -> Fail | None:
    """Bucket has a default encryption rule.

    Since January 2023 S3 encrypts every new object with its own keys, also where a bucket says
    nothing; a configuration without an algorithm leaves it open what is meant.

    Fix: name an SSEAlgorithm in ServerSideEncryptionByDefault, or leave BucketEncryption out.
    Source: Amazon S3 User Guide, "Setting default server-side encryption behavior for Amazon S3
        buckets".
    """
    if absent(bucket.BucketEncryption):
        return None
    if not any(_algorithms(bucket)):
        return Fail(
            "configures encryption without an algorithm",
            at="BucketEncryption",
            fix=default_encryption(bucket, "AES256"),
        )


@rule("ENC-S3-02", severity="medium", on="AWS::S3::Bucket")
def bucket_uses_a_kms_key(bucket: Resource) -> Fail | None:
    """Bucket uses a KMS key by default.

    With S3's own keys, whoever may read the object may read it in clear; a key is a second door,
    with a log of its own.

    Fix: set SSEAlgorithm to aws:kms, with KMSMasterKeyID, and BucketKeyEnabled to keep it cheap.
    Source: Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys (SSE-KMS)".
    """
    if not any(algorithm in KMS for algorithm in _algorithms(bucket)):
        return Fail(
            "encrypts with the keys of S3, not with one of KMS",
            at="BucketEncryption",
            fix=lambda: encrypted_by_kms(bucket),
        )


@rule("ENC-S3-03", severity="medium", on="AWS::S3::Bucket")
def bucket_refuses_clear_text(bucket: Resource) -> Fail | None:
    """Bucket policy denies plain HTTP.

    S3 answers on plain HTTP too, where objects and signatures are read on the way.

    Fix: deny everyone s3:*, when aws:SecureTransport is false, on the bucket and its objects.
    Source: Amazon S3 User Guide, "Security best practices for Amazon S3", section on encryption in
        transit.
    """
    policies = attached(bucket, "AWS::S3::BucketPolicy", "Bucket")
    if not any(
        denies_clear_text(statement)
        for policy in policies
        for statement in statements(policy.PolicyDocument)
    ):
        return Fail(
            "answers on plain HTTP: no policy that was read denies it",
            fix=lambda: tls_only(bucket),
        )
