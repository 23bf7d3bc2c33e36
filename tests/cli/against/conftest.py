"""A repository with a branch that changes it, and what is said of the change."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Assay, Ended
from tests.scratch import Scratch, scratch

BUCKET = """
  {name}:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: {name}-of-{name}
      PublicAccessBlockConfiguration:
        BlockPublicAcls: {block}
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: true
"""
GROUP = """
  {name}:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: for tests
      SecurityGroupIngress:{rules}
"""
OPEN = "\n        - {{IpProtocol: tcp, FromPort: {0}, ToPort: {0}, CidrIp: 0.0.0.0/0}}"
RULE = "NET-SG-01"


def template(*resources: str) -> str:
    return "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n" + "".join(resources)


def group(*ports: int, name: str = "Web") -> str:
    return GROUP.format(name=name, rules="".join(map(OPEN.format, ports)))


def database(storage: str = "gp3", days: str = "7", size: str = "db.t3.micro") -> str:
    return f"""
  Database:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceClass: {size}
      Engine: postgres
      AllocatedStorage: "20"
      StorageType: {storage}
      BackupRetentionPeriod: {days}
"""


@dataclass(frozen=True)
class Change:
    """A repository with a branch `main`, on which work is done."""

    made: Scratch
    assay: Assay

    def base(self, **files: str) -> None:
        self.made.commit(**files)
        self.made.git("checkout", "--quiet", "-b", "change")

    def check(self, *arguments: object) -> Ended:
        options = ("--base", "main", "--engine", "assay", "--date", "2026-06-01")
        return self.assay("check", *(arguments or (".",)), *options)

    def run(self, *arguments: object) -> dict[str, Any]:
        ended = self.check(*(arguments or (".",)), "--format", "json")
        assert ended.out, ended.err
        told: dict[str, Any] = json.loads(ended.out)
        return told


@pytest.fixture
def change(assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Change:
    made = scratch(tmp_path / "repository")
    monkeypatch.chdir(made.root)
    return Change(made, assay)


def found(run: dict[str, Any], change: str, rule: str = "") -> list[tuple[str, str]]:
    """The findings of one change: rule and resource."""
    return sorted(
        (finding["rule"], finding["resource"])
        for judgement in run["judgements"]
        for finding in judgement["findings"]
        if finding["change"] == change and rule in finding["rule"]
    )


def fixed(run: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted(
        (finding["rule"], finding["resource"])
        for judgement in run["judgements"]
        for finding in judgement["before"]["fixed"]
    )


ARCHITECTURE = """name: shop
stacks:
  main: {{template: template.yaml, region: eu-west-3}}
profiles:
  prod:
    budget: {{amount: {amount}{increase}}}
"""


def shop(amount: int = 1000, increase: str = "") -> str:
    said = f", increase: {increase}" if increase else ""
    return ARCHITECTURE.format(amount=amount, increase=said)


def verdicts(run: dict[str, Any], rule: str) -> list[str]:
    return [
        finding["verdict"]
        for judgement in run["judgements"]
        for finding in judgement["findings"]
        if finding["rule"] == rule
    ]
