"""Policies bound to what their stack defines: what is proposed, and why the rest stays."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from labelled import of_kind
from tightening_samples import (
    BUCKET,
    REFERENCE,
    ROLES,
    TRUST,
    allow,
    confidences,
    inventory_of,
    reasons,
    rewritten,
    template,
    tightened,
    told,
)

from analyzer.iam.tightening import patch, snippet, tighten
from analyzer.model import Gap, Inventory, Resource

CASES = [*of_kind("tighten")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_labelled_cases(case: dict[str, Any]) -> None:
    found = tightened(case["template"], case["role"])
    expected = case["expect"]
    assert {
        action: set(resources) for actions, resources in told(found).items() for action in actions
    } == {
        action: set(one["resources"]) for one in expected["proposal"] for action in one["actions"]
    }
    if "confidence" in expected:
        assert confidences(found) == {expected["confidence"]}
    if "reason" in expected:
        words = expected["reason"].split(" of the type ")
        assert all(word in reasons(found) for word in words)


@pytest.mark.parametrize(
    ("resource", "action", "written"),
    [
        ("{Type: AWS::DynamoDB::Table}", "dynamodb:GetItem", {"${It.Arn}"}),
        (
            "{Type: AWS::DynamoDB::Table, Properties: {GlobalSecondaryIndexes: [{IndexName: i}]}}",
            "dynamodb:Query",
            {"${It.Arn}", "${It.Arn}/index/*"},
        ),
        ("{Type: AWS::SQS::Queue}", "sqs:SendMessage", {"${It.Arn}"}),
        ("{Type: AWS::SNS::Topic}", "sns:Publish", {"${It}"}),
        ("{Type: AWS::Logs::LogGroup}", "logs:PutLogEvents", {"${It.Arn}"}),
        ("{Type: AWS::Logs::LogGroup}", "logs:FilterLogEvents", {"${It.Arn}"}),
        ("{Type: AWS::KMS::Key}", "kms:Decrypt", {"${It.Arn}"}),
        ("{Type: AWS::SecretsManager::Secret}", "secretsmanager:GetSecretValue", {"${It}"}),
        (
            "{Type: AWS::RDS::DBInstance, Properties: {ManageMasterUserPassword: true}}",
            "secretsmanager:GetSecretValue",
            {"${It.MasterUserSecret.SecretArn}"},
        ),
        ("{Type: AWS::Lambda::Function}", "lambda:InvokeFunction", {"${It.Arn}"}),
        ("{Type: AWS::Kinesis::Stream}", "kinesis:PutRecord", {"${It.Arn}"}),
        ("{Type: AWS::ECR::Repository}", "ecr:BatchGetImage", {"${It.Arn}"}),
        ("{Type: AWS::StepFunctions::StateMachine}", "states:StartExecution", {"${It}"}),
        (
            "{Type: AWS::SSM::Parameter, Properties: {Name: /shop/rate}}",
            "ssm:GetParameter",
            {"arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${It}"},
        ),
        (
            "{Type: AWS::SSM::Parameter, Properties: {Name: rate}}",
            "ssm:GetParameter",
            {"arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${It}"},
        ),
    ],
)
def test_each_type_gives_its_arn(resource: str, action: str, written: set[str]) -> None:
    found = tightened(template(allow(action), resources=f"  It: {resource}\n"))
    assert {text for texts in told(found).values() for text in texts} == written
    assert found.proof.verdict == "no"


def test_a_statement_is_split_by_what_its_actions_act_on() -> None:
    found = tightened(
        template(allow("s3:GetObject, s3:ListAllMyBuckets, 'sqs:SendMessage'"), resources=BUCKET)
    )
    (one,) = found.statements
    assert [(part.actions, part.resources) for part in one.parts] == [
        (("s3:GetObject",), ("${Assets.Arn}/*",)),
        (("s3:ListAllMyBuckets", "sqs:SendMessage"), ("*",)),
    ]
    assert [held.actions for held in one.kept] == [("s3:ListAllMyBuckets",)]
    assert [held.actions for held in one.not_narrowed] == [("sqs:SendMessage",)]


def test_a_wildcard_keeps_its_actions_and_loses_its_resources() -> None:
    found = tightened(template(allow("s3:*"), resources=BUCKET))
    assert set(told(found)["s3:*",]) == {"${Assets.Arn}", "${Assets.Arn}/*"}
    assert "only its resources are bounded" in reasons(found)
    assert any("s3:ListAllMyBuckets" in held.actions for held in found.kept)


def test_everything_cannot_be_narrowed_without_usage() -> None:
    found = tightened(template(allow("'*'"), resources=BUCKET))
    assert not found.proposals
    assert "not known without their use" in reasons(found)


def test_conditions_and_sids_stay_and_denials_are_left_alone() -> None:
    found = tightened(
        template(
            allow(
                "s3:GetObject, s3:ListBucket",
                more=", Sid: Read, Condition: {Bool: {'aws:SecureTransport': 'true'}}",
            ),
            "{Effect: Deny, Action: 's3:*', Resource: '*'}",
            resources=BUCKET,
        )
    )
    assert [one.changes for one in found.statements] == [True, False]
    text = snippet(found)
    assert text.count("aws:SecureTransport") == 2
    assert re.findall(r"Sid: (\w+)", text) == ["Read", "Read2"]


@pytest.mark.parametrize(
    ("user", "why"),
    [
        (
            (
                "  T: {Type: AWS::ECS::TaskDefinition, Properties: {TaskRoleArn: !GetAtt Role.Arn,"
                " ContainerDefinitions: [{Environment: [{Name: B, Value: !Ref Logs}]}]}}\n"
            ),
            "`T` refers to `Logs`",
        ),
        (
            (
                "  P: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}\n"
                "  I: {Type: AWS::EC2::Instance, Properties: {IamInstanceProfile: !Ref P,"
                " UserData: {'Fn::Base64': !Sub 'aws s3 sync s3://${Logs} /srv'}}}\n"
            ),
            "`I` refers to `Logs`",
        ),
        (
            (
                "  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn,"
                " Environment: {Variables: {B: shop-logs-bucket}}}}\n"
            ),
            "`F` refers to `Logs`",
        ),
        (
            (
                "  Y: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref Logs, PolicyDocument:"
                " {Statement: [{Principal: {AWS: !GetAtt Role.Arn}}]}}}\n"
            ),
            "`Y` refers to `Logs`",
        ),
    ],
)
def test_what_uses_the_role_says_which_resource(user: str, why: str) -> None:
    two = (
        f"{BUCKET}  Logs: {{Type: AWS::S3::Bucket, Properties: {{BucketName: shop-logs-bucket}}}}\n"
    )
    found = tightened(template(allow("s3:PutObject"), resources=two + user))
    assert told(found) == {("s3:PutObject",): ("${Logs.Arn}/*",)}
    assert confidences(found) == {"referenced"}
    assert why in found.proposals[0][1].why


def test_an_event_source_mapping_says_which_queue() -> None:
    resources = (
        "  A: {Type: AWS::SQS::Queue}\n  B: {Type: AWS::SQS::Queue}\n"
        "  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}\n"
        "  M: {Type: AWS::Lambda::EventSourceMapping, Properties: {FunctionName: !Ref F,"
        " EventSourceArn: !GetAtt B.Arn}}\n"
    )
    found = tightened(template(allow("sqs:ReceiveMessage"), resources=resources))
    assert told(found) == {("sqs:ReceiveMessage",): ("${B.Arn}",)}


def test_the_key_of_what_is_referred_to_is_referred_to() -> None:
    resources = (
        "  K: {Type: AWS::KMS::Key}\n  Other: {Type: AWS::KMS::Key}\n"
        "  A: {Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: !Ref K}}\n"
        "  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn,"
        " Environment: {Variables: {Q: !Ref A}}}}\n"
    )
    found = tightened(template(allow("kms:Decrypt"), resources=resources))
    assert told(found) == {("kms:Decrypt",): ("${K.Arn}",)}


def test_a_function_writes_a_log_group_that_nobody_declares() -> None:
    function = "  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}\n"
    found = tightened(template(allow("logs:PutLogEvents"), resources=function))
    ((_, part),) = found.proposals
    assert part.resources[0].endswith(":log-group:/aws/lambda/${F}:*")
    assert part.circular == ("F",)
    assert not patch(found).diff
    assert "AWS::IAM::Policy of its own" in patch(found).notes[0]


def test_creating_what_is_not_there_is_not_bounded() -> None:
    found = tightened(template(allow("s3:CreateBucket"), resources=BUCKET))
    assert not found.proposals
    assert "names the stack does not tell" in reasons(found)


def test_an_action_that_needs_what_the_stack_lacks_is_not_bounded() -> None:
    found = tightened(
        template(allow("ec2:RunInstances"), resources="  S: {Type: AWS::EC2::Subnet}\n")
    )
    assert not found.proposals
    assert "no resource of the type `image`" in reasons(found)


def test_a_role_is_passed_to_the_service_in_use_only() -> None:
    found = tightened(template(allow("iam:PassRole, ecs:RunTask"), resources=ROLES))
    ((_, part),) = found.proposals
    assert part.resources == ("${Task.Arn}",)
    assert part.passed_to == ("ecs-tasks.amazonaws.com",)
    assert found.proof.verdict == "no"


def test_a_role_that_nothing_takes_is_not_bounded() -> None:
    assert "hands a role" in reasons(tightened(template(allow("iam:PassRole"), resources=ROLES)))
    found = tightened(template(allow("iam:PassRole, glue:CreateJob"), resources=ROLES))
    assert "no role of the stack trusts glue" in reasons(found)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("{Effect: Allow, NotAction: 'iam:*', Resource: '*'}", "NotAction"),
        ("{Effect: Allow, Action: 's3:GetObject', NotResource: 'arn:aws:s3:::x'}", "NotResource"),
        (allow("s3:Unheard"), "unknown action"),
        (allow("s3:GetObject", "'arn:aws:s3:::elsewhere-*'"), "not known to name `Assets`"),
        (allow("!Ref What"), "has no value"),
        ("{Effect: !Ref What, Action: 's3:GetObject', Resource: '*'}", "has no value"),
    ],
)
def test_where_nothing_can_be_proposed_there_is_a_reason(statement: str, reason: str) -> None:
    written = "Parameters: {What: {Type: String}}\n" + template(statement, resources=BUCKET)
    found = tightened(written)
    assert not found.proposals
    assert reason in reasons(found)


def test_a_resource_that_is_not_known_is_left() -> None:
    written = "Parameters: {What: {Type: String}}\n" + template(
        allow("s3:GetObject", "!Ref What"), allow("s3:PutObject"), resources=BUCKET
    )
    assert told(tightened(written)) == {("s3:PutObject",): ("${Assets.Arn}/*",)}


def test_what_the_statement_names_already_stays() -> None:
    found = tightened(
        template(
            allow("s3:GetObject", "['arn:aws:s3:::*', 'arn:aws:s3:::other/one']"), resources=BUCKET
        )
    )
    assert told(found) == {("s3:GetObject",): ("arn:aws:s3:::other/one", "${Assets.Arn}/*")}


def test_a_named_resource_inside_the_pattern_is_one_it_names() -> None:
    named = "  Assets: {Type: AWS::S3::Bucket, Properties: {BucketName: shop-assets}}\n"
    found = tightened(template(allow("s3:GetObject", "'arn:aws:s3:::shop-*'"), resources=named))
    assert told(found) == {("s3:GetObject",): ("${Assets.Arn}/*",)}


def test_a_resource_of_another_stack_has_to_be_imported() -> None:
    found = inventory_of(template(allow("s3:GetObject")))
    bucket = Resource("AWS::S3::Bucket", "Assets", {}, stack="data", region="us-east-1")
    both = Inventory("both", [*found, bucket])
    result = tighten(both.resources["main/Role"], REFERENCE)
    assert not result.proposals
    assert "`data/Assets`" in reasons(result)


def test_what_was_not_read_is_not_absent() -> None:
    found = inventory_of(template(allow("s3:GetObject")))
    gap = Gap("AWS::S3::Bucket", "us-east-1", "s3:ListBuckets", "AccessDenied")
    result = tighten(Inventory("g", list(found), gaps=(gap,)).resources["main/Role"], REFERENCE)
    assert "could not be read" in reasons(result)


def test_an_account_gives_the_arn_itself() -> None:
    document = {"Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]}
    role = Resource(
        "AWS::IAM::Role",
        "arn:aws:iam::111122223333:role/r",
        {"Policies": [{"PolicyName": "work", "PolicyDocument": document}]},
        live={},
        stack="1",
    )
    queue = Resource(
        "AWS::SQS::Queue", "arn:aws:sqs:us-east-1:111122223333:q", {}, live={}, stack="1"
    )
    found = tighten(Inventory("a", [role, queue]).resources[role.key], REFERENCE)
    assert told(found) == {("sqs:SendMessage",): (queue.id,)}
    assert patch(found).notes


ATTACHED = f"""Resources:
  Group: {{Type: AWS::Logs::LogGroup}}
  Role:
    Type: AWS::IAM::Role
    Properties:{TRUST}
      # What Lambda writes.
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
        - arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess
