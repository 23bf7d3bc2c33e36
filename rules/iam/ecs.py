"""What containers may do on their host."""

from __future__ import annotations

from analyzer.policy import Fail, Fix, Resource, Skip, rule
from analyzer.policy.fixes import place

ROOT = ("root", "0")


@rule("IAM-ECS-01", severity="high", on="AWS::ECS::TaskDefinition")
def containers_are_not_privileged(task: Resource) -> list[Fail]:
    """Containers are not privileged.

    A privileged container is root on the server that it shares with others.

    Fix: remove Privileged, and add the single Linux capabilities that are needed.
    Source: Amazon ECS Developer Guide, "Amazon ECS task and container security best practices".
    """
    return [
        Fail(
            "runs a privileged container",
            at=container.at("Privileged"),
            fix=Fix(
                remove=(place(container.at("Privileged")),),
                note="add the single Linux capabilities that the container needs",
            ),
        )
        for container in task.ContainerDefinitions
        if container.Privileged
    ]


@rule("IAM-ECS-03", severity="medium", on="AWS::ECS::TaskDefinition")
def containers_run_as_a_plain_user(task: Resource) -> list[Fail] | Skip:
    """Containers run as a plain user.

    Root in the container is one flaw of the runtime away from root outside.

    Fix: set User to a user of the image that is not root.
    Source: Amazon ECS Developer Guide, "Amazon ECS task and container security best practices".
    """
    family = task.RuntimePlatform.OperatingSystemFamily
    if family and family != "LINUX":
        return Skip("Windows containers take no User")
    return [
        Fail(
            f"runs a container as {container.User}"
            if container.User
            else "leaves a container's user to its image, where root is the default",
            at=container.at("User"),
        )
        for container in task.ContainerDefinitions
        if not container.User or _is_root(container.User)
    ]


def _is_root(user: str) -> bool:
    """Whether a user, with or without a group, is root."""
    return user in ROOT or any(user.startswith(f"{name}:") for name in ROOT)
