"""Backups of servers and their volumes."""

from __future__ import annotations

from analyzer.backups import is_backed_up
from analyzer.policy import Fail, Inventory, Resource, rule
from analyzer.policy.fixes import selected_for_backup


@rule("BAK-EBS-01", severity="low", on="AWS::EC2::Volume")
def volume_is_in_a_backup_plan(
    volume: Resource, inventory: Inventory, *, backup_days: int = 35
) -> Fail | None:
    """Volume is in a backup plan.

    A volume lives in one zone; what it holds comes back from a snapshot or not at all.

    Fix: select the volume in an AWS Backup plan, by its ARN or by a tag.
    Source: AWS Backup Developer Guide, "Assigning resources to a backup plan".
    """
    if not is_backed_up(volume, inventory):
        return Fail(
            "nothing that was read selects it for a backup plan",
            fix=lambda: selected_for_backup(volume, inventory, backup_days),
        )


@rule("BAK-EC2-01", severity="medium", on="AWS::EC2::Instance")
def server_is_in_a_backup_plan(
    server: Resource, inventory: Inventory, *, backup_days: int = 35
) -> Fail | None:
    """Server is in a backup plan.

    A server that no group replaces is rebuilt by hand unless an image of it is kept.

    Fix: select the server in an AWS Backup plan, by its ARN or by a tag.
    Source: AWS Backup Developer Guide, "Assigning resources to a backup plan".
    """
    if not is_backed_up(server, inventory):
        return Fail(
            "nothing that was read selects it for a backup plan",
            fix=lambda: selected_for_backup(server, inventory, backup_days),
        )
