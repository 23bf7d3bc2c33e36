"""The documented order of policy evaluation: one row for each sentence of AWS's pages."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.iam.evaluation import (
    BOUNDARY,
    IDENTITY,
    RCP,
    RESOURCE,
    ROOT,
    SCP,
    SESSION,
    Decision,
    decide,
)
from analyzer.iam.grants import Layer, layer
from analyzer.iam.requests import Request
from analyzer.iam.service_reference import service_reference
from analyzer.unknown import Partial, Undecided, Unknown

HOME, AWAY = "111122223333", "444455556666"
USER = f"arn:aws:iam::{HOME}:user/ann"
ROLE = f"arn:aws:iam::{HOME}:role/app/reader"
SESSION_ARN = f"arn:aws:sts::{HOME}:assumed-role/reader/morning"
SERVICE_ROLE = f"arn:aws:sts::{HOME}:assumed-role/AWSServiceRoleForBatch/1"
OBJECT = "arn:aws:s3:::data/report"
KEY = f"arn:aws:kms:eu-west-1:{HOME}:key/1"
TRUSTING = f"arn:aws:iam::{HOME}:role/target"
ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
DENY: dict[str, Any] = {**ALLOW, "Effect": "Deny"}
OTHER: dict[str, Any] = {**ALLOW, "Action": "sqs:*"}  # allows, but nothing that is asked here


def to(principal: Any, effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, "Principal": principal, "Action": "*"}


def compiled(statements: list[Any], kind: str = "identity") -> Layer:
    document = {"Version": "2012-10-17", "Statement": statements}
    return layer([document], service_reference(), kind=kind)


def decided(
    principal: str = f"AWS:{USER}",
    *,
    action: str = "s3:GetObject",
    on: str = OBJECT,
    context: dict[str, Any] | None = None,
    identity: list[Any] = [],  # noqa: B006 - read only
    resource: list[Any] = [],  # noqa: B006
    boundary: list[Any] = [],  # noqa: B006
    session: list[Any] = [],  # noqa: B006
    scps: list[list[Any]] = [],  # noqa: B006
    rcps: list[list[Any]] = [],  # noqa: B006
    owner: str = HOME,
) -> Decision:
    return decide(
        Request(action, on, principal, context or {}),
        identity=compiled(identity),
        boundary=compiled(boundary),
        session=compiled(session),
        scps=[compiled(level) for level in scps],
        rcps=[compiled(level) for level in rcps],
        resource=compiled(resource, "resource"),
        principal_account=HOME if principal.startswith("AWS:") else "",
        resource_account=owner,
    )


DENIED, REFUSED = "explicit deny", "implicit deny"
BY_USER = {"principal": f"AWS:{USER}"}
BY_SESSION = {"principal": f"AWS:{SESSION_ARN}"}
BY_ROOT = {"principal": f"AWS:arn:aws:iam::{HOME}:root"}
BY_SERVICE = {"principal": "Service:sns.amazonaws.com"}
ABROAD = {"owner": AWAY}
USE_KEY = {"action": "kms:Decrypt", "on": KEY}
ASSUME = {"action": "sts:AssumeRole", "on": TRUSTING}

ORDER: list[tuple[str, dict[str, Any], str, str]] = [
    # How AWS enforcement code logic evaluates requests to allow or deny access
    ("every request is denied unless something allows it", {}, REFUSED, IDENTITY),
    ("but those of the root user, who may do anything", BY_ROOT, "allow", ROOT),
    (
        "a denial wins over whatever allows",
        {"identity": [ALLOW, DENY]},
        DENIED,
        IDENTITY,
    ),
    ("wherever it stands: SCP", {"identity": [ALLOW], "scps": [[ALLOW, DENY]]}, DENIED, SCP),
    ("RCP", {"identity": [ALLOW], "rcps": [[ALLOW], [ALLOW, DENY]]}, DENIED, RCP),
    ("boundary", {"identity": [ALLOW], "boundary": [ALLOW, DENY]}, DENIED, BOUNDARY),
    ("session policy", {"identity": [ALLOW], "session": [ALLOW, DENY]}, DENIED, SESSION),
    (
        "resource policy",
        {"identity": [ALLOW], "resource": [to({"AWS": USER}, "Deny")]},
        DENIED,
        RESOURCE,
    ),
    (
        "also for the root user",
        {**BY_ROOT, "resource": [to("*", "Deny")]},
        DENIED,
        RESOURCE,
    ),
    (
        "a denial in an identity policy stops what the resource grants directly",
        {"identity": [DENY], "resource": [to({"AWS": USER})]},
        DENIED,
        IDENTITY,
    ),
    ("RCPs that allow nothing here deny", {"identity": [ALLOW], "rcps": [[OTHER]]}, REFUSED, RCP),
    (
        "RCPs are asked before SCPs",
        {"identity": [ALLOW], "rcps": [[OTHER]], "scps": [[OTHER]]},
        REFUSED,
        RCP,
    ),
    ("SCPs that allow nothing here deny", {"identity": [ALLOW], "scps": [[OTHER]]}, REFUSED, SCP),
    (
        "the root user of a member account is limited too",
        {**BY_ROOT, "scps": [[OTHER]]},
        REFUSED,
        SCP,
    ),
    (
        "each level of the organisation has to allow",
        {"identity": [ALLOW], "scps": [[ALLOW], [OTHER], [ALLOW]]},
        REFUSED,
        SCP,
    ),
    (
        "one policy of a level is enough",
        {"identity": [ALLOW], "scps": [[OTHER, ALLOW], [ALLOW]]},
        "allow",
        IDENTITY,
    ),
    (
        "an SCP grants nothing by itself",
        {"scps": [[ALLOW]], "boundary": [ALLOW]},
        REFUSED,
        IDENTITY,
    ),
    (
        "an SCP limits what a resource grants as well",
        {"resource": [to({"AWS": USER})], "scps": [[OTHER]]},
        REFUSED,
        SCP,
    ),
    # Resource-based policies, within an account
    ("one side is enough: identity", {"identity": [ALLOW]}, "allow", IDENTITY),
    ("one side is enough: resource", {"resource": [to({"AWS": USER})]}, "allow", RESOURCE),
    (
        "a grant to a user is not limited by a boundary that does not allow",
        {"resource": [to({"AWS": USER})], "boundary": [OTHER]},
        "allow",
        RESOURCE,
    ),
    (
        "a grant to a role is enough for its sessions",
        {**BY_SESSION, "resource": [to({"AWS": ROLE})]},
        "allow",
        RESOURCE,
    ),
    (
        "a grant to a role is limited by its boundary",
        {**BY_SESSION, "resource": [to({"AWS": ROLE})], "boundary": [OTHER]},
        REFUSED,
        BOUNDARY,
    ),
    (
        "and by the session's policies",
        {**BY_SESSION, "resource": [to({"AWS": ROLE})], "session": [OTHER]},
        REFUSED,
        SESSION,
    ),
    (
        "also where the request is told under the role's own name",
        {"principal": f"AWS:{ROLE}", "resource": [to({"AWS": ROLE})], "boundary": [OTHER]},
        REFUSED,
        BOUNDARY,
    ),
    (
        "a grant to a session is limited by neither",
        {
            **BY_SESSION,
            "resource": [to({"AWS": SESSION_ARN})],
            "boundary": [OTHER],
            "session": [OTHER],
        },
        "allow",
        RESOURCE,
    ),
    (
        "nor is a grant to everyone, be it that a condition names the role",
        {
            **BY_SESSION,
            "resource": [
                {**to("*"), "Condition": {"ArnEquals": {"aws:PrincipalArn": ROLE}}},
            ],
            "boundary": [OTHER],
            "context": {"aws:PrincipalArn": ROLE},
        },
        "allow",
        RESOURCE,
    ),
    (
        "a grant to the account is for its own policies to pass on",
        {"resource": [to({"AWS": HOME})]},
        REFUSED,
        IDENTITY,
    ),
    # Identity policies, boundaries, session policies
    ("identity policies that do not allow deny", {"identity": [OTHER]}, REFUSED, IDENTITY),
    (
        "a boundary that does not allow denies",
        {"identity": [ALLOW], "boundary": [OTHER]},
        REFUSED,
        BOUNDARY,
    ),
    (
        "a session policy that does not allow denies",
        {**BY_SESSION, "identity": [ALLOW], "boundary": [ALLOW], "session": [OTHER]},
        REFUSED,
        SESSION,
    ),
    (
        "what all of them allow goes through",
        {
            **BY_SESSION,
            "identity": [ALLOW],
            "boundary": [ALLOW],
            "session": [ALLOW],
            "scps": [[ALLOW]],
            "rcps": [[ALLOW]],
        },
        "allow",
        IDENTITY,
    ),
    # Trust policies and key policies
    (
        "a key's policy has to allow, even within the account",
        {**USE_KEY, "identity": [ALLOW]},
        REFUSED,
        RESOURCE,
    ),
    (
        "a key's policy that trusts the account leaves it to identity policies",
        {**USE_KEY, "identity": [ALLOW], "resource": [to({"AWS": HOME})]},
        "allow",
        IDENTITY,
    ),
    (
        "which then have to allow",
        {**USE_KEY, "resource": [to({"AWS": HOME})]},
        REFUSED,
        IDENTITY,
    ),
    (
        "a key's policy that names the user is enough",
        {**USE_KEY, "resource": [to({"AWS": USER})]},
        "allow",
        RESOURCE,
    ),
    (
        "a request about no key has no such policy",
        {"action": "kms:ListKeys", "on": "*", "identity": [ALLOW]},
        "allow",
        IDENTITY,
    ),
    (
        "the root user is told in a key's policy as well",
        {**USE_KEY, **BY_ROOT},
        REFUSED,
        RESOURCE,
    ),
    (
        "a role's trust policy has to allow",
        {**ASSUME, "identity": [ALLOW]},
        REFUSED,
        RESOURCE,
    ),
    (
        "naming the user is enough",
        {**ASSUME, "resource": [to({"AWS": USER})]},
        "allow",
        RESOURCE,
    ),
    (
        "naming the account is not",
        {**ASSUME, "resource": [to({"AWS": HOME})]},
        REFUSED,
        IDENTITY,
    ),
    # Cross-account policy evaluation logic
    (
        "across accounts both sides have to allow: the resource does not",
        {**ABROAD, "identity": [ALLOW]},
        REFUSED,
        RESOURCE,
    ),
    (
        "the identity does not",
        {**ABROAD, "resource": [to({"AWS": USER})]},
        REFUSED,
        IDENTITY,
    ),
    (
        "both do",
        {**ABROAD, "identity": [ALLOW], "resource": [to({"AWS": USER})]},
        "allow",
        IDENTITY,
    ),
    (
        "everyone is no principal without policies of its own",
        {**ABROAD, "resource": [to("*")]},
        REFUSED,
        IDENTITY,
    ),
    (
        "a boundary limits across accounts, be the user named or not",
        {
            **ABROAD,
            "identity": [ALLOW],
            "boundary": [OTHER],
            "resource": [to({"AWS": USER})],
        },
        REFUSED,
        BOUNDARY,
    ),
    (
        "the other account has to trust: another one is not this one",
        {**ABROAD, "identity": [ALLOW], "resource": [to({"AWS": AWAY})]},
        REFUSED,
        RESOURCE,
    ),
    (
        "its account is",
        {**ABROAD, "identity": [ALLOW], "resource": [to({"AWS": f"arn:aws:iam::{HOME}:root"})]},
        "allow",
        IDENTITY,
    ),
    (
        "the root user of the other account needs no policy of its own",
        {**ABROAD, **BY_ROOT, "resource": [to({"AWS": HOME})]},
        "allow",
        ROOT,
    ),
    # Principals without policies of their own
    (
        "a service is let in by the resource alone",
        {**BY_SERVICE, "resource": [to({"Service": "sns.amazonaws.com"})]},
        "allow",
        RESOURCE,
    ),
    ("or not at all", {**BY_SERVICE, "identity": [ALLOW]}, REFUSED, RESOURCE),
    (
        "SCPs do not bind a service",
        {**BY_SERVICE, "resource": [to({"Service": "sns.amazonaws.com"})], "scps": [[DENY]]},
        "allow",
        RESOURCE,
    ),
    (
        "RCPs do",
        {**BY_SERVICE, "resource": [to({"Service": "sns.amazonaws.com"})], "rcps": [[DENY]]},
        DENIED,
        RCP,
    ),
    (
        "neither binds the roles that are a service's own",
        {
            "principal": f"AWS:{SERVICE_ROLE}",
            "identity": [ALLOW],
            "scps": [[DENY]],
            "rcps": [[DENY]],
        },
        "allow",
        IDENTITY,
    ),
    (
        "nobody known is let in by a grant to everyone",
        {"principal": "", "resource": [to("*")]},
        "allow",
        RESOURCE,
    ),
    (
        "NotPrincipal denies all but those named",
        {
            "identity": [ALLOW],
            "resource": [{"Effect": "Deny", "NotPrincipal": {"AWS": ROLE}, "Action": "*"}],
        },
        DENIED,
        RESOURCE,
    ),
]


@pytest.mark.parametrize(
    ("policies", "verdict", "where"),
    [pytest.param(*row[1:], id=row[0]) for row in ORDER],
)
def test_the_documented_order(policies: dict[str, Any], verdict: str, where: str) -> None:
    decision = decided(**policies)
    assert (decision.verdict, decision.layer) == (verdict, where)
    assert decision.allowed is (verdict == "allow")


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
