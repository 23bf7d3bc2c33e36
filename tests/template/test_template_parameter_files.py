from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.errors import InputError
from analyzer.template import read_parameters


@pytest.fixture
def parameters(tmp_path):
    """What a parameter file of this name and content gives."""

    def parametrised(name: str, content: str, environment: str = "default"):
        file = tmp_path / name
        file.write_text(content, encoding="utf-8")
        return read_parameters(file, environment)

    return parametrised


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "aws-cli.json",
            (
                '[{"ParameterKey": "Stage", "ParameterValue": "test"},'
                ' {"ParameterKey": "Zones", "ParameterValue": "a,b"}]'
            ),
        ),
        ("aws-cli-deploy.json", '["Stage=test", "Zones=a,b"]'),
        ("codepipeline.json", '{"Parameters": {"Stage": "test", "Zones": "a,b"}, "Tags": {}}'),
        ("plain.json", '{"Stage": "test", "Zones": ["a", "b"]}'),
        ("plain.yaml", "Stage: test\nZones: [a, b]\n"),
        (
            "samconfig.toml",
            (
                "version = 0.1\n[default.deploy.parameters]\n"
                "parameter_overrides = \"Stage=test Zones='a,b'\"\n"
            ),
        ),
        (
            "samconfig-old.toml",
            (
                "[default.deploy.parameters]\nparameter_overrides = "
                '"ParameterKey=Stage,ParameterValue=test ParameterKey=Zones,ParameterValue=a,b"\n'
            ),
        ),
        (
            "samconfig-list.toml",
            '[default.deploy.parameters]\nparameter_overrides = ["Stage=test", "Zones=a,b"]\n',
        ),
        (
            "samconfig-table.toml",
            (
                "[default.global.parameters]\nparameter_overrides = {Stage = 'test'}\n"
                "[default.deploy.parameters]\nparameter_overrides = {Zones = ['a', 'b']}\n"
            ),
        ),
    ],
)
def test_each_form_gives_the_same(parameters, name, content):
    assert parameters(name, content) == {"Stage": "test", "Zones": "a,b"}


def test_values_are_texts(parameters):
    assert parameters("p.json", '{"Count": 3, "Encrypt": true}') == {
        "Count": "3",
        "Encrypt": "true",
    }


def test_a_previous_value_is_not_known_and_left_out(parameters):
    content = '[{"ParameterKey": "Stage", "UsePreviousValue": true}]'

    assert parameters("p.json", content) == {}


def test_samconfig_has_several_environments(parameters):
    content = (
        "[default.deploy.parameters]\nparameter_overrides = 'Stage=test'\n"
        "[live.deploy.parameters]\nparameter_overrides = 'Stage=live'\n"
    )

    assert parameters("samconfig.toml", content, "live") == {"Stage": "live"}


def test_a_byte_order_mark_does_not_matter(parameters):
    assert parameters("p.json", '\ufeff{"Stage": "test"}') == {"Stage": "test"}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("p.json", "[", "p.json:1: is not valid JSON"),
        ("p.json", "[" * 100_000, "p.json: is not valid JSON"),
        ("p.json", "{", "p.json:1:2: is not valid JSON"),
        ("p.json", "[1]", "is not a list of parameters; write"),
        ("p.json", '[{"Key": "Stage"}]', "is not a list of parameters"),
        ("p.json", '[{"ParameterKey": "A", "ParameterValue": {}}]', "value of `A` is not a text"),
        ("p.json", '["A=\\ud800"]', "value of `A` is not a text"),
        ("p.json", '{"A": {"B": 1}}', "the value of `A` is not a text"),
        ("p.json", '{"Parameters": []}', "Parameters is not a map"),
        ("p.yaml", "", "is empty"),
        ("samconfig.toml", "[default", "is not valid TOML"),
        ("samconfig.toml", "[live]", "has no environment `default`; it has: live"),
        (
            "samconfig.toml",
            '[default.deploy.parameters]\nparameter_overrides = "A=\'"',
            "parameter_overrides has an open quote",
        ),
        (
            "samconfig.toml",
            "[default.deploy.parameters]\nparameter_overrides = 'A'",
            "parameter_overrides has `A`; write Name=value",
        ),
        ("samconfig.toml", "[default.deploy]\nparameters = 1", "parameters is not a table"),
    ],
)
def test_what_is_in_no_form_is_refused(parameters, name, content, message):
    with pytest.raises(InputError) as caught:
        parameters(name, content)

    assert message in str(caught.value)
    assert name in caught.value.file


def test_a_missing_file_is_named():
    with pytest.raises(InputError, match=r"nowhere\.json: does not exist"):
        read_parameters("nowhere.json")


def test_a_folder_is_no_parameter_file(tmp_path: Path):
    with pytest.raises(InputError, match="cannot be read"):
        read_parameters(tmp_path)


def test_binary_content_is_refused(tmp_path: Path):
    (tmp_path / "p.json").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(InputError, match="is not UTF-8 text"):
        read_parameters(tmp_path / "p.json")
