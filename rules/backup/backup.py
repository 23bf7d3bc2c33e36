"""Backup plans and vaults."""

from __future__ import annotations

from analyzer.backups import runs_daily
from analyzer.policy import Fail, Inventory, Resource, absent, rule
from analyzer.policy.fixes import EVERY_DAY, place

DELETE = "backup:DeleteRecoveryPoint"
LEAST_DAYS = 1  # the shortest that a lock may ask for


@rule("BAK-BKP-01", severity="medium", on="AWS::Backup::BackupPlan")
def plan_backs_something_up(plan: Resource, inventory: Inventory) -> Fail | None:
    """Backup plan has a rule, and something is selected for it.

    A plan that nothing is assigned to makes no backup.

    Fix: give the plan a rule, and add a BackupSelection that names resources or tags.
    Source: AWS Backup Developer Guide, "Backup plans".
    """
    if not plan.BackupPlan.BackupPlanRule:
        return Fail("has no rule", at="BackupPlan/BackupPlanRule")
    if not inventory.referrers(plan, "AWS::Backup::BackupSelection"):
        return Fail("nothing that was read is selected for it")


@rule("BAK-BKP-03", severity="medium", on="AWS::Backup::BackupPlan")
def plan_runs_daily_and_keeps(plan: Resource, *, backup_days: int = 35) -> list[Fail]:
    """Backup plan runs daily, and keeps what it makes long enough.

    What was written since the last backup is lost; what is older than the oldest one too.

    Fix: give the rule a daily schedule, and a DeleteAfterDays of what the policy asks for or more.
    Source: AWS Backup Developer Guide, "Backup plan options and configuration".
    """
    fails = []
    for entry in plan.BackupPlan.BackupPlanRule:
        if entry.ScheduleExpression and not runs_daily(entry.ScheduleExpression):
            fails.append(
                Fail(
                    f"runs by {entry.ScheduleExpression}, not daily",
                    at=entry.at("ScheduleExpression"),
                    fix={place(entry.at("ScheduleExpression")): EVERY_DAY},
                )
            )
        kept = entry.Lifecycle.DeleteAfterDays
        if not absent(kept) and kept < backup_days:
            fails.append(
                Fail(
                    f"keeps backups {kept} days; the policy asks for {backup_days}",
                    at=entry.at("Lifecycle"),
                    fix={place(entry.at("Lifecycle", "DeleteAfterDays")): backup_days},
                )
            )
    return fails


@rule("BAK-BKP-04", severity="medium", on="AWS::Backup::BackupVault")
def vault_refuses_deletion(vault: Resource) -> Fail | None:
    """Backup vault is locked, or refuses that backups are deleted by hand.

    Whoever holds the account's keys deletes the backups first.

    Fix: add a LockConfiguration, which ChangeableForDays would make one that cannot be taken back,
        or an access policy that denies backup:DeleteRecoveryPoint.
    Source: AWS Backup Developer Guide, "AWS Backup Vault Lock" and "Vault access policies".
    """
    if vault.LockConfiguration:
        return None
    denied = any(
        statement.Effect == "Deny" and DELETE in statement.Action
        for statement in vault.AccessPolicy.Statement
    )
    if not denied:
        return Fail(
            "lets its backups be deleted",
            at="LockConfiguration",
            fix={"LockConfiguration": {"MinRetentionDays": LEAST_DAYS}},
        )


@rule("BAK-BKP-05", severity="medium", on="AWS::Backup::RecoveryPoint", where="accounts")
def recovery_point_is_kept(point: Resource, *, backup_days: int = 35) -> Fail | None:
    """Recovery point is kept long enough.

    A backup that goes before its fault is noticed restores nothing.

    Fix: give the recovery point, and the plan that makes it, a longer lifecycle.
    Source: AWS Backup Developer Guide, "Editing a backup".
    """
    kept = point.Live.KeptDays
    if not absent(kept) and kept < backup_days:
        return Fail(f"is kept {kept} days; the policy asks for {backup_days}")
