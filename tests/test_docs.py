from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from analyzer.docs import documents

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@pytest.mark.parametrize("path", list(documents()), ids=str)
def test_generated_files_are_what_the_code_says(path: Path) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == documents()[path], "run `make docs`"


@pytest.mark.parametrize("file", sorted(ROOT.glob("architectures/*/architecture.yaml")), ids=str)
def test_every_architecture_fits_the_schema_that_editors_use(file: Path) -> None:
    schema = json.loads((ROOT / "docs/schema/architecture.json").read_text(encoding="utf-8"))
    written = json.loads(json.dumps(yaml.safe_load(file.read_text(encoding="utf-8")), default=str))
    jsonschema.Draft202012Validator.check_schema(schema)
    errors = [
        error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(written)
    ]
    assert errors == []


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
