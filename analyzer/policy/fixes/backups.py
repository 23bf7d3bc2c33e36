"""A resource selected for a backup plan: for one that is there, or for one that is added."""

from __future__ import annotations

from typing import Any

from analyzer.findings import Fix
from analyzer.iam.statements import policy_of
from analyzer.model import Inventory, Resource
from analyzer.policy.fixes.keys import key, key_arn
from analyzer.policy.fixes.values import Template, own_name, ref
from analyzer.unknown import Undecided, absent

_PLAN = "AWS::Backup::BackupPlan"
_SELECTION = "AWS::Backup::BackupSelection"
_ADDED_PLAN = "DailyBackups"
_ROLE = "BackupRole"
_VAULT = "BackupVault"
_KEY = "BackupKey"
_MANAGED = "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
_LONGEST = 50  # AWS Backup API Reference: names of vaults, plans and selections
EVERY_DAY = "cron(0 5 * * ? *)"
# What names a resource in a selection, beside Ref and the attribute Arn.
_ARNS = {
    "AWS::EC2::Instance": "ec2:${AWS::Region}:${AWS::AccountId}:instance/${%s}",
    "AWS::EC2::Volume": "ec2:${AWS::Region}:${AWS::AccountId}:volume/${%s}",
    "AWS::RDS::DBInstance": "rds:${AWS::Region}:${AWS::AccountId}:db:${%s}",
    "AWS::RDS::DBCluster": "rds:${AWS::Region}:${AWS::AccountId}:cluster:${%s}",
}


def selected_for_backup(resource: Resource, inventory: Inventory, days: int) -> Fix:
    """Select a resource for the plan of its stack, or for a daily one that is added.

    AWS Backup Developer Guide, "Assigning resources to a backup plan" and "Creating a backup plan".
    """
    arn = _arn(resource)
    beside = [one for one in inventory.of(_SELECTION) if one.stack == resource.stack]
    for selection in beside:
        chosen = selection.BackupSelection
        if chosen.Resources and absent(chosen.Conditions) and absent(chosen.NotResources):
            return Fix(elsewhere={selection.key: {"BackupSelection/Resources/-": arn}})
    for plan in inventory.of(_PLAN):
        if plan.stack == resource.stack:
            return Fix(add={**_selection(resource, arn, ref(plan, resource)), **_role()})
    return Fix(
        add={
            **_selection(resource, arn, {"Ref": _ADDED_PLAN}),
            _ADDED_PLAN: _plan(days),
            _VAULT: _vault(),
            _KEY: key(_KEY),
            **_role(),
        }
    )


def _arn(resource: Resource) -> Template:
    name = ref(resource, resource)["Ref"]
    pattern = _ARNS.get(resource.type)
    if pattern is None:
        raise Undecided(resource.label, f"has an ARN that is not known here ({resource.type})")
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:{pattern % name}"}


def _selection(resource: Resource, arn: Template, plan: Template) -> dict[str, Any]:
    name = f"{resource.id}Backup"
    chosen = {
        "SelectionName": name[:_LONGEST],
        "IamRoleArn": {"Fn::GetAtt": [_ROLE, "Arn"]},
        "Resources": [arn],
    }
    properties = {"BackupPlanId": plan, "BackupSelection": chosen}
    return {name: {"Type": _SELECTION, "Properties": properties}}


def _plan(days: int) -> Template:
    entry = {
        "RuleName": "Daily",
        "TargetBackupVault": {"Ref": _VAULT},
        "ScheduleExpression": EVERY_DAY,
        "Lifecycle": {"DeleteAfterDays": days},
    }
    plan = {"BackupPlanName": own_name("daily"), "BackupPlanRule": [entry]}
    return {"Type": _PLAN, "Properties": {"BackupPlan": plan}}


def _vault() -> Template:
    return {
        "Type": "AWS::Backup::BackupVault",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "BackupVaultName": own_name("backups"),
            "EncryptionKeyArn": key_arn(_KEY),
            "LockConfiguration": {"MinRetentionDays": 1},
        },
    }


def _role() -> dict[str, Template]:
    """AWS Backup Developer Guide, "IAM service roles"."""
    assumed = {
        "Effect": "Allow",
        "Principal": {"Service": "backup.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    properties = {
        "AssumeRolePolicyDocument": policy_of([assumed]),
        "ManagedPolicyArns": [{"Fn::Sub": _MANAGED}],
    }
    return {_ROLE: {"Type": "AWS::IAM::Role", "Properties": properties}}
