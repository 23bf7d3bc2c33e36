"""Redshift, OpenSearch and EKS: clusters that hold data, and clusters that run containers."""

from __future__ import annotations

from analyzer.account.collector import Call, Collector, Read, same

_SUBNET = "AWS::EC2::Subnet"
_GROUP = "AWS::EC2::SecurityGroup"
_KEY = "AWS::KMS::Key"
_GONE = ("ResourceNotFoundException",)  # deleted since it was listed
_KUBERNETES = (
    Call("eks", "ListClusters", "clusters[]"),
    Call("eks", "DescribeCluster", "cluster", given={"name": "value"}, absent=_GONE),
)

COLLECTORS = (
    Collector(
        "AWS::Redshift::Cluster",
        (Call("redshift", "DescribeClusters", "Clusters[]"),),
        arn="arn:{partition}:redshift:{region}:{account}:cluster:{ClusterIdentifier}",
        names=("ClusterIdentifier",),
        properties={
            **same(
                "ClusterIdentifier NodeType NumberOfNodes DBName MasterUsername Encrypted KmsKeyId"
                " PubliclyAccessible AutomatedSnapshotRetentionPeriod"
                " ManualSnapshotRetentionPeriod EnhancedVpcRouting AllowVersionUpgrade"
                " AvailabilityZone ClusterSubnetGroupName Tags"
            ),
            "ClusterType": "NumberOfNodes > `1` && 'multi-node' || 'single-node'",
            "MultiAZ": "contains(['Enabled', 'enabled'], MultiAZ)",
            "ClusterParameterGroupName": "ClusterParameterGroups[0].ParameterGroupName",
            "VpcSecurityGroupIds": "VpcSecurityGroups[].VpcSecurityGroupId",
            "IamRoles": "IamRoles[].IamRoleArn",
            "Port": "Endpoint.Port",
            "SnapshotIdentifier": "`null`",
        },
        links={
            "ClusterSubnetGroupName": "AWS::Redshift::ClusterSubnetGroup",
            "ClusterParameterGroupName": "AWS::Redshift::ClusterParameterGroup",
            "VpcSecurityGroupIds": _GROUP,
            "KmsKeyId": _KEY,
        },
        live={"Status": "ClusterStatus", "Created": "ClusterCreateTime"},
    ),
    Collector(
        "AWS::Redshift::ClusterSubnetGroup",
        (Call("redshift", "DescribeClusterSubnetGroups", "ClusterSubnetGroups[]"),),
        arn="arn:{partition}:redshift:{region}:{account}:subnetgroup:{ClusterSubnetGroupName}",
        names=("ClusterSubnetGroupName",),
        properties={
            **same("Description Tags"),
            "SubnetIds": "Subnets[].SubnetIdentifier",
        },
        links={"SubnetIds": _SUBNET},
    ),
    Collector(
        "AWS::Redshift::ClusterParameterGroup",
        (Call("redshift", "DescribeClusterParameterGroups", "ParameterGroups[]"),),
        arn="arn:{partition}:redshift:{region}:{account}:parametergroup:{ParameterGroupName}",
        names=("ParameterGroupName",),
        properties={
            **same("ParameterGroupName ParameterGroupFamily Description Tags"),
        },
        reads=(
            Read(
                Call(
                    "redshift",
                    "DescribeClusterParameters",
                    given={"ParameterGroupName": "ParameterGroupName"},
                    fixed={"Source": "user"},
                ),
                properties={
                    "Parameters": (
                        "Parameters[].{ParameterName: ParameterName,"
                        " ParameterValue: ParameterValue}"
                    )
                },
            ),
        ),
    ),
    Collector(
        "AWS::OpenSearchService::Domain",
        (
            Call("opensearch", "ListDomainNames", "DomainNames[]"),
            Call(
                "opensearch",
                "DescribeDomains",
                "DomainStatusList[?!Deleted]",
                given={"DomainNames": "[].DomainName"},
                batch=5,
            ),
        ),
        arn="ARN",
        names=("DomainName",),
        properties={
            **same(
                "DomainName EngineVersion ClusterConfig EBSOptions EncryptionAtRestOptions"
                " NodeToNodeEncryptionOptions DomainEndpointOptions LogPublishingOptions"
                " SnapshotOptions"
            ),
            "AccessPolicies": "from_json(AccessPolicies)",
            "VPCOptions": (
                "VPCOptions.SubnetIds && VPCOptions.{SubnetIds: SubnetIds,"
                " SecurityGroupIds: SecurityGroupIds} || `null`"
            ),
        },
        links={
            "VPCOptions.SubnetIds": _SUBNET,
            "VPCOptions.SecurityGroupIds": _GROUP,
            "EncryptionAtRestOptions.KmsKeyId": _KEY,
        },
    ),
    Collector(
        "AWS::EKS::Cluster",
        _KUBERNETES,
        arn="arn",
        names=("name",),
        properties={
            "Name": "name",
            "Version": "version",
            "RoleArn": "roleArn",
            "DeletionProtection": "deletionProtection",
            "ResourcesVpcConfig": (
                "resourcesVpcConfig.{SubnetIds: subnetIds, SecurityGroupIds: securityGroupIds,"
                " EndpointPublicAccess: endpointPublicAccess,"
                " EndpointPrivateAccess: endpointPrivateAccess,"
                " PublicAccessCidrs: publicAccessCidrs}"
            ),
            "EncryptionConfig": (
                "encryptionConfig[].{Resources: resources, Provider: {KeyArn: provider.keyArn}}"
            ),
            "Logging": (
                "logging.{ClusterLogging: {EnabledTypes:"
                " clusterLogging[?enabled].types[].{Type: @}}}"
            ),
            "Tags": "entries(tags, 'Key', 'Value')",
        },
        links={
            "ResourcesVpcConfig.SubnetIds": _SUBNET,
            "ResourcesVpcConfig.SecurityGroupIds": _GROUP,
            "EncryptionConfig.Provider.KeyArn": _KEY,
            "RoleArn": "AWS::IAM::Role",
        },
        live={"Status": "status", "Created": "createdAt"},
    ),
    Collector(
        "AWS::EKS::Nodegroup",
        (
            _KUBERNETES[0],
            Call(
                "eks",
                "ListNodegroups",
                "nodegroups[]",
                given={"clusterName": "value"},
                absent=_GONE,
            ),
            Call(
                "eks",
                "DescribeNodegroup",
                "nodegroup",
                given={"clusterName": "_parent.value", "nodegroupName": "value"},
                absent=_GONE,
            ),
        ),
        arn="nodegroupArn",
        names=("nodegroupName",),
        properties={
            "ClusterName": "clusterName",
            "NodegroupName": "nodegroupName",
            "Subnets": "subnets",
            "InstanceTypes": "instanceTypes",
            "CapacityType": "capacityType",
            "AmiType": "amiType",
            "DiskSize": "diskSize",
            "NodeRole": "nodeRole",
            "ScalingConfig": (
                "scalingConfig.{MinSize: minSize, MaxSize: maxSize, DesiredSize: desiredSize}"
            ),
            "RemoteAccess": (
                "remoteAccess.{Ec2SshKey: ec2SshKey, SourceSecurityGroups: sourceSecurityGroups}"
            ),
            "LaunchTemplate": "launchTemplate.{Id: id, Name: name, Version: version}",
        },
        links={
            "ClusterName": "AWS::EKS::Cluster",
            "Subnets": _SUBNET,
            "RemoteAccess.SourceSecurityGroups": _GROUP,
            "NodeRole": "AWS::IAM::Role",
        },
        live={"Status": "status", "Created": "createdAt"},
    ),
)
