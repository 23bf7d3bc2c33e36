"""Whatever a file holds, reading it gives resources or one line that says where and why."""

from __future__ import annotations

import os
import resource
import sys
import tracemalloc
from pathlib import Path

import pytest

from analyzer.errors import InputError
from analyzer.template import StackContext, read_source, read_stack

FIXTURES = Path(__file__).parents[2] / "fixtures" / "templates"

# What is said about each file of fixtures/templates/broken, behind its name and a colon.
EXPECTED = {
    "a-list.yaml": "1:1: holds a list where a map with Resources belongs",
    "a-text.yaml": "1:1: holds text where a map with Resources belongs",
    "alias-bomb.yaml": "2:7: holds more than 200,000 values; do its aliases multiply?",
    "alias-of-itself.yaml": "1:11: nests deeper than 100 levels; does an alias lead back to itself",
    "binary.template": " is a binary file, not text",
    "circular-conditions.yaml": "3:11: conditions are circular: A -> B -> A",
    "circular-resources.yaml": "2:3: resources are circular: A -> B -> C -> A",
    "condition-list.yaml": "4:5: Condition of `Topic` is not a text",
    "deep-block.yaml": "103:100: nests deeper than 100 levels",
    "deep-flow.yaml": "4:109: nests deeper than 100 levels",
    "deep.json": "1:505: nests deeper than 100 levels",
    "depends-on-map.yaml": "4:5: DependsOn needs the names of resources",
    "depends-on-nothing.yaml": "4:17: DependsOn names `Topics`, which is not a resource of this",
    "duplicate-key.yaml": "7:7: key `TopicName` stands twice in one map, first in line 5",
    "duplicate-resource.json": "3:3: key `A` stands twice in one map, first in line 2",
    "empty.yaml": " is empty; a template needs a Resources section",
    "json-bad-escape.json": "2:17: is not valid JSON: invalid \\escape",
    "json-missing-comma.json": "4:5: is not valid JSON: expecting ',' delimiter",
    "json-open.json": "1:52: is not valid JSON: expecting ',' delimiter",
    "latin-1.yaml": "1: is not UTF-8 text (byte 14); save it as UTF-8",
    "line-breaks-in-a-name.yaml": "2:3: resource `Topic\\nerror: all is well` has no Type",
    "merge-of-itself.yaml": "4:11: nests deeper than 100 levels",
    "merge-of-text.yaml": "5:7: merge key `<<` needs a map",
    "metadata-text.yaml": "4:5: Metadata of `Topic` is not a map",
    "no-resources.yaml": "1:1: has no Resources",
    "only-comments.yaml": " is empty",
    "only-space.json": " is empty",
    "output-without-value.yaml": "5:3: output `Topic` has no Value",
    "properties-list.yaml": "4:5: Properties of `Topic` is not a map",
    "resource-text.yaml": "2:3: resource `Topic` is not a map; give it a Type and Properties",
    "resource-without-type.yaml": "2:3: resource `Topic` has no Type",
    "resources-list.yaml": "2:1: Resources is not a map",
    "sum-of-doubles.yaml": "67:29: makes a text of more than 4,000,000 characters",
    "transform-number.yaml": "1:1: Transform names no macro",
    "type-list.yaml": "3:5: the Type of resource `Topic` is not a text",
    "unknown-attribute.yaml": "4:5: `Propertys` is not an attribute of a resource; did you mean",
    "unknown-intrinsic.yaml": "5:18: `Fn::Subst` is not a function of CloudFormation; did you mean",
    "unknown-section.yaml": "1:1: `Resource` is not a section of a template; did you mean",
    "utf-16-cut.yaml": "1: is not UTF-16 text (byte 26)",
    "yaml-control-character.yaml": "3: holds a character that YAML does not allow",
    "yaml-indentation.yaml": "4:4: is not valid YAML: while parsing a block mapping did not find",
    "yaml-key-is-a-map.yaml": "2:5: has a key that is not text",
    "yaml-open-bracket.yaml": "4:15: is not valid YAML: while parsing a flow sequence",
    "yaml-tab.yaml": "3:1: is not valid YAML: while scanning for the next token found character",
    "yaml-two-documents.yaml": "4:1: holds more than one document",
    "yaml-unknown-alias.yaml": "2:10: is not valid YAML: found undefined alias",
    "yaml-unknown-tag.yaml": "2:10: tag `tag:yaml.org,2002:python/object:os.system` is not known",
    "zip.json": " is a binary file, not text",
}
CONTEXT = StackContext("app")


