"""Backups: encrypted where they lie."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, rule


@rule("ENC-BAK-02", severity="medium", on="AWS::Backup::RecoveryPoint", where="accounts")
def recovery_point_is_encrypted(point: Resource) -> Fail | None:
    """Recovery point is encrypted.

    Some services' backups are encrypted as their source is; a source in clear makes backups in
    clear.

    Fix: encrypt the source, or copy the recovery point to a vault with a key.
    Source: AWS Backup Developer Guide, "Encryption for backups in AWS Backup".
    """
    if not point.Live.Encrypted:
        return Fail("holds its data unencrypted")
