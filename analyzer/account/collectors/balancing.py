"""Load balancers, what they listen to, where they send it, and the firewalls before them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyzer.account.collector import Call, Collector, Read, same
from analyzer.account.collectors.network import GROUP, SUBNET, VPC

_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_TARGETS = "AWS::ElasticLoadBalancingV2::TargetGroup"
_LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
_BALANCERS = Call("elbv2", "DescribeLoadBalancers", "LoadBalancers[]")
_LISTENERS = Call(
    "elbv2",
    "DescribeListeners",
    "Listeners[]",
    given={"LoadBalancerArn": "LoadBalancerArn"},
    absent=("LoadBalancerNotFound",),
)


def _actions(rules: str) -> Any:
    """The actions with the names that CloudFormation has for their parts."""

    def actions(item: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [dict(action) for action in item.get(rules, ())]

    return actions


_WEB_ACLS = Call(
    "wafv2",
    "ListWebACLs",
    "WebACLs[]",
    fixed={"Scope": "REGIONAL"},
    paging={"input_token": "NextMarker", "output_token": "NextMarker", "result_key": "WebACLs"},
)

COLLECTORS = (
    Collector(
        _BALANCER,
        (_BALANCERS,),
        arn="LoadBalancerArn",
        names=("LoadBalancerName", "DNSName"),
        properties={
            "Name": "LoadBalancerName",
            **same("Scheme Type IpAddressType SecurityGroups"),
            "Subnets": "AvailabilityZones[].SubnetId",
        },
        links={"SecurityGroups": GROUP, "Subnets": SUBNET},
        never="SubnetMappings",
        live={"State": "State.Code", "VpcId": "VpcId", "DNSName": "DNSName"},
        reads=(
            Read(
                Call(
                    "elbv2",
                    "DescribeLoadBalancerAttributes",
                    given={"LoadBalancerArn": "LoadBalancerArn"},
                ),
                properties={"LoadBalancerAttributes": "Attributes"},
            ),
        ),
    ),
    Collector(
        _TARGETS,
        (Call("elbv2", "DescribeTargetGroups", "TargetGroups[]"),),
        arn="TargetGroupArn",
        names=("TargetGroupName",),
        properties={
            "Name": "TargetGroupName",
            **same(
                "Protocol Port VpcId TargetType IpAddressType ProtocolVersion HealthCheckProtocol"
                " HealthCheckPort"
                " HealthCheckEnabled HealthCheckPath HealthCheckIntervalSeconds"
                " HealthCheckTimeoutSeconds HealthyThresholdCount UnhealthyThresholdCount Matcher"
            ),
        },
        links={"VpcId": VPC, "Targets.Id": "AWS::EC2::Instance"},
        live={"LoadBalancers": "LoadBalancerArns"},
        reads=(
            Read(
                Call(
                    "elbv2",
                    "DescribeTargetGroupAttributes",
                    given={"TargetGroupArn": "TargetGroupArn"},
                ),
                properties={"TargetGroupAttributes": "Attributes"},
            ),
            Read(
                Call("elbv2", "DescribeTargetHealth", given={"TargetGroupArn": "TargetGroupArn"}),
                properties={
                    "Targets": "TargetHealthDescriptions[].Target.{Id: Id, Port: Port,"
                    " AvailabilityZone: AvailabilityZone}"
                },
            ),
        ),
    ),
    Collector(
        _LISTENER,
        (_BALANCERS, _LISTENERS),
        arn="ListenerArn",
        properties={
            **same("LoadBalancerArn Port Protocol SslPolicy AlpnPolicy"),
            "Certificates": "Certificates[].{CertificateArn: CertificateArn}",
            "DefaultActions": _actions("DefaultActions"),
        },
        links={
            "LoadBalancerArn": _BALANCER,
            "DefaultActions.TargetGroupArn": _TARGETS,
            "DefaultActions.ForwardConfig.TargetGroups.TargetGroupArn": _TARGETS,
        },
    ),
    Collector(
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        (
            _BALANCERS,
            _LISTENERS,
            Call("elbv2", "DescribeRules", "Rules[]", given={"ListenerArn": "ListenerArn"}),
        ),
        arn="RuleArn",
        properties={
            "ListenerArn": "_parent.ListenerArn",
            "Priority": "Priority",
            "Conditions": "Conditions",
            "Actions": _actions("Actions"),
        },
        links={
            "ListenerArn": _LISTENER,
            "Actions.TargetGroupArn": _TARGETS,
            "Actions.ForwardConfig.TargetGroups.TargetGroupArn": _TARGETS,
        },
    ),
    Collector(
        "AWS::ElasticLoadBalancing::LoadBalancer",
        (Call("elb", "DescribeLoadBalancers", "LoadBalancerDescriptions[]"),),
        arn="arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{LoadBalancerName}",
        names=("LoadBalancerName",),
        properties={
            **same("LoadBalancerName Scheme SecurityGroups Subnets AvailabilityZones"),
            "Instances": "Instances[].InstanceId",
            "Listeners": "ListenerDescriptions[].Listener.{Protocol: Protocol,"
            " LoadBalancerPort: LoadBalancerPort, InstancePort: InstancePort,"
            " InstanceProtocol: InstanceProtocol, SSLCertificateId: SSLCertificateId}",
        },
        links={
            "SecurityGroups": GROUP,
            "Subnets": SUBNET,
            "Instances": "AWS::EC2::Instance",
        },
    ),
    Collector(
        "AWS::WAFv2::WebACL",
        (_WEB_ACLS,),
        arn="ARN",
        names=("Name", "Id"),
        properties={"Name": "Name", "Description": "Description", "Scope": "'REGIONAL'"},
        live={"Id": "Id"},
    ),
    Collector(
        "AWS::WAFv2::WebACLAssociation",
        (
            _WEB_ACLS,
            Call(
                "wafv2",
                "ListResourcesForWebACL",
                "ResourceArns[]",
                given={"WebACLArn": "ARN"},
                fixed={"ResourceType": "APPLICATION_LOAD_BALANCER"},
            ),
        ),
        arn="join('/', [_parent.ARN, 'association', value])",
        properties={"WebACLArn": "_parent.ARN", "ResourceArn": "value"},
        links={"WebACLArn": "AWS::WAFv2::WebACL", "ResourceArn": _BALANCER},
    ),
)
