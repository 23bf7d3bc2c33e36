"""Volumes that are encrypted, and scripts that hold no secret."""

from __future__ import annotations

from analyzer.policy import Fail, Props, Resource, Skip, absent, rule
from analyzer.policy.fixes import place
from analyzer.secrets import secret_in

LAUNCH_TEMPLATE = "AWS::EC2::LaunchTemplate"


def _unencrypted(owner: Resource, mappings: list[Props]) -> list[Fail]:
    """Failures of block devices; a root volume that nothing maps is as its image says."""
    disks = [mapping for mapping in mappings if mapping.Ebs]
    if not disks and not owner.Live.RootVolumeEncrypted:
        return [Fail("leaves the encryption of its root volume to the image and the account")]
    return [
        Fail(
            f"starts {disk.DeviceName} unencrypted",
            at=disk.at("Ebs"),
            fix={place(disk.Ebs.at("Encrypted")): True},
        )
        for disk in disks
        if not disk.Ebs.Encrypted
    ]


@rule("ENC-EBS-01", severity="high", on=("AWS::EC2::Volume", "AWS::EC2::Instance"))
def volume_is_encrypted(
    resource: Resource, *, account_encrypts_volumes: bool = False
) -> list[Fail] | Skip | Fail | None:
    """Volume is encrypted.

    Without it the data and the snapshots of the volume lie in clear.

    Fix: set Encrypted to true; a profile of an account that encrypts new volumes by default says so
        with account_encrypts_volumes.
    Source: Amazon EBS User Guide, "Amazon EBS encryption".
    """
    if account_encrypts_volumes:
        return Skip("the account encrypts new volumes by default")
    if resource.type == "AWS::EC2::Volume":
        if not resource.Encrypted:
            return Fail("stores its data unencrypted", at="Encrypted", fix={"Encrypted": True})
        return None
    if resource.Volumes and not resource.BlockDeviceMappings:
        return Skip("its volumes are judged by themselves")
    if resource.LaunchTemplate and not resource.BlockDeviceMappings:
        return Skip("its launch template maps the volumes")
    return _unencrypted(resource, resource.BlockDeviceMappings)


@rule("ENC-LT-01", severity="high", on=LAUNCH_TEMPLATE)
def launch_template_encrypts_volumes(
    template: Resource, *, account_encrypts_volumes: bool = False
) -> list[Fail] | Skip:
    """Launch template encrypts its block devices.

    Every server that is started from it has the same volumes, encrypted or not.

    Fix: set Encrypted to true in each Ebs mapping; a profile of an account that encrypts new
        volumes by default says so with account_encrypts_volumes.
    Source: Amazon EBS User Guide, "Amazon EBS encryption".
    """
    if account_encrypts_volumes:
        return Skip("the account encrypts new volumes by default")
    return _unencrypted(template, template.LaunchTemplateData.BlockDeviceMappings)


@rule("ENC-EC2-01", severity="high", on=("AWS::EC2::Instance", LAUNCH_TEMPLATE))
def user_data_hold_no_secret(server: Resource) -> Fail | Skip | None:
    """User data holds no secret.

    Whoever may describe the server, and every process on it, can read its user data.

    Fix: read the secret from Secrets Manager or Parameter Store when the server starts, by its
        role.
    Source: Amazon EC2 User Guide, "Run commands when you launch an EC2 instance with user data
        input".
    """
    owner = server.LaunchTemplateData if server.type == LAUNCH_TEMPLATE else server
    if absent(owner.UserData):
        return Skip("has no user data")
    found = secret_in(owner.UserData)
    if found:
        at = "LaunchTemplateData/UserData" if server.type == LAUNCH_TEMPLATE else "UserData"
        return Fail(f"holds {found} in its user data", at=at)


@rule("ENC-EBS-02", severity="medium", on="AWS::::Region", where="accounts")
def region_encrypts_new_volumes(region: Resource) -> Fail | None:
    """Region encrypts new volumes by default.

    Volumes that somebody makes by hand, or that a service makes, are then encrypted too.

    Fix: turn on EBS encryption by default in each region.
    Source: Amazon EBS User Guide, "Enable Amazon EBS encryption by default".
    """
    if not region.Live.EbsEncryptionByDefault:
        return Fail("leaves new volumes in clear unless they ask for encryption")


@rule("ENC-EBS-03", severity="medium", on="AWS::EC2::Snapshot", where="accounts")
def snapshot_is_encrypted(snapshot: Resource) -> Fail | None:
    """Snapshot of a volume is encrypted.

    A snapshot holds all that was on the disk, for as long as it is kept.

    Fix: copy the snapshot with encryption, and delete the one in clear.
    Source: Amazon EBS User Guide, "Amazon EBS encryption".
    """
    if not snapshot.Live.Encrypted:
        return Fail("holds its data in clear")
