"""Servers: instances, their disks and images, launch templates, and the groups that start them."""

from __future__ import annotations

from typing import Any

from analyzer.account.collector import Call, Collector, Read, same
from analyzer.account.collectors.network import GROUP, SUBNET

_INSTANCE = "AWS::EC2::Instance"
_TEMPLATE = "AWS::EC2::LaunchTemplate"
_VOLUME = "AWS::EC2::Volume"
_KEY = "AWS::KMS::Key"
_ADDRESS = "AWS::EC2::EIP"
_OWN = {"OwnerIds": ["self"]}
_INTERFACES = (
    "NetworkInterfaces[].{DeviceIndex: Attachment.DeviceIndex,"
    " SubnetId: SubnetId, GroupSet: Groups[].GroupId,"
    " PrivateIpAddress: PrivateIpAddress,"
    " Ipv6Addresses: Ipv6Addresses[].{Ipv6Address: Ipv6Address},"
    " AssociatePublicIpAddress: not_null(Association.PublicIp, '') != ''}"
)


def _template_data(item: dict[str, Any]) -> Any:
    """The data of a launch template, in which only user data is encoded."""
    return item.get("LaunchTemplateData")


COLLECTORS = (
    Collector(
        _INSTANCE,
        (
            Call(
                "ec2",
                "DescribeInstances",
                "Reservations[].Instances[?State.Name != 'terminated'"
                " && State.Name != 'shutting-down'][]",
            ),
        ),
        arn="arn:{partition}:ec2:{region}:{account}:instance/{InstanceId}",
        names=("InstanceId",),
        properties={
            **same("ImageId InstanceType KeyName SubnetId EbsOptimized Tags"),
            "AvailabilityZone": "Placement.AvailabilityZone",
            "Tenancy": "Placement.Tenancy",
            "SecurityGroupIds": "SecurityGroups[].GroupId",
            "IamInstanceProfile": "last_of(IamInstanceProfile.Arn, '/')",
            "MetadataOptions": "MetadataOptions.{HttpTokens: HttpTokens,"
            " HttpEndpoint: HttpEndpoint, HttpPutResponseHopLimit: HttpPutResponseHopLimit}",
            "Monitoring": "Monitoring.State == 'enabled'",
            "NetworkInterfaces": _INTERFACES,
            "Volumes": "BlockDeviceMappings[?Ebs].{Device: DeviceName, VolumeId: Ebs.VolumeId}",
            "SourceDestCheck": "SourceDestCheck",
            "InstanceMarketOptions": "InstanceLifecycle && {MarketType: InstanceLifecycle}",
        },
        links={
            "SubnetId": SUBNET,
            "SecurityGroupIds": GROUP,
            "NetworkInterfaces.SubnetId": SUBNET,
            "NetworkInterfaces.GroupSet": GROUP,
            "Volumes.VolumeId": _VOLUME,
            "IamInstanceProfile": "AWS::IAM::InstanceProfile",
        },
        # The disks are volumes of their own; what they were mapped from is not told any more.
        never="BlockDeviceMappings LaunchTemplate SecurityGroups PropagateTagsToVolumeOnCreation",
        live={
            "State": "State.Name",
            "Launched": "LaunchTime",
            "PublicIp": "PublicIpAddress",
            "GroupedBy": "Tags[?Key == 'aws:autoscaling:groupName'] | [0].Value",
        },
        reads=(
            Read(
                Call(
                    "ec2",
                    "DescribeInstanceAttribute",
                    given={"InstanceId": "InstanceId"},
                    fixed={"Attribute": "userData"},
                ),
                properties={"UserData": "UserData.Value"},
            ),
            Read(
                Call(
                    "ec2",
                    "DescribeInstanceAttribute",
                    given={"InstanceId": "InstanceId"},
                    fixed={"Attribute": "disableApiTermination"},
                ),
                properties={"DisableApiTermination": "DisableApiTermination.Value"},
            ),
        ),
    ),
    Collector(
        _VOLUME,
        (Call("ec2", "DescribeVolumes", "Volumes[]"),),
        arn="arn:{partition}:ec2:{region}:{account}:volume/{VolumeId}",
        names=("VolumeId",),
        properties=same(
            "Size VolumeType Iops Throughput Encrypted KmsKeyId AvailabilityZone SnapshotId Tags"
            " MultiAttachEnabled"
        ),
        links={"KmsKeyId": _KEY},
        live={"State": "State", "AttachedTo": "Attachments[].InstanceId", "Created": "CreateTime"},
    ),
    Collector(
        "AWS::EC2::Snapshot",
        (Call("ec2", "DescribeSnapshots", "Snapshots[]", fixed=_OWN),),
        arn="arn:{partition}:ec2:{region}:{account}:snapshot/{SnapshotId}",
        names=("SnapshotId",),
        properties=same("VolumeId Description Tags"),
        links={"VolumeId": _VOLUME},
        live={"Encrypted": "Encrypted", "Created": "StartTime", "Gib": "VolumeSize"},
        reads=(
            Read(
                Call(
                    "ec2",
                    "DescribeSnapshotAttribute",
                    given={"SnapshotId": "SnapshotId"},
                    fixed={"Attribute": "createVolumePermission"},
                ),
                live={"Public": "contains(CreateVolumePermissions[].Group || `[]`, 'all')"},
            ),
        ),
    ),
    Collector(
        "AWS::EC2::Image",
        (Call("ec2", "DescribeImages", "Images[]", fixed={"Owners": ["self"]}),),
        arn="arn:{partition}:ec2:{region}:{account}:image/{ImageId}",
        names=("ImageId",),
        properties=same("Name Description Tags"),
        live={"Public": "Public", "Created": "CreationDate"},
    ),
    Collector(
        _TEMPLATE,
        (
            Call("ec2", "DescribeLaunchTemplates", "LaunchTemplates[]"),
            Call(
                "ec2",
                "DescribeLaunchTemplateVersions",
                "LaunchTemplateVersions[]",
                given={"LaunchTemplateId": "LaunchTemplateId"},
                fixed={"Versions": ["$Default"]},
            ),
        ),
        arn="arn:{partition}:ec2:{region}:{account}:launch-template/{LaunchTemplateId}",
        names=("LaunchTemplateId", "LaunchTemplateName"),
        properties={
            "LaunchTemplateName": "LaunchTemplateName",
            "LaunchTemplateData": _template_data,
            "VersionDescription": "VersionDescription",
        },
        links={
            "LaunchTemplateData.SecurityGroupIds": GROUP,
            "LaunchTemplateData.NetworkInterfaces.SubnetId": SUBNET,
            "LaunchTemplateData.NetworkInterfaces.Groups": GROUP,
            "LaunchTemplateData.IamInstanceProfile.Name": "AWS::IAM::InstanceProfile",
            "LaunchTemplateData.IamInstanceProfile.Arn": "AWS::IAM::InstanceProfile",
        },
    ),
    Collector(
        "AWS::AutoScaling::AutoScalingGroup",
        (Call("autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups[]"),),
        arn="AutoScalingGroupARN",
        names=("AutoScalingGroupName",),
        properties={
            **same(
                "AutoScalingGroupName DesiredCapacity LaunchConfigurationName LoadBalancerNames"
                " TargetGroupARNs HealthCheckType HealthCheckGracePeriod AvailabilityZones"
                " MixedInstancesPolicy CapacityRebalance NewInstancesProtectedFromScaleIn"
            ),
            "MinSize": "MinSize",
            "MaxSize": "MaxSize",
            "VPCZoneIdentifier": lambda group: (
                [name for name in (group.get("VPCZoneIdentifier") or "").split(",") if name] or None
            ),
            "LaunchTemplate": "LaunchTemplate",
            "TrafficSources": "TrafficSources[].{Identifier: Identifier, Type: Type}",
            "Tags": "Tags[].{Key: Key, Value: Value, PropagateAtLaunch: PropagateAtLaunch}",
        },
        links={
            "VPCZoneIdentifier": SUBNET,
            "TargetGroupARNs": "AWS::ElasticLoadBalancingV2::TargetGroup",
            "LaunchTemplate.LaunchTemplateId": _TEMPLATE,
            "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId": (
                _TEMPLATE
            ),
        },
        never="InstanceId",  # what a group was copied from is its launch template's now
        live={"Instances": "Instances[].InstanceId"},
    ),
    Collector(
        _ADDRESS,
        (Call("ec2", "DescribeAddresses", "Addresses[]"),),
        arn="arn:{partition}:ec2:{region}:{account}:elastic-ip/{AllocationId}",
        names=("AllocationId", "PublicIp"),
        properties={
            "Domain": "Domain",
            "InstanceId": "InstanceId",
            "Tags": "Tags",
        },
        links={"InstanceId": _INSTANCE},
        live={"Attached": "not_null(AssociationId, '') != ''"},
    ),
    Collector(
        "AWS::EC2::EIPAssociation",
        (Call("ec2", "DescribeAddresses", "Addresses[?AssociationId && InstanceId]"),),
        arn="arn:{partition}:ec2:{region}:{account}:elastic-ip/{AllocationId}/{AssociationId}",
        properties=same("AllocationId InstanceId NetworkInterfaceId PrivateIpAddress"),
        links={"AllocationId": _ADDRESS, "InstanceId": _INSTANCE},
    ),
    Collector(
        "AWS::::Region",
        (Call("ec2", "GetEbsEncryptionByDefault", "@"),),
        arn="arn:{partition}:ec2:{region}:{account}:region/{region}",
        properties={},
        live={"EbsEncryptionByDefault": "EbsEncryptionByDefault"},
        reads=(
            Read(
                Call("accessanalyzer", "ListAnalyzers"),
                live={"ActiveAnalyzers": "analyzers[?status == 'ACTIVE'].name"},
            ),
        ),
    ),
)
