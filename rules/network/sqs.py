"""Queues and everyone."""

from __future__ import annotations

from analyzer.iam import exposure_of
from analyzer.policy import Fail, Resource, rule
from analyzer.policy.fixes import own_account_only


@rule("NET-SQS-01", severity="high", on=("AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy"))
def queue_policy_does_not_admit_everyone(resource: Resource) -> list[Fail]:
    """Queue policy does not admit everyone.

    Everyone could read what the queue holds, or fill it with work that nobody ordered.

    Fix: name the principal, or the source in a condition on aws:SourceArn.
    Source: Amazon SQS Developer Guide, "Amazon SQS security best practices".
    """
    return [
        Fail(
            "lets everyone use the queue",
            at=statement.at,
            fix=own_account_only(statement),
        )
        for statement, alone in exposure_of(resource.PolicyDocument, resource).by_statement()
        if alone.opening
    ]
