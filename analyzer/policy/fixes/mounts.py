"""What is set in the policies of file systems."""

from __future__ import annotations

from analyzer.findings import Fix
from analyzer.iam.statements import policy_of
from analyzer.model import Resource
from analyzer.policy.fixes.values import Template
from analyzer.unknown import absent

MOUNT = ("ClientMount", "ClientWrite", "ClientRootAccess")
# True for who comes by way of a mount target: the network decides, as it does without a policy.
BY_MOUNT_TARGET: Template = {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}}
_TLS_ONLY: Template = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
_AS_BEFORE: Template = {
    "Effect": "Allow",
    "Principal": {"AWS": "*"},
    "Action": [f"elasticfilesystem:{action}" for action in MOUNT],
    "Condition": BY_MOUNT_TARGET,
}


def mounts_by_tls(file_system: Resource) -> Fix:
    """Refuse mounts in clear text; whoever may mount without a policy still may.

    Amazon EFS User Guide, "Using IAM to control file system data access" and "Default EFS file
    system policy".
    """
    if not absent(file_system.FileSystemPolicy):
        return Fix(set={"FileSystemPolicy/Statement/-": _TLS_ONLY})
    document = policy_of([_AS_BEFORE, _TLS_ONLY])
    return Fix(set={"FileSystemPolicy": document})
