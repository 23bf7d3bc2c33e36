"""What a run gives: findings, cost lines, claims, and everything that a format shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from analyzer.comparison import Base, Before
from analyzer.cost_lines import Budget, CostLine, Declared, total
from analyzer.findings import Finding, RuleInfo, Verdict
from analyzer.model import Location
from analyzer.picture import Diagram


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """An owner's statement about a control beside what the rules say."""

    id: str
    text: str
    verdict: Verdict
    rules: tuple[str, ...]
    contradicted_by: tuple[tuple[str, str], ...] = ()  # (rule, resource) that fail
    undecided_by: tuple[tuple[str, str], ...] = ()  # (rule, resource) that are UNKNOWN


BASE = "base"  # the kind of a problem that keeps the base from being compared with
INCOMPLETE_KINDS = ("input", "engine", "rule", BASE)
"""The kinds of problems that leave a run incomplete."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that could not be used, or a waiver or setting that is wrong."""

    message: str
    file: str = ""
    line: int = 0
    hint: str = ""
    kind: str = "input"  # or another of INCOMPLETE_KINDS; "waiver", "note" leave a run complete

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return f"{place}{self.message}" + (f"; {self.hint}" if self.hint else "")


@dataclass(frozen=True, slots=True)
class ResourceInfo:
    """A resource as the report lists it."""

    id: str
    type: str
    stack: str
    region: str
    location: Location | None = None
    tags: Mapping[str, str] = field(default_factory=dict)  # those that are known, secrets masked


@dataclass(frozen=True, slots=True)
class Judgement:
    """One system under one profile: what was found and what it costs."""

    system: str
    profile: str
    title: str = ""
    description: str = ""
    regions: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    resources: tuple[ResourceInfo, ...] = ()
    findings: tuple[Finding, ...] = ()
    claims: tuple[ClaimResult, ...] = ()
    cost: tuple[CostLine, ...] = ()
    declared: Declared | None = None
    budget: Budget | None = None
    policy: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)  # secrets already masked
    before: Before | None = None  # None where nothing was compared
    diagram: Diagram | None = None  # None where no output shows it

    @property
    def usd(self) -> Decimal:
        """Sum of the priced lines, USD per month."""
        return total(self.cost)

    def with_verdict(self, verdict: Verdict) -> list[Finding]:
        """The findings with one verdict."""
        return [finding for finding in self.findings if finding.verdict is verdict]


RAN = "run"
"""The status of an engine that answered."""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """Whether an engine ran: `status` is "run", "not installed", "not asked", or "failed"."""

    name: str
    status: str
    version: str = ""
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """How far one service in one region of an account was read, in calls.

    `failures` says what failed and how often: `("rds:DescribeDBInstances AccessDenied", 1)`.
    """

    account: str
    region: str
    service: str
    planned: int = 0
    answered: int = 0
    denied: int = 0
    throttled: int = 0
    timed_out: int = 0
    failed: int = 0
    failures: tuple[tuple[str, int], ...] = ()
    read_at: str = ""  # ISO 8601, UTC; empty where nothing was read

    @property
    def complete(self) -> bool:
        """Whether every planned call was answered."""
        return bool(self.read_at) and self.answered == self.planned


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that one invocation found; every output format is a function of it."""

    version: str
    date: date
    judgements: tuple[Judgement, ...]
    rules: Mapping[str, RuleInfo]
    engines: tuple[EngineStatus, ...] = ()
    problems: tuple[Problem, ...] = ()
    frameworks: Mapping[str, str] = field(default_factory=dict)  # id -> title
    coverage: tuple[CoverageLine, ...] = ()  # of accounts; templates have none
    base: Base | None = None

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for could be read and judged."""
        return (
            all(line.complete for line in self.coverage)
            and not any(problem.kind in INCOMPLETE_KINDS for problem in self.problems)
            and not any(f.error for judgement in self.judgements for f in judgement.findings)
        )
