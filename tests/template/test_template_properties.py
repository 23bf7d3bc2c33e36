"""What holds for every input that can be thought up."""

from __future__ import annotations

import json
from ipaddress import ip_network
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.errors import InputError
from analyzer.template import StackContext, read_source, read_stack
from analyzer.template.intrinsics import FUNCTIONS
from analyzer.unknown import Partial

TOPIC = "Resources: {T: {Type: AWS::SNS::Topic}}\n"

thorough = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read_or_refuse(content: bytes, **context) -> None:
    """Nothing but resources or an InputError of one line comes of reading."""
    refused = ""
    try:
        stack = read_stack(("app.yaml", content), StackContext("app", **context))
    except InputError as error:
        refused = str(error)
    assert refused.isprintable()
    if refused:
        return
    for resource in stack.resources:
        assert resource.locate(("Tags", 0, "Value")).line > 0
    assert stack.source.locate(("Metadata", "x")).line > 0


YAML_PIECES = st.sampled_from(
    [
        "Resources:",
        "\n",
        "\n  ",
        "\n    ",
        "A: ",
        "Type: AWS::S3::Bucket",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ",",
        ": ",
        "!Ref ",
        "!Sub ",
        "!If ",
        "&a ",
        "*a",
        "<<: ",
        "<<",
        "'",
        '"',
        "#",
        "|",
        "? ",
        "!!map ",
        "!!str ",
        "!",
        "%YAML 1.1\n",
        "---\n",
        "...\n",
        "\t",
        "\ufeff",
        "\u2028",
        "~",
        "1e999",
        "0x",
        "010",
        "Properties: ",
        "Fn::ForEach::X",
        "\\u",
        "\\ud83d\\ude00",
        "é",
        "😀",
        "\r\n",
        "Parameters: ",
        "Conditions:",
        "!<tag:yaml.org,2002:int> ",
    ]
)
yaml_texts = st.lists(YAML_PIECES, max_size=25).map("".join)


@thorough
@given(st.binary(max_size=300))
def test_bytes_are_read_or_refused(content):
    read_or_refuse(content)


@thorough
@given(yaml_texts, st.sampled_from(["", TOPIC, "{"]), st.sampled_from(["utf-8", "utf-16"]))
def test_yaml_is_read_or_refused(text, beginning, encoding):
    read_or_refuse(f"{beginning}{text}".encode(encoding))


NAMES = st.sampled_from(
    [
        "Bucket",
        "Other",
        "Stage",
        "Secret",
        "Names",
        "AWS::Region",
        "AWS::NoValue",
        "AWS::StackId",
        "Map",
        "IsTest",
        "IsOpen",
        "Nested",
        "Bucket.Arn",
        "Other.CidrBlock",
        "Nested.Outputs.X",
        "${Stage}-${Bucket}",
        "${Bucket.Arn}x",
        "{{resolve:ssm:x}}",
        "",
        "0",
        "1",
        ",",
        "\x020\x03",
        "{{resolve:secretsmanager:${Bucket}:SecretString:p}}",
        "10.0.0.0/16",
        "DefaultValue",
    ]
)
leaves = st.one_of(
    NAMES,
    st.none(),
    st.booleans(),
    st.integers(-2, 300),
    st.floats(allow_nan=False, allow_infinity=False),
    NAMES.map(lambda name: {"Ref": name}),
    NAMES.map(lambda name: {"Fn::GetAtt": name.split(".", 1)}),
)


def nested(inner):
    pairs = st.tuples(inner, inner)
    return st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(NAMES, st.sampled_from(sorted(FUNCTIONS))), inner, max_size=2),
        st.tuples(st.sampled_from([*sorted(FUNCTIONS), "Fn::ForEach::X"]), inner).map(
            lambda call: {call[0]: call[1]}
        ),
        st.tuples(st.sampled_from(sorted(FUNCTIONS)), st.lists(inner, max_size=4)).map(
            lambda call: {call[0]: call[1]}
        ),
        st.tuples(st.sampled_from(["IsTest", "IsOpen", "IsBoth"]), inner, inner).map(
            lambda branches: {"Fn::If": list(branches)}
        ),
        inner.map(lambda value: {"Fn::ToJsonString": {"key": value}}),
        pairs.map(lambda pair: {"Fn::Join": [",", list(pair)]}),
        inner.map(lambda value: {"Fn::Split": [",", value]}),
        pairs.map(lambda pair: {"Fn::Select": [pair[0], [pair[1], "z"]]}),
        inner.map(lambda value: {"Fn::Sub": ["${Own}x${Stage}", {"Own": value}]}),
        pairs.map(lambda pair: {"Fn::FindInMap": ["Map", *pair]}),
        pairs.map(lambda pair: {"Fn::FindInMap": ["Map", pair[0], "b", {"DefaultValue": pair[1]}]}),
        pairs.map(lambda pair: {"Fn::Cidr": ["10.0.0.0/16", *pair]}),
        pairs.map(lambda pair: {"Fn::Equals": list(pair)}),
    )


values = st.recursive(leaves, nested, max_leaves=8)


