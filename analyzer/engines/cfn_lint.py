"""cfn-lint, as a process of its own: its import cost and memory stay out of ours.

A template is linted once, for all regions that it is deployed in. E is high (the deployment is
refused or fails), W is low, I is info.
"""

from __future__ import annotations

import glob
import json
import re
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from analyzer.engines.engine import Answer, Engine, EngineSettings, NotJudgedError, Record, Tool
from analyzer.engines.masking import masked, secrets_of
from analyzer.findings import Severity, Verdict

_SEVERITIES = {"Error": Severity.HIGH, "Warning": Severity.LOW, "Informational": Severity.INFO}
_PAGE = "https://github.com/aws-cloudformation/cfn-lint/blob/main/docs/rules.md"
_SECTIONS = {
    "Parameters": "Parameter",
    "Mappings": "Mapping",
    "Conditions": "Condition",
    "Rules": "Rule",
    "Outputs": "Output",
}
_MAIN = "import sys; from cfnlint.runner import main; sys.exit(main())"
_LONG_LIST = re.compile(r"\[('[^']*', ){6,}'[^']*'\]")
_ITEMS_SHOWN = 5
_UNREAD = ("E0000", "E0003")  # cannot be parsed; cannot be found


def _find(_: EngineSettings) -> Tool | None:
    try:
        version = metadata.version("cfn-lint")
    except metadata.PackageNotFoundError:
        return None
    return Tool((sys.executable, "-c", _MAIN), version)


def _command(
    tool: Tool, files: Sequence[Path], regions: Sequence[str], settings: EngineSettings
) -> list[str]:
    config = ["--config-file", settings.cfn_lint_config] if settings.cfn_lint_config else []
    where = ["--regions", *regions] if regions else []
    names = [glob.escape(str(file)) for file in files]
    return [
        *tool.command, "--format", "json", "--non-zero-exit-code", "none",
        *config, *where, "--template", *names,
    ]  # fmt: skip


def _read(output: str, files: Sequence[Path]) -> Answer:
    try:
        matches = json.loads(output)
    except json.JSONDecodeError as error:
        raise NotJudgedError("gave no JSON") from error
    known = {str(file): file for file in files}
    found: dict[Path, list[Record]] = {file: [] for file in files}
    unread: dict[Path, str] = {}
    secrets = {file: secrets_of(file) for file in files}
    for match in matches:
        file = known.get(match.get("Filename") or "")
        if file is None:
            if len(files) > 1:
                raise NotJudgedError(str(match.get("Message", "")))
            file = files[0]
        if match["Rule"]["Id"] in _UNREAD:
            line = match["Location"]["Start"]["LineNumber"]
            unread.setdefault(file, f"cannot read line {line}: {match['Message']}")
        else:
            found[file].append(_record(match, secrets[file]))
    return Answer({file: tuple(records) for file, records in found.items()}, unread)


def _record(match: Mapping[str, Any], secrets: Sequence[str]) -> Record:
    rule, location = match["Rule"], match["Location"]
    path = location.get("Path") or []
    resource, type_, at = _subject(path)
    return Record(
        rule=rule["Id"],
        title=rule["ShortDescription"],
        verdict=Verdict.FAIL,
        severity=_SEVERITIES.get(match["Level"], Severity.LOW),
        family="lint",
        resource=resource,
        type=type_,
        message=_shortened(masked(match["Message"], path, secrets)),
        at=at,
        line=location["Start"]["LineNumber"],
        column=location["Start"]["ColumnNumber"],
        end_line=location["End"]["LineNumber"],
        url=rule["Source"] or f"{_PAGE}#{rule['Id']}",
    )


def _subject(path: Sequence[object]) -> tuple[str, str, str]:
    """Logical id, kind and property path of a path in the template."""
    names = [str(part) for part in path]
    if not names[1:]:  # a section without a name in it
        return "", "", "/".join(names)
    section, name, *rest = names
    if section == "Resources" and rest[:1] == ["Properties"]:
        rest = rest[1:]
    return name, _SECTIONS.get(section, ""), "/".join(rest)


def _shortened(message: str) -> str:
    """The message with the long lists of allowed values cut, and their length told."""

    def cut(match: re.Match[str]) -> str:
        items = match[0][1:-1].split(", ")
        return f"[{', '.join(items[:_ITEMS_SHOWN])} and {len(items) - _ITEMS_SHOWN} more]"

    return _LONG_LIST.sub(cut, message)


CFN_LINT = Engine(
    "cfn-lint",
    _find,
    _command,
    _read,
    by_region=True,
    user_files=(".cfnlintrc", ".cfnlintrc.yaml", ".cfnlintrc.yml"),
)
