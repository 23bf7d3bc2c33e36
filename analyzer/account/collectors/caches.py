"""ElastiCache: replication groups, clusters of their own, serverless caches, subnet groups."""

from __future__ import annotations

from analyzer.account.collector import Call, Collector, Read, same

_SUBNETS = "AWS::ElastiCache::SubnetGroup"
_GROUP = "AWS::EC2::SecurityGroup"
_KEY = "AWS::KMS::Key"
# One less than the members of a shard: all but its primary.
_REPLICAS = "length((NodeGroupMembers || `[]`)[1:])"
# The token itself is never told.
_TOKEN = "AuthTokenEnabled && 'is set' || `null`"  # noqa: S105 - says that there is one

COLLECTORS = (
    Collector(
        "AWS::ElastiCache::ReplicationGroup",
        (Call("elasticache", "DescribeReplicationGroups", "ReplicationGroups[]"),),
        arn="ARN",
        names=("ReplicationGroupId",),
        properties={
            **same(
                "ReplicationGroupId Engine CacheNodeType AtRestEncryptionEnabled"
                " TransitEncryptionEnabled TransitEncryptionMode SnapshotRetentionLimit"
                " SnapshotWindow KmsKeyId UserGroupIds AutoMinorVersionUpgrade"
            ),
            "ReplicationGroupDescription": "Description",
            "MultiAZEnabled": "MultiAZ == 'enabled'",
            "AutomaticFailoverEnabled": "contains(['enabled', 'enabling'], AutomaticFailover)",
            "AuthToken": _TOKEN,
            "NumCacheClusters": "MemberClusters && length(MemberClusters) || `null`",
            "NumNodeGroups": "NodeGroups && length(NodeGroups) || `null`",
            "ReplicasPerNodeGroup": f"NodeGroups[0].{_REPLICAS}",
            "NodeGroupConfiguration": (
                f"NodeGroups[].{{NodeGroupId: NodeGroupId, ReplicaCount: {_REPLICAS}}}"
            ),
        },
        links={
            "CacheSubnetGroupName": _SUBNETS,
            "SecurityGroupIds": _GROUP,
            "KmsKeyId": _KEY,
        },
        live={"Status": "Status", "Created": "ReplicationGroupCreateTime"},
        reads=(
            # The group does not say what all its members have in common.
            Read(
                Call(
                    "elasticache",
                    "DescribeCacheClusters",
                    given={"CacheClusterId": "MemberClusters[0]"},
                ),
                properties={
                    "EngineVersion": "CacheClusters[0].EngineVersion",
                    "CacheSubnetGroupName": "CacheClusters[0].CacheSubnetGroupName",
                    "SecurityGroupIds": "CacheClusters[0].SecurityGroups[].SecurityGroupId",
                    "CacheParameterGroupName": (
                        "CacheClusters[0].CacheParameterGroup.CacheParameterGroupName"
                    ),
                },
                when="MemberClusters",
            ),
        ),
    ),
    Collector(
        "AWS::ElastiCache::CacheCluster",
        (
            Call(
                "elasticache",
                "DescribeCacheClusters",
                "CacheClusters[?!ReplicationGroupId]",
            ),
        ),
        arn="ARN",
        names=("CacheClusterId",),
        properties={
            **same(
                "Engine EngineVersion CacheNodeType NumCacheNodes CacheSubnetGroupName"
                " SnapshotRetentionLimit SnapshotWindow PreferredMaintenanceWindow"
                " AutoMinorVersionUpgrade"
            ),
            "ClusterName": "CacheClusterId",
            "TransitEncryptionEnabled": "TransitEncryptionEnabled",
            "PreferredAvailabilityZone": "PreferredAvailabilityZone",
            # What the API says of a cluster whose nodes stand in several zones.
            "AZMode": "PreferredAvailabilityZone == 'Multiple' && 'cross-az' || 'single-az'",
            "CacheParameterGroupName": "CacheParameterGroup.CacheParameterGroupName",
            "VpcSecurityGroupIds": "SecurityGroups[].SecurityGroupId",
            "Port": "ConfigurationEndpoint.Port",
        },
        links={"CacheSubnetGroupName": _SUBNETS, "VpcSecurityGroupIds": _GROUP},
        live={"Status": "CacheClusterStatus", "Created": "CacheClusterCreateTime"},
    ),
    Collector(
        "AWS::ElastiCache::ServerlessCache",
        (Call("elasticache", "DescribeServerlessCaches", "ServerlessCaches[]"),),
        arn="ARN",
        names=("ServerlessCacheName",),
        properties={
            **same(
                "ServerlessCacheName Description Engine MajorEngineVersion KmsKeyId"
                " SecurityGroupIds SubnetIds UserGroupId SnapshotRetentionLimit DailySnapshotTime"
                " CacheUsageLimits"
            ),
        },
        links={"SecurityGroupIds": _GROUP, "SubnetIds": "AWS::EC2::Subnet", "KmsKeyId": _KEY},
        live={"Status": "Status", "Created": "CreateTime"},
    ),
    Collector(
        _SUBNETS,
        (Call("elasticache", "DescribeCacheSubnetGroups", "CacheSubnetGroups[]"),),
        arn="ARN",
        names=("CacheSubnetGroupName",),
        properties={
            "CacheSubnetGroupName": "CacheSubnetGroupName",
            "Description": "CacheSubnetGroupDescription",
            "SubnetIds": "Subnets[].SubnetIdentifier",
        },
        links={"SubnetIds": "AWS::EC2::Subnet"},
    ),
)
