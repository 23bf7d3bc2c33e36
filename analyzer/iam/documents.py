"""Which property of a resource holds its policy, by CloudFormation type."""

from __future__ import annotations

from typing import Any

from analyzer.iam.statements import policy_of
from analyzer.model import Resource

# AWS CloudFormation Template Reference, the properties of each type.
_POLICIES = {
    "AWS::Backup::BackupVault": "AccessPolicy",
    "AWS::EC2::VPCEndpoint": "PolicyDocument",
    "AWS::ECR::Repository": "RepositoryPolicyText",
    "AWS::EFS::FileSystem": "FileSystemPolicy",
    "AWS::Elasticsearch::Domain": "AccessPolicies",
    "AWS::KMS::Key": "KeyPolicy",
    "AWS::KMS::ReplicaKey": "KeyPolicy",
    "AWS::OpenSearchService::Domain": "AccessPolicies",
    "AWS::S3::BucketPolicy": "PolicyDocument",
    "AWS::SNS::TopicInlinePolicy": "PolicyDocument",
    "AWS::SNS::TopicPolicy": "PolicyDocument",
    "AWS::SQS::QueueInlinePolicy": "PolicyDocument",
    "AWS::SQS::QueuePolicy": "PolicyDocument",
    "AWS::SecretsManager::ResourcePolicy": "ResourcePolicy",
}
_PERMISSION = "AWS::Lambda::Permission"
# AWS Lambda API Reference, AddPermission: the condition that each parameter becomes.
_CONDITIONS = {
    "SourceArn": ("ArnLike", "aws:SourceArn"),
    "SourceAccount": ("StringEquals", "aws:SourceAccount"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
}
_SERVICES = (".amazonaws.com", ".amazon.com")
RESOURCES_WITH_POLICIES = (*_POLICIES, _PERMISSION)


def policy_document(resource: Resource) -> Any:
    """The policy that says who may use a resource; `ABSENT` where it has none.

    Raises KeyError for a type that has no policy of its own.
    """
    if resource.type == _PERMISSION:
        return policy_of([_statement(resource)])
    return getattr(resource, _POLICIES[resource.type])


def _statement(permission: Resource) -> dict[str, Any]:
    """The statement that a permission adds to the policy of its function."""
    principal = permission.Principal
    if principal != "*":
        is_service = any(principal.endswith(end) for end in _SERVICES)
        principal = {"Service" if is_service else "AWS": principal}
    conditions: dict[str, dict[str, Any]] = {}
    for name, (operator, key) in _CONDITIONS.items():
        if name in permission:
            conditions.setdefault(operator, {})[key] = getattr(permission, name)
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": permission.Action,
        "Resource": "*",
        "Condition": conditions,
    }
