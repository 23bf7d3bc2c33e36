"""The resources of a stack that an action of an identity can be meant for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from analyzer.iam.service_reference import ServiceReference
from analyzer.iam.tightening.arns import Row, arn_of, rows
from analyzer.iam.tightening.proposals import CANDIDATE, ONLY_CANDIDATE, REFERENCED
from analyzer.iam.tightening.workload import Workload
from analyzer.model import Resource
from analyzer.unknown import ABSENT


@dataclass(frozen=True, slots=True)
class Target:
    """One resource as a policy names it: `text` as Fn::Sub takes it, `value` what that gives."""

    resource: Resource
    text: str
    value: Any = field(compare=False)  # it has no hash


@dataclass(frozen=True, slots=True)
class Candidates:
    """The resources of a type that an identity works on; without any, the reason."""

    targets: tuple[Target, ...] = ()
    confidence: str = ""
    whys: tuple[str, ...] = ()
    reason: str = ""


_Found = Sequence[tuple[Resource, Row]]


@dataclass(slots=True)
class CandidateFinder:
    """The candidates by type of the service reference, each looked up once."""

    workload: Workload
    reference: ServiceReference
    _known: dict[tuple[str, str], Candidates] = field(default_factory=dict)

    def of(self, service: str, type_: str) -> Candidates:
        """The resources of a type that the identities work on."""
        key = (service, type_)
        if key not in self._known:
            self._known[key] = self._looked_up(service, type_)
        return self._known[key]

    def _looked_up(self, service: str, type_: str) -> Candidates:
        wanted = rows().get(f"{service}:{type_}", ())
        types = {row.type for row in wanted}
        gap = next((gap for gap in self.workload.inventory.gaps if gap.type in types), None)
        if gap is not None:
            return Candidates(reason=f"{gap.type} in {gap.region} {gap.reason}")
        declared = [(resource, row) for row in wanted for resource in self._declared(row)]
        used = [(r, row) for r, row in declared if r.key in self.workload.used or row.implied]
        here, away = self._by_stack(used or declared)
        none = f"no resource of the type `{type_}` in the stack"
        if away and (used or not here):
            named = ", ".join(f"`{resource.key}`" for resource, _ in away)
            return Candidates(reason=f"{none}: {named} is in another stack, and has to be imported")
        if not here:
            return Candidates(reason=none)
        form = self.reference.arn(service, type_)
        targets = tuple(
            dict.fromkeys(Target(resource, *arn_of(resource, row, form)) for resource, row in here)
        )
        return self._referenced(here, targets) if used else _unreferenced(targets)

    def _by_stack(self, found: _Found) -> tuple[_Found, _Found]:
        stack = self.workload.owner.stack
        return (
            [(resource, row) for resource, row in found if resource.stack == stack],
            [(resource, row) for resource, row in found if resource.stack != stack],
        )

    def _referenced(self, here: _Found, targets: tuple[Target, ...]) -> Candidates:
        whys = (
            f"`{resource.id}` writes it" if row.implied else self.workload.used[resource.key]
            for resource, row in here
        )
        return Candidates(targets, REFERENCED, tuple(dict.fromkeys(whys)))

    def _declared(self, row: Row) -> Iterator[Resource]:
        """The resources of a row's type that have what it needs."""
        for resource in self.workload.inventory.declared(row.type):
            has_needed = not row.needs or any(
                resource.properties.get(name, ABSENT) is not ABSENT for name in row.needs
            )
            if has_needed and (not row.implied or self._implies(resource, row)):
                yield resource

    def _implies(self, resource: Resource, row: Row) -> bool:
        """Whether what runs with the identity makes a resource that the stack does not declare."""
        if resource.key not in self.workload.users or row.implied in resource.properties:
            return False
        referrers = self.workload.referrers.get(resource.key, ())
        return "AWS::Logs::LogGroup" not in (referrer.type for referrer, _ in referrers)


def _unreferenced(targets: tuple[Target, ...]) -> Candidates:
    ids = list(dict.fromkeys(target.resource.id for target in targets))
    if len(ids) == 1:
        return Candidates(targets, ONLY_CANDIDATE, (f"`{ids[0]}` is the only one in the stack",))
    which = ", ".join(f"`{id_}`" for id_ in ids)
    return Candidates(targets, CANDIDATE, (f"nothing says which is used of {which}",))
