"""The action's own shell steps, in the environment that GitHub gives, on a change of a template."""

from __future__ import annotations

import base64
import gzip
import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from tests.ci.commands import ROOT, installs, with_assay
from tests.ci.composite import ACTION, Ended, event, run_action
from tests.forges.fake_host import REPOSITORY, TOKEN, Host, serving
from tests.scratch import Scratch, scratch

CLOSED = """\
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Web
      SecurityGroupIngress:
        - {Description: web, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}
  Bucket:
    Type: AWS::S3::Bucket
"""
OPEN = CLOSED.replace("443", "22").replace("10.0.0.0/8", "0.0.0.0/0")
DATABASE = """\
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: mysql, DBInstanceClass: db.t3.small, BackupRetentionPeriod: !Ref Days}
"""
INSTALL = "Install assay"


@dataclass
class Job:
    """A pull request's job: the repository, the host, and what is done to it."""

    repository: Scratch
    runner: Path
    host: Host
    inputs: dict[str, str] = field(default_factory=dict)

    def push(self, text: str) -> None:
        """A commit of the pull request, merged with its target as GitHub checks it out."""
        self.repository.git("checkout", "--quiet", "-B", "change", "main")
        self.head = self.repository.commit(template_yaml=text)
        self.repository.git("checkout", "--quiet", "--detach", "main")
        self.repository.git("merge", "--quiet", "--no-ff", "--message", "Merge", "change")

    def run(self, *, skip: frozenset[str] = frozenset({INSTALL}), **more: str) -> Ended:
        """The action, once."""
        github = {
            "TOKEN": TOKEN,
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.host.url,
            "GITHUB_BASE_REF": "main",
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": event(self.runner, 7, self.head),
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_SHA": self.repository.git("rev-parse", "HEAD"),
            **more,
        }
        return run_action(self.repository.root, self.runner, self.inputs, github, skip=set(skip))

    def run_for(self, name: str, ref: str, **told: object) -> Ended:
        """The action, once, for another event than a pull request's."""
        file = self.runner / f"{name}.json"
        file.write_text(json.dumps(told), encoding="utf-8")
        return self.run(
            GITHUB_EVENT_NAME=name,
            GITHUB_EVENT_PATH=f"{file}",
            GITHUB_BASE_REF="",
            GITHUB_REF=ref,
        )


@pytest.fixture
def job(tmp_path):
    repository = scratch(tmp_path / "workspace")
    base = repository.commit(template_yaml=CLOSED)
    repository.git("update-ref", "refs/remotes/origin/main", base)
    runner = tmp_path / "runner"
    with_assay(runner / "assay")
    with serving() as host:
        yield Job(repository, runner, host)


def test_what_the_change_opens_fails_it_and_what_was_there_does_not(job):
    job.push(OPEN)
    ended = job.run()

    assert ended.code == 1, ended.log
    assert ended.outputs["exit-code"] == "1"
    [comment] = job.host.bodies()
    assert "NET-SG-01" in comment
    assert "NET-S3-01" not in comment


def test_a_change_that_opens_nothing_passes(job):
    job.push(CLOSED.replace("Web", "The web"))
    ended = job.run()

    assert ended.code == 0, ended.log
    assert "no new failure" in job.host.bodies()[0]


def test_two_pushes_are_one_comment_with_the_second_text(job):
    job.push(OPEN)
    job.run()
    job.push(CLOSED)
    job.run()

    [comment] = job.host.bodies()
    assert "no new failure" in comment


def test_the_comment_links_to_the_commit_that_is_reviewed(job):
    job.push(OPEN)
    job.run()
    assert f"/{REPOSITORY}/blob/{job.head}/template.yaml#L" in job.host.bodies()[0]


def test_the_summary_holds_what_the_comment_says(job):
    job.push(OPEN)
    assert job.run().summary.strip() == job.host.bodies()[0].strip()


