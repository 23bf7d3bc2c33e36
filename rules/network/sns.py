"""Topics and everyone."""

from __future__ import annotations

from analyzer.iam import exposure_of
from analyzer.policy import Fail, Resource, rule
from analyzer.policy.fixes import own_account_only


@rule("NET-SNS-01", severity="high", on=("AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy"))
def topic_policy_does_not_admit_everyone(resource: Resource) -> list[Fail]:
    """Topic policy does not admit everyone.

    Everyone could subscribe to what is published, or publish to all who listen.

    Fix: name the principal, or the source in a condition on aws:SourceArn.
    Source: Amazon SNS Developer Guide, "Amazon SNS security best practices".
    """
    return [
        Fail(
            "lets everyone use the topic",
            at=statement.at,
            fix=own_account_only(statement),
        )
        for statement, alone in exposure_of(resource.PolicyDocument, resource).by_statement()
        if alone.opening
    ]
