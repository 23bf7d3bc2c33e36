"""What happens to data when the stack that holds them goes."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, Skip, rule
from analyzer.policy.fixes import KEPT, outliving

STATEFUL = (
    "AWS::S3::Bucket",
    "AWS::EFS::FileSystem",
    "AWS::DynamoDB::Table",
    "AWS::Cognito::UserPool",
    "AWS::KMS::Key",
)


@rule("BAK-CFN-01", severity="medium", on=STATEFUL, where="templates")
def data_outlive_their_stack(
    resource: Resource, *, data_outlive_stack: bool = True
) -> Fail | Skip | None:
    """Resource with data survives its stack.

    Without a DeletionPolicy, CloudFormation deletes the resource with its data when the stack is
    deleted or the resource leaves the template.

    Fix: set DeletionPolicy and UpdateReplacePolicy to Retain.
    Source: AWS CloudFormation User Guide, "DeletionPolicy attribute".
    """
    if not data_outlive_stack:
        return Skip("the policy lets data go with their stack")
    if resource.deletion_policy not in KEPT:
        return Fail("is deleted with its stack", fix=outliving(resource, "Retain"))
    if resource.update_replace_policy not in KEPT:
        return Fail("is deleted when an update replaces it", fix=outliving(resource, "Retain"))
