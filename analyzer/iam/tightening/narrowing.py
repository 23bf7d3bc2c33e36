"""One statement bound to the resources of its stack: what takes its place, and what stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from analyzer.iam.service_reference import numbers
from analyzer.iam.statements import Statement
from analyzer.iam.tightening.decisions import NO_RESOURCE, Decider, Decision, Evidence
from analyzer.iam.tightening.proposals import (
    ActionNote,
    Proposal,
    ProposedResource,
    shown_text,
    weakest,
)
from analyzer.unknown import Open, Undecided

_ANY_SERVICE = "which services it is for is not known without their use"
_WILDCARD = "which actions of a wildcard are used is not known: only its resources are bounded"
_REFERS = " refers to "


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What becomes of one statement: `parts` take its place where one of them is bounded."""

    parts: tuple[Proposal, ...] = ()
    kept: tuple[ActionNote, ...] = ()
    not_narrowed: tuple[ActionNote, ...] = ()
    dropped: tuple[ActionNote, ...] = ()


def narrowed(statement: Statement, evidence: Evidence) -> Narrowing:
    """What becomes of a statement. Raises `Undecided` where it is not known."""
    if not statement.allows:
        return Narrowing()
    if statement.not_actions or statement.not_resources:
        shown = tuple(shown_text(value) for value in statement.actions or statement.not_actions)
        said = "NotAction" if statement.not_actions else "NotResource"
        reason = f"{said} says what it leaves out, not what it is for"
        return Narrowing(not_narrowed=(ActionNote(shown, reason),))
    return _Narrower(statement, evidence).narrowing()


@dataclass
class _Narrower:
    """The state while one statement is narrowed: action patterns by what is said of them."""

    statement: Statement
    evidence: Evidence
    kept: dict[str, list[str]] = field(default_factory=dict)
    held: dict[str, list[str]] = field(default_factory=dict)
    dropped: list[ActionNote] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wide: list[ProposedResource] = []
        self.fixed: list[ProposedResource] = []
        for position, value in enumerate(self.statement.resources):
            resource = ProposedResource(shown_text(value), value, position)
            (self.wide if _is_wide(value) else self.fixed).append(resource)
        self.decider = Decider(self.statement, self.wide, self.evidence)

    def narrowing(self) -> Narrowing:
        """Every action decided, and those that go together joined."""
        decided = [one for pattern in self._used_patterns() for one in self._decided(pattern)]
        parts = tuple(self._joined(decided))
        return Narrowing(parts, _notes(self.kept), _notes(self.held), tuple(self.dropped))

    def _used_patterns(self) -> Iterator[str]:
        """The action patterns that are left once services that were never used are dropped."""
        last_accessed = self.evidence.last_accessed
        for value in self.statement.actions:
            if isinstance(value, Open):
                raise Undecided(f"the action `{value}`", getattr(value, "reason", "is not known"))
            pattern = f"{value}"
            if last_accessed is None:
                yield pattern
            elif pattern in ("*", "*:*"):
                yield from self._used_services(pattern)
            elif last_accessed.get(_service(pattern), "not told") is None:
                told = f"{_service(pattern)} was never used in the time that AWS keeps"
                self.dropped.append(ActionNote((pattern,), told))
            else:
                yield pattern

    def _used_services(self, pattern: str) -> Iterator[str]:
        """A star over everything as the services that were used, where AWS told of all others."""
        last_accessed = self.evidence.last_accessed or {}
        used = [name for name in self.evidence.reference.services if last_accessed.get(name)]
        if used and None in last_accessed.values():
            told = ", ".join(f"{name} ({last_accessed[name]})" for name in used)
            self.dropped.append(ActionNote((pattern,), f"used, and when last: {told}"))
            yield from (f"{name}:*" for name in used)
        else:
            yield pattern

    def _decided(self, pattern: str) -> Iterator[tuple[str, Decision]]:
        """What becomes of the actions of one pattern."""
        reference = self.evidence.reference
        matched = reference.matching(pattern)
        if not self.wide:
            yield pattern, Decision()
        elif not matched:
            unknown = f"unknown action (reference of {reference.date})"
            yield pattern, self._hold(pattern, unknown)
        elif (number := reference.number(pattern)) is not None:
            decision = self.decider.decided(reference.at(number))
            if decision.kept:
                self.kept.setdefault(decision.kept, []).append(pattern)
            yield pattern, self._hold(pattern, decision.held) if decision.held else decision
        elif "*" in _service(pattern) or "?" in _service(pattern):
            yield pattern, self._hold(pattern, _ANY_SERVICE)
        else:
            yield from self._of_wildcard(pattern, matched)

    def _hold(self, pattern: str, reason: str) -> Decision:
        self.held.setdefault(reason, []).append(pattern)
        return Decision(held=reason)

    def _keep(self, pattern: str) -> tuple[str, Decision]:
        self.kept.setdefault(NO_RESOURCE, []).append(pattern)
        return pattern, Decision(kept=NO_RESOURCE)

    def _of_wildcard(self, pattern: str, matched: int) -> Iterator[tuple[str, Decision]]:
        """A wildcard's resources can be bounded; which of its actions are used, nobody says."""
        reference = self.evidence.reference
        decided = {n: self.decider.decided(reference.at(n)) for n in numbers(matched)}
        bound = [decision for decision in decided.values() if decision.named]
        held = [decision.held for decision in decided.values() if decision.held]
        if bound:
            self._hold(pattern, _WILDCARD)
            yield pattern, _together(bound, len(held))
            taking_none = sum(1 << n for n, decision in decided.items() if decision.kept)
            for text in self._abbreviated(taking_none):
                yield self._keep(text)
        elif held:
            yield pattern, self._hold(pattern, held[0])
        else:
            yield self._keep(pattern)

    def _abbreviated(self, actions: int) -> Iterator[str]:
        """Names of actions; one pattern for all that begin with the same word."""
        reference = self.evidence.reference
        for verb, names in groupby(reference.names(actions), key=_verb):
            listed = list(names)
            if len(listed) > 1 and not reference.matching(f"{verb}*") & ~actions:
                yield f"{verb}*"
            else:
                yield from listed

    def _joined(self, decided: Iterable[tuple[str, Decision]]) -> Iterator[Proposal]:
        """Statements of the actions that go together; what stays comes last."""
        groups: dict[tuple[Any, ...], list[tuple[str, Decision]]] = {}
        staying: dict[str, None] = {}
        for pattern, decision in decided:
            if decision.named:
                texts = tuple(named.text for named in decision.named)
                key = (texts, decision.confidence, decision.passed_to)
                groups.setdefault(key, []).append((pattern, decision))
            else:
                staying[pattern] = None
        for members in groups.values():
            yield self._proposal(members)
        if staying:
            everything = sorted((*self.fixed, *self.wide), key=lambda named: named.stated or 0)
            yield Proposal(tuple(staying), tuple(everything))

    def _proposal(self, members: Sequence[tuple[str, Decision]]) -> Proposal:
        actions = tuple(dict.fromkeys(pattern for pattern, _ in members))
        first = members[0][1]
        whys = [why for _, decision in members for why in decision.whys]
        return Proposal(
            actions,
            (*self.fixed, *first.named),
            first.confidence,
            "; ".join([*_sentences(whys), *self._last_used(actions)]),
            first.passed_to,
            first.circular,
        )

    def _last_used(self, patterns: Sequence[str]) -> Iterator[str]:
        last_accessed = self.evidence.last_accessed or {}
        for service in dict.fromkeys(_service(pattern) for pattern in patterns):
            if day := last_accessed.get(service):
                yield f"{service} was last used on {day}"


