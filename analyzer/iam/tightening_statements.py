"""One statement bound to the resources of its stack: what takes its place, and what stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from analyzer.iam.actions import action_sets
from analyzer.iam.patterns import glob, includes
from analyzer.iam.service_reference import Action, ServiceReference, numbers
from analyzer.iam.statements import Statement, statements
from analyzer.iam.tightening_targets import Bound, Surroundings, Target
from analyzer.model import Resource
from analyzer.unknown import Absent, Open, Partial, Reference, Undecided, Unknown

NO_RESOURCE = "the action takes no resource"
LISTS = "the action lists everything, and may name no resource"
_PASS = "iam:passrole"  # noqa: S105 - an action
_TAGS = "it tags resources of several types, not all of them in the stack"
_TOLD = 3  # types that one sentence names
_CREATING = ("Create", "Register", "Import", "Allocate")
_CONFIDENCES = ("referenced", "only candidate", "candidate")  # the weakest last


@dataclass(frozen=True, slots=True)
class Named:
    """A resource of a tightened statement: `text` as Fn::Sub takes it, `pattern` what that gives.

    `stated` is its position among the resources of the statement, where it stays as it was.
    """

    text: str
    pattern: Any = field(compare=False)  # it has no hash
    stated: int | None = None
    target: str = ""  # the key of a resource of the stack


@dataclass(frozen=True, slots=True)
class Proposal:
    """One statement that takes the place of a part of another one.

    `confidence` is referenced, only candidate or candidate; "" for what stays. `passed_to` are the
    services of a condition that comes with it. `circular` are resources that refer to the one in
    which the policy is written: naming them there closes a circle.
    """

    actions: tuple[str, ...]
    named: tuple[Named, ...]
    confidence: str = ""
    why: str = ""
    passed_to: tuple[str, ...] = ()
    circular: tuple[str, ...] = ()

    @property
    def resources(self) -> tuple[str, ...]:
        """The resources as Fn::Sub takes them."""
        return tuple(named.text for named in self.named)


@dataclass(frozen=True, slots=True)
class Held:
    """Actions about which nothing is proposed, and why."""

    actions: tuple[str, ...]
    reason: str


@dataclass(slots=True)
class Narrowing:
    """What becomes of one statement: `parts` take its place where one of them is bounded."""

    parts: tuple[Proposal, ...] = ()
    kept: tuple[Held, ...] = ()
    not_narrowed: tuple[Held, ...] = ()
    dropped: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class _Decision:
    """What becomes of one action: it is kept as it is, held for a reason, or bound."""

    kept: str = ""
    held: str = ""
    named: tuple[Named, ...] = ()
    confidence: str = ""
    why: str = ""
    passed_to: tuple[str, ...] = ()
    circular: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Means:
    """What a statement is narrowed with.

    `passed_to` are the services that the identity hands roles to; `last_accessed` says of services
    when the identity last used them, None for never.
    """

    reference: ServiceReference
    around: Surroundings
    passed_to: tuple[str, ...] = ()
    last_accessed: Mapping[str, date | None] | None = None


def narrowed(statement: Statement, means: Means) -> Narrowing:
    """What becomes of a statement. Raises `Undecided` where it is not known."""
    if not statement.allows:
        return Narrowing()
    if statement.not_actions or statement.not_resources:
        shown = tuple(shown_text(value) for value in statement.actions or statement.not_actions)
        said = "NotAction" if statement.not_actions else "NotResource"
        return Narrowing(
            not_narrowed=(Held(shown, f"{said} says what it leaves out, not what it is for"),)
        )
    return _Narrower(statement, means).narrowing()


def shown_text(value: Any) -> str:
    """A value of a policy as Fn::Sub takes it."""
    if isinstance(value, Partial):
        return "".join(shown_text(part) for part in value.parts)
    if isinstance(value, Reference):
        return "${" + f"{value}" + "}"
    if isinstance(value, Unknown):
        return "${" + value.subject.removeprefix("parameter ").strip("`") + "}"
    return f"{value}"


@dataclass
class _Narrower:
    """The state while one statement is narrowed."""

    statement: Statement
    means: Means
    kept: dict[str, list[str]] = field(default_factory=dict)
    held: dict[str, list[str]] = field(default_factory=dict)
    dropped: list[Held] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wide: list[Named] = []
        self.fixed: list[Named] = []
        for position, value in enumerate(self.statement.resources):
            named = Named(shown_text(value), value, position)
            (self.wide if _is_wide(value) else self.fixed).append(named)

    def narrowing(self) -> Narrowing:
        """Every action decided, and those that go together joined."""
        shares = [share for pattern in self._patterns() for share in self._shares(pattern)]
        parts = tuple(self._joined(shares))
        return Narrowing(
            parts,
            tuple(Held(tuple(actions), reason) for reason, actions in self.kept.items()),
            tuple(Held(tuple(actions), reason) for reason, actions in self.held.items()),
            tuple(self.dropped),
        )

    def _patterns(self) -> Iterator[str]:
        """The action patterns that are left once services that were never used are dropped."""
        usage = self.means.last_accessed
        for value in self.statement.actions:
            if isinstance(value, Open):
                raise Undecided(f"the action `{value}`", getattr(value, "reason", "is not known"))
            pattern = f"{value}"
            if usage is None:
                yield pattern
            elif pattern in ("*", "*:*"):
                used = [name for name in self.means.reference.services if usage.get(name)]
                never = [name for name in usage if usage[name] is None]
                if never and used:
                    told = ", ".join(f"{name} ({usage[name]})" for name in used)
                    self.dropped.append(Held((pattern,), f"used, and when last: {told}"))
                yield from (f"{name}:*" for name in used) if never and used else (pattern,)
            elif usage.get(_service(pattern), "not told") is None:
                told = f"{_service(pattern)} was never used in the time that AWS keeps"
                self.dropped.append(Held((pattern,), told))
            else:
                yield pattern

    def _shares(self, pattern: str) -> Iterator[tuple[str, _Decision]]:
        """What becomes of the actions of one pattern."""
        reference = self.means.reference
        matched = reference.matching(pattern)
        if not self.wide:
            yield pattern, _Decision()
            return
        if not matched:
            yield pattern, self._hold(pattern, f"unknown action (reference of {reference.date})")
            return
        number = reference.number(pattern)
        if number is not None:
            decision = self._decided(reference.at(number))
            if decision.kept:
                self.kept.setdefault(decision.kept, []).append(pattern)
            yield pattern, self._hold(pattern, decision.held) if decision.held else decision
        elif "*" in pattern.partition(":")[0] or "?" in pattern.partition(":")[0]:
            yield (
                pattern,
                self._hold(pattern, "which services it is for is not known without their use"),
            )
        else:
            yield from self._of_wildcard(pattern, matched)

    def _hold(self, pattern: str, reason: str) -> _Decision:
        self.held.setdefault(reason, []).append(pattern)
        return _Decision(held=reason)

    def _of_wildcard(self, pattern: str, matched: int) -> Iterator[tuple[str, _Decision]]:
        """A wildcard's resources can be bounded; which of its actions are used, nobody says."""
        decided = {n: self._decided(self.means.reference.at(n)) for n in numbers(matched)}
        bound = [decision for decision in decided.values() if decision.named]
        if not bound:
            kept = all(decision.kept for decision in decided.values())
            reason = next((d.held for d in decided.values() if d.held), "")
            if kept:
                self.kept.setdefault(NO_RESOURCE, []).append(pattern)
                yield pattern, _Decision(kept=NO_RESOURCE)
            else:
                yield pattern, self._hold(pattern, reason)
            return
        self.held.setdefault(
            "which actions of a wildcard are used is not known: only its resources are bounded", []
        ).append(pattern)
        left_out = sum(bool(decision.held) for decision in decided.values())
        why = "; ".join(dict.fromkeys(decision.why for decision in bound))
        if left_out:
            why += f"; {left_out} of its actions are on nothing that the stack defines"
        yield (
            pattern,
            _Decision(
                named=tuple(dict.fromkeys(named for one in bound for named in one.named)),
                confidence=max((one.confidence for one in bound), key=_CONFIDENCES.index),
                why=why,
                circular=tuple(dict.fromkeys(name for one in bound for name in one.circular)),
            ),
        )
        starred = sum(1 << n for n, decision in decided.items() if decision.kept)
        for text in self._shortened(starred, matched):
            self.kept.setdefault(NO_RESOURCE, []).append(text)
            yield text, _Decision(kept=NO_RESOURCE)

    def _shortened(self, actions: int, within: int) -> Iterator[str]:
        """Names of actions; one pattern for all that begin with the same word."""
        reference = self.means.reference
        for verb, names in groupby(reference.names(actions), key=_verb):
            listed = list(names)
            matched = reference.matching(f"{verb}*")
            if len(listed) > 1 and not matched & ~actions and not matched & ~within:
                yield f"{verb}*"
            else:
                yield from listed

    def _decided(self, action: Action) -> _Decision:  # noqa: PLR0911 - one answer for each case
        if not action.types or action.name in action_sets("unbounded"):
            return _Decision(kept=NO_RESOURCE)
        if action.level == "L" and len(action.types) == 1 and not action.required:
            return _Decision(kept=LISTS)
        if action.name.lower() == _PASS:
            return self._passing(action)
        bounds = {type_: self._inside(action, type_) for type_ in action.types}
        for type_ in action.required:
            if not bounds[type_].targets:
                return _Decision(held=bounds[type_].reason)
            if _creates(action, type_) and bounds[type_].confidence != _CONFIDENCES[0]:
                return _Decision(held="it creates resources, whose names the stack does not tell")
        found = [bound for bound in bounds.values() if bound.targets]
        if action.level == "T" and len(found) < len(bounds):
            return _Decision(held=_TAGS)
        if not found:
            return _Decision(held=_reason(action, [bound.reason for bound in bounds.values()]))
        return self._bound_to(found)

    def _inside(self, action: Action, type_: str) -> Bound:
        """The stack's resources of a type that the statement surely names already."""
        bound = self.means.around.bound(action.service, type_)
        inside = tuple(target for target in bound.targets if self._covers(target))
        if bound.targets and not inside:
            names = ", ".join(dict.fromkeys(f"`{target.resource.id}`" for target in bound.targets))
            return Bound(reason=f"it is not known to name {names}")
        return Bound(inside, bound.confidence, bound.why, bound.reason)

    def _covers(self, target: Target) -> bool:
        return any(includes(glob(wide.pattern), glob(target.pattern)) for wide in self.wide)

    def _bound_to(self, found: Sequence[Bound], passed_to: tuple[str, ...] = ()) -> _Decision:
        around = self.means.around
        targets = list(dict.fromkeys(target for bound in found for target in bound.targets))
        named = tuple(
            Named(target.text, target.pattern, target=target.resource.key) for target in targets
        )
        circular = (target.resource.id for target in targets if around.circular(target))
        return _Decision(
            named=tuple({one.text: one for one in named}.values()),
            confidence=max((bound.confidence for bound in found), key=_CONFIDENCES.index),
            why="; ".join(dict.fromkeys(bound.why for bound in found)),
            passed_to=passed_to,
            circular=tuple(dict.fromkeys(circular)),
        )

    def _passing(self, action: Action) -> _Decision:
        """The roles of the stack that trust a service which the identity hands roles to."""
        services = self.means.passed_to
        if not services:
            return _Decision(held="no action of the identity hands a role to a service")
        inside = self._inside(action, action.types[0])
        trusting = {
            target: [name for name in services if _trusts(target.resource, name)]
            for target in inside.targets
        }
        targets = tuple(target for target, names in trusting.items() if names)
        if not targets:
            return _Decision(held=f"no role of the stack trusts {' or '.join(services)}")
        admitted = dict.fromkeys(name for names in trusting.values() for name in names)
        shown = ", ".join(f"`{target.resource.id}`" for target in targets)
        why = f"{shown} {'trusts' if len(targets) == 1 else 'trust'} {', '.join(admitted)}"
        confidence = _CONFIDENCES[1] if len(targets) == 1 else _CONFIDENCES[2]
        if inside.confidence == _CONFIDENCES[0]:
            confidence = _CONFIDENCES[0]
        unconditional = isinstance(self.statement.conditions, Absent)
        return self._bound_to(
            [Bound(targets, confidence, why)], tuple(admitted) if unconditional else ()
        )

    def _last_used(self, members: Iterable[tuple[str, _Decision]]) -> Iterator[str]:
        usage = self.means.last_accessed or {}
        for service in dict.fromkeys(_service(pattern) for pattern, _ in members):
            if day := usage.get(service):
                yield f"{service} was last used on {day}"

    def _joined(self, shares: Iterable[tuple[str, _Decision]]) -> Iterator[Proposal]:
        """Statements of the actions that go together; what stays comes last."""
        groups: dict[tuple[Any, ...], list[tuple[str, _Decision]]] = {}
        staying: list[str] = []
        for pattern, decision in shares:
            if decision.named:
                texts = tuple(named.text for named in decision.named)
                key = (texts, decision.confidence, decision.passed_to)
                groups.setdefault(key, []).append((pattern, decision))
            else:
                staying.append(pattern)
        for members in groups.values():
            first = members[0][1]
            yield Proposal(
                tuple(dict.fromkeys(pattern for pattern, _ in members)),
                (*self.fixed, *first.named),
                first.confidence,
                "; ".join(dict.fromkeys([*(d.why for _, d in members), *self._last_used(members)])),
                first.passed_to,
                first.circular,
            )
        if staying:
            everything = sorted((*self.fixed, *self.wide), key=lambda named: named.stated or 0)
            yield Proposal(tuple(dict.fromkeys(staying)), tuple(everything))


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


def _reason(action: Action, reasons: Sequence[str]) -> str:
    """Why none of an action's types has a resource, in one sentence."""
    telling = [reason for reason in reasons if not reason.endswith("in the stack")]
    if telling or len(reasons) > _TOLD:
        return (telling or reasons)[0]
    types = " or ".join(f"`{type_.lower()}`" for type_ in action.types)
    return f"no resource of the type {types} in the stack"


def _creates(action: Action, type_: str) -> bool:
    """Whether an action makes a resource of the type, which nothing can name before."""
    short = action.name.partition(":")[2]
    made = next((short.removeprefix(verb) for verb in _CREATING if short.startswith(verb)), "")
    return made.lower() == type_.lower().replace("-", "").replace(" ", "")


def _trusts(role: Resource, service: str) -> bool:
    """Whether a role surely lets a service take it."""
    try:
        return any(
            statement.allows
            and any(kind == "Service" and value == service for kind, value in statement.principals)
            for statement in statements(role.AssumeRolePolicyDocument)
        )
    except Undecided:
        return False