def test_code_scanning_gets_the_findings_of_the_commit_that_was_judged(job):
    job.push(OPEN)
    job.run()

    [sent] = job.host.uploads
    assert sent["ref"] == "refs/pull/7/merge"
    assert sent["commit_sha"] == job.repository.git("rev-parse", "HEAD")
    document = json.loads(gzip.decompress(base64.b64decode(sent["sarif"])))
    new = {r["ruleId"] for r in document["runs"][0]["results"] if r["baselineState"] == "new"}
    assert "NET-SG-01" in new
    assert "NET-S3-01" not in new


@pytest.mark.parametrize(("strict", "kinds"), [("false", {"fail"}), ("true", {"fail", "open"})])
def test_code_scanning_gets_what_counts_under_the_name_of_the_job(job, strict, kinds):
    job.inputs = {"name": "network", "strict": strict}
    job.push("Parameters: {Days: {Type: Number}}\n" + OPEN + DATABASE)
    job.run()

    [sent] = job.host.uploads
    (run,) = json.loads(gzip.decompress(base64.b64decode(sent["sarif"])))["runs"]
    assert run["automationDetails"]["id"] == "network/assay/"
    assert {result["kind"] for result in run["results"]} == kinds


def test_a_fork_is_judged_and_has_its_summary(job):
    job.host.read_only = True
    job.push(OPEN)
    ended = job.run()

    assert ended.code == 1
    assert "NET-SG-01" in ended.summary
    assert ended.log.count("::warning title=assay::") == 2
    assert TOKEN not in ended.log


def test_comment_and_code_scanning_can_be_left_out(job):
    job.inputs = {"comment": "false", "sarif": "false"}
    job.push(OPEN)
    job.run()
    assert job.host.asked == []


def test_a_push_to_a_branch_has_no_comment(job):
    job.push(OPEN)
    ended = job.run(GITHUB_EVENT_NAME="push", GITHUB_BASE_REF="", GITHUB_REF="refs/heads/main")

    assert ended.code == 1
    assert job.host.bodies() == []
    assert job.host.uploads


@pytest.mark.parametrize(("text", "code"), [(OPEN, 1), (CLOSED.replace("Web", "The web"), 0)])
def test_a_merge_queue_is_judged_against_what_stands_before_it(job, text, code):
    job.push(text)
    queued = {"base_sha": job.repository.git("rev-parse", "main"), "base_ref": "refs/heads/main"}
    ref = "refs/heads/gh-readonly-queue/main/pr-7"
    ended = job.run_for("merge_group", ref, merge_group=queued)

    assert ended.code == code, ended.log
    assert job.host.bodies() == []


@pytest.mark.parametrize(
    ("before", "text", "code", "compared"),
    [
        ("main", OPEN, 1, True),
        ("main", CLOSED.replace("Web", "The web"), 0, True),
        ("0" * 40, CLOSED, 1, False),  # a first push
        ("1" * 40, CLOSED, 1, False),  # a forced one: what stood before is gone
    ],
)
def test_a_push_is_judged_against_what_the_branch_was(job, before, text, code, compared):
    job.push(text)
    before = job.repository.git("rev-parse", "main") if before == "main" else before
    ended = job.run_for("push", "refs/heads/main", before=before)

    assert ended.code == code, ended.log
    assert ("against" in ended.log) is compared


def test_a_branch_whose_failures_are_known_passes(job):
    job.push(CLOSED)
    subprocess.run(
        [job.runner / "assay/bin/assay", "baseline", "template.yaml", "--engine", "assay"],
        cwd=job.repository.root,
        check=True,
    )
    job.inputs = {"baseline": "assay-baseline.yaml", "paths": "template.yaml"}
    known = job.run(GITHUB_EVENT_NAME="push", GITHUB_BASE_REF="")
    assert known.code == 0, known.log


def test_a_base_that_is_not_there_says_so_and_uploads_nothing(job):
    job.inputs = {"base": "origin/nowhere"}
    job.push(OPEN)
    ended = job.run()

    assert ended.code == 2
    assert "origin/nowhere" in ended.log
    assert "could not judge" in ended.summary
    assert job.host.asked == []


def test_a_template_that_cannot_be_read_is_told_in_the_comment(job):
    job.push("Resources:\n  Bucket: [\n    Type: AWS::S3::Bucket\n")
    ended = job.run()

    assert ended.code not in (0, 1)
    assert "template.yaml" in job.host.bodies()[0]


