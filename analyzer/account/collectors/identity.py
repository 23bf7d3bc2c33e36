"""Identities: roles, users, groups and policies in one call, and the credentials of users."""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping
from typing import Any

from analyzer.account.collector import Call, Collector, Read, same

POLICY = "AWS::IAM::ManagedPolicy"
_GROUP = "AWS::IAM::Group"
_NONE = ("N/A", "no_information", "not_supported", "")
_REPORT_SECONDS = 60  # a report takes AWS a few seconds


def _details(kind: str, items: str) -> Call:
    """Everything about identities of a kind: roles that AWS keeps for itself are left out."""
    return Call("iam", "GetAccountAuthorizationDetails", items, fixed={"Filter": [kind]})


def order_report(client: Any) -> None:
    """Ask for the credential report, and wait until it is there."""
    deadline = time.monotonic() + _REPORT_SECONDS
    while client.generate_credential_report().get("State") != "COMPLETE":
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(1)


def credentials(answer: Mapping[str, Any], arn: str) -> dict[str, str]:
    """The row of the credential report about one user; empty where it was made afterwards."""
    rows = csv.DictReader(f"{answer.get('Content', '')}".splitlines())
    return next((row for row in rows if row.get("arn") == arn), {})


def told(row: Mapping[str, str], name: str) -> Any:
    """A field of the report: truth, a moment as text, or None where it has no value."""
    value = row.get(name, "")
    if value.lower() in ("true", "false"):
        return value.lower() == "true"
    return None if value in _NONE else value


def _of_user(name: str) -> Any:
    return lambda answer: told(credentials(answer, answer["_item"]["Arn"]), name)


def access_keys(row: Mapping[str, str]) -> list[dict[str, Any]]:
    """The keys of a row that exist."""
    keys = [
        {
            "Number": number,
            "Active": told(row, f"access_key_{number}_active"),
            "LastRotated": told(row, f"access_key_{number}_last_rotated"),
            "LastUsed": told(row, f"access_key_{number}_last_used_date"),
        }
        for number in (1, 2)
    ]
    return [key for key in keys if key["Active"] or key["LastRotated"]]


REPORT = Call(
    "iam",
    "GetCredentialReport",
    prepare=order_report,
    prepare_action="iam:GenerateCredentialReport",
)
_INLINE = "[].{PolicyName: PolicyName, PolicyDocument: PolicyDocument}"

COLLECTORS = (
    Collector(
        "AWS::IAM::Role",
        (_details("Role", "RoleDetailList[?!starts_with(Path || '/', '/aws-service-role/')]"),),
        arn="Arn",
        names=("RoleName",),
        properties={
            **same("RoleName Path AssumeRolePolicyDocument Tags"),
            "Policies": f"RolePolicyList{_INLINE}",
            "ManagedPolicyArns": "AttachedManagedPolicies[].PolicyArn",
            "PermissionsBoundary": "PermissionsBoundary.PermissionsBoundaryArn",
        },
        links={"ManagedPolicyArns": POLICY, "PermissionsBoundary": POLICY},
        never="MaxSessionDuration Description",
        live={"Created": "CreateDate", "LastUsed": "RoleLastUsed.LastUsedDate"},
    ),
    Collector(
        "AWS::IAM::User",
        (_details("User", "UserDetailList[]"),),
        arn="Arn",
        names=("UserName",),
        properties={
            **same("UserName Path Tags"),
            "Policies": f"UserPolicyList{_INLINE}",
            "ManagedPolicyArns": "AttachedManagedPolicies[].PolicyArn",
            "Groups": "GroupList",
            "PermissionsBoundary": "PermissionsBoundary.PermissionsBoundaryArn",
        },
        links={"ManagedPolicyArns": POLICY, "Groups": _GROUP, "PermissionsBoundary": POLICY},
        never="LoginProfile",
        live={"Created": "CreateDate"},
        reads=(
            Read(
                REPORT,
                live={
                    "PasswordEnabled": _of_user("password_enabled"),
                    "PasswordLastUsed": _of_user("password_last_used"),
                    "PasswordLastChanged": _of_user("password_last_changed"),
                    "MfaActive": _of_user("mfa_active"),
                    "AccessKeys": lambda answer: access_keys(
                        credentials(answer, answer["_item"]["Arn"])
                    ),
                },
            ),
        ),
    ),
    Collector(
        _GROUP,
        (_details("Group", "GroupDetailList[]"),),
        arn="Arn",
        names=("GroupName",),
        properties={
            **same("GroupName Path"),
            "Policies": f"GroupPolicyList{_INLINE}",
            "ManagedPolicyArns": "AttachedManagedPolicies[].PolicyArn",
        },
        links={"ManagedPolicyArns": POLICY},
    ),
    Collector(
        POLICY,
        (_details("LocalManagedPolicy", "Policies[]"),),
        arn="Arn",
        names=("PolicyName",),
        properties={
            "ManagedPolicyName": "PolicyName",
            "Path": "Path",
            "PolicyDocument": "PolicyVersionList[?IsDefaultVersion] | [0].Document",
        },
        never="Roles Users Groups Description",
        live={"Attachments": "AttachmentCount"},
    ),
    Collector(
        "AWS::IAM::InstanceProfile",
        (Call("iam", "ListInstanceProfiles", "InstanceProfiles[]"),),
        arn="Arn",
        names=("InstanceProfileName",),
        properties={
            **same("InstanceProfileName Path"),
            "Roles": "Roles[].RoleName",
        },
        links={"Roles": "AWS::IAM::Role"},
    ),
)
