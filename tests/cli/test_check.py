from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from analyzer.output import FORMATS
from tests.cli.conftest import Assay

OURS = ("--engine", "assay")
GOOD = """\
Resources:
  Volume:
    Type: AWS::EC2::Volume
    Properties: {AvailabilityZone: us-east-1a, Size: 1, Encrypted: true}
"""
BAD = GOOD.replace("Encrypted: true", "Encrypted: false")
OPEN = "Parameters: {Encrypt: {Type: String}}\n" + GOOD.replace("true", "!Ref Encrypt")
# The other rules about volumes are not what these tests are about.
ONLY_HIGH = (*OURS, "--fail-on", "high")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "template.yaml"
    file.write_text(GOOD, encoding="utf-8")
    return file


@pytest.fixture
def odd(template: Path) -> Path:
    """A template whose name is no UTF-8."""
    try:
        return template.rename(template.with_name(os.fsdecode(b"\xff.yaml")))
    except OSError:
        pytest.skip("this file system has no such names")


@pytest.mark.parametrize("format_", FORMATS)
def test_a_name_that_is_no_text_is_shown_in_every_format(
    assay: Assay, odd: Path, tmp_path: Path, format_: str
) -> None:
    odd.write_text(BAD, encoding="utf-8")
    written = tmp_path / "written"
    assert assay("check", odd, *OURS, "--format", format_, "--output", written).code == 1
    written.read_text(encoding="utf-8")


@pytest.mark.parametrize("format_", ["table", "csv", "json", "focus"])
def test_a_template_whose_name_is_no_text_is_priced(assay: Assay, odd: Path, format_: str) -> None:
    assert assay("price", odd, "--format", format_).code == 0


def test_failures_of_a_template_whose_name_is_no_text_are_known(assay: Assay, odd: Path) -> None:
    odd.write_text(BAD, encoding="utf-8")
    assay("baseline", odd, *OURS)
    assert assay("check", odd, *OURS, "--baseline", "assay-baseline.yaml").code == 0


def test_compliant_ends_with_0(assay: Assay, template: Path) -> None:
    assert assay("check", template, *ONLY_HIGH).code == 0


def test_a_violation_ends_with_1_and_is_named(assay: Assay, template: Path) -> None:
    template.write_text(BAD, encoding="utf-8")
    ended = assay("check", template.name, *ONLY_HIGH)
    assert ended.code == 1
    assert "ENC-EBS-01" in ended.out
    assert "template.yaml:4" in ended.out


def test_unknown_says_what_it_hangs_on_and_fails_with_strict_only(
    assay: Assay, template: Path
) -> None:
    template.write_text(OPEN, encoding="utf-8")
    ended = assay("check", template.name, *ONLY_HIGH)
    assert ended.code == 0
    assert "UNKNOWN" in ended.out
    assert "parameter `Encrypt`" in ended.out
    assert assay("check", template, *ONLY_HIGH, "--strict").code == 1


def test_a_parameter_or_a_parameter_file_decides(
    assay: Assay, template: Path, tmp_path: Path
) -> None:
    template.write_text(OPEN, encoding="utf-8")
    given = tmp_path / "parameters.json"
    given.write_text('[{"ParameterKey": "Encrypt", "ParameterValue": "false"}]', encoding="utf-8")
    assert assay("check", template, *ONLY_HIGH, "--parameters", given).code == 1
    both = ("--parameters", given, "-p", "Encrypt=true")
    assert assay("check", template, *ONLY_HIGH, *both).code == 0


def test_fail_on_sets_the_bar(assay: Assay, template: Path) -> None:
    template.write_text(BAD, encoding="utf-8")
    assert assay("check", template, *OURS, "--fail-on", "critical").code == 0