@thorough
@given(values, values, values, values, st.booleans())
def test_functions_in_any_order_are_read_or_refused(first, second, third, fourth, all_scenarios):
    template = {
        "Parameters": {
            "Stage": {"Type": "String", "AllowedValues": ["a", "b"]},
            "Secret": {"Type": "String", "NoEcho": True, "Default": "hunter2-hunter2"},
            "Names": {"Type": "CommaDelimitedList"},
            "Open": {"Type": "String"},
        },
        "Mappings": {"Map": {"a": {"b": ["x"], "c": "y"}, "b": {"b": "q"}}},
        "Conditions": {
            "IsTest": {"Fn::Equals": [{"Ref": "Stage"}, "a"]},
            "IsOpen": {"Fn::Equals": [{"Ref": "Open"}, third]},
            "IsBoth": {"Fn::And": [{"Condition": "IsTest"}, {"Condition": "IsOpen"}]},
        },
        "Resources": {
            "Bucket": {
                "Type": "AWS::S3::Bucket",
                "Properties": {"BucketName": first, "Tags": second, "AccessControl": third},
            },
            "Other": {
                "Type": "AWS::EC2::VPC",
                "Condition": "IsTest",
                "Properties": {"CidrBlock": fourth, "Tags": second},
            },
            "Nested": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": first,
                "DeletionPolicy": second,
            },
        },
        "Outputs": {"Out": {"Value": fourth, "Export": {"Name": third}}},
    }

    read_or_refuse(json.dumps(template).encode(), all_scenarios=all_scenarios)


words = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="{}$"), max_size=12)


@pytest.fixture(scope="module")
def expression():
    """What an expression stands for, with names for texts."""

    def evaluated(data, **parameters):
        template = {
            "Parameters": {name: {"Type": "String"} for name in parameters},
            "Resources": {
                "Bucket": {"Type": "AWS::S3::Bucket"},
                "Made": {"Type": "Custom::Made", "Properties": {"Value": data}},
            },
        }
        context = StackContext("app", parameters=parameters)
        stack = read_stack(("app.json", json.dumps(template).encode()), context)
        return stack.resources[1].properties["Value"]

    return evaluated


@thorough
@given(words, words, words)
def test_sub_puts_values_where_their_names_stand(expression, first, middle, last):
    data = {"Fn::Sub": f"${{A}}{middle}${{B}}"}

    assert expression(data, A=first, B=last) == f"{first}{middle}{last}"


@thorough
@given(words, words)
def test_sub_around_an_id_keeps_both_ends(expression, head, tail):
    result = expression({"Fn::Sub": f"{head}${{Bucket}}{tail}"})

    if head or tail:
        assert isinstance(result, Partial)
        assert (result.head, result.tail) == (head, tail)
    else:
        assert result.target == "app/Bucket"


@thorough
@given(st.lists(words, min_size=1, max_size=6), st.sampled_from([",", "/", "--"]))
def test_split_takes_apart_what_join_put_together(expression, items, delimiter):
    items = [item.replace(delimiter, "").strip("-") for item in items]
    data = {"Fn::Split": [delimiter, {"Fn::Join": [delimiter, items]}]}

    assert expression(data) == items


@thorough
@given(st.lists(words, min_size=1, max_size=6), st.data())
def test_select_takes_the_item_at_its_position(expression, items, data):
    position = data.draw(st.integers(0, len(items) - 1))

    assert expression({"Fn::Select": [f"{position}", items]}) == items[position]


@thorough
@given(
    st.recursive(
        st.one_of(words, st.booleans(), st.integers(-1000, 1000)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(words.map("k".__add__), inner, max_size=3)
        ),
        max_leaves=10,
    ).filter(lambda data: isinstance(data, dict | list))
)
def test_to_json_string_is_the_json_of_its_argument(expression, data):
    assert json.loads(expression({"Fn::ToJsonString": data})) == data


@thorough
@given(st.integers(0, 2**32 - 1), st.integers(16, 28), st.integers(0, 8), st.integers(4, 12))
def test_blocks_lie_in_their_network_one_behind_the_other(
    expression, address, prefix, count_bits, host_bits
):
    network = ip_network((address, prefix), strict=False)
    if 32 - host_bits - prefix < count_bits:
        return

    blocks = expression({"Fn::Cidr": [f"{network}", 1 << count_bits, host_bits]})

    parsed = [ip_network(block) for block in blocks]
    assert len(parsed) == 1 << count_bits
    assert all(block.subnet_of(network) for block in parsed)
    assert all(block.num_addresses == 1 << host_bits for block in parsed)
    assert parsed == sorted(set(parsed))
    assert not any(a.overlaps(b) for a, b in pairwise(parsed))


@thorough
@given(
    st.recursive(
        st.one_of(words, st.booleans(), st.integers(-(10**30), 10**30), st.none()),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(words.map("k".__add__), inner, max_size=4)
        ),
        max_leaves=20,
    ),
    st.sampled_from([None, 1, "\t"]),
)
def test_json_is_read_as_json(data, indent):
    text = json.dumps({"Metadata": data}, indent=indent)

    assert read_source(("app.json", text.encode())).data == {"Metadata": data}
