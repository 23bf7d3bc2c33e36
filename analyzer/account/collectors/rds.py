"""RDS and Aurora: instances, clusters, their groups and snapshots."""

from __future__ import annotations

from analyzer.account.collector import Call, Collector, same

_GROUP = "AWS::EC2::SecurityGroup"
_KEY = "AWS::KMS::Key"

COLLECTORS = (
    Collector(
        "AWS::RDS::DBInstance",
        (Call("rds", "DescribeDBInstances", "DBInstances[]"),),
        arn="DBInstanceArn",
        names=("DBInstanceIdentifier",),
        properties={
            **same(
                "DBInstanceIdentifier DBInstanceClass Engine EngineVersion AllocatedStorage"
                " MaxAllocatedStorage StorageType Iops StorageThroughput MultiAZ AvailabilityZone"
                " StorageEncrypted KmsKeyId BackupRetentionPeriod PubliclyAccessible"
                " DeletionProtection AutoMinorVersionUpgrade MonitoringInterval MonitoringRoleArn"
                " CopyTagsToSnapshot DBClusterIdentifier DBName MasterUsername LicenseModel"
                " PreferredBackupWindow PreferredMaintenanceWindow CACertificateIdentifier"
            ),
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
            "DBClusterIdentifier": "AWS::RDS::DBCluster",
            "SourceDBInstanceIdentifier": "AWS::RDS::DBInstance",
            "VPCSecurityGroups": _GROUP,
            "KmsKeyId": _KEY,
        },
        live={"Status": "DBInstanceStatus", "Created": "InstanceCreateTime"},
    ),
)
