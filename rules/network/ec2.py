"""Servers and launch templates: their public addresses and the metadata that they give away."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from analyzer.iam import attached_holders, inline_holder
from analyzer.network import attached, subnet_of, ways_from_internet
from analyzer.policy import Fail, Fix, Props, Resource, absent, rule
from analyzer.policy.fixes import (
    AGENT_POLICY,
    place,
    with_managed_profile,
    without_handed_address,
)

# The agent's first call, without which Systems Manager does not know the server.
_REGISTER = "ssm:UpdateInstanceInformation"


def _launch_template(instance: Resource) -> Any:
    """The data of the instance's launch template; absent where it has none."""
    stated = instance.LaunchTemplate
    template = stated.follow("LaunchTemplateId") or stated.follow("LaunchTemplateName")
    return template.LaunchTemplateData


def _elastic_address(target: Resource, name: str) -> str:
    for address in attached(target, "AWS::EC2::EIP", name):
        return address.id
    for association in attached(target, "AWS::EC2::EIPAssociation", name):
        return association.id
    return ""


def _interfaces(instance: Resource) -> Iterator[tuple[Resource | Props, str, str]]:
    """What the instance stands in the network with, and two properties.

    They are the one that names its security groups, and the one of the instance that says so.
    """
    data = _launch_template(instance)
    for interface in instance.NetworkInterfaces:
        yield interface, "GroupSet", "NetworkInterfaces"
    if instance.NetworkInterfaces:
        return
    for interface in data.NetworkInterfaces:
        yield interface, "Groups", "LaunchTemplate"
    if not data.NetworkInterfaces:
        own = absent(data.SecurityGroupIds) or not absent(instance.SecurityGroupIds)
        yield instance if own else data, "SecurityGroupIds", "SubnetId"


def _address(instance: Resource, owner: Resource | Props) -> str:
    """Why a part of the instance has a public address, "" if it has none."""
    if elastic := _elastic_address(instance, "InstanceId"):
        return f"an Elastic IP ({elastic})"
    if absent(owner.NetworkInterfaceId):
        if not absent(owner.AssociatePublicIpAddress):
            return "asked for by its network interface" if owner.AssociatePublicIpAddress else ""
        subnet = _subnet(instance, owner)
        return f"handed out by the subnet {subnet.id}" if subnet.MapPublicIpOnLaunch else ""
    elastic = _elastic_address(owner.follow("NetworkInterfaceId"), "NetworkInterfaceId")
    return f"an Elastic IP ({elastic})" if elastic else ""


def _subnet(instance: Resource, owner: Resource | Props) -> Resource:
    if not absent(owner.NetworkInterfaceId):
        return subnet_of(owner.follow("NetworkInterfaceId"))
    return subnet_of(instance if absent(owner.SubnetId) else owner)


@rule("NET-EC2-01", severity="high", on="AWS::EC2::Instance")
def server_has_no_public_address(instance: Resource) -> Fail | None:
    """Server has no public address.

    A server without a public address cannot be reached from the internet by any mistake in a
    security group. What has to be reached belongs behind a load balancer.

    Fix: place the server in a private subnet, or set AssociatePublicIpAddress to false on its
        network interface, and release its Elastic IP.
    Source: Amazon EC2 User Guide, "Amazon EC2 instance IP addressing".
    """
    for owner, _, at in _interfaces(instance):
        if address := _address(instance, owner):
            return Fail(
                f"has a public address, {address}",
                at=at,
                fix=partial(_without_address, instance, owner),
            )


def _without_address(instance: Resource, owner: Resource | Props) -> Fix | None:
    """Refuse the address; an Elastic IP was given on purpose, and is another resource."""
    if owner is instance:
        handed = not _elastic_address(instance, "InstanceId")
        return without_handed_address(instance) if handed else None
    if not owner.AssociatePublicIpAddress:
        return None
    refused = {place(owner.at("AssociatePublicIpAddress")): False}
    own = owner.resource is instance
    return Fix(set=refused) if own else Fix(elsewhere={owner.resource.key: refused})


@rule("NET-EC2-02", severity="high", on="AWS::EC2::Instance")
def server_requires_session_tokens(instance: Resource) -> Fail | None:
    """Server requires session tokens for metadata.

    Without session tokens, a web application that can be made to fetch an address gives away the
    credentials of the server's role. Leaving it to the account's or the image's default is no
    statement about this server.

    Fix: set MetadataOptions.HttpTokens to required, or switch the metadata endpoint off.
    Source: Amazon EC2 User Guide, "Use the Instance Metadata Service to access instance metadata".
    """
    options = instance.MetadataOptions or _launch_template(instance).MetadataOptions
    if options.HttpEndpoint == "disabled" or options.HttpTokens == "required":
        return None
    return Fail(
        f"answers metadata requests without a session token (HttpTokens is {options.HttpTokens})",
        at="MetadataOptions/HttpTokens",
        fix={"MetadataOptions": {"HttpTokens": "required"}},
    )


