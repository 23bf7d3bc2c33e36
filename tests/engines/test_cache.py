"""What an answer depends on is in its key; what is kept comes back whole."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from analyzer.engines import Cache, EngineSettings, default_cache
from analyzer.engines.cache import Kept, key_of
from analyzer.engines.cfn_lint import CFN_LINT
from analyzer.engines.checkov import CHECKOV
from analyzer.engines.engine import Record, Tool
from analyzer.findings import Severity, Verdict

TOOL = Tool(("checkov",), "3.0.0")
SETTINGS = EngineSettings()
RECORD = Record(
    rule="CKV_AWS_16",
    title="encrypted",
    verdict=Verdict.FAIL,
    severity=Severity.MEDIUM,
    family="encryption",
    resource="Database",
    line=6,
)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "a.yaml"
    file.write_text("Resources: {}\n", encoding="utf-8")
    return file


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setattr(Path, "home", lambda: folder)
    return folder


def test_the_key_is_of_the_content_and_not_of_the_name(template: Path) -> None:
    before = key_of(CHECKOV, TOOL, SETTINGS, (), template)
    moved = template.rename(template.with_name("b.yaml"))
    assert key_of(CHECKOV, TOOL, SETTINGS, (), moved) == before
    moved.write_text("Resources: {A: {}}\n", encoding="utf-8")
    assert key_of(CHECKOV, TOOL, SETTINGS, (), moved) != before


def test_another_version_or_engine_is_another_key(template: Path) -> None:
    keys = {
        key_of(CHECKOV, TOOL, SETTINGS, (), template),
        key_of(CHECKOV, replace(TOOL, version="3.0.1"), SETTINGS, (), template),
        key_of(CFN_LINT, TOOL, SETTINGS, (), template),
    }
    assert len(keys) == 3


def test_only_an_engine_that_looks_at_regions_has_them_in_its_key(template: Path) -> None:
    def keys(engine: object) -> set[str]:
        return {
            key_of(engine, TOOL, SETTINGS, regions, template)
            for regions in (("eu-west-1",), ("eu-west-3",), ("eu-west-1", "eu-west-3"))
        }

    assert len(keys(CFN_LINT)) == 3
    assert len(keys(CHECKOV)) == 1


def test_the_users_own_configuration_is_in_the_key(template: Path, home: Path) -> None:
    before = key_of(CHECKOV, TOOL, SETTINGS, (), template)
    home.joinpath(".checkov.yaml").write_text("skip-check: [CKV_AWS_16]\n", encoding="utf-8")
    assert key_of(CHECKOV, TOOL, SETTINGS, (), template) != before


def test_a_nested_template_is_in_the_key(template: Path) -> None:
    template.write_text("TemplateURL: nested.yaml\n", encoding="utf-8")
    before = key_of(CFN_LINT, TOOL, SETTINGS, (), template)
    template.with_name("nested.yaml").write_text("Resources: {}\n", encoding="utf-8")
    assert key_of(CFN_LINT, TOOL, SETTINGS, (), template) != before


def test_an_answer_comes_back_whole(tmp_path: Path) -> None:
    cache, answer = Cache(tmp_path / "cache"), Kept((RECORD,), "cannot parse it")
    cache.put("checkov", "abcdef", answer)
    assert cache.get("checkov", "abcdef") == answer
    assert cache.get("cfn-lint", "abcdef") is None


def test_nothing_half_written_is_ever_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path / "cache")
    cache.put("checkov", "abcdef", Kept((RECORD,)))

    def interrupted(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", interrupted)
    cache.put("checkov", "abcdef", Kept())
    assert cache.get("checkov", "abcdef") == Kept((RECORD,))
    assert [file.suffix for file in tmp_path.rglob("*.*")] == [".json"]


def test_what_is_kept_names_no_file(tmp_path: Path) -> None:
    Cache(tmp_path).put("checkov", "abcdef", Kept((RECORD,)))
    (file,) = tmp_path.rglob("*.json")
    assert set(json.loads(file.read_text())) == {"records", "unread"}
    assert str(tmp_path) not in file.read_text()


def test_a_folder_that_may_only_be_read_still_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path)
    cache.put("checkov", "abcdef", Kept((RECORD,)))

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.utime", refused)
    assert cache.get("checkov", "abcdef") == Kept((RECORD,))


def test_a_cache_that_is_off_keeps_nothing() -> None:
    cache = Cache(None)
    cache.put("checkov", "abcdef", Kept((RECORD,)))
    assert cache.get("checkov", "abcdef") is None


@pytest.mark.parametrize("word", ["off", "OFF", "0", "no", "false"])
def test_the_environment_turns_it_off(word: str) -> None:
    assert default_cache({"ASSAY_CACHE": word}) == Cache(None)


def test_the_environment_says_where_it_is(home: Path, tmp_path: Path) -> None:
    assert default_cache({"ASSAY_CACHE": "/x"}) == Cache(Path("/x"))
    assert default_cache({"XDG_CACHE_HOME": "/y"}) == Cache(Path("/y/assay"))
    assert default_cache({}) == Cache(home / ".cache" / "assay")


def test_a_user_without_a_home_keeps_nothing(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)
    assert default_cache({}) == Cache(None)
    assert key_of(CHECKOV, TOOL, SETTINGS, (), template)
