"""Secrets that change."""

from __future__ import annotations

from analyzer.policy import Fail, Inventory, Resource, rule


@rule("IAM-SEC-02", severity="medium", on="AWS::SecretsManager::Secret")
def secret_rotates(secret: Resource, inventory: Inventory) -> Fail | None:
    """Secret rotates by itself.

    A secret that never changes is known longer, by more, than anybody remembers.

    Fix: add a RotationSchedule, or let the database manage the secret (ManageMasterUserPassword).
    Source: AWS Secrets Manager User Guide, "Rotate AWS Secrets Manager secrets".
    """
    if not inventory.referrers(secret, "AWS::SecretsManager::RotationSchedule"):
        return Fail("nothing in this architecture rotates it")
