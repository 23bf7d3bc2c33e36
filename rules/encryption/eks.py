"""Secrets of Kubernetes clusters."""

from __future__ import annotations

from analyzer.policy import Fail, Fix, Resource, rule
from analyzer.policy.fixes import key, key_arn

SECRETS_KEY = "ClusterSecretsKey"


@rule("ENC-EKS-01", severity="medium", on="AWS::EKS::Cluster")
def secrets_have_a_key(cluster: Resource) -> Fail | None:
    """Kubernetes secrets are encrypted with a key of the account.

    With a key of its own, the account says who may decrypt the cluster's secrets, and sees it.

    Fix: add an entry for secrets, with a KMS key, to EncryptionConfig.
    Source: Amazon EKS User Guide, "Encrypt Kubernetes secrets with KMS".
    """
    if not any("secrets" in entry.Resources for entry in cluster.EncryptionConfig):
        return Fail(
            "keeps its secrets without a key of the account",
            at="EncryptionConfig",
            fix=Fix(
                set={"EncryptionConfig": [{"Resources": ["secrets"], "Provider": _provider()}]},
                add={SECRETS_KEY: key(SECRETS_KEY)},
            ),
        )


def _provider() -> dict[str, object]:
    return {"KeyArn": key_arn(SECRETS_KEY)}
