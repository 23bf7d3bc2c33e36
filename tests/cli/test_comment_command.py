"""`assay comment` and `assay upload` against a host on loopback."""

from __future__ import annotations

import base64
import gzip
import json
import os

import pytest

from analyzer.forges.mark import mark
from tests.forges.fake_host import REPOSITORY, TOKEN, serving

PREFIXES = ("GITHUB_", "GITLAB_", "CI_")
TEXT = f"what it changes\n\n{mark('assay')}\n"


@pytest.fixture
def desk(monkeypatch):
    """No pipeline around us."""
    for name in os.environ:
        if name.startswith(PREFIXES):
            monkeypatch.delenv(name)


@pytest.fixture
def host(desk):
    with serving() as host:
        yield host


@pytest.fixture
def workflow(host, monkeypatch, tmp_path):
    """The environment that GitHub gives to a workflow of a pull request."""
    event = {"number": 7, "pull_request": {"number": 7, "head": {"sha": "ab" * 20}}}
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    given = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_API_URL": host.url,
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_SHA": "cd" * 20,
        "GITHUB_EVENT_PATH": f"{tmp_path}/event.json",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return host


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "assay.comment.md"
    file.write_text(TEXT, encoding="utf-8")
    return file


def test_a_workflow_needs_to_say_nothing(assay, workflow, file):
    assert assay("comment", file).out == "Comment created.\n"
    assert assay("comment", file).out == "Comment updated.\n"
    assert workflow.bodies() == [TEXT]


def test_a_merge_request_of_gitlab_too(assay, host, file, monkeypatch):
    for name, value in {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": host.url,
        "CI_PROJECT_ID": "42",
        "CI_MERGE_REQUEST_IID": "7",
        "GITLAB_TOKEN": TOKEN,
    }.items():
        monkeypatch.setenv(name, value)

    assay("comment", file)
    assert assay("comment", file).code == 0
    assert host.bodies() == [TEXT]


def test_from_a_desk_everything_can_be_said(assay, host, file, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_API_URL", host.url)
    ended = assay(
        "comment", file, "--host", "github", "--repository", REPOSITORY, "--pull-request", 7
    )
    assert ended.code == 0
    assert host.bodies() == [TEXT]


def test_a_second_comment_has_a_name(assay, workflow, file):
    assay("comment", file)
    assay("comment", file, "--name", "network")
    assert [body.splitlines()[-1] for body in workflow.bodies()] == [mark("assay"), mark("network")]


def test_a_fork_may_not_comment_and_that_is_one_line(assay, workflow, file):
    workflow.read_only = True
    ended = assay("comment", file)
    assert ended.code == 3
    assert ended.err.count("\n") == 1
    assert "the comment was not written: GitHub answered 403" in ended.err
    assert "fork" in ended.err
    assert TOKEN not in ended.err + ended.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "give --host"),
        (("--host", "github"), "is no repository"),
        (("--host", "github", "--repository", "a b/c"), "is no repository"),
        (("--host", "github", "--repository", "a/b"), "give --pull-request"),
        (("--host", "github", "--repository", "a/b", "--pull-request", 7), "set GITHUB_TOKEN"),
        (("--host", "gitlab", "--repository", "42", "--pull-request", 7), "set GITLAB_TOKEN"),
    ],
)
def test_what_is_missing_is_said_in_one_line(assay, desk, file, options, message):
    ended = assay("comment", file, *options)
    assert ended.code == 2
    assert message in ended.err
    assert ended.err.count("\n") == 1


def test_a_comment_that_is_too_long_is_not_sent(assay, workflow, file):
    file.write_text("x" * 70_000, encoding="utf-8")
    ended = assay("comment", file)
    assert ended.code == 2
    assert "65,536 characters" in ended.err
    assert workflow.asked == []


def test_a_file_that_is_not_there_or_no_text_is_one_line(assay, workflow, file, tmp_path):
    assert "cannot read" in assay("comment", tmp_path / "nothing.md").err
    file.write_bytes(b"\xff\xfe\xfd")
    assert "is no UTF-8 text" in assay("comment", file).err


def test_an_empty_file_is_no_comment(assay, workflow, file):
    file.write_text("\n", encoding="utf-8")
    ended = assay("comment", file)
    assert (ended.code, workflow.asked) == (2, [])
    assert ended.err == f"assay: '{file}' is empty\n"


def test_sarif_reaches_code_scanning(assay, workflow, tmp_path):
    file = tmp_path / "assay.sarif"
    file.write_text('{"version": "2.1.0"}', encoding="utf-8")

    assert assay("upload", file).code == 0
    sent = workflow.uploads[0]
    assert (sent["commit_sha"], sent["ref"]) == ("cd" * 20, "refs/pull/7/merge")
    assert gzip.decompress(base64.b64decode(sent["sarif"])) == file.read_bytes()


def test_what_code_scanning_would_show_as_a_failure_is_left_out_and_counted(
    assay, workflow, tmp_path
):
    file = tmp_path / "assay.sarif"
    driver = {"name": "assay"}
    results = [{"kind": "open"}, {"kind": "open"}, {"suppressions": [{"kind": "external"}]}]
    runs = [{"tool": {"driver": driver}, "results": results}]
    file.write_text(json.dumps({"runs": runs}), encoding="utf-8")

    ended = assay("upload", file)
    assert ended.out == "Handed to code scanning: 0 results; left out: 2 unknown, 1 waived.\n"


def test_a_part_of_a_commit_is_named_without_slashes_around(assay, workflow, tmp_path):
    file = tmp_path / "assay.sarif"
    runs = [{"tool": {"driver": {"name": "assay"}}, "results": []}]
    file.write_text(json.dumps({"runs": runs}), encoding="utf-8")

    assert assay("upload", file, "--category", "/shop/web/").code == 0
    (run,) = json.loads(gzip.decompress(base64.b64decode(workflow.uploads[0]["sarif"])))["runs"]
    assert run["automationDetails"] == {"id": "shop/web/assay/"}


def test_sarif_that_code_scanning_would_refuse_for_its_size_is_not_sent(
    assay, workflow, tmp_path, monkeypatch
):
    monkeypatch.setattr("analyzer.forges.github._LARGEST", 10)
    file = tmp_path / "assay.sarif"
    file.write_text('{"version": "2.1.0"}', encoding="utf-8")

    ended = assay("upload", file)
    assert (ended.code, workflow.uploads) == (2, [])
    assert "too large for code scanning" in ended.err


def test_what_is_no_sarif_is_not_sent(assay, workflow, tmp_path):
    file = tmp_path / "assay.sarif"
    file.write_text("not json", encoding="utf-8")
    ended = assay("upload", file)
    assert (ended.code, workflow.asked) == (2, [])
    assert "is no SARIF" in ended.err


def test_where_code_scanning_is_off_it_is_one_line(assay, workflow, tmp_path):
    workflow.read_only = True
    (tmp_path / "assay.sarif").write_text("{}", encoding="utf-8")
    ended = assay("upload", tmp_path / "assay.sarif")
    assert ended.code == 3
    assert "code scanning did not take it: GitHub answered 403" in ended.err


def test_upload_outside_a_workflow_says_what_is_missing(assay, desk, tmp_path):
    assert "give --repository, --commit and --ref" in assay("upload", tmp_path / "x.sarif").err
