"""Whether a statement is about a request, and what is told of the one that decides."""

from __future__ import annotations

from typing import Any

import pytest
from requests_decided import ALLOW, DENY, HOME, OBJECT, OTHER, USER, decided

from analyzer.iam.evaluation import (
    decide,
)
from analyzer.iam.grants import layer
from analyzer.iam.requests import Request
from analyzer.iam.service_reference import service_reference
from analyzer.unknown import Partial, Undecided, Unknown


def allow(**parts: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "*", "Resource": "*", **parts}


MATCHES: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    ("actions of either case", allow(Action="S3:getobject"), {}, True),
    ("one character", allow(Action="s3:Get?bject"), {}, True),
    ("an action that no reference knows", allow(Action="s3:NewThing"), {}, False),
    ("all actions but some", allow(Action=[], NotAction="s3:Get*"), {}, False),
    ("all actions but others", allow(Action=[], NotAction="s3:Put*"), {}, True),
    ("resources of one case", allow(Resource="arn:aws:s3:::DATA/*"), {}, False),
    ("a star over slashes", allow(Resource="arn:aws:s3:::d*"), {}, True),
    ("all resources but one", allow(Resource=[], NotResource=OBJECT), {}, False),
    (
        "a variable",
        allow(Resource="arn:aws:s3:::data/${aws:username}"),
        {"aws:username": "report"},
        True,
    ),
    (
        "its key in another case",
        allow(Resource="arn:aws:s3:::data/${aws:UserName}"),
        {"AWS:username": "report"},
        True,
    ),
    (
        "its value is no pattern",
        allow(Resource="arn:aws:s3:::data/${aws:username}"),
        {"aws:username": "*"},
        False,
    ),
    (
        "a variable without value is no text",
        allow(Resource="arn:aws:s3:::data/${aws:username}*"),
        {},
        False,
    ),
    (
        "a key of several values is no variable",
        allow(Resource="arn:aws:s3:::data/${aws:TagKeys}"),
        {"aws:TagKeys": ("report",)},
        False,
    ),
    ("its default", allow(Resource="arn:aws:s3:::data/${aws:username, 'report'}"), {}, True),
    (
        "its value before its default",
        allow(Resource="arn:aws:s3:::data/${aws:username, 'report'}"),
        {"aws:username": "x"},
        False,
    ),
    ("a dollar sign of its own", allow(Resource="arn:aws:s3:::data/${*}"), {}, False),
    (
        "a condition",
        allow(Condition={"Bool": {"aws:SecureTransport": True}}),
        {"aws:securetransport": "true"},
        True,
    ),
    (
        "a key that the request lacks",
        allow(Condition={"StringEquals": {"aws:username": "ann"}}),
        {},
        False,
    ),
    ("if it exists", allow(Condition={"StringEqualsIfExists": {"aws:username": "ann"}}), {}, True),
    (
        "a variable in a condition",
        allow(Condition={"StringEquals": {"s3:prefix": "${aws:username}"}}),
        {"aws:username": "ann", "s3:prefix": "ann"},
        True,
    ),
    (
        "its value is no pattern there",
        allow(Condition={"StringLike": {"s3:prefix": "${aws:username}"}}),
        {"aws:username": "*", "s3:prefix": "ann"},
        False,
    ),
    (
        "nor a variable",
        allow(Condition={"StringLike": {"s3:prefix": "${aws:username}"}}),
        {"aws:username": "${aws:userid}", "aws:userid": "x", "s3:prefix": "x"},
        False,
    ),
    (
        "nothing equals a variable without value",
        allow(Condition={"StringEquals": {"s3:prefix": "${aws:username}"}}),
        {"s3:prefix": "ann"},
        False,
    ),
    (
        "and everything differs from it",
        allow(Condition={"StringNotEquals": {"s3:prefix": "${aws:username}"}}),
        {"s3:prefix": "ann"},
        True,
    ),
    (
        "a value of another kind",
        allow(Condition={"NumericLessThan": {"s3:max-keys": "5"}}),
        {"s3:max-keys": "few"},
        False,
    ),
]


@pytest.mark.parametrize(
    ("statement", "context", "expected"), [pytest.param(*row[1:], id=row[0]) for row in MATCHES]
)
def test_what_a_statement_is_about(
    statement: dict[str, Any], context: dict[str, Any], expected: bool
) -> None:
    assert decided(identity=[statement], context=context).allowed is expected


def test_without_a_version_there_are_no_variables() -> None:
    document = {
        "Statement": [allow(Resource="arn:aws:s3:::data/${aws:username}")],
    }
    told = {"aws:username": "report"}
    (rule,) = layer([document], service_reference())
    decision = decide(
        Request("s3:GetObject", OBJECT, f"AWS:{USER}", told),
        identity=(rule,),
        principal_account=HOME,
        resource_account=HOME,
    )
    assert not decision.allowed


def test_the_deciding_statement_and_its_level_are_told() -> None:
    denied = decided(identity=[ALLOW], scps=[[ALLOW], [ALLOW], [ALLOW, DENY]])
    assert (denied.level, denied.rule and denied.rule.at) == (2, ())
    granted = decided(identity=[OTHER, ALLOW])
    assert granted.rule is not None
    assert granted.rule.source.actions == ("*",)
    refused = decided(identity=[ALLOW], rcps=[[ALLOW], [OTHER]])
    assert (refused.level, refused.rule) == (1, None)


HOLE = Unknown("parameter `Bucket`", "has no value")


@pytest.mark.parametrize(
    "statement",
    [
        allow(Resource=Partial("arn:aws:s3:::", HOLE, "/*")),
        allow(Resource=[], NotResource=HOLE),
        allow(Condition={"StringEquals": {"aws:username": HOLE}}),
        allow(Condition={"StringRhymes": {"aws:username": "ann"}}),
    ],
)
def test_what_hangs_on_the_unknown_is_not_decided(statement: dict[str, Any]) -> None:
    with pytest.raises(Undecided):
        decided(identity=[statement])


def test_what_does_not_hang_on_it_is() -> None:
    named = Partial("arn:aws:s3:::", HOLE, "/*")
    assert decided(identity=[allow(Resource=[named, OBJECT])]).allowed
    assert not decided(identity=[allow(Resource=Partial("arn:aws:sqs:", HOLE))]).allowed
