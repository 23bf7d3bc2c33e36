"""What was changed by hand on a deployed stack: seen, judged, and priced."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from analyzer.cli.main import cli
from analyzer.differences import Difference, NotCompared, differences
from analyzer.model import Resource

TEMPLATE = """\
Parameters:
  Days: {Type: Number, Default: 7}
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      DBInstanceIdentifier: shop
      DBInstanceClass: db.t3.micro
      Engine: mysql
      EngineVersion: 8.0.36
      AllocatedStorage: "20"
      MasterUsername: admin
      ManageMasterUserPassword: true
      MultiAZ: true
      BackupRetentionPeriod: !Ref Days
      StorageEncrypted: true
  Files:
    Type: AWS::EFS::FileSystem
    Properties:
      Encrypted: true
      FileSystemTags:
        - {Key: Name, Value: files}
"""
ARCHITECTURE = """\
name: shop
stacks:
  app: {template: app.yaml, region: us-east-1}
profiles:
  prod: {title: as deployed}
claims:
  controls:
    - id: multi-az
      text: The database has a standby
      rules: [MAZ-RDS-01]
"""


@pytest.fixture
def deployed(aws, tmp_path):
    """The stack as its template says, made by direct calls; returns what to ask drift with."""
    (tmp_path / "app.yaml").write_text(TEMPLATE)
    (tmp_path / "architecture.yaml").write_text(ARCHITECTURE)
    aws.client("rds").create_db_instance(
        DBInstanceIdentifier="shop",
        DBInstanceClass="db.t3.micro",
        Engine="mysql",
        EngineVersion="8.0.36",
        AllocatedStorage=20,
        MasterUsername="admin",
        ManageMasterUserPassword=True,
        MultiAZ=True,
        BackupRetentionPeriod=7,
        StorageEncrypted=True,
    )
    files = aws.client("efs").create_file_system(
        CreationToken="files", Encrypted=True, Tags=[{"Key": "Name", "Value": "files"}]
    )
    ids = tmp_path / "ids.json"
    ids.write_text(json.dumps({"Database": "shop", "Files": files["FileSystemId"]}))
    return [
        "drift", str(tmp_path), "--profile", "prod", "--ids", str(ids),
        "--endpoint-url", aws.url, "--date", "2026-11-21", "--rate", "*=1000",
    ]  # fmt: skip


def drift(arguments, *more):
    result = CliRunner().invoke(cli, [*arguments, "--format", "json", *more], standalone_mode=False)
    assert result.exception is None, result.exception
    return json.loads(result.output), result.return_value


def changes(found):
    return {
        (change["resource"], change["property"]): (change["declared"], change["deployed"])
        for change in found["changed"]
    }


def test_a_stack_as_declared_has_not_drifted(deployed):
    found, code = drift(deployed)

    assert changes(found) == {}
    assert found["missing"] == []
    assert found["compared"] == 2
    assert code == 0


def test_a_change_by_hand_is_told_with_what_it_breaks_and_costs(aws, deployed):
    aws.client("rds").modify_db_instance(
        DBInstanceIdentifier="shop",
        MultiAZ=False,
        BackupRetentionPeriod=1,
        ApplyImmediately=True,
    )

    found, code = drift(deployed)

    assert changes(found) == {
        ("Database", "BackupRetentionPeriod"): ("7", "1"),
        ("Database", "MultiAZ"): ("true", "false"),
    }
    assert {f["rule"] for f in found["broken"]} >= {"BAK-RDS-01", "MAZ-RDS-01"}
    assert found["changed"][0]["location"]["line"] > 0
    declared = sum(float(line["usd"] or 0) for line in found["declared_cost"])
    actual = sum(float(line["usd"] or 0) for line in found["deployed_cost"])
    assert actual < declared
    assert found["claims"][0]["verdict"] == "FAIL"
    assert code == 1


def test_what_has_gone_is_told(aws, deployed):
    aws.client("rds").delete_db_instance(DBInstanceIdentifier="shop", SkipFinalSnapshot=True)

    found, code = drift(deployed)

    assert [gone["resource"] for gone in found["missing"]] == ["Database"]
    assert code == 1


def test_what_no_account_shows_is_not_said_to_have_changed():
    written = {"FunctionName": "orders", "Code": {"ZipFile": "pass"}, "Timeout": 3}
    read = {"FunctionName": "orders", "Timeout": 30}
    declared = Resource("AWS::Lambda::Function", "Orders", written)
    deployed = Resource("AWS::Lambda::Function", "orders", read, told=frozenset(written))

    assert list(differences(declared, deployed, lambda reference: "")) == [
        NotCompared(("Code",), "is not shown by accounts"),
        Difference(("Timeout",), 3, 30),
    ]


def test_what_may_not_be_read_is_not_said_to_be_gone(aws, deployed):
    from emulator import Answer

    denied = b"<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"
    aws.gate.fault = lambda request: Answer(403, denied) if request.service == "rds" else None

    found, code = drift(deployed)

    assert found["missing"] == []
    assert [item["resource"] for item in found["not_compared"]] == ["Database"]
    assert code == 3


def test_text_names_the_property_the_place_and_the_cost(aws, deployed):
    aws.client("rds").modify_db_instance(
        DBInstanceIdentifier="shop", MultiAZ=False, ApplyImmediately=True
    )

    result = CliRunner().invoke(cli, deployed, standalone_mode=False)

    assert "MultiAZ true is false" in " ".join(result.output.split())
    assert "app.yaml:" in result.output
    assert "MAZ-RDS-01" in result.output
    assert "USD a month" in result.output


def test_a_stack_that_does_not_exist_is_one_line(deployed):
    position = deployed.index("--ids")
    without = [*deployed[:position], *deployed[position + 2 :]]

    result = CliRunner().invoke(cli, without, standalone_mode=False)

    assert "the stack 'shop-prod-app' in us-east-1 cannot be read" in str(result.exception)


QUEUES = """\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties: {QueueName: orders, SqsManagedSseEnabled: true}
  OrdersPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Orders]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: sns.amazonaws.com}
            Action: sqs:SendMessage
            Resource: "*"
"""


def test_what_is_there_under_another_name_is_not_said_to_be_gone(aws, deployed, tmp_path):
    (tmp_path / "app.yaml").write_text(QUEUES)
    made = aws.client("sqs").create_queue(
        QueueName="orders", Attributes={"SqsManagedSseEnabled": "true"}
    )
    ids = {"Orders": made["QueueUrl"], "OrdersPolicy": "shop-OrdersPolicy-1ABCDEF"}
    (tmp_path / "ids.json").write_text(json.dumps(ids))

    found, code = drift(deployed)

    assert found["missing"] == []
    assert found["compared"] == 1
    assert "OrdersPolicy" in {item["resource"] for item in found["not_compared"]}
    assert code == 0
