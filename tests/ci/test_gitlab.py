"""The example job for GitLab: its own lines, in the environment that GitLab gives."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass

import pytest
import yaml
from junitparser import JUnitXml

from tests.ci.commands import ROOT, environment, with_assay
from tests.ci.test_action import CLOSED, OPEN
from tests.forges.fake_host import TOKEN, Host, serving
from tests.scratch import Scratch, scratch

PIPELINE = yaml.safe_load((ROOT / "docs" / "ci" / "gitlab-ci.yml").read_text(encoding="utf-8"))
JOB = PIPELINE["assay"]
_VENV = "/tmp/assay"  # noqa: S108 - what the example's image has to itself


@dataclass
class Runner:
    """A merge request's job; the virtual environment is this checkout's."""

    repository: Scratch
    host: Host
    base: str

    def run(self, **more: str) -> subprocess.CompletedProcess[str]:
        """The job's script, as one shell runs it, line after line, until one fails."""
        lines = [line.replace(_VENV, "../assay") for line in JOB["script"]]
        given = {
            **{name: str(value) for name, value in PIPELINE["variables"].items()},
            "GITLAB_CI": "true",
            "CI_API_V4_URL": self.host.url,
            "CI_PROJECT_ID": "42",
            "CI_PROJECT_URL": "https://gitlab.example.com/acme/infra",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": self.base,
            "CI_COMMIT_SHA": self.repository.git("rev-parse", "HEAD"),
            "GITLAB_TOKEN": TOKEN,
            **more,
        }
        return subprocess.run(
            ["sh", "-e", "-c", "\n".join(lines)],  # noqa: S607 - the image's shell
            cwd=self.repository.root, env=environment(**given),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip

    def push(self, before: str) -> subprocess.CompletedProcess[str]:
        """The job of a push to the default branch."""
        none = {"CI_MERGE_REQUEST_IID": "", "CI_MERGE_REQUEST_DIFF_BASE_SHA": ""}
        return self.run(**none, CI_COMMIT_BEFORE_SHA=before)

    def report(self, name: str) -> str:
        """A file that the job leaves."""
        return (self.repository.root / name).read_text(encoding="utf-8")


@pytest.fixture
def job(tmp_path):
    repository = scratch(tmp_path / "project")
    base = repository.commit(template_yaml=CLOSED)
    repository.commit(template_yaml=OPEN)
    with_assay(tmp_path / "assay")
    with serving() as host:
        host.user = {"username": host.writer}
        yield Runner(repository, host, base)


def test_the_change_fails_its_job_and_has_one_note(job):
    assert job.run().returncode == 1
    ended = job.run()

    assert ended.returncode == 1, ended.stdout
    [note] = job.host.bodies()
    assert "NET-SG-01" in note
    assert "https://gitlab.example.com/acme/infra/-/blob/" in note


def test_it_leaves_every_report_that_it_promises(job):
    job.run()
    promised = JOB["artifacts"]
    for name in [*promised["paths"], *promised["reports"].values()]:
        assert job.report(name)


def test_code_quality_and_junit_are_what_gitlab_reads(job):
    job.run()
    entries = json.loads(job.report("assay.codequality.json"))
    assert {"template.yaml"} == {entry["location"]["path"] for entry in entries}
    failed = JUnitXml.fromstring(job.report("assay.xml").encode()).failures
    assert 0 < failed < len(entries)  # the bucket's were there before


def test_a_fork_without_the_token_is_judged(job):
    ended = job.run(GITLAB_TOKEN="")
    assert ended.returncode == 1
    assert job.host.asked == []


def test_a_token_that_may_not_write_changes_no_result(job):
    job.host.read_only = True
    ended = job.run()
    assert ended.returncode == 1
    assert "The comment was not written." in ended.stdout
    assert TOKEN not in ended.stdout


def test_a_push_to_the_default_branch_is_judged_against_what_it_was(job):
    ended = job.push(job.base)
    assert ended.returncode == 1
    assert "NET-SG-01" in ended.stdout
    assert "NET-S3-01" not in ended.stdout
    assert job.host.asked == []


def test_a_push_that_opens_nothing_passes_whatever_was_there(job):
    before = job.repository.git("rev-parse", "HEAD")
    job.repository.commit(template_yaml=OPEN.replace("Web", "The web"))
    assert job.push(before).returncode == 0


@pytest.mark.parametrize("before", ["0" * 40, "1" * 40, ""])
def test_where_nothing_stood_before_all_is_judged(job, before):
    ended = job.push(before)
    assert ended.returncode == 1
    assert "NET-S3-01" in ended.stdout


def test_the_job_runs_for_merge_requests_and_keeps_the_history():
    assert any("merge_request_event" in rule["if"] for rule in JOB["rules"])
    assert JOB["variables"]["GIT_DEPTH"] == "0"
    assert all(" -I " in line for line in JOB["before_script"] if "python" in line)
    script = "\n".join(JOB["script"])
    assert script.count("/bin/python -I /tmp/assay/bin/assay") == script.count("/bin/assay") > 0
