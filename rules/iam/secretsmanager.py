"""Secrets that change."""

from __future__ import annotations

from analyzer.policy import Fail, Inventory, Resource, rule

ATTACHMENT = "AWS::SecretsManager::SecretTargetAttachment"
SCHEDULE = "AWS::SecretsManager::RotationSchedule"


@rule("IAM-SEC-02", severity="medium", on="AWS::SecretsManager::Secret")
def secret_rotates(secret: Resource, inventory: Inventory) -> Fail | None:
    """Secret rotates by itself.

    A secret that never changes is known longer, by more, than anybody remembers.

    Fix: add a RotationSchedule for the secret or for its attachment, or let the database manage the
        secret (ManageMasterUserPassword).
    Source: AWS Secrets Manager User Guide, "Rotate AWS Secrets Manager secrets".
    """
    names = [secret, *inventory.referrers(secret, ATTACHMENT)]
    if not any(inventory.referrers(name, SCHEDULE) for name in names):
        return Fail("nothing that was read rotates it")
