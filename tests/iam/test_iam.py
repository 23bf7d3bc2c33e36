from __future__ import annotations

import fnmatch
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analyzer.iam import (
    account_of,
    action_matches,
    administrator_policy,
    covers,
    escalations,
    grants,
    is_every_resource,
    is_everyone,
    is_limited,
    known_escalations,
    lets_everyone_in,
    narrowing,
    open_statements,
    statements,
)
from analyzer.iam.matching import takes_in
from analyzer.unknown import ABSENT, Partial, Reference, Undecided, Unknown, explore

UNKNOWN = Unknown("parameter `Value`", "has no value")


def policy(**statement: Any) -> str:
    return json.dumps({"Statement": {"Effect": "Allow", **statement}})


def test_single_values_and_lists_are_alike() -> None:
    (one,) = statements(policy(Action="s3:*", Resource="*"))
    (many,) = statements(policy(Action=["s3:*"], Resource=["*"]))
    assert one == many


def test_no_document_has_no_statement_and_a_broken_one_is_undecided() -> None:
    assert statements(ABSENT) == []
    with pytest.raises(Undecided):
        statements("no policy")
    with pytest.raises(Undecided):
        statements(Unknown("parameter `Policy`", "has no value"))


@pytest.mark.parametrize(
    ("pattern", "action", "taken"),
    [
        ("*", "s3:GetObject", True),
        ("s3:*", "s3:GetObject", True),
        ("S3:get*", "s3:GetObject", True),
        ("s3:Get?bject", "s3:GetObject", True),
        ("s3:Get", "s3:GetObject", False),
        ("s3.GetObject", "s3:GetObject", False),
        ("ec2:*", "s3:GetObject", False),
    ],
)
def test_action_wildcards(pattern: str, action: str, taken: bool) -> None:
    assert action_matches(pattern, action) is taken


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_wildcards_are_those_of_the_shell_without_its_brackets(pattern: str, action: str) -> None:
    assert action_matches(pattern, action) == fnmatch.fnmatchcase(action, pattern)


@given(st.text("ab*?", max_size=4), st.text("ab*?", max_size=4), st.text("ab", max_size=4))
@example("?", "*", "aa")
@example("a?", "a*", "a")
def test_a_pattern_takes_in_what_the_other_one_matches(wide: str, narrow: str, text: str) -> None:
    if takes_in(wide, narrow) and action_matches(narrow, text):
        assert action_matches(wide, text)


@pytest.mark.parametrize(
    ("wide", "narrow", "taken"),
    [
        ("s3:*", "s3:get*", True),
        ("*", "*", True),
        ("a?c", "abc", True),
        ("a?c", "a?c", True),
        ("a?c", "a*c", False),
        ("s3:get*", "s3:*", False),
    ],
)
def test_patterns_in_patterns(wide: str, narrow: str, taken: bool) -> None:
    assert takes_in(wide, narrow) is taken


@pytest.mark.parametrize(
    ("pattern", "could"), [(Partial("s3:Get", UNKNOWN), True), (Partial("s3:Put", UNKNOWN), False)]
)
def test_an_action_with_a_hole_is_asked_for_what_it_could_be(pattern: Any, could: bool) -> None:
    outcomes = explore(lambda: action_matches(pattern, "s3:GetObject"))
    assert {path.result for path in outcomes.paths} == ({True, False} if could else {False})


def test_an_unknown_action_with_known_values_is_matched_by_them() -> None:
    verbs = Unknown("parameter `Action`", "has no value", allowed=["s3:Get*", "s3:*"])
    outcomes = explore(lambda: action_matches(verbs, "s3:GetObject"))
    assert {path.result for path in outcomes.paths} == {True}


