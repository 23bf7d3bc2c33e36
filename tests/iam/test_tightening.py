"""Policies bound to what their stack defines: what is proposed, proved, and written back."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import click
import pytest
import yaml
from botocore.stub import Stubber
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from analyzer.account.sessions import Clients
from analyzer.cli.exit_codes import COMPLIANT, INCOMPLETE
from analyzer.cli.iam_tighten import command
from analyzer.errors import AssayError
from analyzer.iam.inclusion import allows_more
from analyzer.iam.service_reference import service_reference
from analyzer.iam.tightening import Tightening, grants_of, patch, snippet, tighten
from analyzer.iam.tightening.arns import rows, table
from analyzer.membership import normalise
from analyzer.model import Gap, Inventory, Resource
from analyzer.template import StackContext, read_source, read_stack

CASES = [
    case
    for case in yaml.safe_load(
        Path(__file__).with_name("iam-cases.yaml").read_text(encoding="utf-8")
    )["cases"]
    if case["kind"] == "tighten"
]
REFERENCE = service_reference()
TRUST = """
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}
"""


def inventory_of(template: str | Path, **parameters: Any) -> Inventory:
    source = read_source(template if isinstance(template, Path) else ("t.yaml", template.encode()))
    context = StackContext(
        name="main", region="us-east-1", account="111122223333", parameters=parameters
    )
    return Inventory("case", normalise(read_stack(source, context).resources))


def tightened(
    template: str | Path, role: str = "Role", used: dict[str, dt.date | None] | None = None
) -> Tightening:
    found = inventory_of(template)
    return tighten(found.resources[f"main/{role}"], REFERENCE, used)


def template(*statements: str, resources: str = "") -> str:
    written = "\n".join(f"          - {statement}" for statement in statements)
    return (
        f"Resources:\n{resources}\n  Role:\n    Type: AWS::IAM::Role\n    Properties:{TRUST}"
        "      Policies:\n      - PolicyName: work\n        PolicyDocument:\n"
        f"          Version: '2012-10-17'\n          Statement:\n{written}\n"
    )


def allow(actions: str, resource: str = "'*'", more: str = "") -> str:
    return f"{{Effect: Allow, Action: [{actions}], Resource: {resource}{more}}}"


def told(tightening: Tightening) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {part.actions: part.resources for _, part in tightening.proposals}


def confidences(tightening: Tightening) -> set[str]:
    return {part.confidence for _, part in tightening.proposals}


def reasons(tightening: Tightening) -> str:
    held = (*tightening.not_narrowed, *tightening.kept)
    return "; ".join(f"{', '.join(one.actions)}: {one.reason}" for one in held)


BUCKET = "  Assets: {Type: AWS::S3::Bucket}\n"


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


ROLES = """  Task:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: 'sts:AssumeRole'}
"""


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


def rewritten(file: Path, found: Tightening) -> str:
    made = patch(found)
    assert made.notes == ()
    subprocess.run(
        ["/usr/bin/patch", "-p1", "-s", "--binary", "-d", "/"],
        input=made.diff.encode(),
        check=True,
    )
    return file.read_bytes().decode()


BLOCK = """Resources:
  Assets: {Type: AWS::S3::Bucket}   # é
  Queue: {Type: AWS::SQS::Queue}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: []}
      Policies:
        - PolicyName: work
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              # Reads what the shop shows.
              - Effect: Allow
                Sid: Work
                # All of them.
                Action:
                  - s3:ListBucket   # lists
                  - s3:GetObject    # reads
                  - ec2:DescribeVpcs
                Resource: "*"   # too wide
                Condition: {Bool: {"aws:SecureTransport": "true"}}

              - Effect: Allow
                Action: sqs:SendMessage
                Resource: '*'
              # The end.
