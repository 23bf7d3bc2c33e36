from __future__ import annotations

import json

import pytest

from analyzer.template import StackContext, read_source, read_stack

TEMPLATE = """\
# A queue, and a group with rules.
Parameters:
  Port: {Type: Number, Default: 443}
Conditions:
  Open: !Equals [!Ref Port, 443]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: orders

      # kept for a day
      MessageRetentionPeriod: 86400
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      SecurityGroupIngress:
        - !Ref AWS::NoValue
        - IpProtocol: tcp
          FromPort: !Ref Port
        - Fn::If:
            - Open
            - {IpProtocol: udp, FromPort: 53}
            - !Ref AWS::NoValue
"""


@pytest.fixture
def resources(read):
    return {resource.id: resource for resource in read(TEMPLATE).resources}


def place(resource, *path):
    location = resource.locate(path)
    return location.line, location.column, location.end_line


def test_a_resource_stands_at_its_logical_id(resources):
    assert place(resources["Queue"]) == (7, 3, 13)


def test_a_property_stands_at_its_key(resources):
    assert place(resources["Queue"], "MessageRetentionPeriod") == (13, 7, 13)


def test_what_is_not_written_stands_at_its_nearest_parent(resources):
    assert place(resources["Queue"], "KmsMasterKeyId") == (9, 5, 13)
    assert place(resources["Group"], "SecurityGroupIngress", 0, "CidrIp")[0] == 20


def test_a_block_ends_before_blank_lines_and_comments(resources):
    assert place(resources["Queue"], "QueueName") == (10, 7, 10)


def test_list_items_that_are_not_set_do_not_count(resources):
    assert place(resources["Group"], "SecurityGroupIngress", 0) == (20, 11, 21)


def test_a_value_behind_a_condition_stands_in_its_branch(resources):
    assert place(resources["Group"], "SecurityGroupIngress", 1, "FromPort") == (24, 33, 24)


def test_the_value_of_a_function_stands_at_the_property(resources):
    assert place(resources["Group"], "SecurityGroupIngress", 0, "FromPort") == (21, 11, 21)


def test_json_has_places_too():
    text = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}, indent="\t")
    (topic,) = read_stack(("app.json", text.encode()), StackContext("app")).resources

    assert place(topic) == (3, 3, 5)


def test_columns_count_characters_not_bytes():
    text = "Resources: {Çédille: {Type: 'AWS::SNS::Topic'}}"
    (topic,) = read_stack(("app.yaml", text.encode()), StackContext("app")).resources

    assert place(topic) == (1, 13, 1)


def test_a_merged_key_stands_where_it_is_written(read):
    (_, second) = read(
        """\
        Resources:
          First: &first
            Type: AWS::SNS::Topic
            Properties: {TopicName: x}
          Second:
            <<: *first
        """
    ).resources

    assert second.locate(("TopicName",)).line == 4


def test_an_old_source_is_parsed_again_when_a_place_is_asked_for():
    sources = [
        read_source((f"{index}.yaml", b"A: 1\nResources: {T: {Type: x}}")) for index in range(20)
    ]

    assert [source.locate(("Resources", "T")).line for source in sources] == [2] * 20


def test_a_location_reads_as_editors_write_it(resources):
    assert f"{resources['Queue'].locate(('QueueName',))}" == "app.yaml:10"


def test_resources_of_a_loop_stand_at_its_fragment(read):
    (first, _) = read(
        """\
        Transform: AWS::LanguageExtensions
        Resources:
          Fn::ForEach::Topics:
            - Name
            - [Orders, Bills]
            - ${Name}Topic:
                Type: AWS::SNS::Topic
                Properties: {TopicName: '${Name}'}
        """
    ).resources

    assert place(first)[0] == 6
    assert place(first, "TopicName")[0] == 8


def test_resources_that_sam_makes_stand_at_what_they_are_made_from(read):
    stack = read(
        """\
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Work:
            Type: AWS::Serverless::Function
            Properties: {Handler: a.b, Runtime: python3.12, CodeUri: src/}
        """
    )

    lines = {resource.type: resource.locate().line for resource in stack.resources}
    assert lines == {"AWS::Lambda::Function": 3, "AWS::IAM::Role": 3}
