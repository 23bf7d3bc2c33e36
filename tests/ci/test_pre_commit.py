"""The hook, run by pre-commit itself on a repository of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import yaml

from tests.ci.commands import ROOT, environment, installs, with_assay
from tests.scratch import Scratch, scratch

HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
HOOK, NEW = HOOKS
BAD = "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n"
ARCHITECTURE = """\
name: shop
stacks: {main: {template: template.yaml, region: eu-west-3}}
profiles: {dev: {}}
"""
SOUND = """\
Resources:
  Queue:
    Type: AWS::SQS::Queue
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties: {KmsMasterKeyId: alias/queue}
"""


@pytest.fixture
def repository(tmp_path):
    """A repository where the hook is installed, run with this checkout and without a network."""
    repository = scratch(tmp_path / "scratch")
    repository.commit(compose_yaml="services: {}\n")
    use(repository, HOOK)
    with_assay(tmp_path / "environment")
    return repository


def use(repository: Scratch, hook: dict[str, object]) -> None:
    """Have the hook run, in an environment that is ours; all else is its own."""
    configuration = {"repos": [{"repo": "local", "hooks": [{**hook, "language": "system"}]}]}
    repository.write(".pre-commit-config.yaml", yaml.safe_dump(configuration))


def stage(repository: Scratch, **files: str) -> None:
    """These files, to be committed; `__` in a name is a dot."""
    for name, text in files.items():
        repository.write(name.replace("__", "."), text)
    repository.git("add", "--all")


def pre_commit(repository: Scratch, *arguments: str) -> subprocess.CompletedProcess[str]:
    folder = repository.root
    place = folder.parent / "environment" / "bin"
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=folder,
        env=environment(
            PATH=f"{place}{os.pathsep}{os.environ['PATH']}",
            PRE_COMMIT_HOME=f"{folder.parent}/pre-commit",
        ),
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_template_that_fails_stops_the_commit(repository):
    stage(repository, template__yaml=BAD)
    ended = pre_commit(repository, "run")
    assert ended.returncode == 1, ended.stderr
    assert "NET-S3-01" in ended.stdout
    assert "compose.yaml" not in ended.stdout


def test_a_sound_template_passes(repository):
    stage(repository, queue__template=SOUND)
    ended = pre_commit(repository, "run")
    assert ended.returncode == 0, ended.stdout
    assert "Passed" in ended.stdout


def test_files_that_are_no_templates_pass(repository):
    stage(repository, other__yaml="a: [1, 2]\n", data__json='{"Resources": 1}\n', notes__md="# x\n")
    ended = pre_commit(repository, "run", "--all-files")
    assert ended.returncode == 0, ended.stdout


def test_a_template_that_cannot_be_read_is_named(repository):
    stage(repository, template__yaml=f"{BAD}  Other: [\n")
    ended = pre_commit(repository, "run")
    assert ended.returncode == 1
    assert "template.yaml:" in ended.stdout


def test_a_file_whose_name_is_an_option_is_a_file(repository):
    repository.write("pack/rule.py", "raise SystemExit('ran')\n")
    stage(repository, **{"--pack=pack__yaml": "a: 1\n"})
    ended = pre_commit(repository, "run", "--all-files")
    assert ended.returncode == 0, ended.stdout


def test_a_usage_file_has_its_architecture_judged(repository):
    stage(
        repository,
        template__yaml=BAD,
        architecture__yaml=ARCHITECTURE,
    )
    repository.commit()
    stage(repository, usage__json="{}\n")
    ended = pre_commit(repository, "run")
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "shop" in ended.stdout


def test_what_the_last_commit_has_already_does_not_stop_the_next(repository):
    use(repository, NEW)
    stage(repository, template__yaml=BAD)
    repository.commit()
    stage(repository, template__yaml=f"{BAD}Description: a bucket\n", compose__yaml="a: 1\n")
    ended = pre_commit(repository, "run")
    assert ended.returncode == 0, ended.stdout

    stage(repository, template__yaml=f"{BAD}  Other:\n    Type: AWS::S3::Bucket\n")
    ended = pre_commit(repository, "run")
    assert ended.returncode == 1
    assert "Other" in ended.stdout
    assert "Bucket (AWS::S3::Bucket)" not in ended.stdout


def test_both_hooks_pass_where_no_template_changed(repository):
    for hook in HOOKS:
        use(repository, hook)
        stage(repository, compose__yaml="services: {web: {}}\n")
        ended = pre_commit(repository, "run")
        assert ended.returncode == 0, ended.stdout


@installs
def test_it_installs_from_the_repository_as_anybody_would(tmp_path):
    """The working tree as a repository of its own: what is not committed yet counts too."""
    source = scratch(tmp_path / "assay")
    names = Scratch(ROOT).git("ls-files", "--cached", "--others", "--exclude-standard")
    for name in names.splitlines():
        if (ROOT / name).is_file() and not name.startswith(("tests/", "docs/")):
            (source.root / name).parent.mkdir(parents=True, exist_ok=True)
            (source.root / name).write_bytes((ROOT / name).read_bytes())
    hooks = [{"id": hook["id"]} for hook in HOOKS]
    chosen = {"repo": f"{source.root}", "rev": source.commit(), "hooks": hooks}
    repository = scratch(tmp_path / "scratch")
    repository.write(".pre-commit-config.yaml", yaml.safe_dump({"repos": [chosen]}))
    stage(repository, new__yaml=BAD)

    ended = pre_commit(repository, "run")
    assert ended.returncode == 1, ended.stderr
    assert "new.yaml" in ended.stdout
    assert "NET-S3-01" in ended.stdout
