"""Servers and launch templates: their public addresses and the metadata that they give away."""

from __future__ import annotations

from typing import Any

from analyzer.network import attached, subnet_of
from analyzer.policy import Fail, Props, Resource, absent, rule


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


def _gets_address(interface: Props) -> str:
    """Why a network interface has a public address, "" if it has none."""
    if not absent(interface.NetworkInterfaceId):
        existing = interface.follow("NetworkInterfaceId")
        address = _elastic_address(existing, "NetworkInterfaceId")
        return f"an Elastic IP ({address})" if address else ""
    if absent(interface.AssociatePublicIpAddress):
        return _of_subnet(interface)
    return "asked for by its network interface" if interface.AssociatePublicIpAddress else ""


def _of_subnet(owner: Resource | Props) -> str:
    subnet = subnet_of(owner)
    return f"handed out by the subnet {subnet.id}" if subnet.MapPublicIpOnLaunch else ""


@rule("NET-EC2-01", severity="high", on="AWS::EC2::Instance")
def server_has_no_public_address(instance: Resource) -> Fail | None:
    """Server has no public address.

    A server without a public address cannot be reached from the internet by any mistake in a
    security group. What has to be reached belongs behind a load balancer.

    Fix: place the server in a private subnet, or set AssociatePublicIpAddress to false on its
        network interface, and release its Elastic IP.
    Source: Amazon EC2 User Guide, "Amazon EC2 instance IP addressing".
    """
    if address := _elastic_address(instance, "InstanceId"):
        return Fail(f"has a public address, an Elastic IP ({address})")
    interfaces = instance.NetworkInterfaces or _launch_template(instance).NetworkInterfaces
    for interface in interfaces:
        if reason := _gets_address(interface):
            return Fail(
                f"has a public address, {reason}",
                at="NetworkInterfaces" if instance.NetworkInterfaces else "LaunchTemplate",
            )
    if not interfaces and (reason := _of_subnet(instance)):
        return Fail(f"has a public address, {reason}", at="SubnetId")


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
