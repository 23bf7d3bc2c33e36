"""Single questions about policies: what an action reaches, and whom a statement lets in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analyzer.errors import InputError
from analyzer.iam import (
    Exposure,
    Grant,
    Holder,
    account_in,
    administrator_policy,
    escalations,
    exposure_of,
    grant_of,
    known_escalations,
    layer,
    managed_document,
    service_reference,
    statements,
)
from analyzer.iam.reference_build import compact
from analyzer.model import Inventory, Resource
from analyzer.unknown import ABSENT, Partial, Reference, Undecided, Unknown, explore

UNKNOWN = Unknown("parameter `Value`", "has no value")
REFERENCE = service_reference()
ACCOUNT = "111122223333"


def policy(**statement: Any) -> str:
    return json.dumps({"Statement": {"Effect": "Allow", **statement}})


def holder(*statements: dict[str, Any]) -> Holder:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return Holder(grant_of(document, reference=REFERENCE), REFERENCE, ACCOUNT, "eu-west-3")


def allowing(action: Any, resource: Any = "*", **more: Any) -> Holder:
    return holder({"Effect": "Allow", "Action": action, "Resource": resource, **more})


def exposure(*statements: dict[str, Any], is_trust: bool = False) -> Exposure:
    kind = "trust" if is_trust else "resource"
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return Exposure(layer([document], REFERENCE, kind=kind), REFERENCE, ACCOUNT, is_trust)


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


def test_the_reference_knows_levels_types_and_its_own_source() -> None:
    action = REFERENCE.action("IAM:passrole")
    assert action is not None
    assert (action.name, action.level, action.required) == ("iam:PassRole", "W", ("role",))
    assert len(REFERENCE) > 20_000
    assert REFERENCE.date >= "2026-01-01"
    assert "MIT" in REFERENCE.source


def test_every_resource_type_of_an_action_has_a_form() -> None:
    actions = map(REFERENCE.at, range(len(REFERENCE)))
    types = {(action.service, type_) for action in actions for type_ in action.types}
    assert not [type_ for service, type_ in types if not REFERENCE.arn(service, type_)]


def test_a_folder_that_is_no_package_is_refused(tmp_path: Any) -> None:
    with pytest.raises(InputError, match="does not exist"):
        compact(tmp_path)


@pytest.mark.parametrize(
    ("pattern", "action", "taken"),
    [
        ("*", "s3:GetObject", True),
        ("s3:*", "s3:GetObject", True),
        ("S3:get*", "s3:GetObject", True),
        ("s3:Get?bject", "s3:GetObject", True),
        ("s?:GetObject", "s3:GetObject", True),
        ("s3:Get", "s3:GetObject", False),
        ("s3.GetObject", "s3:GetObject", False),
        ("ec2:*", "s3:GetObject", False),
    ],
)
def test_action_wildcards(pattern: str, action: str, taken: bool) -> None:
    assert (action in REFERENCE.names(REFERENCE.matching(pattern))) is taken


@pytest.mark.parametrize(
    ("pattern", "could"), [(Partial("s3:Get", UNKNOWN), True), (Partial("s3:Put", UNKNOWN), False)]
)
def test_an_action_with_a_hole_is_asked_for_what_it_could_be(pattern: Any, could: bool) -> None:
    outcomes = explore(lambda: allowing(pattern).may("s3:GetObject"))
    assert {path.result for path in outcomes.paths} == ({True, False} if could else {False})


def test_an_unknown_action_with_known_values_is_matched_by_them() -> None:
    verbs = Unknown("parameter `Action`", "has no value", allowed=["s3:Get*", "s3:*"])
    outcomes = explore(lambda: allowing(verbs).may("s3:GetObject"))
    assert {path.result for path in outcomes.paths} == {True}


def test_an_action_of_which_nothing_is_known_is_undecided() -> None:
    (path,) = explore(lambda: allowing(UNKNOWN)).paths
    assert isinstance(path.error, Undecided)


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
    assert allowing(action, resource).reach(action).always is everywhere


def test_many_unknown_resources_of_other_actions_are_one_question() -> None:
    imports = [Unknown(f"import `{number}`", "is elsewhere") for number in range(9)]
    outcomes = explore(lambda: allowing("logs:PutLogEvents", imports).reach("s3:GetObject").always)
    assert [path.result for path in outcomes.paths] == [False, False]


def test_an_unknown_resource_may_be_every_one() -> None:
    outcomes = explore(lambda: allowing("s3:GetObject", UNKNOWN).reach("s3:GetObject").always)
    assert {path.result for path in outcomes.paths} == {True, False}


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
    known = {"iam:passedtoservice": ("lambda.amazonaws.com",)}
    role = allowing("iam:PassRole", Condition=condition).reach("iam:PassRole", known=known)
    assert role.always is not narrows


def test_every_escalation_has_an_id_and_a_service_where_a_role_is_passed() -> None:
    paths = known_escalations()
    assert len({path.id for path in paths}) == len(paths) > 90
    for path in paths:
        assert ("iam:PassRole" in path.actions) == bool(path.passed_to)
        assert all(REFERENCE.number(action) is not None for action in path.actions), path


def test_an_escalation_is_found_over_several_statements() -> None:
    run = {"Effect": "Allow", "Action": "ec2:RunInstances", "Resource": "*"}
    give = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}
    assert [way.path.id for way in escalations(holder(run, give))] == ["ec2-001"]
    assert not list(escalations(holder(run)))
    assert not list(escalations(holder(give)))


def test_a_denial_that_leaves_one_role_leaves_a_way_that_hangs_on_it() -> None:
    (way,) = escalations(
        holder(
            {"Effect": "Allow", "Action": ["iam:PassRole", "ec2:RunInstances"], "Resource": "*"},
            {
                "Effect": "Deny",
                "Action": "iam:PassRole",
                "NotResource": "arn:aws:iam::111122223333:role/app",
            },
        )
    )
    assert way.verdict == "conditional"
    assert "iam:PassRole" in way.hangs_on[0]


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


def test_documents_of_aws_are_packaged() -> None:
    document = managed_document("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
    assert document is not None
    basic = Holder(grant_of(document, reference=REFERENCE), REFERENCE)
    assert basic.may("logs:PutLogEvents")
    assert not basic.may("s3:GetObject")
    assert managed_document("arn:aws:iam::111122223333:policy/own") is None
    assert managed_document(UNKNOWN) is None


def test_not_action_grants_everything_else() -> None:
    rest = holder({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})
    assert rest.may("s3:GetObject")
    assert not rest.may("iam:PassRole")


def test_a_denial_grants_nothing() -> None:
    assert not holder({"Effect": "Deny", "Action": "*", "Resource": "*"}).perhaps


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
    statement = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject"}
    assert bool(exposure(statement).opening) is everyone


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
    everyone = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    asked = exposure({**everyone, "Condition": condition})
    assert (asked.opening is None) is limited


def test_an_unknown_pattern_may_be_everybody() -> None:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Condition": {"StringLike": {"aws:PrincipalOrgID": UNKNOWN}},
    }
    outcomes = explore(lambda: exposure(statement).opening is None)
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
    asked = exposure(
        {**everyone, "Resource": "arn:aws:s3:::x/*"},
        {"Effect": "Deny", "Principal": "*", "Condition": strangers, **denial},
    )
    assert bool(asked.opening) is left


def test_accounts_of_principals() -> None:
    assert account_in("arn:aws:iam::111122223333:role/x") == "111122223333"
    assert account_in("111122223333") == "111122223333"
    assert account_in("ec2.amazonaws.com") == ""
    assert account_in(Reference("main/Role", "Arn")) == ""


def test_a_known_account_before_a_hole_is_known() -> None:
    hole = Partial("arn:aws:iam::111122223333:role/", Unknown("a", "b"))
    assert account_in(hole) == "111122223333"


@pytest.mark.parametrize("who", [UNKNOWN, Partial("arn:aws:iam::", UNKNOWN, ":root")])
def test_an_unknown_account_is_undecided_unless_it_proves_something(who: Any) -> None:
    trusted = {"Effect": "Allow", "Principal": {"AWS": who}, "Action": "sts:AssumeRole"}
    proof = {"StringEquals": {"sts:ExternalId": "agreed"}}
    outcomes = explore(lambda: exposure(trusted, is_trust=True).unproven)
    assert any(isinstance(path.error, Undecided) for path in outcomes.paths)
    proven = explore(lambda: exposure({**trusted, "Condition": proof}, is_trust=True).unproven)
    assert [path.result for path in proven.paths if path.error] == []


def test_an_unknown_principal_is_a_choice() -> None:
    unknown = Unknown("parameter `Who`", "has no value")
    statement = {"Effect": "Allow", "Principal": {"AWS": unknown}, "Action": "s3:GetObject"}
    outcomes = explore(lambda: exposure(statement).opening is None)
    assert {path.result for path in outcomes.paths} == {True, False}


def test_a_provider_is_followed_to_its_address() -> None:
    provider = Resource(
        "AWS::IAM::OIDCProvider", "Provider", {"Url": "https://token.actions.githubusercontent.com"}
    )
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": Reference("/Provider", "Arn")},
        "Action": "sts:AssumeRoleWithWebIdentity",
    }
    role = Resource("AWS::IAM::Role", "Role", {}, account=ACCOUNT)
    Inventory("case", [provider, role])
    asked = exposure_of({"Version": "2012-10-17", "Statement": [statement]}, role, is_trust=True)
    assert asked.open_providers == ["token.actions.githubusercontent.com"]


def test_layers_limit_each_other() -> None:
    everything = layer([policy(Action="*", Resource="*")], REFERENCE)
    buckets = layer([policy(Action="s3:*", Resource="*")], REFERENCE)
    limited = Holder(Grant((everything, buckets)), REFERENCE)
    assert limited.may("s3:GetObject")
    assert not limited.may("sqs:SendMessage")


def test_what_overlaps_too_much_is_never_clean() -> None:
    pairs = ("ab", "cd", "ef", "gh", "ij", "kl", "mn", "op", "qr", "st", "uv", "wx", "yz", "12")
    allowed = [f"*{pair}*" for pair in pairs]
    denied = [f"*x{pair}*" for pair in pairs]
    tangled = holder(
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": allowed},
        {"Effect": "Deny", "Action": "s3:*", "Resource": denied},
    )
    assert tangled.reach("s3:GetObject").sometimes
    everyone = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": allowed}
    barred = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": denied}
    with pytest.raises(Undecided, match="overlaps in more ways"):
        exposure(everyone, barred).opening  # noqa: B018 - asked for what it raises