Outputs: {}
"""
FLOW = """Resources:
  Assets: {Type: AWS::S3::Bucket}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: []}
      Policies:
        - PolicyName: work
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: ['s3:ListBucket', 's3:GetObject'], Resource: "*"}  # wide
"""
JSON = json.dumps(
    {
        "Resources": {
            "Assets": {"Type": "AWS::S3::Bucket"},
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": {"Statement": []},
                    "Policies": [
                        {
                            "PolicyName": "work",
                            "PolicyDocument": {
                                "Statement": [
                                    {
                                        "Effect": "Allow",
                                        "Sid": "Work",
                                        "Action": ["s3:ListBucket", "s3:GetObject"],
                                        "Resource": "*",
                                    }
                                ]
                            },
                        }
                    ],
                },
            },
        }
    },
    indent=2,
)
ELSEWHERE = """Resources:
  Assets: {Type: AWS::S3::Bucket}
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: work
      Roles: [!Ref Role]
      PolicyDocument:
        Statement:
        - Effect: Allow
          Action: [s3:ListBucket, s3:GetObject]
          Resource: ["*"]
"""
LISTED = FLOW.replace('"*"', "[!Sub '${Assets.Arn}/x', 'arn:aws:s3:::*']")


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(
    "written",
    [BLOCK, FLOW, JSON, ELSEWHERE, LISTED],
    ids=["block", "flow", "json", "policy", "list"],
)
def test_a_patch_leaves_what_it_proposes(tmp_path: Path, written: str, ending: str) -> None:
    file = tmp_path / ("t.json" if written is JSON else "t.yaml")
    file.write_text(written.replace("\n", ending), newline="")
    found = tightened(file)
    wanted = grants_of(found, REFERENCE)[1]
    changed = rewritten(file, found)
    again = tightened(file)
    assert not again.proposals
    held = grants_of(again, REFERENCE)[0]
    assert len(held.rules) == len(wanted.rules)
    if written is not LISTED:  # read again, an ARN of a bucket is a text that is not known
        assert allows_more(held, grants_of(found, REFERENCE)[0], REFERENCE).verdict == "no"
    assert {part.resources for one in found.statements for part in one.parts} >= set(
        told(found).values()
    )
    for comment in re.findall(r"# [\w ]+", written):
        assert changed.count(comment) == 1
    assert ("\r\n" in changed) is (ending == "\r\n")
    assert "\n" not in changed.replace("\r\n", "") or ending == "\n"


def test_a_statement_in_lines_keeps_them(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(BLOCK)
    changed = rewritten(file, tightened(file))
    assert "                Resource: !GetAtt Assets.Arn   # too wide\n" in changed
    assert changed.count("Sid: Work") == 3
    assert changed.count("aws:SecureTransport") == 3
    assert "Resource: !GetAtt Queue.Arn\n" in changed


def test_a_resource_with_a_condition_is_named_under_it(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(
        "Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, a]}\n"
        + FLOW.replace(
            "{Type: AWS::S3::Bucket}",
            "{Type: AWS::S3::Bucket, Condition: C}\n  Logs: {Type: AWS::S3::Bucket}",
        )
    )
    changed = rewritten(file, tightened(file))
    assert '!If [C, !GetAtt Assets.Arn, !Ref "AWS::NoValue"], !GetAtt Logs.Arn' in changed


@pytest.mark.parametrize(
    ("written", "note"),
    [
        (
            FLOW.replace("- {Effect", "{Effect").replace(
                'Resource: "*"}  # wide', 'Resource: "*"}'
            ),
            "split",
        ),
        (
            FLOW.replace("Statement:\n              - {", "Statement: &s\n              - &a {")
            + "  Other: {Type: AWS::IAM::Role, Properties: "
            "{AssumeRolePolicyDocument: {Statement: []}, Policies: "
            "[{PolicyName: o, PolicyDocument: {Statement: *s}}]}}\n",
            "alias",
        ),
        (
            FLOW.replace("{Type: AWS::S3::Bucket}", "{Type: AWS::S3::Bucket, DependsOn: Role}"),
            "deploy",
        ),
    ],
    ids=["one", "alias", "circle"],
)
def test_what_cannot_be_written_in_place_is_told(tmp_path: Path, written: str, note: str) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(written)
    found = tightened(file)
    made = patch(found)
    assert not made.diff
    assert note in made.notes[0]
    assert "!GetAtt Assets.Arn" in snippet(found)


ACTIONS = st.sampled_from(
    [
        "s3:GetObject",
        "s3:ListBucket",
        "s3:*",
        "s3:Get*",
        "sqs:SendMessage",
        "sqs:*",
        "logs:*",
        "ec2:DescribeVpcs",
        "dynamodb:Query",
        "iam:PassRole",
        "lambda:CreateFunction",
        "kms:Decrypt",
        "*",
        "ecs:RunTask",
        "lambda:InvokeFunction",
        "secretsmanager:GetSecretValue",
    ]
)
RESOURCES = st.sampled_from(
    [
        "*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::shop-*",
        "arn:aws:s3:::shop-logs/*",
        "arn:aws:sqs:*:*:*",
        "arn:aws:logs:us-east-1:*:*",
        "arn:aws:sqs:eu-west-1:*:*",
        "arn:*",
    ]
)
STATEMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "Effect": st.sampled_from(["Allow", "Allow", "Deny"]),
            "Action": st.lists(ACTIONS, min_size=1, max_size=3, unique=True),
            "Resource": st.lists(RESOURCES, min_size=1, max_size=2, unique=True),
        },
        optional={"Condition": st.just({"StringEquals": {"aws:PrincipalTag/team": "shop"}})},
    ),
    min_size=1,
    max_size=3,
)
STACK = """
  Logs: {Type: AWS::S3::Bucket, Properties: {BucketName: shop-logs}}
  Other: {Type: AWS::S3::Bucket}
  Queue: {Type: AWS::SQS::Queue}
  Table: {Type: AWS::DynamoDB::Table, Properties: {LocalSecondaryIndexes: [{IndexName: a}]}}
  Group: {Type: AWS::Logs::LogGroup}
  Key: {Type: AWS::KMS::Key}
  Secret: {Type: AWS::SecretsManager::Secret}
  Function: {Type: AWS::Lambda::Function, Properties: {Environment: {Variables: {Q: !Ref Queue}}}}
