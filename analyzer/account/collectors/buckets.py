"""Buckets: one list for the account, and a small read for each of their configurations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyzer.account.collector import Call, Collector, Mapped, Read

_BUCKET = "AWS::S3::Bucket"
_BUCKETS = Call("s3", "ListBuckets", "Buckets[]", action="s3:ListAllMyBuckets")
_EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"
_ANY_ACCOUNT = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
_LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
_WRITES = {"WRITE", "WRITE_ACP", "FULL_CONTROL"}
# Codes that say that a bucket was deleted meanwhile.
_GONE = ("NoSuchBucket",)


def _canned(answer: Mapping[str, Any]) -> str:
    """The canned list that opens a bucket as far as its grants do."""
    granted: dict[str, set[str]] = {}
    for grant in answer.get("Grants", ()):
        whom = grant.get("Grantee", {}).get("URI", "")
        granted.setdefault(whom, set()).add(grant.get("Permission", ""))
    if granted.get(_EVERYBODY, set()) & _WRITES or granted.get(_ANY_ACCOUNT, set()) & _WRITES:
        return "PublicReadWrite"
    if _EVERYBODY in granted:
        return "PublicRead"
    if _ANY_ACCOUNT in granted:
        return "AuthenticatedRead"
    return "LogDeliveryWrite" if _LOG_DELIVERY in granted else "Private"


def _lifecycle(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {"Rules": [_lifecycle_rule(rule) for rule in answer.get("Rules", ())]}


def _lifecycle_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as CloudFormation spells it."""
    expiration = rule.get("Expiration") or {}
    filter_ = rule.get("Filter") or {}
    chosen = filter_.get("And") or filter_
    return {
        "Id": rule.get("ID"),
        "Status": rule.get("Status"),
        "Prefix": rule.get("Prefix") or chosen.get("Prefix") or None,
        "TagFilters": chosen.get("Tags") or ([filter_["Tag"]] if "Tag" in filter_ else None),
        "ObjectSizeGreaterThan": chosen.get("ObjectSizeGreaterThan"),
        "ObjectSizeLessThan": chosen.get("ObjectSizeLessThan"),
        "ExpirationInDays": expiration.get("Days"),
        "ExpirationDate": expiration.get("Date"),
        "ExpiredObjectDeleteMarker": expiration.get("ExpiredObjectDeleteMarker"),
        "Transitions": [
            {
                "StorageClass": transition.get("StorageClass"),
                "TransitionInDays": transition.get("Days"),
                "TransitionDate": transition.get("Date"),
            }
            for transition in rule.get("Transitions", ())
        ]
        or None,
        "NoncurrentVersionExpiration": rule.get("NoncurrentVersionExpiration"),
        "NoncurrentVersionTransitions": [
            {
                "StorageClass": transition.get("StorageClass"),
                "TransitionInDays": transition.get("NoncurrentDays"),
                "NewerNoncurrentVersions": transition.get("NewerNoncurrentVersions"),
            }
            for transition in rule.get("NoncurrentVersionTransitions", ())
        ]
        or None,
        "AbortIncompleteMultipartUpload": rule.get("AbortIncompleteMultipartUpload"),
    }