"""


def test_a_policy_of_aws_is_replaced_where_that_narrows_something(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(ATTACHED)
    found = tightened(file)
    ((one, part),) = found.proposals
    assert one.document.name == "AWSLambdaBasicExecutionRole"
    assert part.resources == ("${Group.Arn}",)
    assert "AWSXRayDaemonWriteAccess: nothing in AWS's policy" in reasons(found)
    changed = rewritten(file, found)
    assert "AWSLambdaBasicExecutionRole\n        - arn" not in changed
    assert "AWSXRayDaemonWriteAccess" in changed
    assert "# What Lambda writes." in changed
    again = tightened(file)
    assert not again.proposals


def test_a_customer_managed_policy_is_bound_for_all_who_have_it() -> None:
    resources = (
        BUCKET + "  Logs: {Type: AWS::S3::Bucket}\n"
        "  P: {Type: AWS::IAM::ManagedPolicy, Properties: {Roles: [!Ref Role, !Ref Task],"
        " PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow,"
        " Action: 's3:GetObject', Resource: '*'}]}}}\n"
        + ROLES
        + "  F: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Task.Arn,"
        " Environment: {Variables: {B: !Ref Logs}}}}\n"
    )
    written = template(allow("ec2:DescribeVpcs"), resources=resources)
    assert told(tightened(written)) == {("s3:GetObject",): ("${Logs.Arn}/*",)}
    assert told(tightened(written, "P")) == {("s3:GetObject",): ("${Logs.Arn}/*",)}


def test_services_that_were_never_used_are_dropped() -> None:
    day = dt.date(2026, 10, 1)
    found = tightened(
        template(allow("s3:GetObject, 'sqs:SendMessage', 'ec2:DescribeVpcs'"), resources=BUCKET),
        used={"s3": day, "sqs": None},
    )
    (one,) = found.statements
    assert [part.actions for part in one.parts] == [("s3:GetObject",), ("ec2:DescribeVpcs",)]
    assert [held.actions for held in found.dropped] == [("sqs:SendMessage",)]
    assert "2026-10-01" in found.proposals[0][1].why


def test_everything_becomes_the_services_that_were_used() -> None:
    found = tightened(
        template(allow("'*'"), resources=BUCKET),
        used={"s3": dt.date(2026, 10, 1), "sqs": None},
    )
    assert set(told(found)["s3:*",]) == {"${Assets.Arn}", "${Assets.Arn}/*"}
    assert found.takes_away is not None


def test_what_another_statement_allows_all_the_same_is_told() -> None:
    found = tightened(
        template(
            allow("s3:GetObject", "'arn:aws:s3:::*'"),
            "{Effect: Allow, NotAction: 'iam:*', Resource: '*'}",
            resources=BUCKET,
        )
    )
    assert found.proposals
    assert found.takes_away is None
    assert found.note


def test_the_example_is_what_is_taken_away() -> None:
    found = tightened(template(allow("s3:GetObject"), resources=BUCKET))
    assert f"{found.takes_away}".startswith("s3:GetObject on arn:aws:s3:::another-")
