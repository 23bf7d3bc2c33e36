"""Backups of file systems."""

from __future__ import annotations

from analyzer.backups import is_backed_up
from analyzer.policy import Fail, Inventory, Resource, rule


@rule("BAK-EFS-01", severity="medium", on="AWS::EFS::FileSystem")
def file_system_is_backed_up(file_system: Resource, inventory: Inventory) -> Fail | None:
    """File system is backed up.

    A file system has no snapshots of its own: what is deleted or overwritten comes back from a
    backup or not at all.

    Fix: set BackupPolicy to ENABLED, or select the file system in an AWS Backup plan.
    Source: Amazon EFS User Guide, "Backing up EFS file systems".
    """
    by_itself = file_system.BackupPolicy.Status == "ENABLED"
    if not by_itself and not is_backed_up(file_system, inventory):
        return Fail(
            "has no backup policy, and nothing that was read selects it for a backup plan",
            at="BackupPolicy",
            fix={"BackupPolicy": {"Status": "ENABLED"}},
        )