def _replication_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as CloudFormation spells it."""
    spelled = {"ID": "Id"}
    shaped = {spelled.get(name, name): value for name, value in rule.items()}
    shaped.pop("ExistingObjectReplication", None)
    filter_ = rule.get("Filter")
    if filter_ is not None:
        both = filter_.get("And") or {}
        shaped["Filter"] = {
            "Prefix": filter_.get("Prefix"),
            "TagFilter": filter_.get("Tag"),
            "And": {"Prefix": both.get("Prefix"), "TagFilters": both.get("Tags")},
        }
    return shaped


def _replication(answer: Mapping[str, Any]) -> dict[str, Any]:
    configuration = answer.get("ReplicationConfiguration") or {}
    rules = [_replication_rule(rule) for rule in configuration.get("Rules", ())]
    return {"Role": configuration.get("Role"), "Rules": rules}


def _region(answer: Mapping[str, Any]) -> str:
    """Where a bucket stands: the oldest region has no name, the oldest in Europe another."""
    constraint = answer.get("LocationConstraint")
    return "eu-west-1" if constraint == "EU" else constraint or "us-east-1"


def _read(
    operation: str, action: str, properties: Mapping[str, Mapped], *absent: str, live: Any = None
) -> Read:
    call = Call(
        "s3", operation, given={"Bucket": "Name"}, absent=(*absent, *_GONE), action=f"s3:{action}"
    )
    return Read(call, properties=properties, live=live or {})


COLLECTORS = (
    Collector(
        _BUCKET,
        (_BUCKETS,),
        arn="arn:{partition}:s3:::{Name}",
        names=("Name",),
        properties={"BucketName": "Name"},
        live={"Created": "CreationDate"},
        links={
            "LoggingConfiguration.DestinationBucketName": _BUCKET,
            "BucketEncryption.ServerSideEncryptionConfiguration.ServerSideEncryptionByDefault"
            ".KMSMasterKeyID": "AWS::KMS::Key AWS::KMS::Alias",
        },
        everywhere=True,
        region="Region",
        reads=(
            Read(
                Call(
                    "s3",
                    "GetBucketLocation",
                    given={"Bucket": "Name"},
                    absent=_GONE,
                    action="s3:GetBucketLocation",
                ),
                live={"Region": _region},
                essential=True,
            ),
            _read(
                "GetBucketEncryption",
                "GetEncryptionConfiguration",
                {
                    "BucketEncryption": "{ServerSideEncryptionConfiguration:"
                    " ServerSideEncryptionConfiguration.Rules[].{ServerSideEncryptionByDefault:"
                    " ApplyServerSideEncryptionByDefault, BucketKeyEnabled: BucketKeyEnabled}}"
                },
                "ServerSideEncryptionConfigurationNotFoundError",
            ),
            _read(
                "GetBucketVersioning",
                "GetBucketVersioning",
                {"VersioningConfiguration": "{Status: Status || 'Suspended'}"},
                live={"MfaDelete": "MFADelete || 'Disabled'"},
            ),
            _read(
                "GetPublicAccessBlock",
                "GetBucketPublicAccessBlock",
                {"PublicAccessBlockConfiguration": "PublicAccessBlockConfiguration"},
                "NoSuchPublicAccessBlockConfiguration",
            ),
            _read("GetBucketAcl", "GetBucketAcl", {"AccessControl": _canned}),
            _read(
                "GetBucketOwnershipControls",
                "GetBucketOwnershipControls",
                {"OwnershipControls": "OwnershipControls"},
                "OwnershipControlsNotFoundError",
            ),
            _read(
                "GetBucketLogging",
                "GetBucketLogging",
                {
                    "LoggingConfiguration": "LoggingEnabled.{DestinationBucketName: TargetBucket,"
                    " LogFilePrefix: TargetPrefix}"
                },
            ),
            _read(
                "GetBucketLifecycleConfiguration",
                "GetLifecycleConfiguration",
                {"LifecycleConfiguration": _lifecycle},
                "NoSuchLifecycleConfiguration",
            ),
            _read(
                "GetBucketReplication",
                "GetReplicationConfiguration",
                {"ReplicationConfiguration": _replication},
                "ReplicationConfigurationNotFoundError",
            ),
            _read(
                "GetObjectLockConfiguration",
                "GetBucketObjectLockConfiguration",
                {
                    "ObjectLockConfiguration": "ObjectLockConfiguration",
                    "ObjectLockEnabled": "ObjectLockConfiguration.ObjectLockEnabled == 'Enabled'",
                },
                "ObjectLockConfigurationNotFoundError",
            ),
            _read("GetBucketTagging", "GetBucketTagging", {"Tags": "TagSet"}, "NoSuchTagSet"),
            _read(
                "GetBucketWebsite",
                "GetBucketWebsite",
                {
                    "WebsiteConfiguration": "{IndexDocument: IndexDocument.Suffix,"
                    " ErrorDocument: ErrorDocument.Key,"
                    " RedirectAllRequestsTo: RedirectAllRequestsTo,"
                    " RoutingRules: RoutingRules[].{RedirectRule: Redirect,"
                    " RoutingRuleCondition: Condition}}"
                },
                "NoSuchWebsiteConfiguration",
            ),
        ),
    ),
    Collector(
        "AWS::S3::BucketPolicy",
        (_BUCKETS,),
        arn="arn:{partition}:s3:::{Name}/policy",
        properties={"Bucket": "Name"},
        links={"Bucket": _BUCKET},
        everywhere=True,
        reads=(
            Read(
                Call(
                    "s3",
                    "GetBucketPolicy",
                    given={"Bucket": "Name"},
                    absent=("NoSuchBucketPolicy", *_GONE),
                ),
                properties={"PolicyDocument": "from_json(Policy)"},
                essential=True,
            ),
        ),
    ),
)
