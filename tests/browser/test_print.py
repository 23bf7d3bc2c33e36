"""The report on paper: everything that folds stands open, in pages of text that can be searched."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.browser.conftest import FLAGS, NAMES

Open = Callable[..., Any]


def text_of(pdf: bytes) -> str:
    """All pages' text on one line."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_page_printed_by_the_browser_has_every_fold_open(
    browser: Any, pages: Callable[[str], Path], tmp_path: Path
) -> None:
    file = tmp_path / "report.pdf"
    chromium = next(filter(None, map(shutil.which, NAMES)))
    asked = [f"--print-to-pdf={file}", "--no-pdf-header-footer", f"--user-data-dir={tmp_path}/user"]
    call = [chromium, *FLAGS, *asked, pages("change").as_uri()]
    subprocess.run(call, check=True, capture_output=True, timeout=120)
    text = text_of(file.read_bytes())
    assert "LaunchTemplateData/BlockDeviceMappings/0/Ebs" in text  # a finding's facts
    assert "+ Encrypted: true" in text  # a fix's patch
    assert "costs nothing by itself" in text  # every charge
    assert "its content is backed up by AWS Backup" in text  # what was skipped


def test_a_french_page_prints_in_french(opened: Open) -> None:
    text = text_of(opened(of="french").page.pdf())
    assert "Engagements déclarés" in text
    assert "Coût mensuel" in text
    assert "StorageEncrypted replaces the database" in text


def test_a_choice_begins_on_the_first_page(opened: Open) -> None:
    reader = PdfReader(io.BytesIO(opened("#moodle.medium", of="change").page.pdf()))
    assert "Verdicts by family" in reader.pages[0].extract_text()


def test_web_addresses_are_written_out(opened: Open) -> None:
    text = text_of(opened("#rules").page.pdf()).replace(" ", "")
    assert "https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md" in text


def test_controls_stand_on_one_line(opened: Open) -> None:
    page = opened("#frameworks", of="big", width=690).page
    page.emulate_media(media="print")
    lines = page.locator(".controls tbody th").evaluate_all(
        """all => all.map((each) => {
          each.textContent = "REL09-BP03";
          const text = document.createRange();
          text.selectNodeContents(each.firstChild);
          return text.getClientRects().length;
        })"""
    )
    assert set(lines) == {1}


def test_pages_are_numbered_and_none_is_empty(opened: Open) -> None:
    reader = PdfReader(io.BytesIO(opened(of="change").page.pdf(prefer_css_page_size=True)))
    texts = [page.extract_text().strip() for page in reader.pages]
    assert all(re.search(rf"\b{n} / {len(texts)}", text) for n, text in enumerate(texts, 1))
    assert [n for n, text in enumerate(texts, 1) if len(text) < 40] == []


@pytest.mark.parametrize("fragment", ["#severity=critical&system=orders-0"])
def test_a_choice_of_a_big_run_prints_all_of_its_rows(opened: Open, fragment: str) -> None:
    page = opened(fragment, of="big").page
    page.locator(".list .finding").first.wait_for()
    text = text_of(page.pdf()).replace(" ", "")
    drawn = set(page.locator(".part:not(.away) .list .resource").all_inner_texts())
    assert len(drawn) > 100
    assert {name for name in drawn if name not in text} == set()
    assert "Property0:0" in text
