"""Policies of resources: keys, buckets and secrets that others may use."""

from __future__ import annotations

from functools import partial

from analyzer.iam import exposure_of, policy_document
from analyzer.policy import Fail, Resource, absent, rule
from analyzer.policy.fixes import (
    OWN_ACCOUNT,
    for_own_account,
    own_account_only,
    without_actions,
)

OWN = {"SourceAccount": OWN_ACCOUNT}
# What another account must not do to a bucket (AWS Security Hub, control S3.6).
DANGEROUS = (
    "s3:DeleteBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutBucketPolicy",
    "s3:PutEncryptionConfiguration",
    "s3:PutObjectAcl",
)


RESOURCES = (
    "AWS::Backup::BackupVault",
    "AWS::ECR::Repository",
    "AWS::KMS::Key",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::TopicInlinePolicy",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::QueueInlinePolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SecretsManager::ResourcePolicy",
)


@rule("IAM-KMS-01", severity="critical", on="AWS::KMS::Key")
def key_is_not_for_everyone(key: Resource) -> list[Fail]:
    """Key policy does not admit everyone.

    Whoever may use the key reads what it encrypts, from any account.

    Fix: name accounts, roles or services, or add a condition such as kms:CallerAccount.
    Source: AWS KMS Developer Guide, "Key policies in AWS KMS".
    """
    return [
        Fail(
            "lets everyone use the key",
            at=(*statement.at, "Principal"),
            fix=own_account_only(statement),
        )
        for statement, alone in exposure_of(key.KeyPolicy, key).by_statement()
        if alone.opening
    ]


@rule("IAM-S3-01", severity="high", on="AWS::S3::BucketPolicy")
def bucket_policy_limits_foreign_accounts(
    policy: Resource, *, trusted_accounts: tuple[str, ...] = ()
) -> list[Fail]:
    """Bucket policy gives foreign accounts no power over the bucket.

    An account that may change the bucket's policy or its objects' permissions owns the data.

    Fix: grant foreign accounts the reading and writing of objects only; name the accounts of the
        own organisation in trusted_accounts.
    Source: AWS Security Hub User Guide, "Security Hub controls for Amazon S3", S3.6.
    """
    dangerous = exposure_of(policy.PolicyDocument, policy).about(DANGEROUS)
    everyone = [
        Fail(
            f"lets everyone do {alone.named(DANGEROUS)}",
            at=(*statement.at, "Action"),
            fix=partial(without_actions, statement, DANGEROUS),
        )
        for statement, alone in dangerous.by_statement()
        if alone.opening
    ]
    accounts = [
        Fail(
            f"lets account {account} do {alone.named(DANGEROUS)}",
            at=(*statement.at, "Action"),
            fix=partial(without_actions, statement, DANGEROUS),
        )
        for statement, alone in dangerous.by_statement()
        for account in alone.unproven
        if account not in trusted_accounts
    ]
    return everyone + accounts


@rule("IAM-SEC-01", severity="high", on="AWS::SecretsManager::ResourcePolicy")
def secret_is_not_for_everyone(policy: Resource) -> list[Fail]:
    """Secret policy does not admit everyone.

    A secret that every account may read is none.

    Fix: name accounts, roles or services.
    Source: AWS Secrets Manager User Guide, "Resource-based policies".
    """
    return [
        Fail(
            "lets everyone use the secret",
            at=(*statement.at, "Principal"),
            fix=own_account_only(statement),
        )
        for statement, alone in exposure_of(policy.ResourcePolicy, policy).by_statement()
        if alone.opening
    ]


@rule("IAM-DEP-01", severity="medium", on=RESOURCES)
def services_say_for_whom_they_act(
    resource: Resource,
    *,
    sourceless_services: tuple[str, ...] = ("logdelivery.elasticloadbalancing.amazonaws.com",),
) -> list[Fail]:
    """Services say for whom they act.

    A service that may use the resource uses it for every customer who asks, unless a condition says
    for whose resource it has to act. The ARN of a bucket names no account: a deleted bucket's name
    can be taken by somebody else.

    Fix: add a condition on aws:SourceArn, aws:SourceAccount or aws:SourceOrgID; services that send
        none of them stand in sourceless_services.
    Source: IAM User Guide, "The confused deputy problem".
    """
    return [
        Fail(
            f"lets {service} act for anybody",
            at=(*statement.at, "Principal"),
            fix=for_own_account(statement),
        )
        for statement, alone in exposure_of(policy_document(resource), resource).by_statement()
        for service in alone.deputies
        if service not in sourceless_services
    ]


@rule("IAM-DEP-02", severity="medium", on="AWS::Lambda::Permission")
def function_is_invoked_for_a_named_source(permission: Resource) -> Fail | None:
    """Function is invoked by services for a named source.

    Without a source, every customer of the service makes it invoke the function. The ARN of a
    bucket names no account: it needs SourceAccount beside it.

    Fix: set SourceArn, and SourceAccount where the ARN has no account.
    Source: AWS Lambda Developer Guide, "Granting Lambda function access to AWS services".
    """
    if not permission.Principal.endswith(".amazonaws.com"):
        return None
    if not absent(permission.SourceAccount) or not absent(permission.PrincipalOrgID):
        return None
    if absent(permission.SourceArn):
        return Fail(
            f"lets {permission.Principal} invoke the function for anybody", at="Principal", fix=OWN
        )
    if permission.SourceArn.startswith("arn:aws:s3:::"):
        return Fail("names a bucket, whose name another account can take", at="SourceArn", fix=OWN)
