from __future__ import annotations

import re
from pathlib import Path

import pytest

from analyzer.docs import documents

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@pytest.mark.parametrize("path", list(documents()), ids=str)
def test_generated_files_are_what_the_code_says(path: Path) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == documents()[path], "run `make docs`"


@pytest.mark.parametrize("file", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")))
def test_links_between_pages_lead_somewhere(file: Path) -> None:
    for target in LINK.findall(file.read_text(encoding="utf-8")):
        assert (file.parent / target).exists(), target


def test_pages_speak_of_the_project_alone() -> None:
    files = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("architectures/*/*.md")]
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert "/work/" not in text
        assert "TODO" not in text
