"""Policies and templates for the iam commands, and what their answers hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ended


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allowing(actions: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return policy({"Effect": "Allow", "Action": actions, "Resource": resource, **more})


FULL = allowing("*")
READS = allowing("s3:GetObject", "arn:aws:s3:::shop/*")
WRITES_TOO = allowing(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::shop/*")
BY_NIGHT = allowing("*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})
OPEN = policy(
    {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject", "Resource": "*"},
)
ANYBODY = policy({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"})
PARTNER = policy(
    {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": "sts:AssumeRole",
    }
)
TEMPLATE = """\
Parameters:
  Actions: {Type: String, Default: "s3:GetObject"}
  Elsewhere: {Type: String}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: "sts:AssumeRole"}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement: {Effect: Allow, Action: !Ref Actions, Resource: "arn:aws:s3:::shop/*"}
  Other:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {AWS: "*"}, Action: "sts:AssumeRole"}
  Administrators:
    Type: AWS::IAM::Group
    Properties: {ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"]}
  Member:
    Type: AWS::IAM::User
    Properties: {Groups: [!Ref Administrators]}
  Guest:
    Type: AWS::IAM::User
    Properties: {Groups: [made-elsewhere]}
  Queue:
    Type: AWS::SQS::Queue
  Blocked:
    Type: AWS::S3::Bucket
    Properties: {PublicAccessBlockConfiguration: {RestrictPublicBuckets: true}}
  BlockedPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Blocked
      PolicyDocument: &everybody
        Version: "2012-10-17"
        Statement: {Effect: Allow, Principal: {AWS: "*"}, Action: "s3:GetObject", Resource: "*"}
  ForeignPolicy:
    Type: AWS::S3::BucketPolicy
    Properties: {Bucket: !Ref Elsewhere, PolicyDocument: *everybody}
  FromBucket:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: shop
      Action: lambda:InvokeFunction
      Principal: s3.amazonaws.com
      SourceArn: arn:aws:s3:::shop
  FromOwnBucket:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: shop
      Action: lambda:InvokeFunction
      Principal: s3.amazonaws.com
      SourceArn: arn:aws:s3:::shop
      SourceAccount: "111122223333"
"""
ARCHITECTURE = """\
name: shop
stacks:
  app: {template: template.yaml, region: eu-west-3, parameters: {Elsewhere: other}}
profiles:
  dev: {parameters: {Actions: "s3:GetObjekt"}}
  prod: {}
"""


def file_of(folder: Path, name: str, content: Any) -> Path:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return file_of(tmp_path, "template.yaml", TEMPLATE)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    file_of(folder, "template.yaml", TEMPLATE)
    file_of(folder, "architecture.yaml", ARCHITECTURE)
    return folder


def found(ended: Ended) -> Any:
    assert ended.err == ""
    return json.loads(ended.out)


def is_one_line(ended: Ended) -> bool:
    return (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
