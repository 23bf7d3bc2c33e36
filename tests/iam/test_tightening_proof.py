"""What is proposed never allows more, and is made of what AWS knows."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from hypothesis import given
from hypothesis import strategies as st
from tightening_samples import REFERENCE, ROLES, template, tightened

from analyzer.iam.inclusion import allows_more
from analyzer.iam.tightening import grants_of
from analyzer.iam.tightening.arns import rows, table

ACTIONS = st.sampled_from(
    [
        "s3:GetObject",
        "s3:ListBucket",
        "s3:*",
        "s3:Get*",
        "sqs:SendMessage",
        "sqs:*",
        "logs:*",
        "ec2:DescribeVpcs",
        "dynamodb:Query",
        "iam:PassRole",
        "lambda:CreateFunction",
        "kms:Decrypt",
        "*",
        "ecs:RunTask",
        "lambda:InvokeFunction",
        "secretsmanager:GetSecretValue",
    ]
)
RESOURCES = st.sampled_from(
    [
        "*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::shop-*",
        "arn:aws:s3:::shop-logs/*",
        "arn:aws:sqs:*:*:*",
        "arn:aws:logs:us-east-1:*:*",
        "arn:aws:sqs:eu-west-1:*:*",
        "arn:*",
    ]
)
STATEMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "Effect": st.sampled_from(["Allow", "Allow", "Deny"]),
            "Action": st.lists(ACTIONS, min_size=1, max_size=3, unique=True),
            "Resource": st.lists(RESOURCES, min_size=1, max_size=2, unique=True),
        },
        optional={"Condition": st.just({"StringEquals": {"aws:PrincipalTag/team": "shop"}})},
    ),
    min_size=1,
    max_size=3,
)
STACK = """
  Logs: {Type: AWS::S3::Bucket, Properties: {BucketName: shop-logs}}
  Other: {Type: AWS::S3::Bucket}
  Queue: {Type: AWS::SQS::Queue}
  Table: {Type: AWS::DynamoDB::Table, Properties: {LocalSecondaryIndexes: [{IndexName: a}]}}
  Group: {Type: AWS::Logs::LogGroup}
  Key: {Type: AWS::KMS::Key}
  Secret: {Type: AWS::SecretsManager::Secret}
  Function: {Type: AWS::Lambda::Function, Properties: {Environment: {Variables: {Q: !Ref Queue}}}}
"""


@given(STATEMENTS, st.booleans())
def test_a_tightened_grant_never_allows_more(statements: list[Any], used: bool) -> None:
    lines = [json.dumps(statement) for statement in statements]
    usage = {"s3": dt.date(2026, 1, 1), "sqs": None} if used else None
    found = tightened(template(*lines, resources=STACK + ROLES), used=usage)
    before, after = grants_of(found, REFERENCE)
    more = allows_more(after, before, REFERENCE)
    assert more.verdict in ({"no", "maybe"} if found.proof.verdict == "maybe" else {"no"})


def test_the_table_names_attributes_that_there_are() -> None:
    for type_, stated in table()["types"].items():
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_)
        offered = {f"{attribute}" for attribute in schema.get_atts}
        properties = schema.schema["properties"]
        assert stated.get("name", next(iter(properties))) in properties, type_
        for row in (row for many in rows().values() for row in many if row.type == type_):
            asked = set(re.findall(r"\$\{@\.([\w.]+)\}", row.arn + row.stands_for))
            assert asked <= offered, (type_, asked - offered)
            assert set(row.needs) | ({row.implied} - {""}) <= set(properties), type_


def test_the_table_names_types_of_the_service_reference() -> None:
    for name, many in rows().items():
        service, _, type_ = name.partition(":")
        assert REFERENCE.arn(service, type_), name
        assert many
