"""Does one grant allow more than another? Held against every request of small worlds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import World, allowed

from analyzer.iam.grants import Grant, grant_of
from analyzer.iam.inclusion import Comparison, allows_more
from analyzer.iam.service_reference import service_reference
from analyzer.unknown import Partial, Reference, Unknown

CASES = yaml.safe_load(Path(__file__).with_name("iam-cases.yaml").read_text(encoding="utf-8"))
REFERENCE = service_reference()
HOME, AWAY = "111122223333", "444455556666"
VERSION = "2012-10-17"
checked = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def document(*statements: Any, version: str = VERSION) -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def grant(layers: Any, kind: str = "identity") -> Grant:
    parts = [grant_of(*documents, reference=REFERENCE, kind=kind) for documents in layers]
    return replace(parts[0], layers=tuple(layer for part in parts for layer in part.layers))


def compared(a: Any, b: Any, kind: str = "identity") -> Comparison:
    """Two grants, each a list of layers of documents."""
    return allows_more(grant(a, kind), grant(b, kind), REFERENCE)


def verdict(a: Any, b: Any, kind: str = "identity") -> str:
    """Two policies of one statement or several, without layers."""
    left, right = (one if isinstance(one, list) else [one] for one in (a, b))
    return compared([[document(*left)]], [[document(*right)]], kind).verdict


# ---- a small world

BUCKETS = ["a", "b", "ab", "ba"]
KEYS = ["".join(letters) for size in (1, 2) for letters in product("ab/", repeat=size)]
OBJECTS = [f"arn:aws:s3:::{bucket}/{key}" for bucket in BUCKETS for key in KEYS]
QUEUES = [f"arn:aws:sqs:{region}:{HOME}:{name}" for region in ("eu", "us") for name in ("q", "qq")]
ROLES = [f"arn:aws:iam::{account}:role/{name}" for account in (HOME, AWAY) for name in ("a", "b/a")]
ACTS_ON = {
    "s3:GetObject": OBJECTS,
    "s3:PutObject": OBJECTS,
    "s3:ListBucket": [f"arn:aws:s3:::{bucket}" for bucket in BUCKETS],
    "sqs:SendMessage": QUEUES,
    "iam:PassRole": ROLES,
    "ec2:DescribeInstances": ["*"],
}
PRINCIPALS = [
    f"AWS:arn:aws:iam::{HOME}:root",
    f"AWS:arn:aws:iam::{HOME}:user/a",
    f"AWS:arn:aws:iam::{HOME}:role/b/a",
    f"AWS:arn:aws:sts::{HOME}:assumed-role/a/s",
    f"AWS:arn:aws:sts::{HOME}:assumed-role/a/t",
    f"AWS:arn:aws:iam::{AWAY}:user/a",
    "Service:sns.amazonaws.com",
    "Service:s3.amazonaws.com",
]
ARNS = ("arn:aws:sns:eu:1:t", "arn:aws:sns:eu:1:t:u", "arn:aws:s3:::a", "arn:aws:s3:::a:b")
WORLD = World(
    places=tuple((action, one) for action, some in ACTS_ON.items() for one in some),
    principals=tuple(PRINCIPALS),
    keys={
        "aws:username": (None, "a", "A", "ab", "b", "bb", "*", "c"),
        "iam:PassedToService": (None, "a", "b"),
        "aws:SourceArn": (None, *ARNS, "arn:aws:sns::1:t", "arn:aws:sns:eu:2:t"),
        "aws:SecureTransport": ("true", "false"),
        "aws:MultiFactorAuthPresent": (None, "true", "false"),
        "s3:max-keys": (None, "0", "1", "1.5", "2", "2.2", "2.5", "3", "1000000", "1000001"),
        "aws:SourceIp": (
            None,
            "10.0.0.1",
            "10.0.0.2",
            "10.1.0.0",
            "11.0.0.0",
            "2001:db8::1",
            "::1",
        ),
        "aws:CurrentTime": (
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:01Z",
            "2026-01-01T12:00:00Z",
            "2026-01-02T00:00:00Z",
            "9999-12-31T23:59:59Z",
        ),
        "aws:TagKeys": (
            None,
            ("a",),
            ("b",),
            ("ab",),
            ("a", "b"),
            ("a", "ab"),
            ("a", "ab", "b"),
            ("c",),
        ),
    },
)
SIGNS = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"]
TEXTS = ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"]
FOLDED = ["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"]
ARN_TESTS = ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike"]
SETS = [f"{sets}:{one}" for sets in ("ForAllValues", "ForAnyValue") for one in TEXTS]
ASKED: dict[str, tuple[list[str], list[str]]] = {
    "aws:username": (TEXTS + FOLDED, ["a", "A", "ab", "b", "b*", "*", "?", "*b"]),
    "iam:PassedToService": (TEXTS, ["a", "b", "*"]),
    "aws:SourceArn": (
        ARN_TESTS,
        [*ARNS, "arn:aws:sns:*:1:*", "arn:aws:*:::a*", "arn:aws:sns:?:1:t", "arn:aws:s?s:*:*:t"],
    ),
    "aws:SecureTransport": (["Bool"], ["true", "false"]),
    "aws:MultiFactorAuthPresent": (["Bool"], ["true", "false"]),
    "s3:max-keys": ([f"Numeric{sign}" for sign in SIGNS], ["1", "2", "2.5", "1000000", "1000001"]),
    "aws:SourceIp": (
        ["IpAddress", "NotIpAddress"],
        ["10.0.0.0/8", "10.0.0.0/16", "10.0.0.1", "0.0.0.0/0", "2001:db8::/32", "::/0"],
    ),
    "aws:CurrentTime": (
        [f"Date{sign}" for sign in SIGNS],
        [
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:01Z",
            "2026-01-02T00:00:00Z",
            "9999-12-31T23:59:59Z",
        ],
    ),
    "aws:TagKeys": (SETS, ["a", "ab", "b", "a*"]),
}
ACTIONS = [
    *ACTS_ON,
    "*",
    "s3:*",
    "S3:getobject",
    "s3:?etObject",
    "*:*Object",
    "sqs:*",
    "iam:Pass*",
    "s3:[a]*",
]
STATED = [
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::*/*",
    "arn:aws:s3:::a/*",
    "arn:aws:s3:::?/b",
    "arn:*:s3:::b*",
    f"arn:aws:sqs:*:{HOME}:q?",
    "arn:aws:sqs:eu:*",
    f"arn:aws:iam::{HOME}:role/*",
    "arn:aws:iam::*:role/b/a",
]
WHO = [
    "*",
    {"AWS": "*"},
    {"AWS": HOME},
    {"AWS": f"arn:aws:iam::{HOME}:root"},
    {"AWS": [f"arn:aws:iam::{HOME}:user/a", AWAY]},
    {"AWS": f"arn:aws:iam::{HOME}:role/b/a"},
    {"AWS": f"arn:aws:iam::{HOME}:role/a"},
    {"AWS": f"arn:aws:sts::{HOME}:assumed-role/a/s"},
    {"Service": ["sns.amazonaws.com"]},
    {"Service": "s3.amazonaws.com", "AWS": AWAY},
]


def one_or_more(of: Any, most: int = 2) -> st.SearchStrategy[Any]:
    return st.one_of(of, st.lists(of, min_size=1, max_size=most))


actions = one_or_more(st.sampled_from(ACTIONS))
named = st.text(alphabet="ab/*?", max_size=4).map("arn:aws:s3:::{}".format)
resources = one_or_more(st.one_of(st.sampled_from(STATED), st.sampled_from(OBJECTS), named))


@st.composite
def conditions(draw: Any, keys: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in draw(st.lists(st.sampled_from(keys), max_size=2)) if keys else ():
        operators, values = ASKED[key]
        operator = draw(st.sampled_from([*operators, "Null"]))
        if operator == "Null":
            found.setdefault("Null", {})[key] = draw(
                st.sampled_from(["true", "false", True, False])
            )
            continue
        lenient = "IfExists" if draw(st.integers(0, 3)) == 0 else ""
        found.setdefault(operator + lenient, {})[key] = draw(one_or_more(st.sampled_from(values)))
    return found


@st.composite
def statements(draw: Any, keys: list[str], *, kind: str, effect: str = "") -> dict[str, Any]:
    rarely = st.integers(0, 4).map(lambda number: number == 0)
    found = {"Effect": effect or ("Deny" if draw(rarely) else "Allow")}
    found["NotAction" if draw(rarely) else "Action"] = draw(actions)
    found["NotResource" if draw(rarely) else "Resource"] = draw(resources)
    if kind == "resource":
        found["NotPrincipal" if draw(rarely) else "Principal"] = draw(st.sampled_from(WHO))
    if stated := draw(conditions(keys)):
        found["Condition"] = stated
    return found


@st.composite
def grants(draw: Any, keys: list[str], *, kind: str = "identity", layers: int = 1) -> Any:
    return [
        [document(*draw(st.lists(statements(keys, kind=kind), min_size=1, max_size=3)))]
        for _ in range(draw(st.integers(1, layers)))
    ]


some_keys = st.lists(st.sampled_from(list(ASKED)), max_size=2, unique=True)


def lenient(operator: str) -> str:
    return operator.removesuffix("IfExists") if "IfExists" in operator else f"{operator}IfExists"


@st.composite
def varied(draw: Any, stated: dict[str, Any], keys: list[str]) -> dict[str, Any]:
    """Almost the same statement."""
    found = dict(stated)
    match draw(st.sampled_from(["same", "action", "resource", "condition", "lenient"])):
        case "action":
            found.pop("NotAction", None)
            found["Action"] = draw(actions)
        case "resource":
            found.pop("NotResource", None)
            found["Resource"] = draw(resources)
        case "condition":
            found["Condition"] = draw(conditions(keys))
        case "lenient":
            found["Condition"] = {
                name if name == "Null" else lenient(name): some
                for name, some in stated.get("Condition", {}).items()
            }
    return found


@st.composite
def pairs(draw: Any, *, kind: str = "identity", layers: int = 1) -> Any:
    """Two grants: either of each other's making, or the second from statements of the first."""
    keys = draw(some_keys)
    a = draw(grants(keys, kind=kind, layers=layers))
    if draw(st.booleans()):
        return a, draw(grants(keys, kind=kind, layers=layers))
    pool = [one for (policy,) in a for one in policy["Statement"]]
    b = [
        [document(*(draw(varied(one, keys)) for one in draw(st.permutations(pool))[:3]))]
        for _ in range(draw(st.integers(1, layers)))
    ]
    return (a, b) if draw(st.booleans()) else (b, a)


