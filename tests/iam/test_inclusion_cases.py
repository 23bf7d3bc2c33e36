"""What one grant allows more than another: single cases, and labelled ones."""

from __future__ import annotations

from typing import Any

import pytest
from small_world import CASES, compared, document, verdict

from analyzer.unknown import Reference, Unknown


def on(resource: Any, **parts: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource, **parts}


def acting(*actions: str, name: str = "Action", effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, name: list(actions), "Resource": "*"}


def under(operator: str, key: str, value: Any) -> dict[str, Any]:
    return {**acting("*"), "Condition": {operator: {key: value}}}


PASSED, SOURCE, NUMBER = "iam:PassedToService", "aws:SourceArn", "s3:max-keys"
NEVER = "9999-12-31T23:59:59Z"
SINGLE: list[tuple[str, Any, Any, str]] = [
    (
        "IfExists counts for a key that most actions lack",
        under("StringEqualsIfExists", PASSED, "a"),
        under("StringEquals", PASSED, "a"),
        "yes",
    ),
    (
        "without values there is none",
        under("StringLike", "aws:TagKeys", "*"),
        under("ForAnyValue:StringNotEquals", "aws:TagKeys", "a"),
        "yes",
    ),
    (
        "a key that is absent is not any other value",
        under("ForAnyValue:StringNotEquals", "aws:TagKeys", "a"),
        under("Null", "aws:TagKeys", "false"),
        "no",
    ),
    (
        "two values are not one with a comma",
        under("StringEquals", "aws:username", ["a", "b"]),
        under("StringEquals", "aws:username", "a, b"),
        "yes",
    ),
    (
        "big numbers differ",
        under("NumericEquals", NUMBER, "1000000.5"),
        under("NumericEquals", NUMBER, "1000001"),
        "yes",
    ),
    (
        "the last day of all",
        under("DateLessThan", "aws:CurrentTime", NEVER),
        under("DateLessThanEquals", "aws:CurrentTime", NEVER),
        "no",
    ),
    (
        "one character of a field",
        under("ArnLike", SOURCE, "arn:aws:sns:?:1:t"),
        under("ArnLike", SOURCE, "arn:aws:sns:??:1:t"),
        "yes",
    ),
    ("an action that nobody knows", acting("foo:B*"), acting("foo:B"), "yes"),
    ("all but that action", acting("foo:B"), acting("foo:B", name="NotAction"), "yes"),
    (
        "less by an action",
        acting("s3:*", name="NotAction"),
        acting("s3:*", "foo:B", name="NotAction"),
        "yes",
    ),
    ("a denial of it", acting("*"), [acting("*"), acting("foo:B", effect="Deny")], "yes"),
    ("an action by its pattern", acting("s3:Getxbject"), acting("s3:Get?bject"), "no"),
    (
        "variables have no case",
        on("arn:aws:s3:::a/${aws:UserName}"),
        on("arn:aws:s3:::a/${aws:username}"),
        "no",
    ),
    (
        "two buckets of one name",
        on(Reference("one/Bucket", "Arn")),
        on(Reference("two/Bucket", "Arn")),
        "maybe",
    ),
    (
        "a name that is known",
        on(Reference("one/Bucket", "Arn", "arn:aws:s3:::a/b")),
        on("arn:aws:s3:::a/*"),
        "no",
    ),
    (
        "two texts with one name",
        under("StringEquals", "aws:username", Unknown("a value", "is not known", key=(1,))),
        under("StringEquals", "aws:username", Unknown("a value", "is not known", key=(2,))),
        "maybe",
    ),
]


@pytest.mark.parametrize(
    ("a", "b", "expected"), [pytest.param(*row[1:], id=row[0]) for row in SINGLE]
)
def test_single(a: Any, b: Any, expected: str) -> None:
    assert verdict(a, b) == expected


def test_an_old_policy_has_no_variables() -> None:
    stated = under("StringEquals", "aws:userid", "${aws:username}")
    assert compared([[{"Statement": [stated]}]], [[document(stated)]]).verdict != "no"


# ---- labelled pairs


def labelled() -> list[Any]:
    return [
        pytest.param(case, ours, theirs, id=f"{case['id']} {case['title']}: {ours} to {theirs}")
        for case in CASES["cases"]
        if case["kind"] == "compare"
        for ours, theirs in (("a", "b"), ("b", "a"))
    ]


@pytest.mark.parametrize(("case", "ours", "theirs"), labelled())
def test_labelled_pairs(case: Any, ours: str, theirs: str) -> None:
    found = compared([[case[ours]]], [[case[theirs]]], case["policy_type"])
    assert found.verdict == case["expect"][f"{ours}_allows_more_than_{theirs}"]
