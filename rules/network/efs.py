"""File systems: where they can be mounted from."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, rule


@rule("NET-EFS-02", severity="medium", on="AWS::EFS::MountTarget")
def mount_target_avoids_public_subnets(target: Resource) -> Fail | None:
    """Mount targets avoid public subnets.

    A subnet that hands out public addresses is made for what faces the internet; files are not.

    Fix: place the mount target in a private subnet.
    Source: Amazon EFS User Guide, "Managing mount targets".
    """
    subnet = target.follow("SubnetId")
    if subnet.MapPublicIpOnLaunch:
        return Fail(f"stands in {subnet.id}, which hands out public addresses", at="SubnetId")