def hold(a: Any, b: Any, kind: str = "identity") -> None:
    found = compared(a, b, kind)
    assert found.verdict in ("yes", "no")
    if found.verdict == "no":
        assert WORLD.difference(a, b) is None
    else:
        assert found.example is not None
        assert allowed(a, found.example), f"{found.example} is not allowed by the first"
        assert not allowed(b, found.example), f"{found.example} is allowed by the second"


@given(pairs())
@checked
def test_policies_of_identities(both: Any) -> None:
    hold(*both)


@given(pairs(kind="resource"))
@checked
def test_policies_of_resources(both: Any) -> None:
    hold(*both, "resource")


@given(pairs(layers=3))
@checked
def test_layers(both: Any) -> None:
    hold(*both)


@given(some_keys.flatmap(lambda keys: grants(keys, layers=3)))
@checked
def test_nothing_allows_more_than_itself(one: Any) -> None:
    assert compared(one, one).verdict == "no"


@given(pairs(), st.data())
@checked
def test_what_is_added_or_dropped(both: Any, data: Any) -> None:
    (a,), (b,) = both
    stated = a[0]["Statement"]
    allows = [one for one in b[0]["Statement"] if one["Effect"] == "Allow"]
    denies = [one for one in b[0]["Statement"] if one["Effect"] == "Deny"]
    dropped = data.draw(st.sampled_from(stated))
    left = [one for one in stated if one is not dropped]
    wide = [a, [document(*allows)]]
    assert compared([a], [[*a, document(*allows)]]).verdict == "no", "an Allow takes nothing away"
    assert compared([[*a, document(*denies)]], [a]).verdict == "no", "a Deny adds nothing"
    assert compared(wide, [a]).verdict == "no", "a further layer adds nothing"
    assert compared(wide, wide[::-1]).verdict == "no", "layers have no order"
    smaller, larger = (left, stated) if dropped["Effect"] == "Allow" else (stated, left)
    assert compared([[document(*smaller)]], [[document(*larger)]]).verdict == "no"