@rule("NET-EC2-03", severity="medium", on="AWS::EC2::Instance")
def server_is_reached_through_systems_manager(
    instance: Resource,
    *,
    session_policies: tuple[str, ...] = (
        "/AmazonSSMManagedInstanceCore",
        "/AmazonSSMManagedEC2InstanceDefaultPolicy",
        "/AmazonEC2RoleforSSM",
    ),
) -> Fail | None:
    """Server is reached through Systems Manager.

    Session Manager asks for no open port, no key and no public address, knows who came in, and
    writes down what was done. Here a server counts whose role has a managed policy for the agent,
    or may at least register itself.

    Fix: give the server an instance profile whose role has AmazonSSMManagedInstanceCore.
    Source: AWS Systems Manager User Guide, "Configure instance permissions required for Systems
        Manager".
    """
    profile = _instance_profile(instance)
    if absent(profile):
        return Fail(
            "has no role that Systems Manager could manage it by",
            at="IamInstanceProfile",
            fix=lambda: with_managed_profile(instance),
        )
    roles = profile.follow_all("Roles")
    if not any(_registers(role, session_policies) for role in roles):
        named = ", ".join(role.id for role in roles)
        return Fail(
            f"has a role that Systems Manager cannot manage it by ({named})",
            at="IamInstanceProfile",
            fix=Fix(elsewhere={role.key: {"ManagedPolicyArns/-": AGENT_POLICY} for role in roles}),
        )


def _instance_profile(instance: Resource) -> Any:
    if not absent(instance.IamInstanceProfile):
        return instance.follow("IamInstanceProfile")
    stated = _launch_template(instance).IamInstanceProfile
    return stated.follow("Arn") or stated.follow("Name")


def _registers(role: Resource, session_policies: tuple[str, ...]) -> bool:
    """Whether a role lets its server register itself with Systems Manager."""
    holders = (inline_holder(role), *attached_holders(role))
    return any(holder.may(_REGISTER) for holder in holders) or any(
        arn.endswith(policy) for arn in role.ManagedPolicyArns for policy in session_policies
    )


@rule("NET-EC2-04", severity="critical", on="AWS::EC2::Instance")
def server_with_open_ssh_is_not_public(
    instance: Resource, *, ssh_ports: tuple[int, ...] = (22,)
) -> Fail | None:
    """Server with an open SSH port is not public.

    An open group and a public address are each one step from harm; together they are the way in.
    Every layer is asked: groups, addresses of both families, routes, network access lists, and load
    balancers that lead to the port.

    Fix: narrow the security group's source, or take away the public address.
    Source: Amazon EC2 User Guide, "Security group rules for different use cases".
    """
    for port, path in ways_from_internet(instance, ssh_ports).items():
        names = " > ".join(hop.name for hop in path.hops)
        at = "SubnetId" if absent(instance.NetworkInterfaces) else "NetworkInterfaces"
        return Fail(f"is reached by the internet on port {port}: {names}", at=at)


@rule("NET-LT-01", severity="high", on="AWS::EC2::LaunchTemplate")
def launch_template_gives_no_public_address(template: Resource) -> list[Fail]:
    """Launch template gives no public address.

    Every server that the template starts would stand in the internet, also those that an Auto
    Scaling group adds at night.

    Fix: set AssociatePublicIpAddress to false, or leave it out and use private subnets.
    Source: Amazon EC2 User Guide, "Amazon EC2 instance IP addressing".
    """
    return [
        Fail(
            "gives a public address to every server that it starts",
            at=interface.at("AssociatePublicIpAddress"),
            fix={place(interface.at("AssociatePublicIpAddress")): False},
        )
        for interface in template.LaunchTemplateData.NetworkInterfaces
        if interface.AssociatePublicIpAddress
    ]


@rule("NET-LT-02", severity="high", on="AWS::EC2::LaunchTemplate")
def launch_template_requires_session_tokens(template: Resource) -> Fail | None:
    """Launch template requires session tokens for metadata.

    Without session tokens, a web application that can be made to fetch an address gives away the
    credentials of the server's role.

    Fix: set MetadataOptions.HttpTokens to required in the template's data.
    Source: Amazon EC2 User Guide, "Use the Instance Metadata Service to access instance metadata".
    """
    options = template.LaunchTemplateData.MetadataOptions
    if options.HttpEndpoint == "disabled" or options.HttpTokens == "required":
        return None
    return Fail(
        "lets its servers answer metadata requests without a session token"
        f" (HttpTokens is {options.HttpTokens})",
        at="LaunchTemplateData/MetadataOptions/HttpTokens",
        fix={"LaunchTemplateData": {"MetadataOptions": {"HttpTokens": "required"}}},
    )
