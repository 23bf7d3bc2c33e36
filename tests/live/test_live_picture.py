"""An account as a picture: the snapshot of an audit, drawn without asking AWS again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from auditing import RULES, TODAY
from click.testing import CliRunner

from analyzer.account.snapshot import Snapshot
from analyzer.audit import AuditRequest, audit
from analyzer.cli.main import cli
from analyzer.output.diagram import laid_out
from tests.diagram.geometry import problems
from tests.diagram.pictures import drawn, keys


@pytest.fixture
def snapshot(aws, run_audit) -> str:
    """An account with a small network, a server that anybody reaches, and a bucket."""
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24", AvailabilityZone="us-east-1a")
    place = subnet["Subnet"]["SubnetId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": "shop"}])
    ec2.run_instances(ImageId="ami-12c6146b", MinCount=5, MaxCount=5, SubnetId=place)
    aws.client("s3").create_bucket(Bucket="shop-assets")
    return run_audit().snapshot.where


def test_every_resource_of_an_account_is_in_its_picture_once(snapshot: str):
    kept = Snapshot(snapshot)
    scope = kept.scope()
    assert scope is not None

    judgement = audit(AuditRequest(kept, scope, TODAY, RULES, pictured=True)).judgements[0]

    expected = Counter(f"{one.stack}/{one.id}" for one in judgement.resources)
    assert Counter(keys(drawn(judgement))) == expected
    assert problems(laid_out(drawn(judgement))) == []


def test_snapshot_is_drawn(snapshot: str, tmp_path: Path):
    file = tmp_path / "account.svg"

    told = CliRunner().invoke(cli, ["diagram", snapshot, "-o", str(file)])

    assert told.exit_code == 0, told.output
    text = file.read_text(encoding="utf-8")
    assert "shop-assets" in text
    assert "EC2 instances" in text
