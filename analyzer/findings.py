"""Findings: what a rule said of a resource, what it hangs on, and what would mend it."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from analyzer.escape import encodable
from analyzer.model import Location

OURS = "assay"
"""Our own engine, among those that other checkers are."""


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
    engine: str = OURS
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


APPEND = "-"
"""The last part of a fix's path that adds to a list."""


@dataclass(frozen=True, slots=True)
class Fix:
    """What would make a failing resource pass, in CloudFormation's own terms.

    `set` maps property paths ("MultiAZ", "LaunchTemplateData/MetadataOptions/HttpTokens", list
    positions as numbers) to values; a structure is merged into what stands there, a list takes its
    place. A path that ends in `-` appends instead ("PolicyDocument/Statement/-"): the value, or
    each item of a list; the list is made where there is none, and what stands there alone becomes
    its first item. `remove` lists the property paths that go, by the positions before any change; a
    list's entry that is a resource of its own goes with it, and "" is the resource itself.
    `attributes` are set beside the properties (DeletionPolicy). `elsewhere` holds what is to be
    `set` on other resources, by their keys; None there stands for what goes. `add` holds whole
    resources by the logical id that is proposed for them, with their attributes; the same resource
    under the same id in two fixes is meant once. Values are as a JSON template writes them
    (`{"Ref": "Bucket"}`), and name resources of the stack that they are written into, added ones
    included. `note` is what is left to do by hand.
    """

    set: Mapping[str, Any] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    add: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    note: str = ""

    def writes(self) -> bool:
        """Whether anything is to be written, and not only to be done by hand."""
        return bool(self.set or self.remove or self.attributes or self.elsewhere or self.add)


@dataclass(frozen=True, slots=True)
class Remedy:
    """A fix worked out: written into the files, judged again and priced again.

    `where` says what is edited: "template", "parameter default", "profile", or "" where nothing can
    be written, for `reason`. `diff` is a unified diff; `safe` that it neither replaces a resource
    nor loses data, else `reason` says what would happen. `holds`: judged again, the finding is gone
    and none has come. `usd_low` and `usd_high` are the change of the cost in USD per month, None
    where it has no price; they differ where `assumptions` stand for usage that is not declared.
    """

    where: str = ""
    diff: str = ""
    safe: bool = False
    holds: bool = False
    reason: str = ""
    usd_low: Decimal | None = None
    usd_high: Decimal | None = None
    assumptions: tuple[str, ...] = ()


class Change(enum.StrEnum):
    """A finding beside the base branch, or beside the committed baseline."""

    NEW = "new"
    UNCHANGED = "unchanged"
    UNDECIDED = "newly unknown"
    FIXED = "fixed"
    KNOWN = "known"  # in the committed baseline
    UNCOMPARED = "not compared"  # what was before cannot be told


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's verdict on one resource.

    `message` is a sentence's predicate ("keeps backups 1 days; the policy asks for 7"); `hangs_on`
    lists, for UNKNOWN, what would decide it; `also` the ids under which other engines say the same.
    `at` is the property path, slash-separated; `fix` what would pass, `remedy` that fix worked out.
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
    fix: Fix | None = None
    remedy: Remedy | None = None
    change: Change | None = None  # None where nothing was compared
    also: tuple[str, ...] = ()
    waiver: Waiver | None = None
    engine: str = OURS
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
        return hashlib.sha256(encodable(text).encode()).hexdigest()[:32]
