"""Fixes tried in memory: where they are written, what is judged then, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.findings import Fix
from tests.fixes.trials import DAYS, changed_lines, failing, trial, with_fix

DATABASE = """\
    # the shop's database
    Resources:
      Database:
        Type: AWS::RDS::DBInstance
        Properties:
          Engine: postgres
          DBInstanceClass: db.t3.micro   # small
          AllocatedStorage: "20"
"""


def test_a_property_that_is_missing_is_added_and_nothing_else_changes(tmp_path: Path) -> None:
    outcome = with_fix(tmp_path, DATABASE, "Database", DAYS)
    assert changed_lines(outcome) == ["+      BackupRetentionPeriod: 7"]
    assert outcome.tried[0].where == "template"


def test_the_profile_is_judged_and_priced_again(tmp_path: Path) -> None:
    tried = trial(tmp_path, template_yaml=DATABASE)
    outcome = tried.with_fixes([("template/Database", Fix(set={"MultiAZ": True}))])
    assert failing(tried.before.findings, "MAZ-RDS-01") == ["Database"]
    assert failing(outcome.findings, "MAZ-RDS-01") == []
    assert sum(line.usd or 0 for line in outcome.cost) > sum(
        line.usd or 0 for line in tried.before.cost
    )


def test_nothing_is_written(tmp_path: Path) -> None:
    with_fix(tmp_path, DATABASE, "Database", DAYS)
    assert "BackupRetentionPeriod" not in (tmp_path / "template.yaml").read_text()


def test_an_undecided_condition_is_edited_in_both_branches(tmp_path: Path) -> None:
    sections = """\
    Parameters: {Stage: {Type: String}}
    Conditions: {Big: !Equals [!Ref Stage, prod]}
"""
    branches = "          BackupRetentionPeriod: !If [Big, 2, !Ref AWS::NoValue]\n"
    text = sections + DATABASE + branches
    outcome = with_fix(tmp_path, text, "Database", DAYS)
    assert changed_lines(outcome)[1] == "+      BackupRetentionPeriod: !If [Big, 7, 7]"


CHOICE = """\
    Parameters: {Stage: {Type: String, Default: dev}}
    Conditions: {Big: !Equals [!Ref Stage, prod]}
