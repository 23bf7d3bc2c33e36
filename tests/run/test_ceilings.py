"""What an owner states that roles may do at most, as findings of the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.architecture import read_architecture
from analyzer.errors import InputError
from analyzer.findings import Finding, Severity, Verdict
from analyzer.request import Request
from analyzer.run import run
from tests.run.systems import TODAY

TEMPLATE = """\
Parameters:
  Action: {Type: String}
Resources:
  Assets: {Type: AWS::S3::Bucket}
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: &trust
        Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: "2012-10-17"
            Statement: {Effect: Allow, Action: s3:GetObject, Resource: !Sub "${Assets.Arn}/*"}
  Writer:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: *trust
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonSQSFullAccess]
  Foreign:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: *trust
      ManagedPolicyArns: [arn:aws:iam::111122223333:policy/elsewhere]
  Open:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: *trust
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement: {Effect: Allow, Action: !Ref Action, Resource: "*"}
"""
CEILINGS = """\
name: shop
stacks: {main: {template: template.yaml, region: eu-west-3}}
profiles: {dev: {}, prod: {}}
ceilings:
  - id: MAX-01
    roles: ["*er", Foreign, Open]
    severity: critical
    profiles: [dev]
    statements:
      - {Effect: Allow, Action: "s3:Get*", Resource: "${Assets.Arn}/*"}
  - roles: Nobody
    statements: [{Effect: Allow, Action: "s3:*", Resource: "*"}]
"""


def findings(folder: Path, profile: str) -> list[Finding]:
    (folder / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    (folder / "architecture.yaml").write_text(CEILINGS, encoding="utf-8")
    system = read_architecture(folder / "architecture.yaml")
    result = run(Request(systems=(system,), today=TODAY))
    assert set(result.rules) == {"MAX-01", "CEILING-SHOP-02"}
    (judgement,) = (one for one in result.judgements if one.profile == profile)
    return list(judgement.findings)


def test_each_role_is_held_to_its_ceiling(tmp_path: Path) -> None:
    found = {one.resource: one for one in findings(tmp_path, "dev") if one.rule == "MAX-01"}
    verdicts = {name: one.verdict for name, one in found.items()}
    assert verdicts == {
        "Reader": Verdict.PASS,
        "Writer": Verdict.FAIL,
        "Foreign": Verdict.UNKNOWN,
        "Open": Verdict.UNKNOWN,
    }
    assert found["Writer"].severity is Severity.CRITICAL
    assert "for example" not in found["Writer"].message
    assert "sqs:" in found["Writer"].message
    assert found["Writer"].location is not None
    assert "arn:aws:iam::111122223333:policy/elsewhere" in found["Foreign"].hangs_on[0]
    assert "parameter `Action`" in found["Open"].hangs_on[0]


def test_a_ceiling_is_about_its_profiles_and_says_when_it_is_about_nothing(tmp_path: Path) -> None:
    found = {one.rule: one for one in findings(tmp_path, "prod")}
    assert list(found) == ["CEILING-SHOP-02"]
    assert found["CEILING-SHOP-02"].verdict is Verdict.SKIP


def test_a_ceiling_for_a_profile_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    file = tmp_path / "architecture.yaml"
    file.write_text(CEILINGS.replace("profiles: [dev]", "profiles: [test]"), encoding="utf-8")
    with pytest.raises(InputError, match="`ceilings/0/profiles/0` names profile `test`"):
        read_architecture(file)