# ---- what is not known

HOLES = {"<1>": Unknown("parameter `Bucket`", "has no value"), "<2>": Reference("stack/Bucket")}
NAMES = ["a", "b", "ab", "a/b", "", "*", "a*"]
with_hole = st.builds(
    "{}{}{}".format,
    st.sampled_from(["arn:aws:s3:::", "arn:aws:s3:::a", "arn:aws:s3:::a/"]),
    st.sampled_from(list(HOLES)),
    st.sampled_from(["", "/*", "/b", "*"]),
)


def replaced(value: Any, fill: Callable[[str], Any]) -> Any:
    """A document with other texts."""
    if isinstance(value, dict):
        return {key: replaced(one, fill) for key, one in value.items()}
    if isinstance(value, list):
        return [replaced(one, fill) for one in value]
    return fill(value)


def opened(text: str) -> Any:
    parts = re.split("(<[12]>)", text)
    return Partial(*(HOLES.get(part, part) for part in parts)) if len(parts) > 1 else text


@st.composite
def open_grants(draw: Any) -> Any:
    stated = draw(st.lists(statements([], kind="identity"), min_size=1, max_size=3))
    for one in stated:
        if draw(st.booleans()):
            name = "Resource" if "Resource" in one else "NotResource"
            one[name] = [draw(with_hole), *draw(st.lists(st.sampled_from(OBJECTS), max_size=1))]
    return [[document(*stated)]]


@given(open_grants(), open_grants())
@checked
def test_no_is_said_for_every_name_only(a: Any, b: Any) -> None:
    if compared(replaced(a, opened), replaced(b, opened)).verdict != "no":
        return
    for first, second in product(NAMES, repeat=2):

        def named(text: str, first: str = first, second: str = second) -> str:
            return text.replace("<1>", first).replace("<2>", second)

        assert WORLD.difference(replaced(a, named), replaced(b, named)) is None


@given(open_grants())
@checked
def test_what_is_not_known_is_the_same_on_both_sides(one: Any) -> None:
    assert compared(replaced(one, opened), replaced(one, opened)).verdict == "no"


# ---- one defect each


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
