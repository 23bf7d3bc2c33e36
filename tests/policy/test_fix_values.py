"""What a fix can write of what was read, and name in its template."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analyzer.model import Inventory, Resource
from analyzer.policy.fixes import entry, log_retention, ref, written
from analyzer.policy.fixes.backups import selected_for_backup
from analyzer.policy.fixes.keeping import outliving
from analyzer.template import StackContext, read_source, read_stack
from analyzer.unknown import Undecided


def inventory(properties: dict[str, Any], **parameters: Any) -> Inventory:
    """A resource with these properties, beside a bucket."""
    template = {
        "Parameters": {"Given": {"Type": "String"}},
        "Resources": {
            "Bucket": {"Type": "AWS::S3::Bucket"},
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": properties},
        },
    }
    source = read_source(("template.json", json.dumps(template).encode()))
    context = StackContext("main", parameters=parameters)
    return Inventory("x", list(read_stack(source, context).resources))


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        {"Ref": "Bucket"},
        {"Fn::GetAtt": ["Bucket", "Arn"]},
        {"Fn::Sub": "${Bucket}/logs/${!literal}"},
        {"Fn::Sub": "${Bucket.Arn}/*"},
        [{"Ref": "Bucket"}, "plain"],
    ],
)
def test_what_was_read_is_written_as_it_stood(value: Any) -> None:
    queue = inventory({"QueueName": value}).resources["main/Queue"]
    assert written(queue.properties["QueueName"], queue) == value


def test_a_parameter_is_written_by_its_value() -> None:
    queue = inventory({"QueueName": {"Ref": "Given"}}, Given="orders").resources["main/Queue"]
    assert written(queue.QueueName, queue) == "orders"


def test_what_is_not_known_cannot_be_written() -> None:
    queue = inventory({"QueueName": {"Ref": "Given"}}).resources["main/Queue"]
    with pytest.raises(Undecided):
        written(queue.QueueName, queue)


def alone(stack: str, **more: Any) -> Resource:
    resource = Resource("AWS::SQS::Queue", "Queue", {}, stack=stack, **more)
    Inventory("x", [resource])
    return resource


def test_a_resource_of_another_stack_cannot_be_named() -> None:
    with pytest.raises(Undecided, match="stands in another stack"):
        ref(alone("one"), alone("two"))


def test_a_resource_of_an_account_cannot_be_named() -> None:
    live = alone("111122223333", live={})
    with pytest.raises(Undecided, match="was read from an account"):
        ref(live, live)


def test_a_named_value_is_set_where_it_stands_else_appended() -> None:
    balancer = Resource("T", "one", {"Attributes": [{"Key": "a", "Value": "1"}]})
    Inventory("x", [balancer])
    names = ("Key", "Value")
    stated = balancer.Attributes
    assert entry("Attributes", stated, "a", "2", names) == {"Attributes/0/Value": "2"}
    assert entry("Attributes", stated, "b", "2", names) == {
        "Attributes/-": {"Key": "b", "Value": "2"}
    }


def test_what_already_keeps_a_resource_stays() -> None:
    kept = alone("main", deletion_policy="Snapshot")
    assert outliving(kept, "Retain").attributes == {"UpdateReplacePolicy": "Retain"}


@pytest.mark.parametrize(("asked", "taken"), [(1, 1), (364, 365), (366, 400), (9999, 3653)])
def test_logs_are_kept_for_a_time_that_cloudwatch_takes(asked: int, taken: int) -> None:
    assert log_retention(asked) == taken


def test_names_of_backups_are_no_longer_than_aws_takes_them() -> None:
    server = Resource("AWS::EC2::Instance", "Server" * 12, {}, stack="a" * 128)
    fix = selected_for_backup(server, Inventory("x", [server]), 7)
    added = {made["Type"]: made["Properties"] for made in fix.add.values()}
    selection = added["AWS::Backup::BackupSelection"]["BackupSelection"]
    plan = added["AWS::Backup::BackupPlan"]["BackupPlan"]
    vault = added["AWS::Backup::BackupVault"]
    names = (selection["SelectionName"], plan["BackupPlanName"], vault["BackupVaultName"])
    assert [len(_in_a_stack(name)) <= 50 for name in names] == [True] * 3


def _in_a_stack(name: Any) -> str:
    """A name as CloudFormation makes it of the id of a stack."""
    if isinstance(name, str):
        return name
    between, (purpose, chosen) = name["Fn::Join"]
    index, split = chosen["Fn::Select"]
    assert split == {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}
    stack_id = (
        f"arn:aws:cloudformation:eu-west-3:111122223333:stack/{'a' * 128}/"
        "5c7f1d5e-0b3a-4c2d-9e8f-001122334455"
    )
    return between.join([purpose, stack_id.split("/")[index]])
