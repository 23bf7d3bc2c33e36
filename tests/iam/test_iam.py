from __future__ import annotations

import fnmatch
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.iam import (
    account_of,
    action_matches,
    grants,
    is_every_resource,
    is_everyone,
    lets_everyone_in,
    statements,
)
from analyzer.unknown import ABSENT, Partial, Undecided, Unknown, explore


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
        ({"ArnLike": {"AWS:SourceArn": "arn:aws:cloudfront::1:distribution/x"}}, True),
        ({"IpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}}, True),
        ({"IpAddress": {"aws:SourceIp": ["0.0.0.0/0"]}}, False),
        ({"StringLike": {"aws:PrincipalOrgID": "*"}}, False),
        ({"StringNotEquals": {"aws:PrincipalOrgID": "o-1234"}}, False),
        ({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1234"}}, False),
        ({"Bool": {"aws:SecureTransport": "true"}}, False),
    ],
)
def test_conditions_that_say_who(condition: Any, limited: bool) -> None:
    (statement,) = statements(policy(Principal="*", Action="s3:*", Condition=condition))
    assert lets_everyone_in(statement) is not limited


def test_all_but_some_resources_are_every_resource() -> None:
    (statement,) = statements(policy(Action="s3:*", NotResource="arn:aws:s3:::x"))
    assert is_every_resource(statement)


def test_accounts_of_principals() -> None:
    assert account_of(("AWS", "arn:aws:iam::111122223333:role/x")) == "111122223333"
    assert account_of(("AWS", "111122223333")) == "111122223333"
    hole = Partial("arn:aws:iam::111122223333:role/", Unknown("a", "b"))
    assert account_of(("AWS", hole)) == "111122223333"
    assert account_of(("Service", "ec2.amazonaws.com")) == ""


def test_an_unknown_principal_is_a_choice() -> None:
    unknown = Unknown("parameter `Who`", "has no value")
    outcomes = explore(lambda: is_everyone(("AWS", unknown)))
    assert {path.result for path in outcomes.paths} == {True, False}
