"""`--language`: the page's own words, asked for by the commands that write one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Assay
from tests.run.systems import ARCHITECTURE, DATABASE, written

FRENCH = '<html lang="fr">'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return written(tmp_path / "shop", template__yaml=DATABASE, architecture__yaml=ARCHITECTURE)


@pytest.mark.parametrize("command", ["report", "check"])
def test_a_page_is_written_in_french(assay: Assay, shop: Path, command: str) -> None:
    assay(command, shop, "--engine", "assay", "--output", "page.html", "--language", "fr")
    assert FRENCH in Path("page.html").read_text(encoding="utf-8")


def test_other_formats_stay_as_they_are(assay: Assay, shop: Path) -> None:
    asked = ("check", shop, "--engine", "assay", "--format", "csv")
    assert assay(*asked, "--language", "fr").out == assay(*asked).out


@pytest.mark.parametrize("command", ["report", "check"])
def test_an_unknown_language_is_refused_in_one_line(assay: Assay, shop: Path, command: str) -> None:
    ended = assay(command, shop, "--language", "de")
    assert ended.code == 2
    assert "there is no language 'de'" in ended.err
    assert "there is en, fr" in ended.err
