"""What becomes of one action of a statement: it stays, or it is bound to resources of the stack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analyzer.iam.actions import action_sets
from analyzer.iam.patterns import glob, includes
from analyzer.iam.service_reference import Action, ServiceReference
from analyzer.iam.statements import Statement
from analyzer.iam.tightening.candidates import CandidateFinder, Candidates, Target
from analyzer.iam.tightening.proposals import (
    CANDIDATE,
    ONLY_CANDIDATE,
    REFERENCED,
    ProposedResource,
    weakest,
)
from analyzer.iam.tightening.role_passing import PASS_ROLE, trusts
from analyzer.iam.tightening.workload import Workload
from analyzer.unknown import Absent

NO_RESOURCE = "the action takes no resource"
_LISTS = "the action lists everything, and may name no resource"
_TAGS = "it tags resources of several types, not all of them in the stack"
_CREATES = "it creates resources, whose names the stack does not tell"
_PASSES_NOTHING = "no action of the identity hands a role to a service"
_CREATING = ("Create", "Register", "Import", "Allocate")
_TOLD = 3  # types that one sentence names


@dataclass(frozen=True, slots=True)
class Evidence:
    """What statements are narrowed with.

    `passed_to` are the services that the identity hands roles to; `last_accessed` says of services
    when the identity last used them, None for never.
    """

    reference: ServiceReference
    workload: Workload
    candidates: CandidateFinder
    passed_to: tuple[str, ...] = ()
    last_accessed: Mapping[str, date | None] | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one action: `kept` or `held` as wide as it is, by a reason, or bound."""

    kept: str = ""
    held: str = ""
    named: tuple[ProposedResource, ...] = ()
    confidence: str = ""
    whys: tuple[str, ...] = ()
    passed_to: tuple[str, ...] = ()
    circular: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decider:
    """Decides the actions of one statement, whose resources with wildcards are `wide`."""

    statement: Statement
    wide: Sequence[ProposedResource]
    evidence: Evidence

    def decided(self, action: Action) -> Decision:
        """What becomes of an action of the service reference."""
        if not action.types or action.name in action_sets("unbounded"):
            return Decision(kept=NO_RESOURCE)
        if action.level == "L" and len(action.types) == 1 and not action.required:
            return Decision(kept=_LISTS)
        if action.name == PASS_ROLE:
            return self._passing(action)
        return self._by_type(action)

    def _by_type(self, action: Action) -> Decision:
        by_type = {type_: self._within(action, type_) for type_ in action.types}
        for type_ in action.required:
            if not by_type[type_].targets:
                return Decision(held=by_type[type_].reason)
            if _creates(action, type_) and by_type[type_].confidence != REFERENCED:
                return Decision(held=_CREATES)
        found = [candidates for candidates in by_type.values() if candidates.targets]
        if action.level == "T" and len(found) < len(by_type):
            return Decision(held=_TAGS)
        if not found:
            return Decision(held=_reason(action, [one.reason for one in by_type.values()]))
        return self._bound_to(found)

    def _within(self, action: Action, type_: str) -> Candidates:
        """The candidates of a type that the statement surely names already."""
        found = self.evidence.candidates.of(action.service, type_)
        within = tuple(target for target in found.targets if self._names(target))
        if found.targets and not within:
            names = ", ".join(dict.fromkeys(f"`{target.resource.id}`" for target in found.targets))
            return Candidates(reason=f"it is not known to name {names}")
        return Candidates(within, found.confidence, found.whys, found.reason)

    def _names(self, target: Target) -> bool:
        return any(includes(glob(wide.value), glob(target.value)) for wide in self.wide)

    def _bound_to(self, found: Sequence[Candidates], passed_to: tuple[str, ...] = ()) -> Decision:
        targets = list(dict.fromkeys(target for one in found for target in one.targets))
        named = {
            target.text: ProposedResource(target.text, target.value, target=target.resource.key)
            for target in targets
        }
        circular = (
            target.resource.id
            for target in targets
            if self.evidence.workload.is_circular(target.resource)
        )
        return Decision(
            named=tuple(named.values()),
            confidence=weakest([one.confidence for one in found]),
            whys=tuple(dict.fromkeys(why for one in found for why in one.whys)),
            passed_to=passed_to,
            circular=tuple(dict.fromkeys(circular)),
        )

    def _passing(self, action: Action) -> Decision:
        """The roles of the stack that trust a service which the identity hands roles to."""
        services = self.evidence.passed_to
        if not services:
            return Decision(held=_PASSES_NOTHING)
        within = self._within(action, action.types[0])
        trusting = {
            target: [name for name in services if trusts(target.resource, name)]
            for target in within.targets
        }
        targets = tuple(target for target, names in trusting.items() if names)
        if not targets:
            return Decision(held=f"no role of the stack trusts {' or '.join(services)}")
        admitted = dict.fromkeys(name for names in trusting.values() for name in names)
        shown = ", ".join(f"`{target.resource.id}`" for target in targets)
        why = f"{shown} {'trusts' if len(targets) == 1 else 'trust'} {', '.join(admitted)}"
        confidence = ONLY_CANDIDATE if len(targets) == 1 else CANDIDATE
        if within.confidence == REFERENCED:
            confidence = REFERENCED
        # A condition that stands there already is left alone: no second one is written beside it.
        unconditional = isinstance(self.statement.conditions, Absent)
        return self._bound_to(
            [Candidates(targets, confidence, (why,))], tuple(admitted) if unconditional else ()
        )


def _reason(action: Action, reasons: Sequence[str]) -> str:
    """Why none of an action's types has a resource, in one sentence."""
    telling = [reason for reason in reasons if not reason.endswith("in the stack")]
    if telling or len(reasons) > _TOLD:
        return (telling or reasons)[0]
    types = " or ".join(f"`{type_}`" for type_ in action.types)
    return f"no resource of the type {types} in the stack"


def _creates(action: Action, type_: str) -> bool:
    """Whether an action makes a resource of the type, which nothing can name before."""
    short = action.name.partition(":")[2]
    made = next((short.removeprefix(verb) for verb in _CREATING if short.startswith(verb)), "")
    return made.lower() == type_.replace("-", "").replace(" ", "")
