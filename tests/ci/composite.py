"""Runs a composite action's steps as GitHub's runner does: same shell, files and variables."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.ci.commands import ROOT, environment

_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
_TERM = re.compile(r"(?P<name>[\w.-]+) == '(?P<text>[^']*)'")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


@dataclass
class Ended:
    """What the job leaves: the code of its last step, the log, the summary, outputs."""

    code: int = 0
    log: str = ""
    summary: str = ""
    ran: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)


def run_action(
    workspace: Path, runner: Path, inputs: dict[str, str], github: dict[str, str], *, skip: set[str]
) -> Ended:
    """All steps but those to `skip`; the first that fails ends the job."""
    known = {f"inputs.{name}": _default(given, github) for name, given in ACTION["inputs"].items()}
    known |= {f"inputs.{name}": value for name, value in inputs.items()}
    known["github.event_name"] = github["GITHUB_EVENT_NAME"]
    told = json.loads(Path(github["GITHUB_EVENT_PATH"]).read_text("utf-8"))
    known["github.event.merge_group.base_sha"] = told.get("merge_group", {}).get("base_sha", "")
    known["github.event.before"] = told.get("before", "")
    ended = Ended()
    for step in ACTION["runs"]["steps"]:
        if step["name"] in skip or not _holds(step.get("if", ""), known):
            continue
        ended.ran.append(step["name"])
        ended.code = _step(step, workspace, runner, known, github, ended)
        if ended.code:
            break
    return ended


def _step(
    step: dict[str, Any],
    workspace: Path,
    runner: Path,
    known: dict[str, str],
    github: dict[str, str],
    ended: Ended,
) -> int:
    files = {name: runner / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.write_text("", encoding="utf-8")
    script = runner / "step.sh"
    script.write_text(step["run"], encoding="utf-8")
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script],  # noqa: S607
        cwd=workspace,
        env=environment(
            **github,
            **{name: f"{file}" for name, file in files.items()},
            **{name: _filled(text, known) for name, text in step.get("env", {}).items()},
            GITHUB_ACTION_PATH=f"{ROOT}",
            GITHUB_WORKSPACE=f"{workspace}",
            RUNNER_TEMP=f"{runner}",
        ),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    ended.log += done.stdout
    ended.summary += files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
    for line in files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        ended.outputs[name] = value
        known[f"steps.{step.get('id')}.outputs.{name}"] = value
    return done.returncode


def _default(given: dict[str, str], github: dict[str, str]) -> str:
    text = str(given.get("default", ""))
    return github["TOKEN"] if text == "${{ github.token }}" else text


def _filled(text: str, known: dict[str, str]) -> str:
    return _EXPRESSION.sub(lambda match: known[match[1]], text)


def _holds(condition: str, known: dict[str, str]) -> bool:
    terms = [_TERM.fullmatch(term) for term in condition.split(" && ") if term]
    return all(term and known.get(term["name"], "") == term["text"] for term in terms)


def event(folder: Path, number: int, head: str) -> str:
    """The file that tells what set the workflow off."""
    file = folder / "event.json"
    told = {"number": number, "pull_request": {"number": number, "head": {"sha": head}}}
    file.write_text(json.dumps(told), encoding="utf-8")
    return f"{file}"
