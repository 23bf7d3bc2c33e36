"""Completion as the shells that are here do it: their own words in, their own answers out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Assay
from tests.run.systems import ARCHITECTURE, DATABASE, written

ROOT = Path(__file__).parent.parent.parent
SHELLS = [
    pytest.param(name, marks=pytest.mark.skipif(not shutil.which(name), reason=f"no {name} here"))
    for name in ("bash", "zsh", "fish")
]
ASK = {
    "bash": """\
source {script}
COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_assay_completion assay
printf '%s\\n' "${{COMPREPLY[@]}}"
""",
    "zsh": """\
compdef() {{ :; }}; compadd() {{ print -l -- "${{completions[@]}}"; }}
_describe() {{ print -l -- "${{completions_with_descriptions[@]}}"; }}; _path_files() {{ :; }}
source {script}
words=({words}); CURRENT=${{#words}}
_assay_completion
""",
    "fish": "source {script}; complete --do-complete '{words}'\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one architecture, and `assay` on the path of commands."""
    command = tmp_path / "bin" / "assay"
    command.parent.mkdir()
    code = "from analyzer.cli.main import main; main()"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}" "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    written(tmp_path / "shop", template__yaml=DATABASE, architecture__yaml=ARCHITECTURE)
    return tmp_path


def offered(folder: Path, shell: str, words: str) -> list[str]:
    """What the shell offers for the last word of a line."""
    environment = {
        **os.environ,
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{ROOT}",
        "HOME": f"{folder}",
    }

    def call(*arguments: str) -> str:
        ended = subprocess.run(
            arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert (ended.returncode, ended.stderr) == (0, "")
        return ended.stdout

    script = folder / f"completion.{shell}"
    script.write_text(call("assay", "completion", shell), encoding="utf-8")
    lines = call(shell, "-c", ASK[shell].format(script=script, words=words)).splitlines()
    return [line.partition("\t")[0].partition(":")[0] for line in lines]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("assay che", ["check"]),
        ("assay iam t", ["tighten"]),
        ("assay explain BAK-RDS-0", ["BAK-RDS-01"]),
        ("assay check shop --profile pr", ["prod"]),
        ("assay check --profile d", ["dev"]),
        ("assay check shop --format js", ["json"]),
        ("assay check shop --engine cf", ["cfn-lint"]),
        ("assay completion f", ["fish"]),
        ("assay check --all-s", ["--all-scenarios"]),
        ("assay report shop --language f", ["fr"]),
    ],
)
def test_a_shell_completes(folder: Path, shell: str, words: str, expected: list[str]) -> None:
    assert set(expected) <= set(offered(folder, shell, words))


@pytest.mark.parametrize("shell", SHELLS)
def test_only_profiles_of_what_the_line_names_are_offered(folder: Path, shell: str) -> None:
    other = ARCHITECTURE.replace("prod:", "pilot:")
    written(folder / "other", template__yaml=DATABASE, architecture__yaml=other)
    assert offered(folder, shell, "assay check shop --profile p") == ["prod"]
    assert offered(folder, shell, "assay plan other --profile p") == ["pilot"]
    assert set(offered(folder, shell, "assay check --profile p")) == {"pilot", "prod"}


@pytest.mark.parametrize("shell", SHELLS[1:])  # bash takes the sign for the end of a word
def test_a_value_that_is_joined_to_its_option_is_offered_with_it(folder: Path, shell: str) -> None:
    assert offered(folder, shell, "assay check shop --fail-on=cri") == ["--fail-on=critical"]
    assert offered(folder, shell, "assay check shop --profile=pr") == ["--profile=prod"]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_the_last_of_a_list(folder: Path, shell: str) -> None:
    assert offered(folder, shell, "assay check shop --engine assay,cf") == ["assay,cfn-lint"]


def test_what_cannot_be_read_offers_nothing_and_says_nothing(folder: Path) -> None:
    (folder / "shop" / "architecture.yaml").write_text("profiles: [", encoding="utf-8")

    assert offered(folder, "bash", "assay check shop --profile p") == [""]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_script_asks_assay(assay: Assay, shell: str) -> None:
    ended = assay("completion", shell)

    assert ended.code == 0
    assert f"_ASSAY_COMPLETE={shell}_complete" in ended.out


def test_another_shell_is_bad_usage(assay: Assay) -> None:
    assert assay("completion", "tcsh").code == 2