@pytest.mark.parametrize(
    ("action", "resource", "everywhere"),
    [
        ("s3:GetObject", "*", True),
        ("s3:GetObject", "arn:aws:s3:::*", True),
        ("s3:GetObject", "arn:aws:s3:::*/*", True),
        ("s3:GetObject", "arn:aws:*", True),
        ("s3:GetObject", "arn:aws:s3:::shop/*", False),
        ("s3:GetObject", "arn:aws:s3:::shop*", False),
        ("s3:GetObject", "arn:aws:sqs:*:*:*", False),
        ("iam:CreateAccessKey", "arn:aws:iam::111122223333:user/*", True),
        ("iam:CreateAccessKey", "arn:aws:iam::111122223333:user/app/*", False),
        ("sts:AssumeRole", "arn:aws:iam::*:role/*", True),
        ("sts:AssumeRole", "arn:aws:iam::*:role/deploy-*", False),
        ("kms:Decrypt", "arn:aws:kms:eu-west-3:111122223333:key/*", True),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:*", True),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:shop/*", False),
        ("ssm:SendCommand", "arn:aws:ec2:*:111122223333:instance/*", True),
        ("s3:GetObject", Partial("arn:aws:s3:::", UNKNOWN, "/*"), False),
        ("s3:GetObject", Partial("arn:aws:s3:::", Reference("main/Bucket"), "/*"), False),
    ],
)
def test_resources_that_are_all_of_their_kind(action: str, resource: Any, everywhere: bool) -> None:
    (statement,) = statements(
        {"Statement": {"Effect": "Allow", "Action": action, "Resource": resource}}
    )
    assert covers(statement, action) is everywhere


def test_many_unknown_resources_of_other_actions_ask_nothing() -> None:
    (statement,) = statements(
        {
            "Statement": {
                "Effect": "Allow",
                "Action": "logs:PutLogEvents",
                "Resource": [Unknown(f"import `{number}`", "is elsewhere") for number in range(9)],
            }
        }
    )
    assert not covers(statement, "s3:GetObject")


