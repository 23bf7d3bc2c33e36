"""What a run gives: findings, cost lines, claims, and everything that a format shows."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from analyzer.model import Location


class Verdict(enum.StrEnum):
    """The answer to one rule about one resource. A waiver is laid over a FAIL, it is no verdict."""

    PASS = "PASS"  # noqa: S105 - no password
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"
    SKIP = "SKIP"


class Severity(enum.IntEnum):
    """How bad a failure is; ordered."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The word that users write and read."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What every output says about a rule; taken from its decorator and docstring."""

    id: str
    title: str
    severity: Severity
    family: str
    types: tuple[str, ...] = ()
    why: str = ""
    fix: str = ""
    source: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    frameworks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    engine: str = "assay"
    url: str = ""
    where: str = "everywhere"  # or "templates", "accounts"


@dataclass(frozen=True, slots=True)
class Waiver:
    """A failure that somebody answers for, until a date."""

    rule: str
    resource: str
    reason: str
    owner: str = ""
    until: date | None = None
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The lines of the template around a finding; secrets are already masked."""

    first_line: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's verdict on one resource.

    `message` is a sentence's predicate ("keeps backups 1 days; the policy asks for 7"); `hangs_on`
    lists, for UNKNOWN, what would decide it; `also` the ids under which other engines say the same.
    `at` is the property path, slash-separated; `fix` property values that would pass.
    """

    rule: str
    verdict: Verdict
    severity: Severity
    family: str
    resource: str  # logical id, or ARN
    type: str
    message: str = ""
    stack: str = ""
    region: str = ""
    account: str = ""
    location: Location | None = None
    at: str = ""
    excerpt: Excerpt | None = None
    hangs_on: tuple[str, ...] = ()
    fix: Mapping[str, Any] | None = None
    also: tuple[str, ...] = ()
    waiver: Waiver | None = None
    engine: str = "assay"
    error: str = ""  # set where the rule itself failed; the run is then incomplete

    @property
    def failed(self) -> bool:
        """A failure that no waiver covers."""
        return self.verdict is Verdict.FAIL and self.waiver is None

    @property
    def fingerprint(self) -> str:
        """Identity that survives moved lines: rule, file, stack, resource, and property path."""
        file = self.location.file if self.location else ""
        parts = (self.rule, file, self.stack, self.resource, self.at)
        text = "\0".join(parts)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


class LineKind(enum.StrEnum):
    """What a cost line says: a price, that the thing is free, or why there is no price."""

    PRICED = "priced"
    FREE = "free"
    UNKNOWN = "unknown"
    NOT_PRICED = "not priced"


@dataclass(frozen=True, slots=True)
class CostLine:
    """One component of one resource's monthly cost (730 hours), in USD.

    `service`/`component` name the charge (`EC2/instance-hours`); `quantity` x `unit_price` is `usd`
    up to tiers; `assumption` says where the quantity comes from when the template does not state
    it; `reason` says why there is no amount (UNKNOWN, NOT_PRICED, FREE).
    """

    resource: str
    type: str
    service: str
    component: str
    kind: LineKind
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    usd: Decimal | None = None
    assumption: str = ""
    reason: str = ""
    stack: str = ""
    region: str = ""
    key: str = ""  # the price book's key of the charge
    as_of: date | None = None  # of the price
    source: str = ""  # of the price

    @property
    def name(self) -> str:
        """The charge as claims name it: `EC2/instance-hours`."""
        return f"{self.service}/{self.component}"


@dataclass(frozen=True, slots=True)
class DeclaredLine:
    """One line of the owner's own estimate beside ours, USD and declared currency per month."""

    name: str
    declared: Decimal  # in `currency`, per month
    estimated_usd: Decimal
    estimated: Decimal  # in `currency`
    covers: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()  # covered lines that have no amount

    @property
    def difference(self) -> Decimal:
        """Estimated minus declared."""
        return self.estimated - self.declared


@dataclass(frozen=True, slots=True)
class Declared:
    """The owner's declared monthly cost beside ours, all in `currency` unless the name says USD.

    `left_out` holds (charge name, amount) for what we price and no declared line covers.
    """

    currency: str
    low: Decimal
    high: Decimal
    estimated_usd: Decimal
    estimated: Decimal
    usd_per_unit: Decimal
    rate_date: date | None
    rate_source: str
    lines: tuple[DeclaredLine, ...] = ()
    left_out: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Budget:
    """A monthly ceiling and what we estimate against it, in USD."""

    usd: Decimal
    estimated_usd: Decimal
    currency: str = "USD"
    amount: Decimal = Decimal(0)

    @property
    def exceeded(self) -> bool:
        """Whether the estimate is above the ceiling."""
        return self.estimated_usd > self.usd


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """An owner's statement about a control beside what the rules say."""

    id: str
    text: str
    verdict: Verdict
    rules: tuple[str, ...]
    contradicted_by: tuple[tuple[str, str], ...] = ()  # (rule, resource) that fail
    undecided_by: tuple[tuple[str, str], ...] = ()  # (rule, resource) that are UNKNOWN


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that could not be used, or a waiver or setting that is wrong."""

    message: str
    file: str = ""
    line: int = 0
    hint: str = ""
    kind: str = "input"  # "input", "engine", "rule"; "waiver", "note" leave a run complete

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

    @property
    def usd(self) -> Decimal:
        """Sum of the priced lines, USD per month."""
        return sum((line.usd for line in self.cost if line.usd is not None), Decimal(0))

    def with_verdict(self, verdict: Verdict) -> list[Finding]:
        """The findings with one verdict."""
        return [finding for finding in self.findings if finding.verdict is verdict]


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

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for could be read and judged."""
        return (
            all(line.complete for line in self.coverage)
            and not any(problem.kind in ("input", "engine", "rule") for problem in self.problems)
            and not any(f.error for judgement in self.judgements for f in judgement.findings)
        )
