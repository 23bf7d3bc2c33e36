"""RDS and Aurora: instances, clusters, their groups and snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyzer.account.collector import Call, Collector, Read, same

_GROUP = "AWS::EC2::SecurityGroup"
_KEY = "AWS::KMS::Key"
_INSTANCE = "AWS::RDS::DBInstance"
_CLUSTER = "AWS::RDS::DBCluster"
# The same API lists the databases of two services that have types of their own.
_OURS = "[?Engine != 'docdb' && Engine != 'neptune']"
# A property that says how something is made; what became of it stands in another one.
_NEVER = "`null`"
_PASSWORD = {
    "ManageMasterUserPassword": "MasterUserSecret && `true` || `null`",
    "MasterUserSecret": "MasterUserSecret.{SecretArn: SecretArn, KmsKeyId: KmsKeyId}",
}
_MANUAL = "SnapshotType == 'manual'"  # only these can be shared


def _settings(answer: Any) -> Mapping[str, Any]:
    """The parameters that somebody set, as a map."""
    return {
        entry["ParameterName"]: entry["ParameterValue"]
        for entry in answer.get("Parameters") or ()
        if "ParameterValue" in entry
    }


COLLECTORS = (
    Collector(
        _INSTANCE,
        (Call("rds", "DescribeDBInstances", f"DBInstances{_OURS}"),),
        arn="DBInstanceArn",
        names=("DBInstanceIdentifier",),
        properties={
            **same(
                "DBInstanceIdentifier DBInstanceClass Engine EngineVersion AllocatedStorage"
                " MaxAllocatedStorage StorageType Iops StorageThroughput MultiAZ AvailabilityZone"
                " StorageEncrypted KmsKeyId BackupRetentionPeriod PubliclyAccessible"
                " NetworkType"
                " DeletionProtection AutoMinorVersionUpgrade MonitoringInterval MonitoringRoleArn"
                " CopyTagsToSnapshot DBClusterIdentifier DBName MasterUsername LicenseModel"
                " PreferredBackupWindow PreferredMaintenanceWindow EngineLifecycleSupport"
                " PromotionTier CACertificateIdentifier"
            ),
            **_PASSWORD,
            "DBSnapshotIdentifier": _NEVER,
            "DBSubnetGroupName": "DBSubnetGroup.DBSubnetGroupName",
            "DBParameterGroupName": "DBParameterGroups[0].DBParameterGroupName",
            "VPCSecurityGroups": "VpcSecurityGroups[].VpcSecurityGroupId",
            "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
            "EnablePerformanceInsights": "PerformanceInsightsEnabled",
            "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
            "SourceDBInstanceIdentifier": "ReadReplicaSourceDBInstanceIdentifier",
            "Port": "Endpoint.Port",
            "Tags": "TagList",
        },
        links={
            "DBSubnetGroupName": "AWS::RDS::DBSubnetGroup",
            "DBParameterGroupName": "AWS::RDS::DBParameterGroup",
            "DBClusterIdentifier": _CLUSTER,
            "SourceDBInstanceIdentifier": _INSTANCE,
            "VPCSecurityGroups": _GROUP,
            "KmsKeyId": _KEY,
        },
        live={"Status": "DBInstanceStatus", "Created": "InstanceCreateTime"},
    ),
    Collector(
        _CLUSTER,
        (Call("rds", "DescribeDBClusters", f"DBClusters{_OURS}"),),
        arn="DBClusterArn",
        names=("DBClusterIdentifier",),
        properties={
            **same(
                "DBClusterIdentifier Engine EngineVersion EngineMode DBClusterInstanceClass"
                " AllocatedStorage StorageType Iops StorageEncrypted KmsKeyId AvailabilityZones"
                " BackupRetentionPeriod DeletionProtection DatabaseName MasterUsername Port"
                " PubliclyAccessible NetworkType CopyTagsToSnapshot PreferredBackupWindow"
                " PreferredMaintenanceWindow EngineLifecycleSupport GlobalClusterIdentifier"
                " ReplicationSourceIdentifier BacktrackWindow"
            ),
            **_PASSWORD,
            "SnapshotIdentifier": _NEVER,
            "DBSubnetGroupName": "DBSubnetGroup",
            "DBClusterParameterGroupName": "DBClusterParameterGroup",
            "VpcSecurityGroupIds": "VpcSecurityGroups[].VpcSecurityGroupId",
            "EnableIAMDatabaseAuthentication": "IAMDatabaseAuthenticationEnabled",
            "EnableCloudwatchLogsExports": "EnabledCloudwatchLogsExports",
            "ServerlessV2ScalingConfiguration": (
                "ServerlessV2ScalingConfiguration.{MinCapacity: MinCapacity,"
                " MaxCapacity: MaxCapacity}"
            ),
            "Tags": "TagList",
        },
        links={
            "DBSubnetGroupName": "AWS::RDS::DBSubnetGroup",
            "DBClusterParameterGroupName": "AWS::RDS::DBClusterParameterGroup",
            "VpcSecurityGroupIds": _GROUP,
            "KmsKeyId": _KEY,
        },
        live={"Status": "Status", "Created": "ClusterCreateTime"},
    ),
    Collector(
        "AWS::RDS::DBSubnetGroup",
        (Call("rds", "DescribeDBSubnetGroups", "DBSubnetGroups[]"),),
        arn="DBSubnetGroupArn",
        names=("DBSubnetGroupName",),
        properties={
            **same("DBSubnetGroupName DBSubnetGroupDescription"),
            "SubnetIds": "Subnets[].SubnetIdentifier",
        },
        links={"SubnetIds": "AWS::EC2::Subnet"},
    ),
    Collector(
        "AWS::RDS::DBParameterGroup",
        (Call("rds", "DescribeDBParameterGroups", "DBParameterGroups[]"),),
        arn="DBParameterGroupArn",
        names=("DBParameterGroupName",),
        properties={
            **same("DBParameterGroupName Description"),
            "Family": "DBParameterGroupFamily",
        },
        reads=(
            Read(
                Call(
                    "rds",
                    "DescribeDBParameters",
                    given={"DBParameterGroupName": "DBParameterGroupName"},
                    fixed={"Source": "user"},
                ),
                properties={"Parameters": _settings},
            ),
        ),
    ),
    Collector(
        "AWS::RDS::DBClusterParameterGroup",
        (Call("rds", "DescribeDBClusterParameterGroups", "DBClusterParameterGroups[]"),),
        arn="DBClusterParameterGroupArn",
        names=("DBClusterParameterGroupName",),
        properties={
            **same("DBClusterParameterGroupName Description"),
            "Family": "DBParameterGroupFamily",
        },
        reads=(
            Read(
                Call(
                    "rds",
                    "DescribeDBClusterParameters",
                    given={"DBClusterParameterGroupName": "DBClusterParameterGroupName"},
                    fixed={"Source": "user"},
                ),
                properties={"Parameters": _settings},
            ),
        ),
    ),
    Collector(
        "AWS::RDS::DBSnapshot",
        (Call("rds", "DescribeDBSnapshots", f"DBSnapshots{_OURS}"),),
        arn="DBSnapshotArn",
        names=("DBSnapshotIdentifier",),
        properties={
            **same("DBSnapshotIdentifier DBInstanceIdentifier Engine EngineVersion KmsKeyId"),
            "Tags": "TagList",
        },
        links={"DBInstanceIdentifier": _INSTANCE, "KmsKeyId": _KEY},
        live={
            "Encrypted": "Encrypted",
            "Created": "SnapshotCreateTime",
            "Type": "SnapshotType",
            "Status": "Status",
            "GiB": "AllocatedStorage",
        },
        reads=(
            Read(
                Call(
                    "rds",
                    "DescribeDBSnapshotAttributes",
                    given={"DBSnapshotIdentifier": "DBSnapshotIdentifier"},
                ),
                live={
                    "SharedWith": (
                        "DBSnapshotAttributesResult.DBSnapshotAttributes"
                        "[?AttributeName == 'restore'].AttributeValues[]"
                    )
                },
                when=_MANUAL,
            ),
        ),
    ),
    Collector(
        "AWS::RDS::DBClusterSnapshot",
        (Call("rds", "DescribeDBClusterSnapshots", f"DBClusterSnapshots{_OURS}"),),
        arn="DBClusterSnapshotArn",
        names=("DBClusterSnapshotIdentifier",),
        properties={
            **same("DBClusterSnapshotIdentifier DBClusterIdentifier Engine EngineVersion KmsKeyId"),
            "Tags": "TagList",
        },
        links={"DBClusterIdentifier": _CLUSTER, "KmsKeyId": _KEY},
        live={
            "Encrypted": "StorageEncrypted",
            "Created": "SnapshotCreateTime",
            "Type": "SnapshotType",
            "Status": "Status",
            "GiB": "AllocatedStorage",
        },
        reads=(
            Read(
                Call(
                    "rds",
                    "DescribeDBClusterSnapshotAttributes",
                    given={"DBClusterSnapshotIdentifier": "DBClusterSnapshotIdentifier"},
                ),
                live={
                    "SharedWith": (
                        "DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes"
                        "[?AttributeName == 'restore'].AttributeValues[]"
                    )
                },
                when=_MANUAL,
            ),
        ),
    ),
)
