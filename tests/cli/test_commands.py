from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.conftest import Assay
from tests.run.systems import ARCHITECTURE, DATABASE, written


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    text = ARCHITECTURE + "claims: {costs: [{profile: dev, total: 10}]}\n"
    return written(tmp_path / "shop", template__yaml=DATABASE, architecture__yaml=text)


def test_price_prints_every_profile_beside_the_declared_cost(assay: Assay, shop: Path) -> None:
    ended = assay("price", shop)
    assert ended.code == 0
    rows = [line.split() for line in ended.out.splitlines() if line.startswith("shop ")]
    assert [row[:2] for row in rows] == [["shop", "dev"], ["shop", "prod"]]
    assert "10.00 USD" in ended.out


def test_the_lines_of_the_csv_and_json_add_up_to_the_same(assay: Assay, shop: Path) -> None:
    document = json.loads(assay("price", shop, "--format", "json").out)
    dev = document["profiles"][0]
    rows = list(csv.DictReader(assay("price", shop, "--format", "csv").out.splitlines()))
    total = sum(Decimal(row["usd"]) for row in rows if row["profile"] == "dev" and row["usd"])
    assert abs(Decimal(dev["usd"]) - total) < Decimal("0.05")
    assert Decimal(dev["usd"]) == sum(map(Decimal, dev["services"].values()))


def test_price_shows_the_assumption_of_every_line(assay: Assay, shop: Path) -> None:
    ended = assay("price", shop, "--profile", "dev", "--lines")
    assert "RDS/instance-hours" in ended.out


def test_price_writes_a_file(assay: Assay, shop: Path, tmp_path: Path) -> None:
    ended = assay("price", shop, "--format", "csv", "--output", tmp_path / "costs.csv")
    assert ended.out == ""
    assert (tmp_path / "costs.csv").read_text(encoding="utf-8").startswith("system,profile,")


def test_a_report_is_written_whatever_the_findings(
    assay: Assay, shop: Path, tmp_path: Path
) -> None:
    ended = assay("report", shop, "--engine", "assay", "--output", tmp_path / "out" / "r.html")
    assert ended.code == 0
    assert ended.out.rstrip().endswith("r.html")
    page = (tmp_path / "out" / "r.html").read_text(encoding="utf-8")
    assert "BAK-RDS-01" in page
    assert "<!doctype html>" in page.lower()


def test_rules_are_listed_and_chosen(assay: Assay) -> None:
    everything = json.loads(assay("rules", "--format", "json").out)
    backup = json.loads(assay("rules", "--family", "backup", "--format", "json").out)
    assert len(everything) >= 70
    assert {rule["family"] for rule in backup} == {"backup"}
    assert "BAK-RDS-01" in assay("rules", "--type", "AWS::RDS::DBInstance").out


def test_a_rule_is_explained_with_its_examples(assay: Assay) -> None:
    ended = assay("explain", "bak-rds-01")
    assert ended.code == 0
    for words in ("backup_days", "Fix:", "Source:", "PASS", "FAIL", "UNKNOWN", "FailBakRds01"):
        assert words in ended.out


def named_schema(file: Path) -> dict[str, str]:
    """The JSON Schema that a file names for editors."""
    first = file.read_text(encoding="utf-8").splitlines()[0]
    place = file.parent / first.partition("# yaml-language-server: $schema=")[2]
    return json.loads(place.read_text(encoding="utf-8"))


def test_init_writes_files_that_check_reads_and_keeps_those_that_are_there(
    assay: Assay, tmp_path: Path
) -> None:
    folder = written(tmp_path / "new", template__yaml=DATABASE)
    first = assay("init", folder)
    assert first.code == 0
    assert named_schema(folder / "assay.yaml")["title"] == "assay.yaml"
    assert named_schema(folder / "architecture.yaml")["title"] == "architecture.yaml"
    assert "Encrypt: (no default" in (folder / "architecture.yaml").read_text(encoding="utf-8")
    checked = assay("check", folder, "--engine", "assay", "--config", folder / "assay.yaml")
    assert checked.code == 1
    assert "problem" not in checked.out
    (folder / "assay.yaml").write_text("policy: {}\n", encoding="utf-8")
    again = assay("init", folder)
    assert again.out.count("kept") == 2
    assert (folder / "assay.yaml").read_text(encoding="utf-8") == "policy: {}\n"


def test_init_leaves_nested_templates_to_those_that_name_them(assay: Assay, tmp_path: Path) -> None:
    nested = "{Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: parts/child.yaml}}"
    folder = written(tmp_path / "new", top__yaml=f"Resources:\n  Child: {nested}\n")
    written(folder / "parts", child__yaml="Resources: {Bucket: {Type: AWS::S3::Bucket}}\n")

    assay("init", folder)
    checked = assay("check", folder, "--engine", "assay")

    assert not (folder / "parts" / "architecture.yaml").exists()
    assert "child" not in (folder / "architecture.yaml").read_text(encoding="utf-8")
    assert checked.out.count("NET-S3-01") == 1


def test_help_lists_the_commands_and_exit_codes(assay: Assay) -> None:
    text = assay("--help").out
    for words in ("check", "price", "report", "rules", "explain", "init", "Exit codes"):
        assert words in text


def test_an_internal_error_is_one_line(assay: Assay, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("something\nunexpected")

    monkeypatch.setattr("analyzer.cli.options.find_systems", broken)
    ended = assay("check", "x.yaml")
    assert ended.code == 3
    assert ended.err.count("\n") == 1
    assert "internal error: RuntimeError: something unexpected" in ended.err
