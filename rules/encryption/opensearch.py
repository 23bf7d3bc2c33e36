"""Search domains: encrypted where they lie, and between their nodes."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, rule

DOMAINS = ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain")


@rule("ENC-OS-01", severity="medium", on=DOMAINS)
def domain_is_encrypted_at_rest(domain: Resource) -> Fail | None:
    """Search domain is encrypted at rest.

    Indexes, logs and snapshots hold copies of what other stores keep encrypted.

    Fix: set EncryptionAtRestOptions.Enabled to true.
    Source: Amazon OpenSearch Service Developer Guide, "Encryption of data at rest".
    """
    if not domain.EncryptionAtRestOptions.Enabled:
        return Fail(
            "stores its indexes unencrypted",
            at="EncryptionAtRestOptions",
            fix={"EncryptionAtRestOptions": {"Enabled": True}},
        )


@rule("ENC-OS-02", severity="medium", on=DOMAINS)
def domain_encrypts_between_nodes(domain: Resource) -> Fail | None:
    """Search domain encrypts what its nodes tell each other.

    Each document travels from node to node when it is written and when it is found.

    Fix: set NodeToNodeEncryptionOptions.Enabled to true.
    Source: Amazon OpenSearch Service Developer Guide, "Node-to-node encryption".
    """
    if not domain.NodeToNodeEncryptionOptions.Enabled:
        return Fail(
            "sends documents between its nodes in clear text",
            at="NodeToNodeEncryptionOptions",
            fix={"NodeToNodeEncryptionOptions": {"Enabled": True}},
        )
