"""What protects user pools from deletion."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, rule


@rule("BAK-COG-01", severity="medium", on="AWS::Cognito::UserPool")
def user_pool_is_protected_from_deletion(pool: Resource) -> Fail | None:
    """User pool is protected from deletion.

    A user pool cannot be exported with its passwords: deleted, every user signs up again.

    Fix: set DeletionProtection to ACTIVE.
    Source: Amazon Cognito Developer Guide, "User pool deletion protection".
    """
    if pool.DeletionProtection != "ACTIVE":
        return Fail(
            "can be deleted by one call",
            at="DeletionProtection",
            fix={"DeletionProtection": "ACTIVE"},
        )
