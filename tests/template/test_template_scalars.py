from __future__ import annotations

import gzip

import pytest

from analyzer.template.build_scalars import described, shape
from analyzer.template.coerce import DATA, coerced, known_type
from analyzer.unknown import Either, Unknown, explore


def test_the_packaged_types_are_those_of_the_cfn_lint_that_they_name():
    packaged = gzip.decompress(DATA.read_bytes()).decode()
    built = described()
    if packaged.partition("\n")[0] != built.partition("\n")[0]:
        pytest.skip("another version of cfn-lint is installed")

    assert packaged == built


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "boolean"}, "b"),
        ({"type": "integer"}, "i"),
        ({"type": "string", "pattern": r"^\d+$"}, "i"),
        ({"type": ["string", "object"]}, None),
        ({"$ref": "#/definitions/Tag"}, "#Tag"),
        ({"type": "array", "items": {"type": "number"}}, ["n"]),
        ({"type": "object", "properties": {"A": {"type": "string"}}}, {"A": "s"}),
        ({"type": "object", "patternProperties": {".*": {"type": "string"}}}, {"*": "s"}),
        ({"type": "object"}, None),
    ],
)
def test_a_schema_has_the_shape_of_its_scalars(schema, expected):
    assert shape(schema) == expected


@pytest.mark.parametrize(
    ("type_", "name", "value", "expected"),
    [
        ("AWS::RDS::DBInstance", "MultiAZ", "true", True),
        ("AWS::RDS::DBInstance", "MultiAZ", "maybe", "maybe"),
        ("AWS::RDS::DBInstance", "BackupRetentionPeriod", " 7 ", 7),
        ("AWS::RDS::DBInstance", "EngineVersion", 8.0, "8.0"),
        ("AWS::AutoScaling::AutoScalingGroup", "MinSize", "2", 2),
        (
            "AWS::EC2::SecurityGroup",
            "SecurityGroupIngress",
            [{"FromPort": "22"}],
            [{"FromPort": 22}],
        ),
        ("AWS::Nobody::Knows", "Count", "7", "7"),
    ],
)
def test_a_text_becomes_what_its_property_is(type_, name, value, expected):
    assert coerced(type_, {name: value})[name] == expected


def test_both_branches_of_a_condition_become_what_the_property_is():
    choice = Either(None, "true", "false")  # type: ignore[arg-type]
    result = coerced("AWS::RDS::DBInstance", {"MultiAZ": choice})["MultiAZ"]

    assert (result.if_true, result.if_false) == (True, False)


def test_an_unknown_is_asked_as_what_the_property_is():
    unknown = Unknown("parameter `P`", "has no value", allowed=["true", "false"])
    result = coerced("AWS::RDS::DBInstance", {"MultiAZ": unknown})["MultiAZ"]

    paths = explore(lambda: (bool(result), unknown == "true")).paths
    assert {path.result for path in paths} == {(True, True), (False, False)}


def test_only_types_with_a_schema_are_known(read):
    stack = read("Resources: {T: {Type: AWS::SNS::Topics}, U: {Type: Custom::Thing}}")

    assert known_type("AWS::SNS::Topic")
    assert stack.notes == ("type `AWS::SNS::Topics` of `T` is not known: no check of it is made",)
