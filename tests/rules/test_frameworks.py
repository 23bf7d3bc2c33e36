"""The built-in frameworks: each says where it comes from, and names rules that there are."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from analyzer.content import content
from analyzer.engines.merge import equivalents
from tests.rules.pack import RULES

FILES = sorted((content("rules") / "frameworks").glob("*.yaml"))
CONTROL = {
    "aws-fsbp": r"[A-Z][A-Za-z0-9]*\.\d+",
    "cis-aws-3.0": r"\d\.\d+(\.\d+)?",
    "cis-aws-5.0": r"\d\.\d+(\.\d+)?",
    "iso-27001-2022": r"A\.[5-8]\.\d+",
    "nist-800-53-r5": r"[A-Z]{2}-\d+(\([0-9a-z]+\))*",
    "pci-dss-4.0": r"A?\d{1,2}\.\d+(\.\d+){1,2}",
    "soc2": r"(CC[1-9]|A1|C1|PI1)\.\d",
    "well-architected": r"[A-Z]+\d{2}-BP\d{2}",
}
each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def read(file: Path) -> dict[str, Any]:
    written: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return written


def later() -> dict[str, str]:
    """Rules of the catalogue that nothing judges yet, and why."""
    with Path(__file__).with_name("later_rules.csv").open(encoding="utf-8") as stream:
        return {row["rule"]: row["reason"] for row in csv.DictReader(stream)}


def test_these_are_the_frameworks() -> None:
    assert {file.stem for file in FILES} == set(CONTROL)


@each_file
def test_a_framework_says_where_it_comes_from(file: Path) -> None:
    written = read(file)
    assert written["id"] == file.stem
    assert written["title"]
    assert written["source"].startswith("https://")
    assert isinstance(written["date"], date)


@each_file
def test_a_framework_holds_ids_of_its_controls_and_no_text(file: Path) -> None:
    controls = [id_ for ids in read(file)["controls"].values() for id_ in ids]
    assert [id_ for id_ in controls if not re.fullmatch(CONTROL[file.stem], id_)] == []


@each_file
def test_a_framework_names_each_rule_and_each_of_its_controls_once(file: Path) -> None:
    keys = re.findall(r"^  ([A-Z0-9-]+):", file.read_text(encoding="utf-8"), re.MULTILINE)
    controls = read(file)["controls"]
    assert len(keys) == len(set(keys)) == len(controls)
    assert all(len(ids) == len(set(ids)) > 0 for ids in controls.values())


@each_file
def test_a_framework_names_rules_that_exist_or_come_later(file: Path) -> None:
    assert read(file)["controls"].keys() - RULES.keys() - later().keys() == set()


def test_what_comes_later_is_named_somewhere_and_judged_nowhere() -> None:
    named = {rule for file in FILES for rule in read(file)["controls"]}
    named.update(rule for rules in equivalents().values() for rule in rules)
    assert later().keys() - named == set()
    assert later().keys() & RULES.keys() == set(), "no longer later"
    assert all(later().values())
