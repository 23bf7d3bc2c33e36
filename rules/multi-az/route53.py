"""Records that lead away from what has failed."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, Skip, rule


@rule("MAZ-R53-01", severity="medium", on="AWS::Route53::RecordSet")
def failover_record_is_checked(record: Resource) -> Fail | Skip | None:
    """Failover record carries a health check.

    Without a check, Route 53 takes the primary for healthy whatever happens to it.

    Fix: set HealthCheckId, or EvaluateTargetHealth of the alias.
    Source: Amazon Route 53 Developer Guide, "Active-active and active-passive failover".
    """
    if record.Failover != "PRIMARY":
        return Skip("is not the primary of a failover pair")
    if not record.HealthCheckId and not record.AliasTarget.EvaluateTargetHealth:
        return Fail(
            "is answered whether its target is healthy or not",
            at="HealthCheckId",
            fix={"AliasTarget/EvaluateTargetHealth": True} if record.AliasTarget else None,
        )
