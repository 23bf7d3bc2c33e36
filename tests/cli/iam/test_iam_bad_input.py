"""What the iam commands cannot use ends with one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Assay
from tests.cli.iam.conftest import FULL, OPEN, allowing, file_of, is_one_line


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("p.json", "{broken", "p.json:1:2: is not JSON"),
        ("p.json", [1], "is no policy"),
        ("p.yaml", "Statement: [\n", "is no policy"),
        ("p.json", {"policy": {"Version": "2012-10-17"}}, "its policy has no Statement"),
        ("p.json", {"policy": 7}, "its policy has no Statement"),
        ("p.json", {"policy": "no JSON"}, "a text and not JSON"),
        ("p.json", {"Statement": "a text"}, "a Statement that is no map"),
        ("p.json", {"Statement": [7]}, "a Statement that is no map"),
        ("p.json", {"Statement": [{"Effect": "allow"}]}, "neither Allow nor Deny"),
        ("p.json", allowing("*", Condition="x"), "a Condition that is no map"),
        ("p.json", allowing("*", Condition={"Bool": 1}), "a Condition that is no map"),
        ("p.json", {"policy": FULL, "boundary": 7}, "its boundary has no Statement"),
        ("p.json", {"policy": FULL, "scp": [7]}, "its scp has no Statement"),
        ("p.json", {"policy": FULL, "world": [7]}, "states world that is no map"),
        ("p.json", {"policy": OPEN, "block_public_access": True}, "block_public_access that is no"),
        ("p.json", {"policy": FULL, "kind": "nonsense"}, "of no kind 'nonsense'"),
    ],
)
def test_a_file_that_is_no_policy(
    assay: Assay, tmp_path: Path, name: str, content: Any, words: str
) -> None:
    ended = assay("iam", "check", file_of(tmp_path, name, content))

    assert is_one_line(ended)
    assert words in ended.err


def test_a_file_that_is_no_text(assay: Assay, tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_bytes(b"\xff\xfe")
    ended = assay("iam", "check", file)

    assert is_one_line(ended)
    assert "is not UTF-8 text" in ended.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "nowhere.json"), "nowhere.json: does not exist"),
        (("check", "nowhere.yaml", "--policy", "Role"), "nowhere.yaml: does not exist"),
        (("check", "policy.json", "--policy", "Role"), "is a policy itself; leave --policy away"),
        (("check", "template.yaml"), "name one of its resources with --policy"),
        (("check", "template.yaml", "--policy", "Rolle"), "did you mean 'Role'?"),
        (("check", "template.yaml", "--policy", "Queue"), "'Queue' (AWS::SQS::Queue) has no"),
        (("check", "template.yaml", "--policy", "Role", "--kind", "resource"), "no resource pol"),
        (("check", "template.yaml", "--policy", "Queue", "--kind", "trust"), "has no trust policy"),
        (("check", "template.yaml", "--policy", "Role", "--profile", "x"), "no profile 'x'"),
        (("check", "empty", "--policy", "Role"), "nor a CloudFormation template"),
        (("compare", "template.yaml#Role", "nowhere.json"), "nowhere.json: does not exist"),
        (("compare", "nowhere.yaml#Role", "template.yaml"), "nowhere.yaml: does not exist"),
        (("compare", "template.yaml#Rolle", "template.yaml#Role"), "did you mean 'Role'?"),
        (("compare", "template.yaml#Queue", "template.yaml#Role"), "has no resource policy"),
        (("update", "--from", "empty", "--to", "out"), "package.json: does not exist"),
        (("update", "--from", "template.yaml", "--to", "out"), "is no archive of a package"),
    ],
)
def test_a_wrong_call(
    assay: Assay, template: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "empty").mkdir()
    file_of(tmp_path, "policy.json", FULL)
    ended = assay("iam", *arguments)

    assert is_one_line(ended)
    assert words in ended.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [("check", "p.json", "--kind", "x"), ("compare", "p.json"), ("update", "--from", "nowhere")],
)
def test_a_call_that_there_is_not(assay: Assay, arguments: tuple[str, ...]) -> None:
    ended = assay("iam", *arguments)

    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err
