"""Tasks: no secret in clear, and files through TLS."""

from __future__ import annotations

from analyzer.policy import Fail, Resource, Skip, rule
from analyzer.policy.fixes import place
from analyzer.secrets import secret_variable

TASK = "AWS::ECS::TaskDefinition"


@rule("ENC-ECS-01", severity="medium", on=TASK)
def task_mounts_through_tls(task: Resource) -> list[Fail] | Skip:
    """Task mounts EFS through TLS.

    NFS carries the files in clear otherwise.

    Fix: set TransitEncryption of EFSVolumeConfiguration to ENABLED.
    Source: Amazon ECS Developer Guide, "Use Amazon EFS volumes with Amazon ECS".
    """
    mounts = [volume.EFSVolumeConfiguration for volume in task.Volumes]
    if not any(mounts):
        return Skip("mounts no EFS file system")
    return [
        Fail(
            "mounts a file system in clear text",
            at=mount,
            fix={place(mount.at("TransitEncryption")): "ENABLED"},
        )
        for mount in mounts
        if mount and mount.TransitEncryption != "ENABLED"
    ]


@rule("ENC-ECS-02", severity="high", on=TASK)
def variables_of_containers_hold_no_secret(task: Resource) -> list[Fail]:
    """Task definition holds no secret in plain variables.

    Whoever may describe the task definition reads its variables, and each revision keeps them.

    Fix: name the secret in Secrets, by its ARN, instead of its value in Environment.
    Source: Amazon ECS Developer Guide, "Pass sensitive data to an Amazon ECS container".
    """
    return [
        Fail(f"holds {found} in a plain variable", at=variable.at("Value"))
        for container in task.ContainerDefinitions
        for variable in container.Environment
        if (found := secret_variable(variable.Name, variable.Value))
    ]
