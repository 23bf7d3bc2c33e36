"""Keys of one's own, and keys that rotate."""

from __future__ import annotations

from analyzer.policy import Fail, Fix, Resource, Skip, absent, rule
from analyzer.policy.fixes import for_logs, for_topics, key, key_arn, through, with_key

PUBLISHERS = ("cloudwatch.amazonaws.com", "s3.amazonaws.com")


@rule("ENC-KMS-01", severity="medium", on="AWS::KMS::Key")
def key_rotates(key: Resource) -> Fail | Skip | None:
    """Customer key rotates.

    What was encrypted before a key leaked stays readable for ever when the key never changes.

    Fix: set EnableKeyRotation to true.
    Source: AWS KMS Developer Guide, "Rotate AWS KMS keys".
    """
    if key.KeySpec != "SYMMETRIC_DEFAULT" or key.Origin != "AWS_KMS":
        return Skip("KMS rotates symmetric keys of its own making only")
    if not key.EnableKeyRotation:
        return Fail("never rotates", at="EnableKeyRotation", fix={"EnableKeyRotation": True})


@rule("ENC-LOG-01", severity="low", on="AWS::Logs::LogGroup")
def logs_use_a_key(group: Resource) -> Fail | None:
    """Log group uses a KMS key.

    CloudWatch encrypts logs with a key of its own; with yours, reading them takes the right to use
    it.

    Fix: set KmsKeyId to a key whose policy admits CloudWatch Logs.
    Source: Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
    """
    if absent(group.KmsKeyId):
        return Fail(
            "is encrypted with CloudWatch's own key only",
            at="KmsKeyId",
            fix=with_key("KmsKeyId", "LogsKey", for_logs()),
        )


@rule("ENC-SEC-01", severity="low", on="AWS::SecretsManager::Secret")
def secret_uses_a_key(secret: Resource) -> Fail | None:
    """Secret uses a customer key.

    The key aws/secretsmanager is for the whole account, and cannot be shared or shut.

    Fix: set KmsKeyId to a key of your own.
    Source: AWS Secrets Manager User Guide, "Secret encryption and decryption in AWS Secrets
        Manager".
    """
    if absent(secret.KmsKeyId) or secret.KmsKeyId == "alias/aws/secretsmanager":
        return Fail(
            "is encrypted with the account's shared key",
            at="KmsKeyId",
            fix=with_key("KmsKeyId", "SecretsKey", through("secretsmanager")),
        )


@rule("ENC-ECR-01", severity="low", on="AWS::ECR::Repository")
def images_use_a_key(repository: Resource) -> Fail | None:
    """Image repository uses a KMS key.

    With a key, reading an image takes the right to use it, and each use is logged.

    Fix: set EncryptionConfiguration to KMS; an existing repository is replaced.
    Source: Amazon ECR User Guide, "Encryption at rest".
    """
    if repository.EncryptionConfiguration.EncryptionType not in ("KMS", "KMS_DSSE"):
        return Fail(
            "is encrypted with the keys of S3",
            at="EncryptionConfiguration",
            fix={"EncryptionConfiguration": {"EncryptionType": "KMS"}},
        )


@rule("ENC-BAK-01", severity="low", on="AWS::Backup::BackupVault")
def vault_uses_a_key(vault: Resource) -> Fail | None:
    """Backup vault uses a customer key.

    Backups under the service's own key cannot be copied to another account.

    Fix: set EncryptionKeyArn to a key of your own.
    Source: AWS Backup Developer Guide, "Encryption for backups in AWS Backup".
    """
    if absent(vault.EncryptionKeyArn):
        return Fail(
            "is encrypted with the key of AWS Backup",
            at="EncryptionKeyArn",
            fix=with_key("EncryptionKeyArn", "BackupKey"),
        )


@rule("ENC-SQS-01", severity="medium", on="AWS::SQS::Queue")
def queue_is_encrypted(queue: Resource) -> Fail | None:
    """Queue is encrypted.

    SQS encrypts new queues with keys of its own unless a queue turns that off.

    Fix: remove SqsManagedSseEnabled, or set KmsMasterKeyId.
    Source: Amazon SQS Developer Guide, "Encryption at rest in Amazon SQS".
    """
    if absent(queue.KmsMasterKeyId) and not queue.SqsManagedSseEnabled:
        return Fail(
            "keeps its messages unencrypted",
            at="SqsManagedSseEnabled",
            fix={"SqsManagedSseEnabled": True},
        )


@rule("ENC-SNS-01", severity="medium", on="AWS::SNS::Topic")
def topic_is_encrypted(topic: Resource) -> Fail | None:
    """Topic is encrypted with a KMS key.

    Messages lie on disks until they are delivered.

    Fix: set KmsMasterKeyId.
    Source: Amazon SNS Developer Guide, "Securing Amazon SNS data with server-side encryption".
    """
    if absent(topic.KmsMasterKeyId):
        return Fail(
            "keeps its messages unencrypted",
            at="KmsMasterKeyId",
            fix=Fix(
                set={"KmsMasterKeyId": key_arn("MessagesKey")},
                add={"MessagesKey": key("MessagesKey", through("sns"), for_topics(*PUBLISHERS))},
                note="let who else publishes to it use the key",
            ),
        )


@rule("ENC-DDB-01", severity="low", on="AWS::DynamoDB::Table")
def table_uses_a_key(table: Resource) -> Fail | None:
    """Table uses a KMS key.

    DynamoDB encrypts with a key of its own; with KMS, reading takes the right to use the key.

    Fix: set SSEEnabled of SSESpecification to true.
    Source: Amazon DynamoDB Developer Guide, "DynamoDB encryption at rest".
    """
    if not table.SSESpecification.SSEEnabled:
        return Fail(
            "is encrypted with DynamoDB's own key",
            at="SSESpecification",
            fix={"SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"}},
        )
