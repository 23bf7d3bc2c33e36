"""No checker's message shows a secret of the template."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.engines.masking import masked, secrets_of
from analyzer.template import MASK

HIDDEN = "Parameters: {P: {Type: String, NoEcho: %s, Default: hunter2-plain}}\n"


@pytest.mark.parametrize("word", ["true", '"true"', "yes", "True"])
def test_defaults_of_hidden_parameters_are_secrets(tmp_path: Path, word: str) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(HIDDEN % word, encoding="utf-8")
    assert secrets_of(file) == ("hunter2-plain",)


@pytest.mark.parametrize(
    "content", [HIDDEN % "false", "NoEcho: [", "NoEcho: 1\n", "Parameters: NoEcho\n", ""]
)
def test_a_template_without_any_has_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(content, encoding="utf-8")
    assert secrets_of(file) == ()


def test_a_file_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert secrets_of(tmp_path / "nowhere.yaml") == ()


def test_a_secret_is_hidden_wherever_it_is_repeated() -> None:
    assert masked("'hunter2-plain' is wrong", (), ["hunter2-plain"]) == f"'{MASK}' is wrong"


def test_what_is_quoted_at_a_secret_property_is_hidden() -> None:
    path = ("Resources", "Database", "Properties", "MasterUserPassword")
    assert masked("'short' is too short", path, []) == f"'{MASK}' is too short"
    assert masked("'short' is too short", path[:3], []) == "'short' is too short"
