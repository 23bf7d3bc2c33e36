"""EFS: file systems, mount targets, access points."""

from __future__ import annotations

from analyzer.account.collector import Call, Collector, Read, same

_FILES = Call("efs", "DescribeFileSystems", "FileSystems[]")
_TYPE = "AWS::EFS::FileSystem"
_ID = {"FileSystemId": "FileSystemId"}

COLLECTORS = (
    Collector(
        _TYPE,
        (_FILES,),
        arn="FileSystemArn",
        names=("FileSystemId",),
        properties={
            **same(
                "Encrypted KmsKeyId PerformanceMode ThroughputMode ProvisionedThroughputInMibps"
                " AvailabilityZoneName FileSystemProtection"
            ),
            "FileSystemTags": "Tags",
        },
        links={"KmsKeyId": "AWS::KMS::Key"},
        live={
            "Created": "CreationTime",
            "Status": "LifeCycleState",
            "Bytes": "SizeInBytes.ValueInStandard || SizeInBytes.Value",
            "InfrequentBytes": "SizeInBytes.ValueInIA",
        },
        reads=(
            Read(
                Call("efs", "DescribeLifecycleConfiguration", given=_ID),
                properties={"LifecyclePolicies": "LifecyclePolicies"},
            ),
            Read(
                Call("efs", "DescribeBackupPolicy", given=_ID, absent=("PolicyNotFound",)),
                properties={
                    "BackupPolicy": (
                        "BackupPolicy.{Status: contains(['ENABLED', 'ENABLING'], Status)"
                        " && 'ENABLED' || 'DISABLED'}"
                    )
                },
            ),
            Read(
                Call("efs", "DescribeFileSystemPolicy", given=_ID, absent=("PolicyNotFound",)),
                properties={"FileSystemPolicy": "from_json(Policy)"},
            ),
        ),
    ),
    Collector(
        "AWS::EFS::MountTarget",
        (_FILES, Call("efs", "DescribeMountTargets", "MountTargets[]", given=_ID)),
        arn="arn:{partition}:elasticfilesystem:{region}:{account}:mount-target/{MountTargetId}",
        names=("MountTargetId",),
        properties=same("FileSystemId SubnetId IpAddress"),
        links={
            "FileSystemId": _TYPE,
            "SubnetId": "AWS::EC2::Subnet",
            "SecurityGroups": "AWS::EC2::SecurityGroup",
        },
        live={"Status": "LifeCycleState"},
        reads=(
            Read(
                Call(
                    "efs",
                    "DescribeMountTargetSecurityGroups",
                    given={"MountTargetId": "MountTargetId"},
                ),
                properties={"SecurityGroups": "SecurityGroups"},
            ),
        ),
    ),
    Collector(
        "AWS::EFS::AccessPoint",
        (Call("efs", "DescribeAccessPoints", "AccessPoints[]"),),
        arn="AccessPointArn",
        names=("AccessPointId",),
        properties={
            **same("FileSystemId PosixUser RootDirectory"),
            "AccessPointTags": "Tags",
        },
        links={"FileSystemId": _TYPE},
    ),
)
