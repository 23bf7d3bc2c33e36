"""What files that changed ask to be judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.changed_files import concerned
from tests.run.systems import ARCHITECTURE, DATABASE, written


@pytest.fixture
def repository(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    written(tmp_path / "shop", template__yaml=DATABASE, architecture__yaml=ARCHITECTURE)
    written(tmp_path / "shop" / "usage", dev__json="{}")
    written(tmp_path / "alone", template__yaml=DATABASE, compose__yaml="services: {}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_of_an_architecture_asks_for_it_once(repository):
    files = [Path("shop/template.yaml"), Path("shop/usage/dev.json"), Path("shop/gone.yaml")]
    assert concerned(files) == [Path("shop/architecture.yaml")]


def test_a_template_of_none_asks_for_itself(repository):
    assert concerned([Path("alone/template.yaml")]) == [Path("alone/template.yaml")]


def test_what_is_no_template_is_left(repository):
    assert concerned([Path("alone/compose.yaml"), Path("README.md"), Path("gone.json")]) == []


def test_an_architecture_above_the_present_folder_is_found(repository, monkeypatch):
    monkeypatch.chdir("shop/usage")
    assert concerned([Path("dev.json")]) == [repository / "shop" / "architecture.yaml"]


def test_an_architecture_outside_the_repository_is_not_looked_for(repository):
    written(repository.parent, architecture__yaml=ARCHITECTURE)
    assert concerned([repository / "alone" / "template.yaml"]) == [
        repository / "alone" / "template.yaml"
    ]