"""


@given(STATEMENTS, st.booleans())
def test_a_tightened_grant_never_allows_more(statements: list[Any], used: bool) -> None:
    lines = [json.dumps(statement) for statement in statements]
    usage = {"s3": dt.date(2026, 1, 1), "sqs": None} if used else None
    found = tightened(template(*lines, resources=STACK + ROLES), used=usage)
    before, after = grants_of(found, REFERENCE)
    more = allows_more(after, before, REFERENCE)
    assert more.verdict in ({"no", "maybe"} if found.proof.verdict == "maybe" else {"no"})


def test_the_table_names_attributes_that_there_are() -> None:
    for type_, stated in table()["types"].items():
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_)
        offered = {f"{attribute}" for attribute in schema.get_atts}
        properties = schema.schema["properties"]
        assert stated.get("name", next(iter(properties))) in properties, type_
        for row in (row for many in rows().values() for row in many if row.type == type_):
            asked = set(re.findall(r"\$\{@\.([\w.]+)\}", row.arn + row.stands_for))
            assert asked <= offered, (type_, asked - offered)
            assert set(row.needs) | ({row.implied} - {""}) <= set(properties), type_


def test_the_table_names_types_of_the_service_reference() -> None:
    for name, many in rows().items():
        service, _, type_ = name.partition(":")
        assert REFERENCE.arn(service, type_), name
        assert many


@click.group()
def iam() -> None:
    pass


iam.add_command(command, "tighten")


def called(*arguments: object) -> Any:
    return CliRunner().invoke(
        iam, ["tighten", *map(str, arguments)], standalone_mode=False, catch_exceptions=False
    )


def test_the_command_tells_proposals_as_text_json_and_diff(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(BLOCK)
    text = called(file, "--role", "Role").output
    assert "2 of 2 statements" in text
    assert "only candidate" in text
    data = json.loads(called(file, "--role", "Role", "--format", "json").output)
    assert data["role"] == "t/Role"
    assert data["proposals"][0]["resources"] == ["${Assets.Arn}"]
    assert data["proof"] == {"allows_more": "no", "hangs_on": []}
    assert data["takes_away"]["action"] == "s3:ListBucket"
    assert data["kept"] == [
        {"actions": ["ec2:DescribeVpcs"], "reason": "the action takes no resource"}
    ]
    diff = called(file, "--role", "Role", "--format", "diff").output
    assert diff.startswith("--- a/")
    assert diff == data["diff"]


@pytest.mark.parametrize(
    ("role", "said"), [("Rol", "there is Role"), ("Assets", "there is no role")]
)
def test_the_command_names_the_roles_that_there_are(tmp_path: Path, role: str, said: str) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(BLOCK)
    with pytest.raises(AssayError, match=said):
        called(file, "--role", role)


class Iam:
    """The one client of an account: what it answers is said beforehand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "test")
        monkeypatch.delenv("AWS_PROFILE", raising=False)
        self.client = boto3.client("iam", region_name="us-east-1")
        self.stub = Stubber(self.client)
        monkeypatch.setattr(Clients, "of", lambda clients, service, region: self.client)

    def tells(self, **used: dt.datetime | None) -> None:
        moment = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
        entries = [
            {"ServiceName": name, "ServiceNamespace": name}
            | ({} if last is None else {"LastAuthenticated": last})
            for name, last in used.items()
        ]
        self.stub.add_response(
            "generate_service_last_accessed_details",
            {"JobId": "a" * 36},
            {"Arn": DEPLOYED, "Granularity": "SERVICE_LEVEL"},
        )
        self.stub.add_response(
            "get_service_last_accessed_details",
            {
                "JobStatus": "COMPLETED",
                "JobCreationDate": moment,
                "JobCompletionDate": moment,
                "ServicesLastAccessed": entries,
            },
            {"JobId": "a" * 36},
        )

    def denies(self) -> None:
        self.stub.add_client_error(
            "generate_service_last_accessed_details", "AccessDenied", http_status_code=403
        )