def test_standard_input_is_judged(assay: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    ended = assay("check", "-", *ONLY_HIGH)
    assert ended.code == 1
    assert "<stdin>:4" in ended.out


CIRCLE = """\
Resources:
  A: {Type: 'AWS::SNS::Topic', Properties: {TopicName: !Ref B}}
  B: {Type: 'AWS::SNS::Topic', Properties: {TopicName: !Ref A}}
"""
BROKEN = {
    "yaml": ("a: [1\n", "is not valid YAML"),
    "json": ('{"Resources": {', ""),
    "empty": ("", ""),
    "binary": ("\x00\x01\x02", ""),
    "list": ("- 1\n", ""),
    "circle": (CIRCLE, ""),
    "function": ("Resources:\n  A: {Type: 'AWS::SNS::Topic', Properties: !Nope x}\n", "Nope"),
    "duplicate": ("Resources: {}\nResources: {}\n", "Resources"),
    "bomb": (
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{after}: &{after} [{', '.join([f'*{name}'] * 9)}]\n"
            for name, after in zip("abcdefgh", "bcdefghi", strict=True)
        )
        + "Resources: *i\n",
        "",
    ),
    "deep": ("Resources: " + "[" * 5000, ""),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_input_is_one_line_and_ends_with_2(
    assay: Assay, template: Path, tmp_path: Path, name: str
) -> None:
    text, message = BROKEN[name]
    broken = tmp_path / "broken.yaml"
    broken.write_text(text, encoding="utf-8")
    ended = assay("check", broken.name, template.name, *ONLY_HIGH)
    assert ended.code == 2
    told = [line for line in ended.out.splitlines() if "broken.yaml" in line]
    assert len(told) == 1
    assert message in told[0]
    assert "Traceback" not in ended.out + ended.err
    assert "1 profile of 1 system" in ended.out


def test_violations_beside_a_broken_input_end_with_4(
    assay: Assay, template: Path, tmp_path: Path
) -> None:
    template.write_text(BAD, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("a: [", encoding="utf-8")
    assert assay("check", "broken.yaml", template, *ONLY_HIGH).code == 4


def test_a_pack_that_raises_is_one_line_and_the_rest_is_judged(
    assay: Assay, template: Path, tmp_path: Path
) -> None:
    template.write_text(BAD, encoding="utf-8")
    (tmp_path / "own.py").write_text("x = 1\nraise ValueError('no')\n", encoding="utf-8")
    ended = assay("check", template, *ONLY_HIGH, "--pack", "own.py")
    assert ended.code == 4
    assert "own.py:2: cannot be loaded: ValueError: no" in ended.out
    assert "ENC-EBS-01" in ended.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check"], "Missing argument"),
        (["check", "x.yaml", "--format", "pdf"], "'pdf' is not one of"),
        (["check", "x.yaml", "--engine", "tfsec"], "'tfsec' is not one of"),
        (["check", "x.yaml", "--fail-on", "huge"], "'huge' is not one of"),
        (["check", "x.yaml", "--config", "nowhere.yaml"], "there is no file 'nowhere.yaml'"),
        (["check", "x.yaml", "--parameters", "nowhere.json"], "nowhere.json: does not exist"),
        (["check", "x.yaml", "-p", "Name"], "'Name' is not Name=value"),
        (["check", "x.yaml", "--profile", "prod"], "there is no profile 'prod'"),
        (["check", "x.yaml", "--output", "x.pdf"], "'x.pdf' does not tell a format"),
        (["explain", "NET-SG-0"], "no rule 'NET-SG-0'; did you mean 'NET-SG-"),
        (["rules", "--family", "speed"], "there is no family 'speed'; there is backup, cost"),
        (["chekc", "x"], "No such command 'chekc'"),
    ],
)
def test_bad_usage_ends_with_2_and_says_what_is_wrong(
    assay: Assay, arguments: list[str], message: str
) -> None:
    ended = assay(*arguments)
    assert ended.code == 2
    assert message in ended.err
    assert "Traceback" not in ended.err


def test_outputs_are_written_in_the_format_of_their_names(
    assay: Assay, template: Path, tmp_path: Path
) -> None:
    template.write_text(BAD, encoding="utf-8")
    names = ("a.json", "b.sarif", "c.xml", "d.md", "e.html", "f.txt")
    outputs = [part for name in names for part in ("--output", tmp_path / "out" / name)]
    ended = assay("check", template, *ONLY_HIGH, *outputs)
    assert ended.code == 1
    written = {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "out").iterdir()}
    assert set(written) == set(names)
    assert all("ENC-EBS-01" in text for text in written.values())
    assert json.loads(written["b.sarif"])["version"] == "2.1.0"
    assert "ENC-EBS-01" in ended.out


def test_an_output_that_cannot_be_written_is_one_line(
    assay: Assay, template: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ended = assay("check", template, *OURS, "--output", tmp_path / "file" / "a.json")
    assert ended.code == 2
    assert ended.err.startswith("assay: cannot write")


def test_piped_text_has_no_escape_sequence(assay: Assay, template: Path) -> None:
    assert "\x1b" not in assay("check", template, *OURS).out


def test_quiet_leaves_failures_and_the_last_line(assay: Assay, template: Path) -> None:
    assert len(assay("check", template, *ONLY_HIGH, "--quiet").out.splitlines()) <= 12
