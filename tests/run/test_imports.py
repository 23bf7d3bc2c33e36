"""What one stack takes from another."""

from __future__ import annotations

from pathlib import Path

from tests.run.systems import run_of, written

PACK = '''\
from analyzer.policy import Fail, Resource, rule


@rule("TST-S3-01", severity="high", on="AWS::S3::Bucket")
def bucket_is_named_well(bucket: Resource) -> Fail | None:
    """Bucket is named well."""
    if bucket.BucketName != "good":
        return Fail(f"is named {bucket.BucketName}")


@rule("TST-EC2-01", severity="high", on="AWS::EC2::Subnet")
def subnet_is_in_the_network(subnet: Resource) -> Fail | None:
    """Subnet is in the network."""
    if subnet.follow("VpcId").CidrBlock != "10.0.0.0/16":
        return Fail("is elsewhere")
'''

BASE = """\
Resources:
  Vpc: {Type: "AWS::EC2::VPC", Properties: {CidrBlock: 10.0.0.0/16}}
Outputs:
  Name: {Value: good, Export: {Name: shop-name}}
  Vpc: {Value: !Ref Vpc, Export: {Name: shop-vpc}}
"""
USER = """\
Resources:
  Bucket: {Type: "AWS::S3::Bucket", Properties: {BucketName: !ImportValue shop-name}}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !ImportValue shop-vpc, CidrBlock: 10.0.1.0/24}
"""


def architecture(*, region: str = "eu-west-3", imports: str = "") -> str:
    return f"""\
name: shop
stacks:
  user:
    template: user.yaml
    region: {region}
    imports: {{{imports}}}
  base: {{template: base.yaml, region: eu-west-3}}
profiles:
  only: {{}}
"""


def verdicts(tmp_path: Path, architecture: str) -> set[str]:
    folder = written(
        tmp_path / "shop", base__yaml=BASE, user__yaml=USER, architecture__yaml=architecture
    )
    run = run_of(folder, pack=PACK)
    return {finding.verdict.value for finding in run.judgements[0].findings}


def test_an_import_takes_the_export_of_a_sibling_that_is_read_later(tmp_path: Path) -> None:
    assert verdicts(tmp_path, architecture()) == {"PASS"}


def test_exports_do_not_cross_regions(tmp_path: Path) -> None:
    assert verdicts(tmp_path, architecture(region="eu-central-1")) == {"UNKNOWN"}


def test_a_declared_import_may_cross_regions(tmp_path: Path) -> None:
    imports = "shop-name: base.Name, shop-vpc: base.Vpc"
    assert verdicts(tmp_path, architecture(region="eu-central-1", imports=imports)) == {"PASS"}


def test_an_import_from_nowhere_is_unknown(tmp_path: Path) -> None:
    folder = written(tmp_path / "shop", user__yaml=USER)
    run = run_of(folder, pack=PACK)
    assert {finding.verdict.value for finding in run.judgements[0].findings} == {"UNKNOWN"}
