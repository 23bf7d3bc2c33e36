"""Keys whose loss is the loss of all that they encrypt."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, Skip, rule


@rule("BAK-KMS-01", severity="critical", on="AWS::KMS::Key", where="accounts")
def key_is_not_waiting_for_deletion(key: Resource) -> Fail | Skip | None:
    """Key is not waiting to be deleted.

    When the key is gone, nobody reads again what it encrypted, backups included.

    Fix: cancel the deletion; disable the key instead, until nothing uses it.
    Source: AWS KMS Developer Guide, "Delete an AWS KMS key".
    """
    if key.Live.KeyManager == "AWS":
        return Skip("AWS manages it")
    if key.Live.KeyState == "PendingDeletion":
        return Fail(f"is deleted on {key.Live.DeletionDate}")
