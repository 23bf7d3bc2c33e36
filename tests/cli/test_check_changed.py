"""`assay check --changed`: called with whatever has changed."""

from __future__ import annotations

import pytest

from tests.run.systems import ARCHITECTURE, DATABASE, written
from tests.scratch import scratch


@pytest.fixture
def repository(tmp_path):
    (tmp_path / ".git").mkdir()
    written(tmp_path / "shop", template__yaml=DATABASE, architecture__yaml=ARCHITECTURE)
    written(tmp_path / "alone", compose__yaml="services: {}\n", broken__yaml=f"{DATABASE}\n  - {{")
    return tmp_path


def test_files_of_which_none_is_a_template_are_no_failure(assay, repository):
    ended = assay("check", "--changed", "--engine", "assay", repository / "alone" / "compose.yaml")
    assert (ended.code, ended.err) == (0, "")
    assert "Nothing was judged." in ended.out


def test_a_template_of_an_architecture_is_judged_in_its_profiles(assay, repository):
    ended = assay("check", "--changed", "--engine", "assay", "shop/template.yaml", "alone/none.md")
    assert ended.code == 1
    assert "in 2 profiles of 1 system." in ended.out


def test_a_template_that_cannot_be_read_is_no_file_to_leave(assay, repository):
    ended = assay("check", "--changed", "--engine", "assay", "alone/broken.yaml")
    assert ended.code == 2
    assert "broken.yaml" in ended.out


def test_beside_a_base_too_files_of_which_none_is_a_template_are_no_failure(
    assay, tmp_path, monkeypatch
):
    made = scratch(tmp_path / "made")
    made.commit(compose_yaml="services: {}\n")
    monkeypatch.chdir(made.root)
    against = ("check", "--changed", "--base", "HEAD", "--engine", "assay")

    ended = assay(*against, "compose.yaml")
    assert (ended.code, ended.err) == (0, "")
    made.write("template.yaml", DATABASE)
    assert assay(*against, "compose.yaml", "template.yaml").code == 1
