"""All estimators at once: names that claims can cover, and keys that the book has."""

from __future__ import annotations

import ast
import fnmatch
import re
from decimal import Decimal
from pathlib import Path

import pytest

from analyzer.cost import registry
from analyzer.cost.allowances import allowances, free_reason
from analyzer.cost.book import GLOBAL, embedded
from analyzer.cost.usage import KEYS

REGIONS = ("eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "us-east-1", "us-east-2")
SOURCES = Path(registry.__file__).parent
NAMES = {
    "Backup/storage", "CloudFront/data-out", "CloudFront/requests", "CloudWatch/alarms",
    "CloudWatch/dashboards", "CloudWatch/logs-ingested", "CloudWatch/logs-stored",
    "CloudWatch/metrics", "Cognito/active-users", "EBS/iops", "EBS/snapshots", "EBS/storage",
    "EBS/throughput", "EC2/cpu-credits", "EC2/instance-hours", "ECR/storage",
    "EFS/elastic-throughput", "EFS/provisioned-throughput", "EFS/storage", "EFS/storage-ia",
    "ELB/capacity-units", "ELB/load-balancer-hours", "ElastiCache/backup",
    "ElastiCache/node-hours", "Fargate/ephemeral-storage", "Fargate/memory-hours",
    "Fargate/vcpu-hours", "KMS/keys", "KMS/requests", "Lambda/duration", "Lambda/requests",
    "NAT/data-processed", "NAT/gateway-hours", "RDS/backup", "RDS/extended-support",
    "RDS/instance-hours", "RDS/io-requests", "RDS/iops", "RDS/storage", "RDS/throughput",
    "Route53/health-checks", "Route53/hosted-zones", "Route53/queries", "S3/requests",
    "S3/storage-deep-archive", "S3/storage-glacier", "S3/storage-standard",
    "S3/storage-standard-ia", "SecretsManager/api-calls", "SecretsManager/secrets",
    "VPC/endpoint-data", "VPC/endpoint-hours", "VPC/public-ipv4", "WAF/requests", "WAF/rules",
    "WAF/web-acls",
}  # fmt: skip

# Keys that the book lacks in some regions: they give unknown lines there (docs/prices.md).
GAPS = {
    "ec2.cpu-credits.linux": ("eu-central-1", "eu-west-2", "eu-west-3", "us-east-2"),
    "elasticache.backup": ("eu-central-1", "eu-west-2", "eu-west-3", "us-east-2"),
}
_SERVICES = (
    "aurora", "backup", "cloudfront", "cloudwatch", "cognito", "dt", "dynamodb", "ebs", "ec2",
    "ecr", "efs", "elasticache", "elb", "fargate", "kms", "lambda", "nat", "rds", "route53", "s3",
    "secretsmanager", "sns", "sqs", "vpc", "waf",
)  # fmt: skip
_KEY = re.compile(rf"({'|'.join(_SERVICES)})\.[a-z*][a-z0-9.*-]*")


def keys_in_source() -> set[str]:
    """Every price book key that an estimator writes; `*` stands for what it puts in."""
    found = set()
    for path in [*(SOURCES / "estimators").glob("*.py"), SOURCES / "traffic.py"]:
        tree = ast.parse(path.read_text())
        parts = {
            id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)
            for part in node.values
        }  # fmt: skip
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                found.add("".join(getattr(part, "value", "*") if isinstance(part, ast.Constant)
                                  else "*" for part in node.values))  # fmt: skip
            elif isinstance(node, ast.Constant) and id(node) not in parts:
                found.add(re.sub(r"\{\w+\}", "*", str(node.value)))
    return {text for text in found if _KEY.fullmatch(text)}


def keys_in_book(region: str) -> set[str]:
    """The keys that have a price in a region, for all regions, or in an area of CloudFront."""
    book = embedded()
    places = [region, GLOBAL, *(area for area in book.regions if area.startswith("edge:"))]
    return {item.key for place in places for item in book.keys(place)}


def test_every_name_is_one_that_claims_can_cover():
    names = {name for of in registry.estimators().values() for name, _ in of}
    extra = {
        name
        for name in names - NAMES
        if name.split("/")[0] not in ("DynamoDB", "SNS", "SQS", "SSM")
    }
    assert extra == {"ElastiCache/extended-support", "VPC/transit-gateway-hours", "VPC/vpn-hours"}
    assert names >= NAMES


def test_the_source_of_the_estimators_holds_keys():
    keys = keys_in_source()
    assert len(keys) > 60
    assert {"nat.hour", "rds.instance", "dt.intra-region", "fargate.*.*", "ebs.*.iops"} <= keys


@pytest.mark.parametrize("region", REGIONS)
def test_every_key_has_a_price_in_every_region_or_is_a_known_gap(region):
    known = keys_in_book(region)
    missing = {key for key in keys_in_source() if not fnmatch.filter(known, key)}
    assert missing == {key for key, regions in GAPS.items() if region in regions}


def test_free_units_of_the_book_are_allowances_of_an_account():
    book, patterns = embedded(), keys_in_source()
    for region in (*REGIONS, GLOBAL):
        for item in book.keys(region):
            asked = any(fnmatch.fnmatchcase(item.key, pattern) for pattern in patterns)
            if asked and not item.instance_type and not item.variant:
                rate = book.rate(region, item.key, engine=item.engine, deployment=item.deployment)
                free = allowances()[item.key].quantity if rate.free_units else Decimal(0)
                assert free == rate.free_units, item


def test_allowances_are_of_charges_that_exist():
    patterns = keys_in_source()
    for key in allowances():
        assert any(fnmatch.fnmatchcase(key, pattern) for pattern in patterns), key


def test_no_type_is_both_estimated_and_free_by_name():
    assert not [type_ for type_ in registry.estimators() if exactly_free(type_)]


def exactly_free(type_: str) -> bool:
    from analyzer.cost.allowances import _free_types

    return type_ in _free_types()


def test_every_usage_key_is_read_by_an_estimator():
    source = "".join(path.read_text() for path in SOURCES.rglob("*.py") if path.name != "usage.py")
    composed = {
        "https_requests",
        "http_requests",
        "read_gib",
        "write_gib",
        "read_units",
        "write_units",
    }
    names = {name for keys in KEYS.values() for name in keys} - composed - {"spot"}
    assert not {name for name in names if f'"{name}"' not in source}


def test_every_type_with_usage_has_an_estimator():
    assert set(KEYS) <= set(registry.estimators())


def test_unknown_types_are_not_free():
    assert free_reason("AWS::SageMaker::Endpoint") == ""
    assert free_reason("AWS::IAM::Role")
