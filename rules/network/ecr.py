"""Image repositories and everyone."""

from __future__ import annotations

from analyzer.iam import exposure_of
from analyzer.policy import Fail, Resource, rule
from analyzer.policy.fixes import own_account_only


@rule("NET-ECR-01", severity="high", on="AWS::ECR::Repository")
def repository_is_not_public(resource: Resource) -> list[Fail]:
    """Image repository is not public.

    Images hold code and, more often than anyone means, secrets; and whoever may push an image
    replaces what runs.

    Fix: name the accounts or roles that pull and push.
    Source: Amazon ECR User Guide, "Private repository policies in Amazon ECR".
    """
    return [
        Fail(
            "is open to everyone by a statement of its policy",
            at=statement.at,
            fix=own_account_only(statement),
        )
        for statement, alone in exposure_of(resource.RepositoryPolicyText, resource).by_statement()
        if alone.opening
    ]
