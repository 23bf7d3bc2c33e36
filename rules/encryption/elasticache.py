"""Caches: encrypted where they lie and on the way, and not open to whoever connects."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, absent, rule

GROUP = "AWS::ElastiCache::ReplicationGroup"


@rule("ENC-EC-01", severity="medium", on=GROUP)
def cache_is_encrypted_at_rest(group: Resource) -> Fail | None:
    """Replication group is encrypted at rest.

    Sessions and tokens lie on the nodes' disks during synchronisation, and in the snapshots.

    Fix: set AtRestEncryptionEnabled to true; an existing group is replaced.
    Source: Amazon ElastiCache User Guide, "At-Rest Encryption in ElastiCache".
    """
    if not group.AtRestEncryptionEnabled:
        return Fail(
            "stores its data unencrypted",
            at="AtRestEncryptionEnabled",
            fix={"AtRestEncryptionEnabled": True},
        )


@rule("ENC-EC-02", severity="medium", on=GROUP)
def cache_is_encrypted_in_transit(group: Resource) -> Fail | None:
    """Replication group is encrypted in transit.

    What the application reads and writes crosses the network in clear otherwise.

    Fix: set TransitEncryptionEnabled to true.
    Source: Amazon ElastiCache User Guide, "ElastiCache in-transit encryption (TLS)".
    """
    if not group.TransitEncryptionEnabled:
        return Fail(
            "talks to its clients in clear text",
            at="TransitEncryptionEnabled",
            fix={"TransitEncryptionEnabled": True},
        )


@rule("ENC-EC-03", severity="medium", on=GROUP)
def cache_asks_for_authentication(group: Resource) -> Fail | None:
    """Replication group asks for authentication.

    Without it, whatever reaches the port reads and writes every session.

    Fix: set AuthToken or UserGroupIds, with TransitEncryptionEnabled.
    Source: Amazon ElastiCache User Guide, "Authentication and Authorization".
    """
    if absent(group.AuthToken) and not group.UserGroupIds:
        return Fail("lets in whoever connects", at="AuthToken")
