"""Templates with policies that are too wide, and how their tightening is asked for and told."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from pathlib import Path
from typing import Any

from analyzer.iam.service_reference import service_reference
from analyzer.iam.tightening import Tightening, patch, tighten
from analyzer.membership import normalise
from analyzer.model import Inventory
from analyzer.template import StackContext, read_source, read_stack

REFERENCE = service_reference()
TRUST = """
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
"""


def inventory_of(template: str | Path, **parameters: Any) -> Inventory:
    source = read_source(template if isinstance(template, Path) else ("t.yaml", template.encode()))
    context = StackContext(
        name="main", region="us-east-1", account="111122223333", parameters=parameters
    )
    return Inventory("case", normalise(read_stack(source, context).resources))


def tightened(
    template: str | Path, role: str = "Role", used: dict[str, dt.date | None] | None = None
) -> Tightening:
    found = inventory_of(template)
    return tighten(found.resources[f"main/{role}"], REFERENCE, used)


def template(*statements: str, resources: str = "") -> str:
    written = "\n".join(f"          - {statement}" for statement in statements)
    return (
        f"Resources:\n{resources}\n  Role:\n    Type: AWS::IAM::Role\n    Properties:{TRUST}"
        "      Policies:\n      - PolicyName: work\n        PolicyDocument:\n"
        f"          Version: '2012-10-17'\n          Statement:\n{written}\n"
    )


def allow(actions: str, resource: str = "'*'", more: str = "") -> str:
    return f"{{Effect: Allow, Action: [{actions}], Resource: {resource}{more}}}"


def told(tightening: Tightening) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {part.actions: part.resources for _, part in tightening.proposals}


def confidences(tightening: Tightening) -> set[str]:
    return {part.confidence for _, part in tightening.proposals}


def reasons(tightening: Tightening) -> str:
    held = (*tightening.not_narrowed, *tightening.kept)
    return "; ".join(f"{', '.join(one.actions)}: {one.reason}" for one in held)


BUCKET = "  Assets: {Type: AWS::S3::Bucket}\n"
ROLES = """  Task:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: 'sts:AssumeRole'}
"""

BLOCK = """Resources:
  Assets: {Type: AWS::S3::Bucket}   # é
  Queue: {Type: AWS::SQS::Queue}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: []}
      Policies:
        - PolicyName: work
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              # Reads what the shop shows.
              - Effect: Allow
                Sid: Work
                # All of them.
                Action:
                  - s3:ListBucket   # lists
                  - s3:GetObject    # reads
                  - ec2:DescribeVpcs
                Resource: "*"   # too wide
                Condition: {Bool: {"aws:SecureTransport": "true"}}

              - Effect: Allow
                Action: sqs:SendMessage
                Resource: '*'
              # The end.
Outputs: {}
"""
FLOW = """Resources:
  Assets: {Type: AWS::S3::Bucket}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: []}
      Policies:
        - PolicyName: work
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: ['s3:ListBucket', 's3:GetObject'], Resource: "*"}  # wide
"""
JSON = json.dumps(
    {
        "Resources": {
            "Assets": {"Type": "AWS::S3::Bucket"},
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": {"Statement": []},
                    "Policies": [
                        {
                            "PolicyName": "work",
                            "PolicyDocument": {
                                "Statement": [
                                    {
                                        "Effect": "Allow",
                                        "Sid": "Work",
                                        "Action": ["s3:ListBucket", "s3:GetObject"],
                                        "Resource": "*",
                                    }
                                ]
                            },
                        }
                    ],
                },
            },
        }
    },
    indent=2,
)
ELSEWHERE = """Resources:
  Assets: {Type: AWS::S3::Bucket}
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: work
      Roles: [!Ref Role]
      PolicyDocument:
        Statement:
        - Effect: Allow
          Action: [s3:ListBucket, s3:GetObject]
          Resource: ["*"]
"""
LISTED = FLOW.replace('"*"', "[!Sub '${Assets.Arn}/x', 'arn:aws:s3:::*']")


def rewritten(file: Path, found: Tightening) -> str:
    made = patch(found)
    assert made.notes == ()
    subprocess.run(
        ["/usr/bin/patch", "-p1", "-s", "--binary", "-d", "/"],
        input=made.diff.encode(),
        check=True,
    )
    return file.read_bytes().decode()