DEPLOYED = "arn:aws:iam::111122223333:role/shop"


@pytest.fixture
def iam_client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Iam]:
    made = Iam(monkeypatch)
    with made.stub:
        yield made
        made.stub.assert_no_pending_responses()


def test_the_command_drops_what_the_account_says_was_never_used(
    tmp_path: Path, iam_client: Iam
) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(BLOCK)
    iam_client.tells(s3=dt.datetime(2026, 10, 1, tzinfo=dt.UTC), sqs=None)
    result = called(file, "--role", "Role", "--deployed-as", DEPLOYED, "--format", "json")
    data = json.loads(result.output)
    assert result.return_value == COMPLIANT
    assert [one["actions"] for one in data["dropped"]] == [["sqs:SendMessage"]]
    assert data["last_accessed"] == {
        "made": "2026-11-20",
        "failure": None,
        "services": {"s3": "2026-10-01", "sqs": None},
    }
    assert "sqs:SendMessage" not in data["snippet"]


def test_the_command_says_that_it_could_not_ask_and_drops_nothing(
    tmp_path: Path, iam_client: Iam
) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(BLOCK)
    iam_client.denies()
    result = called(file, "--role", "Role", "--deployed-as", DEPLOYED)
    assert result.return_value == INCOMPLETE
    assert "iam:GenerateServiceLastAccessedDetails answered AccessDenied" in result.stderr
    assert "2 of 2 statements" in result.stdout
    assert "dropped" not in result.stdout


def test_the_text_says_why_the_rest_stays(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(
        template(
            allow("'s3:*', 'sqs:SendMessage'"),
            allow("s3:GetObject", "!Sub '${Assets.Arn}/x'"),
            "{Effect: Deny, Action: 's3:*', Resource: '*'}",
            resources=BUCKET,
        )
    )
    lines = called(file, "--role", "Role").output.splitlines()
    assert "    on ${Assets.Arn}/*" in lines
    assert any("only its resources are bounded" in line for line in lines)
    assert "    as before: no resource of the type `queue` in the stack" in lines
    assert "  1 statement that names no resource with a wildcard" in lines
    assert "  1 statement that denies" in lines


def test_without_a_proposal_the_diff_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(template(allow("ec2:DescribeVpcs")))
    result = called(file, "--role", "Role", "--format", "diff")
    assert result.stdout == ""
    assert "nothing to change" in result.stderr