def test_several_paths_and_profiles_are_lines(job):
    job.push(OPEN)
    job.repository.write("a folder/other.yaml", OPEN)
    job.inputs = {"paths": "template.yaml\na folder/other.yaml\n", "fail-on": "critical"}
    ended = job.run()

    results = json.loads((Path(ended.outputs["results"]) / "assay.json").read_text("utf-8"))
    files = {judgement["system"] for judgement in results["judgements"]}
    assert files == {"template.yaml", "a folder/other.yaml"}


def test_two_steps_of_a_job_have_results_of_their_own(job):
    job.push(OPEN)
    folders = {job.run().outputs["results"] for _ in range(2)}
    assert len(folders) == 2
    assert all((Path(folder) / "assay.sarif").is_file() for folder in folders)


@pytest.mark.parametrize(
    "hostile",
    [
        {"paths": 'template.yaml\n"; touch hacked; "\n$(touch hacked)'},
        {"profile": "$(touch hacked)"},
        {"base": "main; touch hacked"},
        {"base": "--output=hacked"},
        {"baseline": "$(touch hacked)"},
        {"fail-on": "low$(touch hacked)"},
        {"name": "`touch hacked`"},
    ],
)
def test_an_input_is_a_value_and_no_shell(job, hostile):
    job.inputs = hostile
    job.push(OPEN)
    job.run()
    assert not [file for file in job.repository.root.rglob("hacked*") if ".git" not in file.parts]


def test_a_module_of_the_repository_is_not_run(job):
    """Neither by Python where it looks beside what it runs, nor as a rule pack of the change."""
    for name in ("click", "yaml", "json", "secrets", "sitecustomize"):
        job.repository.write(f"{name}.py", "open('hacked', 'w').close()\n")
    job.repository.write("pack/rule.py", "open('hacked', 'w').close()\n")
    job.repository.write("assay.yaml", "packs: [pack]\n")
    job.push(OPEN)
    assert job.run(PYTHONPATH=f"{job.repository.root}").code == 1
    assert not (job.repository.root / "hacked").exists()


def test_what_a_template_says_is_no_command_to_the_runner(job):
    job.push(OPEN)
    job.repository.write("::error::x/template.yaml", OPEN)
    log = job.run().log

    opened = re.search(r"^::stop-commands::(\w+)$", log, re.MULTILINE)
    told = log[opened.end() : log.index(f"::{opened[1]}::")]
    assert "error" in told
    assert len(opened[1]) == 32


def test_no_script_has_an_expression_and_no_step_uses_another_action():
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
        assert "uses" not in step


def test_the_example_workflow_is_pinned_asks_for_little_and_names_true_inputs():
    text = (ROOT / "docs" / "ci" / "github-workflow.yml").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    job = workflow["jobs"]["assay"]

    assert workflow["permissions"] == {}
    assert set(job["permissions"]) == {"contents", "pull-requests", "security-events"}
    assert {"pull_request", "push"} <= set(workflow[True])  # YAML 1.1 reads `on` as a truth
    assert "pull_request_target" not in text
    checkout, ours = job["steps"]
    assert re.fullmatch(r"actions/checkout@[0-9a-f]{40}", checkout["uses"])
    assert checkout["with"]["fetch-depth"] == 0
    assert set(ours["with"]) <= set(ACTION["inputs"])


@installs
def test_the_install_step_gives_a_command_that_judges(job):
    job.runner = job.runner.parent / "another"
    job.runner.mkdir()
    job.push(OPEN)
    ended = job.run(skip=frozenset())

    assert ended.ran[0] == INSTALL
    assert ended.code == 1, ended.log
    assert "NET-SG-01" in job.host.bodies()[0]


def test_a_python_that_is_too_old_is_one_line(job, tmp_path):
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    job.inputs = {"python": f"{old}"}
    job.push(OPEN)
    ended = job.run(skip=frozenset())

    assert ended.code == 2
    assert ended.log.splitlines() == [
        "::error title=assay::Python 3.11 or newer is needed; name one with the input python"
    ]
