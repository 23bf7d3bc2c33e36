"""Tables: restored to any moment, and not deleted by one call."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, rule
from analyzer.policy.fixes import place

GLOBAL = "AWS::DynamoDB::GlobalTable"
_RECOVERY = "PointInTimeRecoverySpecification"
_ENABLED = {"PointInTimeRecoveryEnabled": True}
_REASON = "cannot be restored to a moment of its past"


@rule("BAK-DDB-01", severity="medium", on=("AWS::DynamoDB::Table", GLOBAL))
def table_has_point_in_time_recovery(table: Resource) -> list[Fail]:
    """Table has point-in-time recovery.

    What a faulty release overwrites is copied to every replica at once; only going back in time
    undoes it.

    Fix: set PointInTimeRecoveryEnabled to true, in each replica of a global table.
    Source: Amazon DynamoDB Developer Guide, "Point-in-time backups for DynamoDB".
    """
    if table.type == GLOBAL:
        return [
            Fail(_REASON, at=replica.at(_RECOVERY), fix={place(replica.at(_RECOVERY)): _ENABLED})
            for replica in table.Replicas
            if not replica.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled
        ]
    if table.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled:
        return []
    return [Fail(_REASON, at=_RECOVERY, fix={_RECOVERY: _ENABLED})]


@rule("BAK-DDB-02", severity="medium", on="AWS::DynamoDB::Table")
def table_is_protected_from_deletion(table: Resource) -> Fail | None:
    """Table is protected from deletion.

    With protection on, a wrong call or a removed line in a template cannot delete the table.

    Fix: set DeletionProtectionEnabled to true.
    Source: Amazon DynamoDB Developer Guide, "Using deletion protection to protect your table".
    """
    if not table.DeletionProtectionEnabled:
        return Fail(
            "can be deleted by one call",
            at="DeletionProtectionEnabled",
            fix={"DeletionProtectionEnabled": True},
        )
