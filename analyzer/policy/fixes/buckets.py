"""What is added to the policies of buckets."""

from __future__ import annotations

from analyzer.findings import Fix
from analyzer.iam.statements import policy_of, statements
from analyzer.model import Resource
from analyzer.network import attached
from analyzer.policy.fixes.values import Template, attribute, ref

_POLICY = "AWS::S3::BucketPolicy"
_ENCRYPTION = "BucketEncryption/ServerSideEncryptionConfiguration"


def tls_only_statement(bucket: Resource, of: Resource) -> Template:
    """The statement that refuses what does not come through TLS.

    Amazon S3 User Guide, "Security best practices for Amazon S3", "Enforce encryption of data in
    transit".
    """
    return {
        "Sid": "DenyPlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [attribute(bucket, "Arn", of), objects_of(bucket, of)],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def objects_of(bucket: Resource, of: Resource) -> Template:
    """The ARN of all objects of a bucket."""
    return {"Fn::Sub": f"${{{ref(bucket, of)['Ref']}.Arn}}/*"}


def tls_only(bucket: Resource) -> Fix:
    """Refuse plain HTTP in the bucket's policy, or in a new one where it has none.

    A bucket has one policy: Amazon S3 User Guide, "Bucket policies for Amazon S3".
    """
    for policy in attached(bucket, _POLICY, "Bucket"):
        return with_statement(bucket, tls_only_statement(bucket, policy), policy)
    return with_statement(bucket, tls_only_statement(bucket, bucket), bucket)


def with_statement(bucket: Resource, statement: Template, of: Resource) -> Fix:
    """Add a statement, written for a stack, to the bucket's policy or in a new one."""
    for policy in attached(bucket, _POLICY, "Bucket"):
        ref(policy, of)
        return Fix(elsewhere={policy.key: {"PolicyDocument/Statement/-": statement}})
    document = policy_of([statement])
    properties = {"Bucket": ref(bucket, of), "PolicyDocument": document}
    return Fix(add={f"{bucket.id}Policy": {"Type": _POLICY, "Properties": properties}})


def encrypted_by_kms(bucket: Resource) -> Fix:
    """Encrypt with the account's own KMS key by default, which serves nobody from outside.

    Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys (SSE-KMS)". Services and
    other accounts come by the bucket's policy: Amazon CloudFront Developer Guide, "Restrict access
    to an Amazon S3 origin", SSE-KMS; Amazon VPC User Guide, "Publish flow logs to Amazon S3".
    """
    comes = [
        policy.label
        for policy in attached(bucket, _POLICY, "Bucket")
        if any(statement.allows for statement in statements(policy.PolicyDocument))
    ]
    note = f"name a key that whom {' and '.join(comes)} admits may use" if comes else ""
    return Fix(set=default_encryption(bucket, "aws:kms"), note=note)


def default_encryption(bucket: Resource, algorithm: str) -> dict[str, object]:
    """Encrypt new objects with an algorithm, in the rule that the bucket has or in a first one.

    Amazon S3 User Guide, "Setting default server-side encryption behavior for Amazon S3 buckets".
    """
    by_default = {"SSEAlgorithm": algorithm}
    if not bucket.BucketEncryption.ServerSideEncryptionConfiguration:
        first: dict[str, object] = {"ServerSideEncryptionByDefault": by_default}
        if algorithm != "AES256":
            first["BucketKeyEnabled"] = True
        return {f"{_ENCRYPTION}/-": first}
    fix: dict[str, object] = {f"{_ENCRYPTION}/0/ServerSideEncryptionByDefault": by_default}
    if algorithm != "AES256":
        fix[f"{_ENCRYPTION}/0/BucketKeyEnabled"] = True
    return fix
