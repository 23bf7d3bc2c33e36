"""The least IAM policy that permits a plan."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from analyzer.iam.statements import policy_of

_LONGEST = 5_500
"""Characters of the statements of one managed policy: IAM takes 6,144, blanks not counted."""

_ROLE = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: The role that an assay audit assumes; it reads configuration, and no data.

Parameters:
  AuditorAccount:
    Type: String
    Description: The account from which the audit is run.
    AllowedPattern: "[0-9]{12}"
  ExternalId:
    Type: String
    Description: What the audit must say when it assumes the role (--external-id).
    MinLength: 16
  RoleName:
    Type: String
    Default: assay-audit

Resources:
  AuditRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Ref RoleName
      Description: Read by assay audit.
      MaxSessionDuration: 14400
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AuditorAccount}:root"}
            Action: sts:AssumeRole
            Condition:
              StringEquals: {sts:ExternalId: !Ref ExternalId}
"""
_POLICY = """
  AuditPolicy{number}:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Description: Calls of an assay audit, part {number}; nothing else.
      Roles: [!Ref AuditRole]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
"""
_OUTPUTS = """
Outputs:
  RoleArn:
    Value: !GetAtt AuditRole.Arn
"""


def minimal_policy(actions: Iterable[str]) -> dict[str, Any]:
    """A policy that permits exactly these actions, one statement a service, sorted.

    The resource is `*`: most list and describe actions take no other, and an audit that names its
    resources would not see those that it does not know of.
    """
    statements = [
        {
            "Sid": "Read" + "".join(word.title() for word in prefix.split("-")),
            "Effect": "Allow",
            "Action": list(group),
            "Resource": "*",
        }
        for prefix, group in groupby(sorted(set(actions)), key=lambda name: name.partition(":")[0])
    ]
    return policy_of(statements)


def role_template(actions: Iterable[str]) -> str:
    """A CloudFormation template with a role that may do exactly these actions, to deploy.

    They stand in as many managed policies as their length asks for.
    """
    parts: list[list[dict[str, Any]]] = [[]]
    for statement in minimal_policy(actions)["Statement"]:
        if len(json.dumps([*parts[-1], statement])) > _LONGEST:
            parts.append([])
        parts[-1].append(statement)
    policies = (
        _POLICY.replace("{number}", f"{number}") + "\n".join(_lines(statements))
        for number, statements in enumerate(parts, 1)
    )
    return _ROLE + "\n".join(policies) + "\n" + _OUTPUTS


def _lines(statements: Iterable[dict[str, Any]]) -> Iterator[str]:
    for statement in statements:
        yield f"          - Sid: {statement['Sid']}"
        yield "            Effect: Allow"
        yield "            Action:"
        yield from (f"              - {action}" for action in statement["Action"])
        yield '            Resource: "*"'
