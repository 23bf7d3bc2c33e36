"""What the tables ask of AWS exists there, and what they tell has CloudFormation's names."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from cfnlint.schema import ResourceNotFoundError

from analyzer.account.collector import Call, Collector, collectors
from analyzer.account.expressions import search
from analyzer.account.plan import calls_of
from analyzer.account.reader import _found, _item, _paginator
from analyzer.account.records import pruned
from tests.account.shapes import sample, unknown_paths
from tests.rules.properties import schema_of

CALLS = [
    pytest.param(call, id=f"{collector.type} {call.service}:{call.operation}")
    for collector in collectors().values()
    for call in calls_of(collector)
]
# What an API tells and no template can say: when a table's throughput was changed, and the like.
BEYOND_TEMPLATES = {
    "AWS::EC2::Instance": {"InstanceMarketOptions"},
    "AWS::EC2::LaunchTemplate": {
        "ElasticGpuSpecifications",
        "ElasticInferenceAccelerators",
        "IsPrimaryIpv6",
        "Operator",
        "State",
    },
    "AWS::DynamoDB::Table": {
        "LastDecreaseDateTime",
        "LastIncreaseDateTime",
        "NumberOfDecreasesToday",
        "StreamEnabled",
    },
}
_NEXT = ("NextToken", "nextToken", "NextMarker", "Marker", "IsTruncated")


@cache
def client(service: str) -> Any:
    return boto3.client(service, region_name="us-east-1")


def operation(call: Call) -> Any:
    return client(call.service).meta.service_model.operation_model(call.operation)


@pytest.mark.parametrize("call", CALLS)
def test_a_call_gives_what_the_operation_requires_and_nothing_that_it_does_not_know(call):
    given = {*call.given, *call.fixed}

    taken = operation(call).input_shape
    assert given <= set(taken.members if taken else ())
    assert set(taken.required_members if taken else ()) <= given


@pytest.mark.parametrize("call", CALLS)
def test_no_answer_leads_on_to_a_page_that_nobody_asks_for(call):
    if _paginator(client(call.service), call) is not None:
        return
    told = operation(call).output_shape.members
    within = [shape.members for shape in told.values() if shape.type_name == "structure"]

    assert [sign for sign in _NEXT for members in (told, *within) if sign in members] == []


@pytest.mark.parametrize("type_", collectors())
def test_what_is_told_is_called_as_templates_call_it(type_):
    try:
        schema = schema_of(type_)
    except ResourceNotFoundError:
        pytest.skip("accounts alone have it")
    told = _told(collectors()[type_])

    unknown = {name.rpartition("/")[2]: name for name in unknown_paths(schema, schema, told, "")}
    assert {
        path for name, path in unknown.items() if name not in BEYOND_TEMPLATES.get(type_, ())
    } == set()


def _told(collector: Collector) -> dict[str, Any]:
    """What a collector makes of answers that have all that the service's model knows."""
    items: list[Any] = [{"account": "123456789012", "region": "us-east-1"}]
    for call in collector.calls:
        items = [
            _item(found, parent)
            for parent in items
            for found in _found(call.items, _answer(call))[:1]
        ]
    told: dict[str, Any] = {}
    for item in items:
        told.update({name: search(how, item) for name, how in collector.properties.items()})
        for read in collector.reads:
            seen = {**_answer(read.call), "_item": item}
            told.update({name: search(how, seen) for name, how in read.properties.items()})
    return pruned(told) or {}


def _answer(call: Call) -> dict[str, Any]:
    answer: dict[str, Any] = sample(operation(call).output_shape, ())
    return answer


def test_pages_are_followed_where_boto3_has_no_paginator():
    call = collectors()["AWS::CloudFront::OriginAccessControl"].calls[0]
    listed = {"Marker": "", "MaxItems": 1, "Quantity": 1, "Items": []}
    with Stubber(client("cloudfront")) as aws:
        for asked, found in (
            ({}, {"IsTruncated": True, "NextMarker": "second"}),
            ({"Marker": "second"}, {"IsTruncated": False}),
        ):
            answer = {"OriginAccessControlList": {**listed, **found}}
            aws.add_response("list_origin_access_controls", answer, asked)

        pages = list(_paginator(aws.client, call).paginate())

    assert len(pages) == 2
