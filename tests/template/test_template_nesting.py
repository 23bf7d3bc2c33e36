"""Nested stacks, assemblies of the CDK, and which files of a folder are templates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzer.errors import InputError
from analyzer.template import StackContext, is_template, read_stack, templates_in
from analyzer.unknown import Reference, Unknown, explore

PARENT = """\
Parameters: {Stage: {Type: String}, Password: {Type: String, NoEcho: true, Default: hunter2}}
Conditions: {IsLive: !Equals [!Ref Stage, live]}
Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./network.yaml, Parameters: {Cidr: 10.1.0.0/16}}
  Database:
    Type: AWS::CloudFormation::Stack
    Condition: IsLive
    Properties:
      TemplateURL: database.yaml
      Parameters: {Vpc: !GetAtt Network.Outputs.Vpc, Secret: !Ref Password}
  Peer:
    Type: AWS::EC2::VPCPeeringConnection
    Properties: {VpcId: !GetAtt Network.Outputs.Vpc, PeerVpcId: vpc-1}
"""
NETWORK = """\
Parameters: {Cidr: {Type: String}}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr}}
Outputs:
  Vpc: {Value: !Ref Vpc}
"""
DATABASE = """\
Parameters: {Vpc: {Type: String}, Secret: {Type: String, NoEcho: true}}
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: db, VpcId: !Ref Vpc}}
  Db: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: !Ref Secret}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in [("app", PARENT), ("network", NETWORK), ("database", DATABASE)]:
        (tmp_path / f"{name}.yaml").write_text(text)
    return tmp_path


def keyed(folder: Path, **parameters: str):
    context = StackContext("app", parameters=parameters)
    stack = read_stack(folder / "app.yaml", context)
    return {resource.key: resource for resource in stack.resources}, stack


class TestANestedStack:
    def test_has_its_resources_in_the_parent(self, folder):
        resources, _ = keyed(folder, Stage="live")

        assert {
            "app/Network",
            "app/Network/Vpc",
            "app/Database",
            "app/Database/Group",
            "app/Database/Db",
            "app/Peer",
        } == set(resources)

    def test_gets_the_parameters_of_its_parent(self, folder):
        resources, _ = keyed(folder, Stage="live")

        assert resources["app/Network/Vpc"].CidrBlock == "10.1.0.0/16"
        assert resources["app/Database/Db"].properties["MasterUserPassword"].secret

    def test_hands_its_outputs_to_its_parent_and_its_siblings(self, folder):
        resources, _ = keyed(folder, Stage="live")

        assert resources["app/Peer"].properties["VpcId"].target == "app/Network/Vpc"
        assert resources["app/Database/Group"].properties["VpcId"].target == "app/Network/Vpc"

    def test_exists_where_its_parents_condition_holds(self, folder):
        decided, _ = keyed(folder, Stage="test")
        undecided, _ = keyed(folder)

        assert "app/Database/Db" not in decided
        assert len(explore(undecided["app/Database/Db"].exists).paths) == 2

    def test_is_located_in_its_own_file(self, folder):
        resources, _ = keyed(folder, Stage="live")
        place = resources["app/Network/Vpc"].locate(("CidrBlock",))

        assert Path(place.file) == folder / "network.yaml"
        assert place.line == 3

    def test_hands_on_what_must_not_be_shown(self, folder):
        _, stack = keyed(folder, Stage="live")

        assert stack.secrets == {"hunter2"}

    @pytest.mark.parametrize(
        "url", ["https://s3.amazonaws.com/bucket/network.yaml", "nowhere.yaml", "!Ref Stage"]
    )
    def test_elsewhere_is_not_read_and_its_outputs_are_unknown(self, folder, url):
        (folder / "app.yaml").write_text(PARENT.replace("./network.yaml", url))
        resources, stack = keyed(folder, Stage="test")

        assert isinstance(resources["app/Peer"].properties["VpcId"], Unknown)
        assert "nested stack `Network`: its template is not a local file; not read" in stack.notes

    def test_that_contains_itself_is_refused(self, folder):
        (folder / "network.yaml").write_text(PARENT.replace("./network.yaml", "app.yaml"))

        with pytest.raises(InputError, match="leads back to a template that it stands in"):
            keyed(folder, Stage="test")

    def test_that_is_broken_is_refused_in_its_own_file(self, folder):
        (folder / "network.yaml").write_text("Resources: [")

        with pytest.raises(InputError) as caught:
            keyed(folder, Stage="test")

        assert Path(caught.value.file) == folder / "network.yaml"

    def test_without_the_output_that_is_asked_for_is_refused(self, folder):
        (folder / "app.yaml").write_text(PARENT.replace("Outputs.Vpc", "Outputs.Vpcs"))

        with pytest.raises(InputError, match="has no output `Vpcs`; did you mean `Vpc`"):
            keyed(folder, Stage="test")


