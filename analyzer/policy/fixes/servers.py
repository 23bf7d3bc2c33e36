"""What is added to servers: a role, and an interface of their own."""

from __future__ import annotations

from typing import Any

from analyzer.findings import Fix
from analyzer.iam.statements import policy_of
from analyzer.model import Resource
from analyzer.policy.fixes.values import Template, written
from analyzer.unknown import absent

_ROLE = "ServerRole"
_PROFILE = "ServerProfile"
_LAUNCH_TEMPLATE = "AWS::EC2::LaunchTemplate"
AGENT_POLICY: Template = {
    "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
}


def with_managed_profile(server: Resource) -> Fix:
    """Give a server, or a launch template, the profile of a role for Systems Manager.

    AWS Systems Manager User Guide, "Configure instance permissions required for Systems Manager".
    """
    if server.type == _LAUNCH_TEMPLATE:
        named: dict[str, Any] = {"Arn": {"Fn::GetAtt": [_PROFILE, "Arn"]}}
        return Fix(set={"LaunchTemplateData/IamInstanceProfile": named}, add=_profile())
    return Fix(set={"IamInstanceProfile": {"Ref": _PROFILE}}, add=_profile())


def _profile() -> dict[str, Template]:
    assumed = {
        "Effect": "Allow",
        "Principal": {"Service": "ec2.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    role = {
        "AssumeRolePolicyDocument": policy_of([assumed]),
        "ManagedPolicyArns": [AGENT_POLICY],
    }
    return {
        _ROLE: {"Type": "AWS::IAM::Role", "Properties": role},
        _PROFILE: {
            "Type": "AWS::IAM::InstanceProfile",
            "Properties": {"Roles": [{"Ref": _ROLE}]},
        },
    }


def without_handed_address(server: Resource) -> Fix | None:
    """Refuse the address that the subnet hands out, which takes an interface of its own.

    AWS CloudFormation Template Reference, AWS::EC2::Instance NetworkInterface: the subnet and the
    groups then stand there. None where more of the server's network would have to move.
    """
    if server.LaunchTemplate or not absent(server.PrivateIpAddress):
        return None
    interface: dict[str, Any] = {"DeviceIndex": "0", "AssociatePublicIpAddress": False}
    for own, moved in (("SubnetId", "SubnetId"), ("SecurityGroupIds", "GroupSet")):
        if own in server:
            interface[moved] = written(getattr(server, own), server)
    gone = tuple(name for name in ("SubnetId", "SecurityGroupIds") if name in server)
    return Fix(set={"NetworkInterfaces": [interface]}, remove=gone)
