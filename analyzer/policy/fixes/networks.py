"""What is added to a network: flow logs, and denials in its access lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analyzer.findings import Fix
from analyzer.iam.statements import policy_of
from analyzer.model import Resource
from analyzer.network import attached
from analyzer.policy.fixes.keeping import log_retention
from analyzer.policy.fixes.keys import for_logs, key, key_arn
from analyzer.policy.fixes.values import OWN_ACCOUNT, Template, ref, written
from analyzer.unknown import Undecided

_ENTRY = "AWS::EC2::NetworkAclEntry"
_KEY = "LogsKey"


def with_flow_log(vpc: Resource, log_days: int) -> Fix:
    """Record a network's traffic in a log group of its own.

    Amazon VPC User Guide, "Publish flow logs to CloudWatch Logs".
    """
    group, role = f"{vpc.id}FlowLogs", f"{vpc.id}FlowLogRole"
    log = {
        "ResourceType": "VPC",
        "ResourceId": ref(vpc, vpc),
        "TrafficType": "ALL",
        "LogDestinationType": "cloud-watch-logs",
        "LogGroupName": {"Ref": group},
        "DeliverLogsPermissionArn": {"Fn::GetAtt": [role, "Arn"]},
    }
    return Fix(
        add={
            f"{vpc.id}FlowLog": {"Type": "AWS::EC2::FlowLog", "Properties": log},
            group: {
                "Type": "AWS::Logs::LogGroup",
                "Properties": {
                    "RetentionInDays": log_retention(log_days),
                    "KmsKeyId": key_arn(_KEY),
                },
            },
            role: {"Type": "AWS::IAM::Role", "Properties": _writer(group)},
            _KEY: key(_KEY, for_logs()),
        }
    )


def _writer(group: str) -> Template:
    assumed = {
        "Effect": "Allow",
        "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": OWN_ACCOUNT}},
    }
    write = {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        "Resource": {"Fn::GetAtt": [group, "Arn"]},
    }
    find = {"Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": "*"}
    document = policy_of([write, find])
    return {
        "AssumeRolePolicyDocument": policy_of([assumed]),
        "Policies": [{"PolicyName": "write-flow-logs", "PolicyDocument": document}],
    }


def denied_before(entry: Resource, ports: Iterable[int]) -> Fix:
    """Deny TCP ports to the block of an access list's entry, in entries just before it.

    Amazon VPC User Guide, "Network ACL rules": they are evaluated from the lowest number on.
    """
    acl = entry.follow("NetworkAclId")
    taken = [
        other.RuleNumber for other in attached(acl, _ENTRY, "NetworkAclId") if not other.Egress
    ]
    free = [number for number in range(entry.RuleNumber - 1, 0, -1) if number not in taken]
    add: dict[str, dict[str, Any]] = {}
    for port in ports:
        if not free:
            raise Undecided(acl.id, "has no number left before the entry")
        properties = {
            "NetworkAclId": ref(acl, entry),
            "RuleNumber": free.pop(0),
            "RuleAction": "deny",
            "Protocol": 6,
            "PortRange": {"From": port, "To": port},
        }
        for block in ("CidrBlock", "Ipv6CidrBlock"):
            if block in entry:
                properties[block] = written(getattr(entry, block), entry)
        add[f"{entry.id}Without{port}"] = {"Type": _ENTRY, "Properties": properties}
    return Fix(add=add)
