"""AWS Backup: vaults, plans, what is selected for them, and the backups made."""

from __future__ import annotations

from analyzer.account.collector import Call, Collector, Read, same

_VAULT = "AWS::Backup::BackupVault"
_PLAN = "AWS::Backup::BackupPlan"
_VAULTS = Call("backup", "ListBackupVaults", "BackupVaultList[]")
_PLANS = Call("backup", "ListBackupPlans", "BackupPlansList[]")
_GONE = ("ResourceNotFoundException",)

COLLECTORS = (
    Collector(
        _VAULT,
        (_VAULTS,),
        arn="BackupVaultArn",
        names=("BackupVaultName",),
        properties={
            "BackupVaultName": "BackupVaultName",
            "EncryptionKeyArn": "EncryptionKeyArn",
            # A lock without a minimum enforces none.
            "LockConfiguration": (
                "Locked && {MinRetentionDays: MinRetentionDays || `0`,"
                " MaxRetentionDays: MaxRetentionDays} || `null`"
            ),
        },
        links={"EncryptionKeyArn": "AWS::KMS::Key"},
        live={"Created": "CreationDate", "Points": "NumberOfRecoveryPoints"},
        reads=(
            Read(
                Call(
                    "backup",
                    "GetBackupVaultAccessPolicy",
                    given={"BackupVaultName": "BackupVaultName"},
                    absent=_GONE,
                ),
                properties={"AccessPolicy": "from_json(Policy)"},
            ),
        ),
    ),
    Collector(
        _PLAN,
        (
            _PLANS,
            Call("backup", "GetBackupPlan", given={"BackupPlanId": "BackupPlanId"}, absent=_GONE),
        ),
        arn="BackupPlanArn",
        names=("BackupPlanId",),
        properties={
            "BackupPlan": (
                "BackupPlan.{BackupPlanName: BackupPlanName,"
                " AdvancedBackupSettings: AdvancedBackupSettings,"
                " BackupPlanRule: Rules[].{RuleName: RuleName,"
                " TargetBackupVault: TargetBackupVaultName,"
                " ScheduleExpression: ScheduleExpression,"
                " ScheduleExpressionTimezone: ScheduleExpressionTimezone,"
                " StartWindowMinutes: StartWindowMinutes,"
                " CompletionWindowMinutes: CompletionWindowMinutes,"
                " EnableContinuousBackup: EnableContinuousBackup,"
                " Lifecycle: Lifecycle, CopyActions: CopyActions}}"
            ),
        },
        links={"BackupPlan.BackupPlanRule.TargetBackupVault": _VAULT},
        live={"Created": "CreationDate", "LastRun": "LastExecutionDate"},
    ),
    Collector(
        "AWS::Backup::BackupSelection",
        (
            _PLANS,
            Call(
                "backup",
                "ListBackupSelections",
                "BackupSelectionsList[]",
                given={"BackupPlanId": "BackupPlanId"},
                absent=_GONE,
            ),
            Call(
                "backup",
                "GetBackupSelection",
                given={"BackupPlanId": "BackupPlanId", "SelectionId": "SelectionId"},
                absent=_GONE,
            ),
        ),
        arn=(
            "arn:{partition}:backup:{region}:{account}:backup-plan:{BackupPlanId}"
            "/selection/{SelectionId}"
        ),
        names=("SelectionId",),
        properties={
            "BackupPlanId": "BackupPlanId",
            "BackupSelection": (
                "BackupSelection.{SelectionName: SelectionName, IamRoleArn: IamRoleArn,"
                " Resources: Resources, NotResources: NotResources, ListOfTags: ListOfTags,"
                " Conditions: Conditions}"
            ),
        },
        links={"BackupPlanId": _PLAN},
    ),
    Collector(
        "AWS::Backup::RecoveryPoint",
        (
            _VAULTS,
            Call(
                "backup",
                "ListRecoveryPointsByBackupVault",
                "RecoveryPoints[]",
                given={"BackupVaultName": "BackupVaultName"},
                absent=_GONE,
            ),
        ),
        arn="RecoveryPointArn",
        properties={
            **same("BackupVaultName ResourceArn ResourceType EncryptionKeyArn"),
        },
        links={"BackupVaultName": _VAULT},
        live={
            "Encrypted": "IsEncrypted",
            "Created": "CreationDate",
            "DeletedAt": "CalculatedLifecycle.DeleteAt",
            "KeptDays": "Lifecycle.DeleteAfterDays",
            "Status": "Status",
            "Bytes": "BackupSizeInBytes",
            "Cold": "StorageClass == 'COLD'",
        },
    ),
)