def _together(bound: Sequence[Decision], held: int) -> Decision:
    """The decision about a wildcard, some of whose actions are bound and `held` others are not."""
    whys = [why for one in bound for why in one.whys]
    if held:
        whys.append(f"{held} of its actions are on nothing that the stack defines")
    return Decision(
        named=tuple(dict.fromkeys(named for one in bound for named in one.named)),
        confidence=weakest([one.confidence for one in bound]),
        whys=tuple(dict.fromkeys(whys)),
        circular=tuple(dict.fromkeys(name for one in bound for name in one.circular)),
    )


def _notes(reasons: dict[str, list[str]]) -> tuple[ActionNote, ...]:
    return tuple(ActionNote(tuple(actions), reason) for reason, actions in reasons.items())


def _sentences(whys: Iterable[str]) -> list[str]:
    """Reasons without repetition: what one resource refers to in one of them."""
    objects: dict[tuple[str, str], list[str]] = {}
    for why in dict.fromkeys(whys):
        subject, verb, object_ = why.partition(_REFERS)
        objects.setdefault((subject, verb), []).append(object_)
    return [f"{subject}{verb}{_listed(many)}" for (subject, verb), many in objects.items()]


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _is_wide(value: Any) -> bool:
    """Whether a resource is a text with wildcards: what names a resource of the stack is not."""
    return isinstance(value, str) and ("*" in value or "?" in value)


def _service(pattern: str) -> str:
    return pattern.partition(":")[0].lower()


def _verb(name: str) -> str:
    """The service and first word of an action's name."""
    service, _, short = name.partition(":")
    end = next((i for i, c in enumerate(short) if i and c.isupper()), len(short))
    return f"{service}:{short[:end]}"
