"""Which property of a resource holds its policy, by CloudFormation type."""

from __future__ import annotations

from typing import Any

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
RESOURCES_WITH_POLICIES = tuple(_POLICIES)


def policy_document(resource: Resource) -> Any:
    """The policy that says who may use a resource; `ABSENT` where it has none.

    Raises KeyError for a type that has no policy of its own.
    """
    return getattr(resource, _POLICIES[resource.type])
