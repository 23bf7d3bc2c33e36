"""What is proposed for the policies of an identity, statement by statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from analyzer.iam.inclusion import Comparison
from analyzer.iam.requests import Request
from analyzer.iam.statements import Statement
from analyzer.model import Resource
from analyzer.unknown import Partial, Reference, Unknown

REFERENCED = "referenced"
ONLY_CANDIDATE = "only candidate"
CANDIDATE = "candidate"
_CONFIDENCES = (REFERENCED, ONLY_CANDIDATE, CANDIDATE)  # the weakest last


@dataclass(frozen=True, slots=True)
class ProposedResource:
    """One entry of a proposed Resource element.

    `text` is how Fn::Sub takes it, `value` what that gives. `stated` is its position among the
    resources of the statement, where it stays as it was; `target` the key of the resource of the
    stack that it names, where it is new.
    """

    text: str
    value: Any = field(compare=False)  # it has no hash
    stated: int | None = None
    target: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One statement that takes the place of a part of another one.

    `confidence` is referenced, only candidate or candidate; "" for what stays as wide. `passed_to`
    are the services of an iam:PassedToService condition that comes with it. `circular` are
    resources that depend on the one in which the policy is written: naming them there would be a
    circular dependency.
    """

    actions: tuple[str, ...]
    named: tuple[ProposedResource, ...]
    confidence: str = ""
    why: str = ""
    passed_to: tuple[str, ...] = ()
    circular: tuple[str, ...] = ()

    @property
    def resources(self) -> tuple[str, ...]:
        """The resources as Fn::Sub takes them."""
        return tuple(named.text for named in self.named)


@dataclass(frozen=True, slots=True)
class ActionNote:
    """Actions (or a whole policy) and what is said of them."""

    actions: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """One policy document of an identity: `owner` is the resource in which it is written."""

    name: str
    owner: Resource
    value: Any
    arn: str = ""  # of an AWS managed policy


@dataclass(frozen=True, slots=True)
class StatementTightening:
    """What is proposed for one statement: `parts` take its place where it `changes`.

    `kept` are actions that take no resource, `not_narrowed` those that might be bounded and are
    not, `dropped` those of services that were never used.
    """

    document: Document
    number: int
    statement: Statement
    sid: str = ""
    parts: tuple[Proposal, ...] = ()
    kept: tuple[ActionNote, ...] = ()
    not_narrowed: tuple[ActionNote, ...] = ()
    dropped: tuple[ActionNote, ...] = ()
    changes: bool = False

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """The parts that are bounded."""
        return tuple(part for part in self.parts if part.confidence)

    @property
    def label(self) -> str:
        """The statement as sentences name it."""
        return f"{self.document.name}, {self.sid or f'statement {self.number + 1}'}"


@dataclass(frozen=True, slots=True)
class Tightening:
    """What is proposed for the policies of one identity.

    `proof` is whether all of them as proposed allow anything more than as they stand, and
    `takes_away` a request that they allow no longer. `unread` are policies and statements about
    which nothing can be said.
    """

    identity: Resource
    statements: tuple[StatementTightening, ...] = ()
    unread: tuple[ActionNote, ...] = ()
    takes_away: Request | None = None
    proof: Comparison = field(default_factory=lambda: Comparison("no"))
    note: str = ""

    def of(self, document: Document) -> tuple[StatementTightening, ...]:
        """The statements of one policy."""
        return tuple(one for one in self.statements if one.document is document)

    @property
    def proposals(self) -> tuple[tuple[StatementTightening, Proposal], ...]:
        """Every bounded part, with the statement that it takes the place of."""
        return tuple((one, part) for one in self.statements for part in one.proposals)

    @property
    def kept(self) -> tuple[ActionNote, ...]:
        """The actions whose star stays."""
        return tuple(note for one in self.statements for note in one.kept)

    @property
    def not_narrowed(self) -> tuple[ActionNote, ...]:
        """What stays as wide as it is, although it might be bounded."""
        return (*self.unread, *(note for one in self.statements for note in one.not_narrowed))

    @property
    def dropped(self) -> tuple[ActionNote, ...]:
        """What was never used."""
        return tuple(note for one in self.statements for note in one.dropped)


def weakest(confidences: list[str]) -> str:
    """The confidence of what rests on several things."""
    return max(confidences, key=_CONFIDENCES.index)


def shown_text(value: Any) -> str:
    """A value of a policy as Fn::Sub takes it."""
    if isinstance(value, Partial):
        return "".join(shown_text(part) for part in value.parts)
    if isinstance(value, Reference):
        return "${" + f"{value}" + "}"
    if isinstance(value, Unknown):
        return "${" + value.subject.removeprefix("parameter ").strip("`") + "}"
    return f"{value}"
