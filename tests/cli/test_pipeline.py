"""What pipelines say of themselves, and what is made of it."""

from __future__ import annotations

import json

import pytest

from analyzer.cli.pipeline import links_of, pipeline_of
from analyzer.model import Location

HEAD = "ab" * 20
MERGE = "cd" * 20


@pytest.fixture
def event(tmp_path):
    def write(content: object) -> dict[str, str]:
        (tmp_path / "event.json").write_text(json.dumps(content), encoding="utf-8")
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_REPOSITORY": "acme/infra",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_SHA": MERGE,
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_EVENT_PATH": f"{tmp_path}/event.json",
        }

    return write


PULL = {"pull_request": {"number": 7, "head": {"sha": HEAD}}}


def test_a_pull_request_is_the_commit_of_its_author_not_the_merge(event):
    found = pipeline_of(event(PULL))
    assert (found.number, found.commit, found.built) == (7, HEAD, MERGE)


@pytest.mark.parametrize("content", [[], "x", {}, {"pull_request": None}, {"pull_request": []}])
def test_an_odd_event_is_no_fault(event, content):
    assert pipeline_of(event(content)).commit == MERGE


def test_links_lead_to_the_file_as_it_was_reviewed(event, tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    monkeypatch.chdir(tmp_path / "infra")

    links = links_of(event(PULL))
    page = links.of(Location("net/a b.yaml", 12))
    assert page == f"https://github.com/acme/infra/blob/{HEAD}/infra/net/a%20b.yaml#L12"
    assert links.of(Location(f"{tmp_path.parent}/x.yaml", 1)) == ""


@pytest.mark.parametrize(
    "odd",
    [
        {"GITHUB_SERVER_URL": "javascript:alert(1)//"},
        {"GITHUB_SERVER_URL": "https://x) [y](https://z"},
        {"GITHUB_SERVER_URL": "https://[x"},
        {"GITHUB_REPOSITORY": "a/b c"},
    ],
)
def test_what_makes_no_link_makes_none(event, odd):
    assert links_of({**event(PULL), **odd}) is None


def test_a_commit_that_is_none_makes_no_link(event):
    assert links_of({**event({}), "GITHUB_SHA": "HEAD"}) is None


def test_gitlab_tells_the_same(monkeypatch, tmp_path):
    given = {
        "GITLAB_CI": "true",
        "CI_PROJECT_ID": "42",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_COMMIT_SHA": HEAD,
        "CI_PROJECT_URL": "https://gitlab.example.com/acme/infra",
    }
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    assert (pipeline_of(given).project, pipeline_of(given).number) == ("42", 7)
    page = links_of(given).of(Location("a.yaml", 3))
    assert page == f"https://gitlab.example.com/acme/infra/-/blob/{HEAD}/a.yaml#L3"


def test_on_a_desk_there_is_no_pipeline_and_no_link():
    assert pipeline_of({}).host == ""
    assert links_of({}) is None
