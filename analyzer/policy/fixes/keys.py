"""Keys of one's own that are added."""

from __future__ import annotations

from typing import Any

from analyzer.findings import Fix
from analyzer.iam.statements import policy_of
from analyzer.policy.fixes.values import OWN_ACCOUNT, OWN_PRINCIPALS, Template

_ACTIONS = ("Encrypt", "Decrypt", "ReEncrypt", "GenerateDataKey", "Describe")
_USES = ("Encrypt", "Decrypt", "ReEncrypt*", "GenerateDataKey*", "CreateGrant", "DescribeKey")
_GROUPS = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*"


def with_key(path: str, name: str, *more: Template) -> Fix:
    """Set a property to the ARN of a key that is added, which many resources may share."""
    return Fix(set={path: key_arn(name)}, add={name: key(name, *more)})


def key_arn(name: str) -> Template:
    """The ARN of an added key."""
    return {"Fn::GetAtt": [name, "Arn"]}


def key(name: str, *more: Template) -> dict[str, Any]:
    """A key that rotates and outlives its stack; the policies of the account say who uses it.

    AWS KMS Developer Guide, "Default key policy" and "Rotate AWS KMS keys".
    """
    own = {"Effect": "Allow", "Principal": OWN_PRINCIPALS, "Action": "kms:*", "Resource": "*"}
    return {
        "Type": "AWS::KMS::Key",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "Description": f"{name} of this stack",
            "EnableKeyRotation": True,
            "KeyPolicy": policy_of([own, *more]),
        },
    }


def for_logs() -> Template:
    """The statement that lets CloudWatch Logs use a key for the account's own log groups.

    Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
    """
    return {
        "Effect": "Allow",
        "Principal": {"Service": {"Fn::Sub": "logs.${AWS::Region}.${AWS::URLSuffix}"}},
        "Action": [f"kms:{action}*" for action in _ACTIONS],
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": {"Fn::Sub": _GROUPS}}},
    }


def through(service: str) -> Template:
    """The statement that lets those of the account who may use a service use a key for that.

    The service's own key has the same: without it everybody who reads would have to be given the
    right to use the key too. AWS Secrets Manager User Guide, "Secret encryption and decryption in
    AWS Secrets Manager", "Key policy of the AWS managed key".
    """
    return {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"kms:{action}" for action in _USES],
        "Resource": "*",
        "Condition": {
            "StringEquals": {
                "kms:CallerAccount": OWN_ACCOUNT,
                "kms:ViaService": {"Fn::Sub": f"{service}.${{AWS::Region}}.amazonaws.com"},
            }
        },
    }


def for_topics(*services: str) -> Template:
    """The statement that lets services publish to an encrypted topic, for the own account only.

    Amazon SNS Developer Guide, "Enable compatibility between event sources from AWS services and
    encrypted topics".
    """
    return {
        "Effect": "Allow",
        "Principal": {"Service": list(services)},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": OWN_ACCOUNT}},
    }
