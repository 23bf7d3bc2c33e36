"""File systems: who may mount them, and where from."""

from __future__ import annotations

from analyzer.iam import exposure_of
from analyzer.policy import Fail, Resource, rule
from analyzer.policy.fixes import BY_MOUNT_TARGET, place, private_in_zone_of, ref


@rule("NET-EFS-01", severity="medium", on="AWS::EFS::FileSystem")
def file_system_policy_does_not_admit_everyone(files: Resource) -> list[Fail]:
    """File system policy does not admit everyone.

    A policy for everyone makes the network the only guard of the files. A condition on
    elasticfilesystem:AccessedViaMountTarget keeps it within the mount targets' network.

    Fix: name the roles that mount the file system, or add the condition.
    Source: Amazon EFS User Guide, "Using IAM to control access to file systems".
    """
    return [
        Fail(
            "is open to everyone by a statement of its policy",
            at=statement.at,
            fix={f"{place(statement.at)}/Condition": BY_MOUNT_TARGET},
        )
        for statement, alone in exposure_of(files.FileSystemPolicy, files).by_statement()
        if alone.opening
    ]


@rule("NET-EFS-02", severity="medium", on="AWS::EFS::MountTarget")
def mount_target_avoids_public_subnets(target: Resource) -> Fail | None:
    """Mount targets avoid public subnets.

    A subnet that hands out public addresses is made for what faces the internet; files are not.

    Fix: place the mount target in a private subnet.
    Source: Amazon EFS User Guide, "Managing mount targets".
    """
    subnet = target.follow("SubnetId")
    if subnet.MapPublicIpOnLaunch:
        return Fail(
            f"stands in {subnet.id}, which hands out public addresses",
            at="SubnetId",
            fix=lambda: _moved(target, subnet),
        )


def _moved(target: Resource, subnet: Resource) -> dict[str, object] | None:
    private = private_in_zone_of(subnet)
    return {"SubnetId": ref(private, target)} if private else None