def test_nested_stacks_that_need_each_other_are_refused(folder):
    text = PARENT.replace("Cidr: 10.1.0.0/16", "Cidr: !GetAtt Database.Outputs.X")
    (folder / "app.yaml").write_text(text)

    with pytest.raises(InputError, match="nested stacks are circular"):
        keyed(folder, Stage="live")


def assembly(folder: Path, artifacts: dict[str, dict[str, object]]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))


TOPIC = json.dumps({"Resources": {"T": {"Type": "AWS::SNS::Topic"}}})


class TestACdkAssembly:
    def test_has_the_templates_that_its_manifest_names(self, tmp_path):
        out, stage = tmp_path / "cdk.out", tmp_path / "cdk.out" / "assembly-Live"
        stack = {
            "type": "aws:cloudformation:stack",
            "properties": {"templateFile": "App.template.json"},
        }
        live = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Live"}}
        assembly(out, {"App": stack, "Tree": {"type": "cdk:tree"}, "Live": live})
        assembly(stage, {"App": stack})
        for file in (out / "App.template.json", stage / "App.template.json", out / "other.json"):
            file.write_text(TOPIC)

        assert list(templates_in(tmp_path)) == [
            out / "App.template.json",
            stage / "App.template.json",
        ]

    def test_has_its_nested_stacks_named_in_their_metadata(self, tmp_path):
        (tmp_path / "Child.nested.template.json").write_text(TOPIC)
        child = {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {"TemplateURL": {"Fn::Sub": "https://x.${AWS::URLSuffix}/y"}},
            "Metadata": {"aws:asset:path": "Child.nested.template.json"},
        }
        (tmp_path / "app.yaml").write_text(json.dumps({"Resources": {"Child": child}}))
        resources, _ = keyed(tmp_path)

        assert set(resources) == {"app/Child", "app/Child/T"}

    def test_whose_manifest_is_something_else_is_a_folder(self, tmp_path):
        (tmp_path / "manifest.json").write_text('{"name": "web app"}')
        (tmp_path / "app.json").write_text(TOPIC)

        assert list(templates_in(tmp_path)) == [tmp_path / "app.json"]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("app.yaml", "Resources:\n  T:\n    Type: AWS::SNS::Topic\n", True),
        ("app.json", TOPIC, True),
        ("app.template", TOPIC, True),
        ("app.YML", "AWSTemplateFormatVersion: 2010-09-09\nResources: {}", True),
        ("app.yaml", "Resources:\n  T:\n    Type: Custom::Thing\n", True),
        ("app.yaml", "{Resources: {T: {Type: 'AWS::SNS::Topic'}}}", True),
        ("app.yaml", "{Description: x, Resources: {\n T: {Type: 'AWS::SNS::Topic'}}}", True),
        ("app.txt", TOPIC, False),
        ("values.yaml", "Resources:\n  cpu: 1\n", False),
        ("parameters.json", '[{"ParameterKey": "A", "ParameterValue": "AWS::X"}]', False),
        ("broken.yaml", "Resources: [\n Type: AWS::SNS::Topic", True),
    ],
)
def test_a_template_is_told_by_its_text(tmp_path, name, content, expected):
    (tmp_path / name).write_text(content)

    assert is_template(tmp_path / name) is expected


def test_a_template_in_utf_16_is_told_too(tmp_path):
    (tmp_path / "app.json").write_text(TOPIC, encoding="utf-16")

    assert is_template(tmp_path / "app.json")


def test_templates_of_a_folder_come_in_order_without_what_is_hidden_or_installed(tmp_path):
    for name in ("b/z.yaml", "b/a.yaml", "a.yaml", ".git/x.yaml", "node_modules/m/y.yaml"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("Resources: {T: {Type: AWS::SNS::Topic}}")

    names = [str(file.relative_to(tmp_path)) for file in templates_in(tmp_path)]
    assert names == ["a.yaml", "b/a.yaml", "b/z.yaml"]


def test_outputs_and_exports_of_a_stack(read):
    stack = read(
        """\
        Resources: {T: {Type: AWS::SNS::Topic}}
        Conditions: {Never: !Equals [a, b]}
        Outputs:
          Topic: {Value: !Ref T, Export: {Name: !Sub '${AWS::StackName}-topic'}}
          Plain: {Value: text}
          Absent: {Value: text, Condition: Never}
        """
    )

    assert isinstance(stack.exports["app-topic"], Reference)
    assert set(stack.outputs) == {"Topic", "Plain"}


def test_the_place_where_a_stack_is_deployed_is_that_of_its_resources(read):
    (topic,) = read(
        "Resources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref AWS::Partition}}}",
        region="cn-north-1",
        account="444455556666",
    ).resources

    assert (topic.region, topic.account, topic.TopicName) == (
        "cn-north-1",
        "444455556666",
        "aws-cn",
    )
