"""File systems: encrypted where they lie, and on the way."""

from __future__ import annotations

from analyzer.iam import denies_clear_text, statements
from analyzer.policy import Fail, Resource, rule
from analyzer.policy.fixes import mounts_by_tls


@rule("ENC-EFS-01", severity="high", on="AWS::EFS::FileSystem")
def file_system_is_encrypted(file_system: Resource) -> Fail | None:
    """File system is encrypted at rest.

    It cannot be turned on later: the files are copied to a new file system.

    Fix: set Encrypted to true; an existing file system is replaced.
    Source: Amazon EFS User Guide, "Encrypting data at rest".
    """
    if not file_system.Encrypted:
        return Fail("stores its files unencrypted", at="Encrypted", fix={"Encrypted": True})


@rule("ENC-EFS-02", severity="medium", on="AWS::EFS::FileSystem")
def file_system_refuses_clear_text(file_system: Resource) -> Fail | None:
    """File system policy denies clear-text mounts.

    NFS carries the files in clear unless the client asks for TLS; only a policy makes it ask.

    Fix: deny everyone, when aws:SecureTransport is false, in FileSystemPolicy.
    Source: Amazon EFS User Guide, "Using IAM to control file system data access".
    """
    if not any(map(denies_clear_text, statements(file_system.FileSystemPolicy))):
        return Fail(
            "accepts mounts in clear text",
            at="FileSystemPolicy",
            fix=lambda: mounts_by_tls(file_system),
        )
