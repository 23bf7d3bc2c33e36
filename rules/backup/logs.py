"""How long logs are kept."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, absent, rule
from analyzer.policy.fixes import log_retention


@rule("BAK-LOG-01", severity="medium", on="AWS::Logs::LogGroup")
def logs_are_kept_for_a_stated_time(group: Resource, *, log_days: int = 365) -> Fail | None:
    """Log group keeps logs for a stated time that is long enough.

    Logs that go too early are missing when an incident is looked into; logs without an end are
    paid for ever.

    Fix: set RetentionInDays to what the policy asks for, or more.
    Source: Amazon CloudWatch Logs User Guide, "Change log data retention in CloudWatch Logs".
    """
    fix = {"RetentionInDays": log_retention(log_days)}
    if absent(group.RetentionInDays):
        return Fail("keeps logs without an end", at="RetentionInDays", fix=fix)
    if group.RetentionInDays < log_days:
        return Fail(
            f"keeps logs {group.RetentionInDays} days; the policy asks for {log_days}",
            at="RetentionInDays",
            fix=fix,
        )
