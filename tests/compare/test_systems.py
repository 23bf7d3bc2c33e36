"""Systems are paired by their files, and what did not change is not judged twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from analyzer.compare import base_files, systems
from analyzer.compare.systems import Twin, twins
from analyzer.inputs import Deployment, find_systems
from analyzer.repository import find_repository
from tests.scratch import Scratch, scratch

TEMPLATE = """Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {BucketName: one}
  Other:
    Type: AWS::S3::Bucket
"""
NESTED = """Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: inner.yaml}
"""
ARCHITECTURE = """name: shop
stacks: {main: {template: template.yaml, region: eu-west-3}}
profiles: {prod: {}}
"""


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scratch:
    found = scratch(tmp_path / "repository")
    monkeypatch.chdir(found.root)
    return found


@contextmanager
def paired(*given: Path, base: str = "HEAD") -> Iterator[dict[str, Twin]]:
    """The systems of the working tree with those of a commit."""
    here = Path()
    repository = find_repository([here])
    with base_files(repository, repository.commit(base), [here], given) as files:
        head = find_systems([here], Deployment()).systems
        before = find_systems([files.before(here)], Deployment(), lenient=True).systems
        named = [s if s.file else replace(s, name=files.shown(s.name)) for s in before]
        yield {twin.head.name: twin for twin in twins(head, named, [], files, given)}


def test_what_did_not_change_is_the_same(made: Scratch) -> None:
    made.commit(a_yaml=TEMPLATE, b_yaml=TEMPLATE)
    made.write("b.yaml", TEMPLATE.replace("one", "two"))
    with paired() as found:
        assert {name: twin.same for name, twin in found.items()} == {
            "a.yaml": True,
            "b.yaml": False,
        }


@pytest.mark.parametrize("changed", ["shop/template.yaml", "shop/architecture.yaml"])
def test_an_architecture_changes_with_each_of_its_files(made: Scratch, changed: str) -> None:
    made.commit(shop__template_yaml=TEMPLATE, shop__architecture_yaml=ARCHITECTURE)
    made.write(changed, (made.root / changed).read_text() + "# more\n")
    with paired() as found:
        assert not found["shop"].same


def test_another_template_does_not_change_an_architecture(made: Scratch) -> None:
    made.commit(shop__template_yaml=TEMPLATE, shop__architecture_yaml=ARCHITECTURE)
    made.write("other.yaml", TEMPLATE)
    with paired() as found:
        assert found["shop"].same


@pytest.mark.parametrize(
    "spelled", ["AWS::CloudFormation::Stack", '"AWS::\\x43loudFormation::Stack"']
)
def test_a_template_that_reads_others_may_always_have_changed(made: Scratch, spelled: str) -> None:
    made.commit(
        outer_yaml=NESTED.replace("AWS::CloudFormation::Stack", spelled), inner_yaml=TEMPLATE
    )
    with paired() as found:
        assert {name: t.same for name, t in found.items()} == {
            "outer.yaml": False,
            "inner.yaml": True,
        }


def test_a_template_in_utf_16_that_reads_others_may_always_have_changed(made: Scratch) -> None:
    (made.root / "outer.yaml").write_text(NESTED, encoding="utf-16")
    made.commit(inner_yaml=TEMPLATE)
    with paired() as found:
        assert not found["outer.yaml"].same


def test_other_parameters_change_every_template(made: Scratch) -> None:
    made.commit(a_yaml=TEMPLATE, parameters_json="{}")
    given = made.write("parameters.json", "[]")
    with paired(given) as found:
        assert not found["a.yaml"].same


def test_a_moved_template_is_its_own_base(made: Scratch) -> None:
    made.commit(old_yaml=TEMPLATE)
    (made.root / "old.yaml").rename("new.yaml")
    with paired() as found:
        twin = found["new.yaml"]
    assert (twin.base and twin.base.name, twin.same) == ("old.yaml", False)


def test_of_very_many_moved_templates_those_of_one_name_are_compared(
    made: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.commit(one_yaml=TEMPLATE, two_yaml=TEMPLATE.replace("one", "two"))
    (made.root / "deep").mkdir()
    (made.root / "one.yaml").rename("deep/one.yaml")
    (made.root / "two.yaml").rename("deep/other.yaml")
    monkeypatch.setattr(systems, "_MOST", 3)
    with paired() as found:
        assert {name: twin.base and twin.base.name for name, twin in found.items()} == {
            "deep/one.yaml": "one.yaml",
            "deep/other.yaml": None,
        }


def test_a_template_in_the_other_language_is_its_own_base(made: Scratch) -> None:
    made.commit(same_yaml=TEMPLATE)
    (made.root / "same.yaml").unlink()
    made.write("same.json", json.dumps(yaml.safe_load(TEMPLATE), indent=2))
    made.commit()
    with paired(base="HEAD~1") as found:
        twin = found["same.json"]
        assert twin.base is not None
        assert twin.base.name == "same.yaml"


def test_a_copy_is_new(made: Scratch) -> None:
    made.commit(old_yaml=TEMPLATE)
    made.write("new.yaml", TEMPLATE)
    with paired() as found:
        assert found["new.yaml"].base is None


def test_an_architecture_in_another_folder_is_found_by_its_name(made: Scratch) -> None:
    made.commit(shop__template_yaml=TEMPLATE, shop__architecture_yaml=ARCHITECTURE)
    (made.root / "shop").rename("store")
    with paired() as found:
        assert found["shop"].base is not None


def test_a_copied_architecture_is_not_its_originals_base(made: Scratch) -> None:
    made.commit(shop__template_yaml=TEMPLATE, shop__architecture_yaml=ARCHITECTURE)
    made.write("copy/template.yaml", TEMPLATE)
    made.write("copy/architecture.yaml", ARCHITECTURE.replace("shop", "store"))
    with paired() as found:
        assert {name: twin.base is None for name, twin in found.items()} == {
            "shop": False,
            "store": True,
        }


def test_of_two_systems_of_one_name_nothing_is_compared(made: Scratch) -> None:
    made.commit(shop__template_yaml=TEMPLATE, shop__architecture_yaml=ARCHITECTURE)
    made.write("copy/template.yaml", TEMPLATE)
    made.write("copy/architecture.yaml", ARCHITECTURE)
    with paired() as found:
        assert (found["shop"].same, found["shop"].read) == (False, False)