@pytest.mark.parametrize(
    "file", sorted((FIXTURES / "broken").iterdir()), ids=lambda file: file.name
)
def test_a_broken_file_is_one_line_that_says_where_and_why(file, monkeypatch):
    monkeypatch.chdir(file.parent)

    with pytest.raises(InputError) as caught:
        read_stack(file.name, CONTEXT)

    assert str(caught.value).startswith(f"{file.name}:{EXPECTED[file.name]}")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("file", sorted((FIXTURES / "odd").iterdir()), ids=lambda file: file.name)
def test_an_odd_file_is_read(file):
    stack = read_stack(file, CONTEXT)

    assert {resource.type for resource in stack.resources} == {"AWS::SNS::Topic"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("byte-order-mark.yaml", "été"),
        ("utf-16-little.yaml", "été"),
        ("utf-16-big.yaml", "été"),
        ("comments-and-anchors.yaml", "two\nlines\n"),
        ("json-with-tabs.json", "\U0001f600 a/b é"),
    ],
)
def test_an_odd_file_says_what_it_says(name, shown):
    (topic,) = read_stack(FIXTURES / "odd" / name, CONTEXT).resources

    assert topic.DisplayName == shown


def test_a_name_is_never_changed_however_hostile_it_is():
    names = [
        topic.id for topic in read_stack(FIXTURES / "odd" / "hostile-names.yaml", CONTEXT).resources
    ]

    assert names[:3] == ["<script>alert(1)</script>", "\x1b[31mred\x1b[0m", "../../etc/passwd"]


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    file = tmp_path / "large.yaml"
    with file.open("wb") as stream:
        stream.truncate(50_000_000)
    tracemalloc.start()

    with pytest.raises(InputError, match=r"is 50\.0 MB large; the limit is 5 MB"):
        read_source(file)

    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_bytes_that_are_too_large_are_not_parsed():
    with pytest.raises(InputError, match="the limit is 5 MB"):
        read_source(("<stdin>", b"#" * 5_000_001))


@pytest.mark.parametrize(
    "flood",
    ["[" + "a," * 2_000_000 + "a]", "{" + ",".join(f"k{i}: " for i in range(400_000)) + "}"],
    ids=["list", "map"],
)
def test_a_flood_of_values_is_stopped_while_it_is_parsed(flood):
    text = f"Metadata: {flood}\nResources: {{T: {{Type: AWS::SNS::Topic}}}}"
    scale = 1024 if sys.platform == "linux" else 1
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale

    with pytest.raises(InputError, match="holds more than 200,000 values"):
        read_source(("app.yaml", text.encode()))

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale - before < 150_000_000


def test_a_missing_file_is_one_line():
    with pytest.raises(InputError, match=r"^nowhere\.yaml: does not exist; check the path$"):
        read_source("nowhere.yaml")


def test_a_folder_is_no_template(tmp_path):
    with pytest.raises(InputError, match="cannot be read: is a directory"):
        read_source(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_one_line(tmp_path):
    file = tmp_path / "secret.yaml"
    file.write_text("Resources: {}")
    file.chmod(0)

    with pytest.raises(InputError, match="cannot be read: permission denied"):
        read_source(file)


def test_a_path_with_a_null_byte_is_one_line():
    with pytest.raises(InputError, match="cannot be read"):
        read_source("a\0b.yaml")


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        (f"!Join ['', [{'!Ref P, ' * 1000}'']]", "functions make more than 50,000,000 characters"),
        (f"!Sub '{'${P}' * 2000}'", "makes a text of more than 4,000,000 characters"),
    ],
    ids=["all", "one"],
)
def test_functions_cannot_multiply_a_text_without_end(properties, message):
    text = f"Parameters: {{P: {{Type: String, Default: {'x' * 3900}}}}}\nResources:\n" + "".join(
        f"  T{index}: {{Type: AWS::SNS::Topic, Properties: {{TopicName: {properties}}}}}\n"
        for index in range(20)
    )

    with pytest.raises(InputError, match=message):
        read_stack(("app.yaml", text.encode()), CONTEXT)
