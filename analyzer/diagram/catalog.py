"""How each type of resource is drawn: as a card with its glyph, or as a part of something else.

What stands in neither table is counted under its type, never left out.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass


class Where(enum.StrEnum):
    """Where a card belongs, if nothing is known of a network that it stands in."""

    NETWORK = "network"  # it must stand in one: else its placement is not known
    BORDER = "border"  # on the border of the network that it names
    REGION = "region"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Look:
    """A card: its glyph and what the service is called."""

    glyph: str
    service: str
    where: Where = Where.REGION
    members: bool = False  # it starts many of the same


_N, _B, _O = Where.NETWORK, Where.BORDER, Where.OUTSIDE

# In the order in which cards of one place are drawn.
LOOKS: dict[str, Look] = {
    "AWS::CloudFront::Distribution": Look("cdn", "CloudFront", _O),
    "AWS::Route53::HostedZone": Look("dns", "Route 53 zone", _O),
    "AWS::GlobalAccelerator::Accelerator": Look("balancer", "Global Accelerator", _O),
    "AWS::IAM::User": Look("user", "IAM user", _O),
    "AWS::EC2::InternetGateway": Look("gateway", "Internet gateway", _B),
    "AWS::EC2::EgressOnlyInternetGateway": Look("gateway", "Egress-only gateway", _B),
    "AWS::EC2::VPNGateway": Look("gateway", "VPN gateway", _B),
    "AWS::EC2::TransitGatewayAttachment": Look("gateway", "Transit gateway", _B),
    "AWS::EC2::TransitGatewayVpcAttachment": Look("gateway", "Transit gateway", _B),
    "AWS::EC2::VPCEndpoint": Look("endpoint", "VPC endpoint", _N),
    "AWS::EC2::NatGateway": Look("gateway", "NAT gateway", _N),
    "AWS::EC2::ClientVpnEndpoint": Look("gateway", "Client VPN", _N),
    "AWS::EC2::InstanceConnectEndpoint": Look("endpoint", "Instance Connect", _N),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": Look("balancer", "Load balancer", _N),
    "AWS::ElasticLoadBalancing::LoadBalancer": Look("balancer", "Classic balancer", _N),
    "AWS::ApiGateway::RestApi": Look("api", "REST API"),
    "AWS::ApiGatewayV2::Api": Look("api", "API Gateway"),
    "AWS::Serverless::Api": Look("api", "REST API"),
    "AWS::Serverless::HttpApi": Look("api", "API Gateway"),
    "AWS::AppSync::GraphQLApi": Look("api", "AppSync API"),
    "AWS::ApiGatewayV2::VpcLink": Look("endpoint", "VPC link", _N),
    "AWS::AutoScaling::AutoScalingGroup": Look("server", "Auto Scaling group", _N, members=True),
    "AWS::EC2::Instance": Look("server", "EC2 instance", _N),
    "AWS::EC2::SpotFleet": Look("server", "Spot fleet"),
    "AWS::EC2::EC2Fleet": Look("server", "EC2 fleet"),
    "AWS::ECS::Service": Look("container", "ECS service", _N, members=True),
    "AWS::ECS::Cluster": Look("container", "ECS cluster"),
    "AWS::EKS::Cluster": Look("container", "EKS cluster", _N),
    "AWS::EKS::Nodegroup": Look("server", "EKS node group", _N, members=True),
    "AWS::Batch::ComputeEnvironment": Look("server", "Batch compute", _N, members=True),
    "AWS::AppRunner::Service": Look("container", "App Runner"),
    "AWS::AppRunner::VpcConnector": Look("endpoint", "VPC connector", _N),
    "AWS::ElasticBeanstalk::Environment": Look("server", "Elastic Beanstalk"),
    "AWS::Lightsail::Instance": Look("server", "Lightsail"),
    "AWS::Lambda::Function": Look("function", "Lambda function"),
    "AWS::Serverless::Function": Look("function", "Lambda function"),
    "AWS::StepFunctions::StateMachine": Look("function", "Step Functions"),
    "AWS::CodeBuild::Project": Look("function", "CodeBuild"),
    "AWS::CodePipeline::Pipeline": Look("function", "CodePipeline"),
    "AWS::Glue::Job": Look("function", "Glue job"),
    "AWS::SageMaker::NotebookInstance": Look("server", "SageMaker notebook"),
    "AWS::MWAA::Environment": Look("container", "Managed Airflow", _N),
    "AWS::Transfer::Server": Look("filesystem", "Transfer server"),
    "AWS::RDS::DBCluster": Look("database", "Aurora cluster", _N, members=True),
    "AWS::RDS::DBInstance": Look("database", "RDS database", _N),
    "AWS::RDS::DBProxy": Look("database", "RDS Proxy", _N),
    "AWS::DocDB::DBCluster": Look("database", "DocumentDB cluster", _N, members=True),
    "AWS::DocDB::DBInstance": Look("database", "DocumentDB", _N),
    "AWS::Neptune::DBCluster": Look("database", "Neptune cluster", _N, members=True),
    "AWS::Neptune::DBInstance": Look("database", "Neptune", _N),
    "AWS::Redshift::Cluster": Look("database", "Redshift cluster", _N),
    "AWS::RedshiftServerless::Workgroup": Look("database", "Redshift", _N),
    "AWS::OpenSearchService::Domain": Look("database", "OpenSearch"),
    "AWS::Elasticsearch::Domain": Look("database", "Elasticsearch"),
    "AWS::Timestream::InfluxDBInstance": Look("database", "Timestream", _N),
    "AWS::DMS::ReplicationInstance": Look("server", "DMS instance", _N),
    "AWS::ElastiCache::ReplicationGroup": Look("cache", "ElastiCache", _N, members=True),
    "AWS::ElastiCache::CacheCluster": Look("cache", "ElastiCache", _N),
    "AWS::ElastiCache::ServerlessCache": Look("cache", "ElastiCache", _N),
    "AWS::MemoryDB::Cluster": Look("cache", "MemoryDB", _N, members=True),
    "AWS::DAX::Cluster": Look("cache", "DAX", _N, members=True),
    "AWS::EFS::FileSystem": Look("filesystem", "EFS file system", _N),
    "AWS::FSx::FileSystem": Look("filesystem", "FSx file system", _N),
    "AWS::EC2::Volume": Look("filesystem", "EBS volume"),
    "AWS::MSK::Cluster": Look("queue", "MSK cluster", _N, members=True),
    "AWS::MSK::ServerlessCluster": Look("queue", "MSK", _N),
    "AWS::AmazonMQ::Broker": Look("queue", "MQ broker", _N),
    "AWS::S3::Bucket": Look("bucket", "S3 bucket"),
    "AWS::DynamoDB::Table": Look("table", "DynamoDB table"),
    "AWS::DynamoDB::GlobalTable": Look("table", "DynamoDB table"),
    "AWS::Serverless::SimpleTable": Look("table", "DynamoDB table"),
    "AWS::SQS::Queue": Look("queue", "SQS queue"),
    "AWS::SNS::Topic": Look("topic", "SNS topic"),
    "AWS::Kinesis::Stream": Look("queue", "Kinesis stream"),
    "AWS::KinesisFirehose::DeliveryStream": Look("queue", "Firehose"),
    "AWS::Events::EventBus": Look("topic", "Event bus"),
    "AWS::ECR::Repository": Look("container", "ECR repository"),
    "AWS::Cognito::UserPool": Look("user", "Cognito user pool"),
    "AWS::Cognito::IdentityPool": Look("user", "Cognito identities"),
    "AWS::SecretsManager::Secret": Look("secret", "Secret"),
    "AWS::KMS::Key": Look("key", "KMS key"),
    "AWS::KMS::ReplicaKey": Look("key", "KMS replica key"),
    "AWS::WAFv2::WebACL": Look("shield", "Web ACL"),
    "AWS::GuardDuty::Detector": Look("shield", "GuardDuty"),
    "AWS::SecurityHub::Hub": Look("shield", "Security Hub"),
    "AWS::NetworkFirewall::Firewall": Look("shield", "Network Firewall"),
    "AWS::Config::ConfigurationRecorder": Look("shield", "AWS Config"),
    "AWS::Backup::BackupVault": Look("backup", "Backup vault"),
    "AWS::Backup::BackupPlan": Look("backup", "Backup plan"),
    "AWS::CloudTrail::Trail": Look("log", "CloudTrail"),
    "AWS::CloudWatch::Dashboard": Look("log", "Dashboard"),
    "AWS::CloudWatch::Alarm": Look("alarm", "CloudWatch alarm"),
}
ORDER = {type_: position for position, type_ in enumerate(LOOKS)}

# Whatever stands here is many in every account, and of interest as a number.
ALWAYS_TOGETHER = frozenset({"AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"})

# type -> how to find what it belongs to, tried in order: ">Property" leads there, "<Type" refers
# to it from there (any type where none is named). It belongs to nothing where that is no one thing.
_ROLES = (">Roles", ">Users", ">Groups", ">RoleName", ">UserName", ">GroupName")
BELONGS: dict[str, tuple[str, ...]] = {
    "AWS::ApiGateway::*": (">RestApiId", ">ApiId"),
    "AWS::ApiGatewayV2::*": (">ApiId",),
    "AWS::ApplicationAutoScaling::ScalableTarget": (">ResourceId",),
    "AWS::ApplicationAutoScaling::ScalingPolicy": (">ScalingTargetId", ">ResourceId"),
    "AWS::AutoScaling::*": (">AutoScalingGroupName", "<"),
    "AWS::Backup::BackupSelection": (">BackupPlanId",),
    "AWS::Backup::BackupVault": ("<AWS::Backup::BackupPlan",),
    "AWS::CertificateManager::Certificate": ("<",),
    "AWS::CloudFront::*": ("<AWS::CloudFront::Distribution",),
    "AWS::Cognito::*": (">UserPoolId", ">IdentityPoolId"),
    "AWS::DocDB::DBInstance": (">DBClusterIdentifier",),
    "AWS::DocDB::*": ("<",),
    "AWS::EC2::DHCPOptions": ("<AWS::EC2::VPCDHCPOptionsAssociation",),
    "AWS::EC2::EIP": (">InstanceId", "<AWS::EC2::NatGateway", "<AWS::EC2::EIPAssociation", "<"),
    "AWS::EC2::EIPAssociation": (">InstanceId", ">NetworkInterfaceId"),
    "AWS::EC2::FlowLog": (">ResourceId",),
    "AWS::EC2::GatewayRouteTableAssociation": (">GatewayId",),
    "AWS::EC2::LaunchTemplate": ("<",),
    "AWS::EC2::NetworkAcl": (">VpcId",),
    "AWS::EC2::NetworkAclEntry": (">NetworkAclId",),
    "AWS::EC2::NetworkInterface": (">InstanceId", "<", ">SubnetId"),
    "AWS::EC2::NetworkInterfaceAttachment": (">InstanceId",),
    "AWS::EC2::Route": (">RouteTableId",),
    "AWS::EC2::RouteTable": ("<AWS::EC2::SubnetRouteTableAssociation", ">VpcId"),
    "AWS::EC2::SecurityGroup": ("<", ">VpcId"),
    "AWS::EC2::SecurityGroupEgress": (">GroupId",),
    "AWS::EC2::SecurityGroupIngress": (">GroupId",),
    "AWS::EC2::SubnetCidrBlock": (">SubnetId",),
    "AWS::EC2::SubnetNetworkAclAssociation": (">SubnetId",),
    "AWS::EC2::SubnetRouteTableAssociation": (">SubnetId",),
    "AWS::EC2::VPCCidrBlock": (">VpcId",),
    "AWS::EC2::VPCDHCPOptionsAssociation": (">VpcId",),
    "AWS::EC2::VPCGatewayAttachment": (">InternetGatewayId", ">VpnGatewayId", ">VpcId"),
    "AWS::EC2::VPCPeeringConnection": (">VpcId", ">PeerVpcId"),
    "AWS::EC2::Volume": ("<AWS::EC2::VolumeAttachment", "<AWS::EC2::Instance"),
    "AWS::EC2::VolumeAttachment": (">InstanceId",),
    "AWS::ECS::Cluster": ("<AWS::ECS::Service",),
    "AWS::ECS::TaskDefinition": ("<AWS::ECS::Service",),
    "AWS::EFS::*": (">FileSystemId",),
    "AWS::ElastiCache::*": ("<",),
    "AWS::ElasticLoadBalancingV2::Listener": (">LoadBalancerArn",),
    "AWS::ElasticLoadBalancingV2::ListenerCertificate": (">ListenerArn",),
    "AWS::ElasticLoadBalancingV2::ListenerRule": (">ListenerArn",),
    "AWS::ElasticLoadBalancingV2::TargetGroup": (
        "<AWS::ElasticLoadBalancingV2::Listener",
        "<AWS::ElasticLoadBalancingV2::ListenerRule",
        "<",
    ),
    "AWS::GlobalAccelerator::EndpointGroup": (">ListenerArn",),
    "AWS::GlobalAccelerator::Listener": (">AcceleratorArn",),
    "AWS::IAM::InstanceProfile": ("<",),
    "AWS::IAM::ManagedPolicy": (*_ROLES, "<"),
    "AWS::IAM::Policy": _ROLES,
    "AWS::IAM::Role": ("<",),
    "AWS::IAM::RolePolicy": _ROLES,
    "AWS::IAM::UserPolicy": _ROLES,
    "AWS::KMS::Alias": (">TargetKeyId",),
    "AWS::Lambda::EventInvokeConfig": (">FunctionName",),
    "AWS::Lambda::EventSourceMapping": (">FunctionName",),
    "AWS::Lambda::LayerVersion": ("<",),
    "AWS::Lambda::Permission": (">FunctionName",),
    "AWS::Lambda::Url": (">TargetFunctionArn",),
    "AWS::Lambda::Version": (">FunctionName",),
    "AWS::Lambda::Alias": (">FunctionName",),
    "AWS::Logs::LogGroup": ("<",),
    "AWS::Logs::MetricFilter": (">LogGroupName",),
    "AWS::Neptune::DBInstance": (">DBClusterIdentifier",),
    "AWS::Neptune::*": ("<",),
    "AWS::RDS::DBInstance": (">DBClusterIdentifier",),
    "AWS::RDS::DBClusterParameterGroup": ("<",),
    "AWS::RDS::DBParameterGroup": ("<",),
    "AWS::RDS::DBProxyTargetGroup": (">DBProxyName",),
    "AWS::RDS::DBSubnetGroup": ("<",),
    "AWS::RDS::OptionGroup": ("<",),
    "AWS::Redshift::*": ("<",),
    "AWS::Route53::HealthCheck": ("<",),
    "AWS::Route53::RecordSet": (">HostedZoneId",),
    "AWS::Route53::RecordSetGroup": (">HostedZoneId",),
    "AWS::S3::AccessPoint": (">Bucket",),
    "AWS::S3::BucketPolicy": (">Bucket",),
    "AWS::SNS::Subscription": (">TopicArn",),
    "AWS::SNS::TopicPolicy": (">Topics",),
    "AWS::SQS::QueuePolicy": (">Queues",),
    "AWS::SecretsManager::*": (">SecretId",),
    "AWS::WAFv2::WebACLAssociation": (">WebACLArn",),
}


_BETWEEN_WORDS = r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"  # as in DBSubnetGroup
_SERVICES = {"Logs": "CloudWatch", "SecretsManager": "Secrets Manager", "CertificateManager": "ACM"}


def belongings(type_: str) -> tuple[str, ...]:
    """How to find what a resource of a type belongs to; nothing where it stands for itself."""
    if type_ in BELONGS:
        return BELONGS[type_]
    if type_ in LOOKS:
        return ()
    service = "::".join(type_.split("::")[:2])
    return BELONGS.get(f"{service}::*", ())


def named(type_: str) -> str:
    """A type as the legend names it: `AWS::IAM::InstanceProfile` is `IAM instance profile`."""
    parts = type_.split("::")
    if len(parts) < 3:  # noqa: PLR2004 - a type has a vendor, a service and a name
        return type_
    words = re.sub(_BETWEEN_WORDS, " ", parts[-1]).split()
    plain = [word if word.isupper() else word.lower() for word in words]
    return " ".join([_SERVICES.get(parts[1], parts[1]), *plain])
