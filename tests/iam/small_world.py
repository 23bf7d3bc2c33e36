"""Policies over a world that is small enough to ask it everything."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from oracle import World, allowed

from analyzer.iam.grants import Grant, grant_of
from analyzer.iam.inclusion import Comparison, allows_more
from analyzer.iam.service_reference import service_reference

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
