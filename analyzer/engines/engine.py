"""What a foreign checker is to us: how it is found, called and read, and what it says of a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from analyzer.findings import Finding, RuleInfo, Severity, Verdict
from analyzer.model import Location


@dataclass(frozen=True, slots=True)
class Target:
    """One template: its name as findings show it, where it lies, and the regions it is for.

    `content` holds what has no file, such as standard input.
    """

    file: str
    path: Path
    regions: tuple[str, ...] = ()
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How foreign checkers are run.

    `checkov` is its executable, where it is not found by itself; `checkov_config` and
    `cfn_lint_config` are the checkers' own configuration files; `seconds` the time each may take.
    """

    checkov: str = ""
    checkov_config: str = ""
    cfn_lint_config: str = ""
    seconds: float = 600.0

    def config_of(self, engine: str) -> str:
        """The configuration file of an engine; "" where none is given."""
        return {"checkov": self.checkov_config, "cfn-lint": self.cfn_lint_config}.get(engine, "")

    def within(self, folder: Path) -> EngineSettings:
        """The same settings, their relative paths read from a folder; a bare name is looked up."""
        bare = not {"/", os.sep} & set(self.checkov)
        return replace(
            self,
            checkov=self.checkov if bare else f"{folder / self.checkov}",
            checkov_config=self.checkov_config and f"{folder / self.checkov_config}",
            cfn_lint_config=self.cfn_lint_config and f"{folder / self.cfn_lint_config}",
        )


@dataclass(frozen=True, slots=True)
class Tool:
    """A checker that is installed: what starts it, and its version."""

    command: tuple[str, ...]
    version: str


@dataclass(frozen=True, slots=True)
class Record:
    """What a checker says about one place of a template, whatever the template is called.

    `resource` is the logical id, `at` the property path; it is what the cache keeps.
    """

    rule: str
    title: str
    verdict: Verdict
    severity: Severity
    family: str
    resource: str = ""
    type: str = ""
    message: str = ""
    at: str = ""
    line: int = 0
    column: int = 0
    end_line: int = 0
    url: str = ""

    def finding(self, engine: str, file: str) -> Finding:
        """The record as a finding about a file."""
        return Finding(
            rule=self.rule,
            verdict=self.verdict,
            severity=self.severity,
            family=self.family,
            resource=self.resource or Path(file).name,
            type=self.type,
            message=self.message,
            location=Location(file, self.line, self.column, self.end_line),
            at=self.at,
            engine=engine,
        )

    def rule_info(self, engine: str) -> RuleInfo:
        """What outputs say about the record's rule."""
        types = (self.type,) if self.type else ()
        return RuleInfo(
            self.rule, self.title, self.severity, self.family, types, engine=engine, url=self.url
        )


class NotJudgedError(Exception):
    """The checker ended without an answer; the text says how, in one line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call of a checker gave: records per file, and the files that it could not read."""

    records: Mapping[Path, tuple[Record, ...]]
    unread: Mapping[Path, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Engine:
    """A foreign checker as functions.

    `find` looks for it, and returns None where it is not installed; it raises `EngineError` where
    the configuration names something that is not there. `command` is the call for some files of
    the same regions; `read` understands what the call printed, or raises `NotJudgedError`.
    """

    name: str
    find: Callable[[EngineSettings], Tool | None]
    command: Callable[[Tool, Sequence[Path], Sequence[str], EngineSettings], list[str]]
    read: Callable[[str, Sequence[Path]], Answer]
    by_region: bool  # whether what it says depends on the regions
    suffixes: tuple[str, ...] = ()  # of the files that it reads; empty: of any name
    user_files: tuple[str, ...] = ()  # configuration that it reads from the home folder
    note: str = ""  # what readers of its findings must know
