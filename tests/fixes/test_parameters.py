"""Fixes of values that come from parameters and mappings."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.findings import Fix
from tests.fixes.trials import DAYS, changed_lines, failing, trial, with_fix

PARAMETER = """\
    Parameters:
      Days: {Type: Number, Default: 1}
    Resources:
      Database:
        Type: AWS::RDS::DBInstance
        Properties:
          Engine: postgres
          DBInstanceClass: db.t3.micro
          BackupRetentionPeriod: !Ref Days
"""
ARCHITECTURE = """\
    name: shop
    stacks:
      main: {template: template.yaml, region: eu-west-3}
    profiles:
      dev: {}
      prod:
        parameters: {Days: 1}  # too few
"""


def test_a_parameter_of_a_template_alone_gets_another_default(tmp_path: Path) -> None:
    outcome = with_fix(tmp_path, PARAMETER, "Database", DAYS)
    assert outcome.tried[0].where == "parameter default"
    assert changed_lines(outcome) == [
        "-  Days: {Type: Number, Default: 1}",
        "+  Days: {Type: Number, Default: 7}",
    ]
    assert failing(outcome.findings, "BAK-RDS-01") == []


def test_a_parameter_that_the_profile_gives_is_changed_in_the_profile(tmp_path: Path) -> None:
    tried = trial(tmp_path, "prod", template_yaml=PARAMETER, architecture_yaml=ARCHITECTURE)
    outcome = tried.with_fixes([("main/Database", DAYS)])
    assert outcome.tried[0].where == "profile"
    assert changed_lines(outcome) == [
        "-    parameters: {Days: 1}  # too few",
        "+    parameters: {Days: 7}  # too few",
    ]
    assert failing(outcome.findings, "BAK-RDS-01") == []


def test_a_parameter_that_only_has_its_default_is_changed_there(tmp_path: Path) -> None:
    tried = trial(tmp_path, "dev", template_yaml=PARAMETER, architecture_yaml=ARCHITECTURE)
    assert tried.with_fixes([("main/Database", DAYS)]).tried[0].where == "parameter default"


@pytest.mark.parametrize(
    ("declaration", "reason"),
    [
        (
            "{Type: Number, Default: 1, AllowedValues: [1, 3]}",
            "does not allow 7: it is one of 1, 3",
        ),
        ("{Type: Number, Default: 1, NoEcho: true}", "is a secret"),
        ("{Type: Number, Default: 1, MaxValue: 5}", "could not be deployed: parameter `Days`"),
    ],
)
def test_a_parameter_that_does_not_allow_the_value_refuses(
    tmp_path: Path, declaration: str, reason: str
) -> None:
    text = PARAMETER.replace("{Type: Number, Default: 1}", declaration)
    outcome = with_fix(tmp_path, text, "Database", DAYS)
    assert reason in outcome.tried[0].refusal
    assert outcome.texts == {}


LOGIN = """\
    Parameters:
      Size: {Type: String, Default: "20"}
      Password: {Type: String, Default: ChangeMe-InProduction, NoEcho: true}
    Resources:
      Database:
        Type: AWS::RDS::DBInstance
        Properties: {AllocatedStorage: !Ref Size, MasterUserPassword: !Ref Password}
"""
MANAGED = Fix(set={"ManageMasterUserPassword": True}, remove=("MasterUserPassword",))


def test_a_parameter_that_nothing_names_any_more_goes(tmp_path: Path) -> None:
    (text,) = with_fix(tmp_path, LOGIN, "Database", MANAGED).texts.values()
    assert "Password: {Type" not in text
    assert "ChangeMe" not in text
    assert 'Size: {Type: String, Default: "20"}' in text


def test_the_section_goes_with_its_last_parameter(tmp_path: Path) -> None:
    text = LOGIN.replace('      Size: {Type: String, Default: "20"}\n', "")
    text = text.replace("AllocatedStorage: !Ref Size, ", "")
    (after,) = with_fix(tmp_path, text, "Database", MANAGED).texts.values()
    assert after.startswith("Resources:")


def test_a_parameter_that_a_profile_gives_stays_where_all_others_go(tmp_path: Path) -> None:
    architecture = """\
    name: shop
    stacks: {main: {template: template.yaml, region: eu-west-3}}
    profiles: {dev: {parameters: {Size: "40"}}}
"""
    tried = trial(tmp_path, "dev", template_yaml=LOGIN, architecture_yaml=architecture)
    (text,) = tried.with_fixes([("main/Database", MANAGED)]).texts.values()
    assert "ChangeMe" not in text
    assert 'Size: {Type: String, Default: "20"}' in text


@pytest.mark.parametrize("named", ["# Password is old\n", "Metadata: {Labels: [Password]}\n"])
def test_a_parameter_that_something_else_names_stays(tmp_path: Path, named: str) -> None:
    outcome = with_fix(tmp_path, LOGIN + f"    {named}", "Database", MANAGED)
    assert "ChangeMe" in next(iter(outcome.texts.values()))


@pytest.mark.parametrize(
    "place", ["parameters: {Password: x1y2z3w4}", "stack_parameters: {main: {Password: x1y2z3w4}}"]
)
def test_a_parameter_that_another_profile_gives_stays(tmp_path: Path, place: str) -> None:
    architecture = f"""\
    name: shop
    stacks: {{main: {{template: template.yaml, region: eu-west-3}}}}
    profiles: {{dev: {{}}, prod: {{{place}}}}}
"""
    tried = trial(tmp_path, "dev", template_yaml=LOGIN, architecture_yaml=architecture)
    (text,) = tried.with_fixes([("main/Database", MANAGED)]).texts.values()
    assert "Password: {Type: String" in text


MAPPING = """\
    Mappings: {Sizes: {one: {Days: 1, Other: 2}}}
    Resources:
      Database:
        Type: AWS::RDS::DBInstance
        Properties:
          Engine: postgres
          DBInstanceClass: db.t3.micro
          BackupRetentionPeriod: !FindInMap [Sizes, one, Days]
"""


def test_an_entry_of_a_mapping_is_changed_where_nothing_else_uses_it(tmp_path: Path) -> None:
    outcome = with_fix(tmp_path, MAPPING, "Database", DAYS)
    assert changed_lines(outcome)[1] == "+Mappings: {Sizes: {one: {Days: 7, Other: 2}}}"


def test_an_entry_of_a_mapping_that_others_use_stays(tmp_path: Path) -> None:
    text = MAPPING + "          Port: !FindInMap [Sizes, one, Days]\n"
    outcome = with_fix(tmp_path, text, "Database", DAYS)
    assert outcome.tried[0].refusal == (
        "the mapping `Sizes` gives this value to other properties too"
    )


def test_a_parameter_of_a_nested_stack_is_changed_where_its_parent_gives_it(
    tmp_path: Path,
) -> None:
    parent = """\
    Resources:
      Data:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: ./nested.yaml, Parameters: {Days: 1}}
    """
    tried = trial(tmp_path, template_yaml=parent, nested_yaml=PARAMETER)
    outcome = tried.with_fixes([("template/Data/Database", DAYS)])
    assert changed_lines(outcome)[1] == (
        "+    Properties: {TemplateURL: ./nested.yaml, Parameters: {Days: 7}}"
    )
    assert failing(outcome.findings, "BAK-RDS-01") == []
