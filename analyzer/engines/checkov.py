"""Checkov, as a process of its own and found wherever it is installed: its pins stay out of ours.

It takes no parameter values: it judges a template with its parameters' defaults, once for all
profiles. Without its platform it publishes no severities: its findings are of medium severity.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from analyzer.engines.engine import Answer, Engine, EngineSettings, NotJudgedError, Record, Tool
from analyzer.errors import EngineError
from analyzer.findings import Severity, Verdict

_VERDICTS = {
    "passed_checks": Verdict.PASS,
    "failed_checks": Verdict.FAIL,
    "skipped_checks": Verdict.SKIP,
}
_CHECKS = Path(__file__).with_name("checkov_checks.csv")
_SOURCE = "https://github.com/bridgecrewio/checkov/blob/main/"
_INDEX = "https://www.checkov.io/5.Policy%20Index/cloudformation.html"
_DIST_INFO = re.compile(r"checkov-(\d[\w.]*)\.dist-info")
_VERSION_SECONDS = 60


def _find(settings: EngineSettings) -> Tool | None:
    executable = _executable(settings.checkov)
    if executable is None:
        return None
    return Tool((executable,), _version_beside(Path(executable)) or _version_told(executable))


def _executable(configured: str) -> str | None:
    if configured:
        found = shutil.which(configured)
        if found is None:
            hint = "correct its path; a relative one is looked for in the base, where one is named"
            raise EngineError(f"checkov is not at '{configured}'", hint=hint)
        return found
    beside = str(Path(sys.executable).parent)
    return shutil.which("checkov", path=beside) or shutil.which("checkov")


def _version_beside(executable: Path) -> str:
    """The version as the environment of the executable records it: asking takes two seconds."""
    home = executable.resolve().parent.parent
    for pattern in ("lib/python3*/site-packages", "Lib/site-packages"):
        for folder in home.glob(f"{pattern}/checkov-*.dist-info"):
            match = _DIST_INFO.fullmatch(folder.name)
            if match:
                return match[1]
    return ""


def _version_told(executable: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the executable that the user configured or installed
            [executable, "--version"],
            capture_output=True,
            text=True,
            timeout=_VERSION_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineError("checkov does not start", file=executable) from error
    return done.stdout.strip()


def _command(
    tool: Tool, files: Sequence[Path], _: Sequence[str], settings: EngineSettings
) -> list[str]:
    config = ["--config-file", settings.checkov_config] if settings.checkov_config else []
    return [
        *tool.command, "--framework", "cloudformation", "--output", "json", "--compact",
        "--skip-download", "--soft-fail", *config, "--file", *map(str, files),
    ]  # fmt: skip


def _read(output: str, files: Sequence[Path]) -> Answer:
    try:
        document = json.loads(output)
    except json.JSONDecodeError as error:
        raise NotJudgedError("gave no JSON") from error
    known = {str(file): file for file in files}
    found: dict[Path, list[Record]] = {file: [] for file in files}
    unread: dict[Path, str] = {}
    for report in document if isinstance(document, list) else [document]:
        results = report.get("results", {})  # absent where no file had anything to judge
        for name in results.get("parsing_errors", ()):
            if name in known:
                unread[known[name]] = "cannot parse it"
        for file, record in _records(results):
            if file in known:
                found[known[file]].append(record)
    return Answer({file: tuple(records) for file, records in found.items()}, unread)


def _records(results: Mapping[str, Any]) -> Iterator[tuple[str, Record]]:
    for kind, verdict in _VERDICTS.items():
        for check in results.get(kind, ()):
            yield check["file_abs_path"], _record(check, verdict)


def _record(check: Mapping[str, Any], verdict: Verdict) -> Record:
    type_, _, logical_id = check["resource"].partition(".")
    first, last = check.get("file_line_range") or (0, 0)
    family, source = _checks().get(check["check_id"], ("other", ""))
    message = ""
    if verdict is Verdict.SKIP:
        comment = check["check_result"].get("suppress_comment") or "no reason given"
        message = f"suppressed in the template: {comment}"
    elif verdict is Verdict.FAIL:
        message = f"{check['check_name']} (with the template's defaults)"
    return Record(
        rule=check["check_id"],
        title=check["check_name"],
        verdict=verdict,
        severity=Severity.MEDIUM,
        family=family,
        resource=logical_id,
        type=type_,
        message=message,
        line=first,
        end_line=last,
        url=check.get("guideline") or (_SOURCE + source if source else _INDEX),
    )


@cache
def _checks() -> dict[str, tuple[str, str]]:
    """Family and source file of the checks for CloudFormation (checkov 3.3.30, 2026-11-20)."""
    with _CHECKS.open(encoding="utf-8", newline="") as stream:
        return {row["id"]: (row["family"], row["file"]) for row in csv.DictReader(stream)}


CHECKOV = Engine(
    "checkov",
    _find,
    _command,
    _read,
    by_region=False,
    suffixes=(".yaml", ".yml", ".json", ".template"),
    user_files=(".checkov.yaml", ".checkov.yml"),
    note="judges each template with its parameters' defaults, not per profile",
)
