"""`assay diagram`: where pictures go, and what a wrong question is told."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from analyzer.content import content
from tests.cli.conftest import Assay

WEBMARKET = content("architectures") / "webmarket"


def test_one_profile_is_one_file(assay: Assay, tmp_path: Path):
    file = tmp_path / "webmarket.svg"

    told = assay("diagram", WEBMARKET, "--profile", "prod", "-o", file)

    assert told.code == 0
    root = ET.parse(file).getroot()  # noqa: S314 - our own file
    assert root.tag.endswith("svg")
    assert "style" in {node.tag.rpartition("}")[2] for node in root}


def test_a_picture_speaks_french(assay: Assay, tmp_path: Path):
    file = tmp_path / "webmarket.svg"

    told = assay("diagram", WEBMARKET, "--profile", "prod", "-o", file, "--language", "fr")

    assert told.code == 0
    text = file.read_text(encoding="utf-8")
    assert ">Nuage AWS<" in text
    assert "AWS cloud" not in text


def test_a_language_that_the_report_lacks_is_told(assay: Assay, tmp_path: Path):
    told = assay("diagram", WEBMARKET, "-o", tmp_path, "--language", "xx")

    assert (told.code, told.err.count("\n")) == (2, 1)


def test_folder_gets_a_file_for_each_profile(assay: Assay, tmp_path: Path):
    told = assay("diagram", WEBMARKET, "-o", tmp_path)

    assert told.code == 0
    assert {file.name for file in tmp_path.iterdir()} == {
        "webmarket-dev.svg",
        "webmarket-dev-scheduled.svg",
        "webmarket-load-100.svg",
        "webmarket-prod.svg",
    }


def test_one_picture_goes_to_standard_output(assay: Assay):
    told = assay("diagram", WEBMARKET, "--profile", "prod")

    assert told.code == 0
    assert told.out.startswith("<svg ")
    assert told.out.endswith("</svg>\n")


@pytest.mark.parametrize("where", [(), ("-o", "one.svg")])
def test_several_pictures_need_a_folder(assay: Assay, where: tuple[str, ...]):
    told = assay("diagram", WEBMARKET, *where)

    assert told.code == 2
    assert "there are 4 pictures" in told.err


def test_file_is_no_folder(assay: Assay, tmp_path: Path):
    (tmp_path / "taken").write_text("mine", encoding="utf-8")

    told = assay("diagram", WEBMARKET, "-o", tmp_path / "taken")

    assert told.code == 2
    assert "is no folder" in told.err
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_profile_that_is_not_there_is_named(assay: Assay):
    told = assay("diagram", WEBMARKET, "--profile", "production")

    assert told.code == 2
    assert "there is no profile 'production'" in told.err


def test_template_that_cannot_be_read_is_told_and_the_others_are_drawn(
    assay: Assay, tmp_path: Path
):
    (tmp_path / "good.yaml").write_text("Resources: {Topic: {Type: AWS::SNS::Topic}}")
    (tmp_path / "bad.yaml").write_text(
        "Resources: {Topic: {Type: AWS::SNS::Topic, Condition: [a]}}"
    )

    told = assay("diagram", tmp_path, "-o", tmp_path / "out")

    assert told.code == 2
    assert "bad.yaml" in told.err
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["good.svg"]


def test_names_of_files_come_from_no_path(assay: Assay, tmp_path: Path):
    template = tmp_path / "..  odd & name.yaml"
    template.write_text("Resources: {Topic: {Type: AWS::SNS::Topic}}")

    told = assay("diagram", template, "-o", tmp_path / "out")

    assert told.code == 0
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["odd-name.svg"]


def test_templates_of_one_name_are_files_of_their_own(assay: Assay, tmp_path: Path):
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "shop.yaml").write_text("Resources: {A: {Type: 'AWS::SNS::Topic'}}\n")

    told = assay("diagram", *(tmp_path / name for name in "abc"), "-o", tmp_path / "out")

    assert told.code == 0
    drawn = {file.name for file in (tmp_path / "out").iterdir()}
    assert drawn == {"shop.svg", "shop-2.svg", "shop-3.svg"}