"""


@pytest.mark.parametrize(
    ("choice", "elsewhere", "written"),
    [
        ("!If [Big, 7, 1]", "", "!If [Big, 7, 7]"),
        ("!If [Big, 7, 1]", "          MultiAZ: !If [Big, true, false]\n", "7"),
        ("!If [Big, 7, !Ref AWS::NoValue]", "    Outputs: {X: {Condition: Big, Value: x}}\n", "7"),
        ("!If [Big, 14, 1]", "    Outputs: {X: {Condition: Big, Value: x}}\n", "!If [Big, 14, 7]"),
    ],
)
def test_a_choice_between_equal_values_is_none_where_others_ask_its_condition(
    tmp_path: Path, choice: str, elsewhere: str, written: str
) -> None:
    text = CHOICE + DATABASE
    text += f"          BackupRetentionPeriod: {choice}\n{elsewhere}"
    outcome = with_fix(tmp_path, text, "Database", DAYS)
    assert changed_lines(outcome)[1] == f"+      BackupRetentionPeriod: {written}"


def test_both_branches_of_an_undecided_condition_are_one_value_where_others_ask_it(
    tmp_path: Path,
) -> None:
    text = CHOICE.replace(", Default: dev", "") + DATABASE
    text += "          BackupRetentionPeriod: !If [Big, 2, 1]\n"
    text += "          MultiAZ: !If [Big, true, false]\n"
    outcome = with_fix(tmp_path, text, "Database", DAYS)
    assert changed_lines(outcome)[1] == "+      BackupRetentionPeriod: 7"


def test_the_second_of_two_fixes_that_disagree_is_refused(tmp_path: Path) -> None:
    tried = trial(tmp_path, template_yaml=DATABASE)
    other = Fix(set={"BackupRetentionPeriod": 30})
    outcome = tried.with_fixes([("template/Database", fix) for fix in (DAYS, other, DAYS)])
    assert [one.refusal for one in outcome.tried] == [
        "",
        "another fix changes `Properties/BackupRetentionPeriod` in another way",
        "",
    ]
    assert changed_lines(outcome) == ["+      BackupRetentionPeriod: 7"]


def test_a_fix_that_breaks_the_template_does_not_take_the_others_along(tmp_path: Path) -> None:
    tried = trial(tmp_path, template_yaml=DATABASE)
    broken = Fix(set={"KmsKeyId": {"Ref": "Nowhere"}})
    outcome = tried.with_fixes([("template/Database", fix) for fix in (broken, DAYS)])
    assert [bool(one.refusal) for one in outcome.tried] == [True, False]
    assert changed_lines(outcome) == ["+      BackupRetentionPeriod: 7"]


TOPIC = {"Type": "AWS::SNS::Topic"}


def test_an_added_resource_gets_a_name_that_is_free_and_what_names_it_follows(
    tmp_path: Path,
) -> None:
    fix = Fix(set={"KmsKeyId": {"Fn::GetAtt": ["Database", "Arn"]}}, add={"Database": TOPIC})
    outcome = with_fix(tmp_path, DATABASE, "Database", fix)
    assert changed_lines(outcome) == [
        "+      KmsKeyId: !GetAtt Database2.Arn",
        "+  Database2:",
        "+    Type: AWS::SNS::Topic",
    ]


def test_the_same_resource_is_added_once(tmp_path: Path) -> None:
    tried = trial(tmp_path, template_yaml=DATABASE)
    outcome = tried.with_fixes([("template/Database", Fix(add={"Topic": TOPIC}))] * 2)
    assert changed_lines(outcome) == ["+  Topic:", "+    Type: AWS::SNS::Topic"]


def test_items_are_taken_out_of_a_list_each_by_the_place_it_had(tmp_path: Path) -> None:
    text = """\
    Resources:
      Group:
        Type: AWS::EC2::SecurityGroup
        Properties:
          GroupDescription: web
          SecurityGroupIngress:
            - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
            - {IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}
            - {IpProtocol: tcp, FromPort: 21, ToPort: 21, CidrIp: 0.0.0.0/0}
    """
    tried = trial(tmp_path, template_yaml=text)
    fixes = [Fix(remove=(f"SecurityGroupIngress/{place}",)) for place in (0, 2)]
    outcome = tried.with_fixes([("template/Group", fix) for fix in fixes])
    assert [line.split("Port: ")[1][:2] for line in changed_lines(outcome)] == ["22", "21"]


def test_new_items_of_two_fixes_stand_one_behind_the_other(tmp_path: Path) -> None:
    tried = trial(tmp_path, template_yaml=DATABASE + "          Tags: [{Key: A, Value: a}]\n")
    fixes = [Fix(set={"Tags/1": {"Key": key, "Value": key}}) for key in "BC"]
    outcome = tried.with_fixes([("template/Database", fix) for fix in fixes])
    assert changed_lines(outcome)[1] == (
        "+      Tags: [{Key: A, Value: a}, {Key: B, Value: B}, {Key: C, Value: C}]"
    )


def test_an_attribute_stands_behind_the_type(tmp_path: Path) -> None:
    fix = Fix(attributes={"DeletionPolicy": "Snapshot"})
    outcome = with_fix(tmp_path, DATABASE, "Database", fix)
    text = outcome.texts[f"{tmp_path}/template.yaml"]
    assert "DBInstance\n    DeletionPolicy: Snapshot\n    Properties" in text


def test_a_resource_that_sam_makes_is_refused(tmp_path: Path) -> None:
    text = """\
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Worker:
        Type: AWS::Serverless::Function
        Properties: {Handler: a.b, Runtime: python3.13, InlineCode: "x = 1"}
    """
    outcome = with_fix(tmp_path, text, "Worker", Fix(set={"Timeout": 3}))
    assert outcome.tried[0].refusal == "it is made of `Worker` by a macro: change that"


def test_what_several_places_share_is_refused(tmp_path: Path) -> None:
    text = """\
    Resources:
      Database:
        Type: AWS::RDS::DBInstance
        Properties: &shared {Engine: postgres, DBInstanceClass: db.t3.micro}
      Other:
        Type: AWS::RDS::DBInstance
        Properties: *shared
    """
    tried = trial(tmp_path, template_yaml=text)
    first = tried.with_fixes([("template/Database", DAYS)])
    second = tried.with_fixes([("template/Other", DAYS)])
    assert first.tried[0].refusal == ("it is written once and used in several places (an anchor)")
    assert changed_lines(second)[1:] == [
        "+    Properties:",
        "+      Engine: postgres",
        "+      DBInstanceClass: db.t3.micro",
        "+      BackupRetentionPeriod: 7",
    ]


def test_a_property_in_a_nested_template_is_changed_in_its_file(tmp_path: Path) -> None:
    parent = """\
    Resources:
      Data:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: ./nested.yaml}
    """
    tried = trial(tmp_path, template_yaml=parent, nested_yaml=DATABASE)
    outcome = tried.with_fixes([("template/Data/Database", DAYS)])
    assert list(outcome.texts) == [f"{tmp_path}/nested.yaml"]
    assert failing(outcome.findings, "BAK-RDS-01") == []


def test_json_keeps_its_commas_and_its_indentation(tmp_path: Path) -> None:
    text = """\
    {
        "Resources": {
            "Database": {
                "Type": "AWS::RDS::DBInstance",
                "Properties": {
                    "Engine": "postgres",
                    "DBInstanceClass": "db.t3.micro"
                }
            }
        }
    }
    """
    fix = Fix(set={"BackupRetentionPeriod": 7}, add={"Topic": {**TOPIC, "Properties": {"A": [1]}}})
    outcome = with_fix(tmp_path, text, "Database", fix)
    assert changed_lines(outcome) == [
        '-                "DBInstanceClass": "db.t3.micro"',
        '+                "DBInstanceClass": "db.t3.micro",',
        '+                "BackupRetentionPeriod": 7',
        "+            }",
        "+        },",
        '+        "Topic": {',
        '+            "Type": "AWS::SNS::Topic",',
        '+            "Properties": {',
        '+                "A": [',
        "+                    1",
        "+                ]",
    ]


def test_what_is_appended_twice_stands_once_and_what_stood_alone_is_the_first_item(
    tmp_path: Path,
) -> None:
    tried = trial(tmp_path, template_yaml=DATABASE + "          DBSecurityGroups: one\n")
    fixes = [Fix(set={"DBSecurityGroups/-": name}) for name in ("two", "three", "two")]
    outcome = tried.with_fixes([("template/Database", fix) for fix in fixes])
    assert changed_lines(outcome) == [
        "-      DBSecurityGroups: one",
        "+      DBSecurityGroups:",
        "+        - one",
        "+        - two",
        "+        - three",
    ]


def test_a_fix_may_set_and_take_away_properties_of_other_resources(tmp_path: Path) -> None:
    text = DATABASE + """\
      Other:
        Type: AWS::SNS::Topic
        Properties: {TopicName: a, DisplayName: b}
"""  # fmt: skip
    fix = Fix(elsewhere={"template/Other": {"TopicName": "c", "DisplayName": None}})
    outcome = with_fix(tmp_path, text, "Database", fix)
    assert changed_lines(outcome)[1] == "+    Properties: {TopicName: c}"


def test_a_resource_that_is_only_an_entry_of_another_one_goes_with_it(tmp_path: Path) -> None:
    text = """\
    Resources:
      Group:
        Type: AWS::EC2::SecurityGroup
        Properties: {GroupDescription: web}
      Open:
        Type: AWS::EC2::SecurityGroupIngress
        Properties: {GroupId: !Ref Group, IpProtocol: "-1", CidrIp: 0.0.0.0/0}
    """
    outcome = with_fix(tmp_path, text, "Group", Fix(remove=("SecurityGroupIngress/0",)))
    assert changed_lines(outcome) == [f"-{line[4:]}" for line in text.splitlines()[4:7]]