@pytest.mark.parametrize(
    ("condition", "narrows"),
    [
        ({"StringEquals": {"aws:ResourceTag/team": "web"}}, True),
        ({"StringEqualsIfExists": {"aws:ResourceTag/team": "web"}}, False),
        ({"StringEqualsIfExists": {"iam:PassedToService": "ec2.amazonaws.com"}}, True),
        ({"StringNotEquals": {"aws:ResourceTag/team": "web"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, False),
        ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, True),
    ],
)
def test_conditions_that_leave_a_smaller_part(condition: Any, narrows: bool) -> None:
    (statement,) = statements({"Statement": {"Effect": "Allow", "Condition": condition}})
    assert bool(narrowing(statement)) is narrows


def test_every_escalation_names_actions_once_and_a_service_where_a_role_is_passed() -> None:
    paths = known_escalations()
    assert len({path.name for path in paths}) == len({path.actions for path in paths}) == len(paths)
    for path in paths:
        assert ("iam:PassRole" in path.actions) == bool(path.passed_to)


def test_an_escalation_is_found_over_several_statements() -> None:
    both = statements(
        {
            "Statement": [
                {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"},
                {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"},
            ]
        }
    )
    assert [path.name for path, _ in escalations(both)] == ["a role passed to a server"]
    assert list(escalations(both[:1])) == list(escalations(both[1:])) == []


@pytest.mark.parametrize(
    ("arn", "carried"),
    [
        ("arn:aws:iam::aws:policy/AdministratorAccess", True),
        ("arn:aws-cn:iam::aws:policy/IAMFullAccess", True),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", False),
        ("arn:aws:iam::111122223333:policy/AdministratorAccess", False),
        (Reference("main/Policy"), False),
    ],
)
def test_policies_of_administrators(arn: Any, carried: bool) -> None:
    assert bool(administrator_policy(arn)) is carried


def test_not_action_grants_everything_else() -> None:
    (statement,) = statements(policy(NotAction="iam:*", Resource="*"))
    assert grants(statement, "s3:GetObject")
    assert not grants(statement, "iam:PassRole")


def test_a_denial_grants_nothing() -> None:
    (statement,) = statements(json.dumps({"Statement": [{"Effect": "Deny", "Action": "*"}]}))
    assert not grants(statement, "s3:GetObject")


@pytest.mark.parametrize(
    ("principal", "everyone"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": ["arn:aws:iam::111122223333:root", "*"]}, True),
        ({"AWS": "arn:aws:iam::111122223333:root"}, False),
        ({"Service": "*"}, False),
        ({"Service": "cloudfront.amazonaws.com"}, False),
    ],
)
def test_everyone(principal: Any, everyone: bool) -> None:
    (statement,) = statements(policy(Principal=principal, Action="s3:GetObject"))
    assert any(map(is_everyone, statement.principals)) is everyone
    assert lets_everyone_in(statement) is everyone


@pytest.mark.parametrize(
    ("condition", "limited"),
    [
        ({"StringEquals": {"aws:PrincipalOrgID": "o-1234"}}, True),
        ({"StringEquals": {"aws:PrincipalOrgID": UNKNOWN}}, True),
        ({"StringLike": {"aws:PrincipalOrgID": "*"}}, False),
        ({"StringLike": {"aws:PrincipalOrgID": "o-*"}}, False),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-1234"}}, False),
        ({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1234"}}, False),
        ({"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1234"}}, False),
        ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-1234/*"]}}, True),
        ({"ArnLike": {"AWS:SourceArn": "arn:aws:cloudfront::1:distribution/x"}}, True),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::bucket"}}, True),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}, False),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:orders"}}, False),
        ({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/shop"}}, False),
        ({"StringLike": {"aws:userid": "AROA*"}}, False),
        ({"StringLike": {"aws:userid": "AROAEXAMPLE:*"}}, True),
        ({"IpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}}, True),
        ({"IpAddress": {"aws:SourceIp": ["0.0.0.0/0"]}}, False),
        ({"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, False),
        ({"Bool": {"aws:PrincipalIsAWSService": "true"}}, True),
        ({"Bool": {"aws:PrincipalIsAWSService": "false"}}, False),
    ],
)
def test_conditions_that_say_who(condition: Any, limited: bool) -> None:
    (statement,) = statements(
        {"Statement": {"Effect": "Allow", "Principal": "*", "Condition": condition}}
    )
    assert lets_everyone_in(statement) is not limited


def test_an_unknown_pattern_may_be_everybody() -> None:
    (statement,) = statements(
        {"Statement": {"Condition": {"StringLike": {"aws:PrincipalOrgID": UNKNOWN}}}}
    )
    outcomes = explore(lambda: is_limited(statement))
    assert {path.result for path in outcomes.paths} == {True, False}


@pytest.mark.parametrize(
    ("denial", "left"),
    [
        ({"Action": "s3:*", "Resource": "arn:aws:s3:::x/*"}, False),
        ({"Action": "s3:Get*", "Resource": "*"}, False),
        ({"Action": "s3:Put*", "Resource": "*"}, True),
        ({"Action": "s3:*", "Resource": "arn:aws:s3:::x/private/*"}, True),
    ],
)
def test_a_denial_to_all_but_the_organisation_takes_back_what_it_covers(
    denial: Any, left: bool
) -> None:
    everyone = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    strangers = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1234"}}
    document = {
        "Statement": [
            {**everyone, "Resource": "arn:aws:s3:::x/*"},
            {"Effect": "Deny", "Principal": "*", "Condition": strangers, **denial},
        ]
    }
    assert bool(open_statements(document)) is left


def test_all_but_some_resources_are_every_resource() -> None:
    (statement,) = statements(policy(Action="s3:*", NotResource="arn:aws:s3:::x"))
    assert is_every_resource(statement)


def test_accounts_of_principals() -> None:
    assert account_of(("AWS", "arn:aws:iam::111122223333:role/x")) == "111122223333"
    assert account_of(("AWS", "111122223333")) == "111122223333"
    hole = Partial("arn:aws:iam::111122223333:role/", Unknown("a", "b"))
    assert account_of(("AWS", hole)) == "111122223333"
    assert account_of(("Service", "ec2.amazonaws.com")) == ""
    assert account_of(("AWS", Reference("main/Role", "Arn"))) == ""


@pytest.mark.parametrize("who", [UNKNOWN, Partial("arn:aws:iam::", UNKNOWN, ":root")])
def test_an_unknown_account_is_undecided(who: Any) -> None:
    with pytest.raises(Undecided):
        account_of(("AWS", who))


def test_an_unknown_principal_is_a_choice() -> None:
    unknown = Unknown("parameter `Who`", "has no value")
    outcomes = explore(lambda: is_everyone(("AWS", unknown)))
    assert {path.result for path in outcomes.paths} == {True, False}
