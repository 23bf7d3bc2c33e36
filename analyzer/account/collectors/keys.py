"""Keys and secrets: who may use them, whether they change, and where they end."""

from __future__ import annotations

from analyzer.account.collector import Call, Collector, Read, same

KEY = "AWS::KMS::Key"
_SECRET = "AWS::SecretsManager::Secret"  # noqa: S105 - a type's name
_SECRETS = Call("secretsmanager", "ListSecrets", "SecretList[]")
_KEYS = (
    Call("kms", "ListKeys", "Keys[]"),
    Call("kms", "DescribeKey", "KeyMetadata", given={"KeyId": "KeyId"}),
)

COLLECTORS = (
    Collector(
        KEY,
        _KEYS,
        arn="Arn",
        names=("KeyId",),
        properties={
            **same("Description KeyUsage KeySpec Origin MultiRegion"),
            "Enabled": "Enabled",
        },
        never="PendingWindowInDays",
        live={
            "KeyManager": "KeyManager",
            "KeyState": "KeyState",
            "DeletionDate": "DeletionDate",
        },
        reads=(
            Read(
                Call(
                    "kms",
                    "GetKeyRotationStatus",
                    given={"KeyId": "KeyId"},
                    absent=("UnsupportedOperationException", "KMSInvalidStateException"),
                ),
                properties={
                    "EnableKeyRotation": "KeyRotationEnabled",
                    "RotationPeriodInDays": "RotationPeriodInDays",
                },
            ),
            Read(
                Call(
                    "kms",
                    "GetKeyPolicy",
                    given={"KeyId": "KeyId"},
                    fixed={"PolicyName": "default"},
                ),
                properties={"KeyPolicy": "from_json(Policy)"},
            ),
            Read(
                Call(
                    "kms",
                    "ListResourceTags",
                    given={"KeyId": "KeyId"},
                    absent=("UnsupportedOperationException",),
                ),
                properties={"Tags": "Tags[].{Key: TagKey, Value: TagValue}"},
            ),
        ),
    ),
    Collector(
        "AWS::KMS::Alias",
        (Call("kms", "ListAliases", "Aliases[?TargetKeyId]"),),
        arn="AliasArn",
        names=("AliasName",),
        properties={"AliasName": "AliasName", "TargetKeyId": "TargetKeyId"},
        links={"TargetKeyId": KEY},
    ),
    Collector(
        _SECRET,
        (_SECRETS,),
        arn="ARN",
        names=("Name",),
        properties={**same("Name Description KmsKeyId Tags")},
        links={"KmsKeyId": f"{KEY} AWS::KMS::Alias"},
        never="SecretString GenerateSecretString",
        live={
            "RotationEnabled": "RotationEnabled",
            "LastChanged": "LastChangedDate",
            "LastRotated": "LastRotatedDate",
        },
    ),
    Collector(
        "AWS::SecretsManager::RotationSchedule",
        (Call("secretsmanager", "ListSecrets", "SecretList[?RotationEnabled]"),),
        arn="join('/', [ARN, 'rotation'])",
        properties={
            "SecretId": "ARN",
            "RotationLambdaARN": "RotationLambdaARN",
            "RotationRules": "RotationRules",
        },
        links={"SecretId": _SECRET, "RotationLambdaARN": "AWS::Lambda::Function"},
        never="HostedRotationLambda",
    ),
    Collector(
        "AWS::SecretsManager::ResourcePolicy",
        (_SECRETS,),
        arn="join('/', [ARN, 'policy'])",
        properties={"SecretId": "ARN"},
        links={"SecretId": _SECRET},
        reads=(
            Read(
                Call(
                    "secretsmanager",
                    "GetResourcePolicy",
                    "@",
                    given={"SecretId": "ARN"},
                    absent=("ResourceNotFoundException",),
                ),
                properties={
                    "ResourcePolicy": "from_json(ResourcePolicy) || {Statement: `[]`}",
                },
                essential=True,
            ),
        ),
    ),
)
