"""The plan of an account: its savings, made on what was read of it.

An account has no template to write a fix into; what its rules ask for is `assay remediate`'s work.
What saves is judged and priced on the inventory itself. Savings of one kind are one step: there may
be hundreds of volumes, and whoever decides about one decides about all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from analyzer.cost.book import embedded
from analyzer.cost.estimate import estimate
from analyzer.cost.usage import read_usage
from analyzer.findings import Finding, Fix
from analyzer.model import Inventory, Resource
from analyzer.planning.attempt import Attempts, Tried
from analyzer.planning.candidate import Change
from analyzer.planning.making import Wanted, make_plan
from analyzer.planning.plan import Plan
from analyzer.planning.proposals import Proposal, of_savings
from analyzer.planning.trouble import Counting
from analyzer.policy.evaluate import judge
from analyzer.policy.rule import Rule
from analyzer.results import Judgement
from analyzer.savings import Edit, Surroundings, find_savings
from analyzer.savings.saving import WHOLE


@dataclass(frozen=True)
class AccountTrial:
    """An account as it was read, with everything that decides what is found and what it costs."""

    inventory: Inventory
    judgement: Judgement
    rules: Mapping[str, Rule]
    settings: Mapping[str, Mapping[str, Any]]
    today: date

    def attempt(
        self, edits: tuple[Edit, ...], schedule: Mapping[str, Any] | None, *, judged: bool
    ) -> Tried:
        """The account with changes, judged where that is asked for, and priced."""
        if schedule is not None:
            return Tried((), (), ("an account has no profile to put a schedule into",))
        if not edits:
            return Tried(self.judgement.findings, self.judgement.cost)
        inventory = _with_edits(self.inventory, edits)
        found: Iterable[Finding] = ()
        if judged:
            found = judge(self.rules.values(), inventory, self.settings, self.today)
        usage = read_usage({}, inventory)
        cost = estimate(inventory, usage, None, embedded(), today=self.today)
        return Tried(tuple(found), cost)


def plan_account(
    trial: AccountTrial, wanted: Wanted, counting: Counting, around: Surroundings
) -> Plan:
    """The savings of an account, those that may be taken as steps."""
    attempts = Attempts(trial.attempt, counting)
    found = of_savings(find_savings(trial.inventory, around))
    judgement = trial.judgement
    return make_plan(judgement.system, judgement.profile, _by_kind(found), attempts, wanted)


def _by_kind(proposals: Iterable[Proposal]) -> Iterator[Proposal]:
    """One proposal a kind; of two that write one place differently the first stays."""
    kinds: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        if proposal.kind is not None:
            others = kinds.setdefault(proposal.kind.name, [])
            if not any(proposal.change.conflicts(other.change) for other in others):
                others.append(proposal)
    for members in kinds.values():
        yield _joined(members)


def _joined(members: Sequence[Proposal]) -> Proposal:
    first = members[0]
    if len(members) == 1 or first.kind is None:
        return first
    edits = tuple(edit for member in members for edit in member.change.edits)
    title = f"{first.kind.title}: {len(members)}"
    return replace(first, change=Change(edits), title=title, resource="")


def _with_edits(inventory: Inventory, edits: Iterable[Edit]) -> Inventory:
    """The inventory with properties set and resources gone."""
    changes: dict[str, list[Fix]] = {}
    for key, fix in edits:
        changes.setdefault(key, []).append(fix)
    resources = (
        _changed(resource, changes.get(resource.key, ()))
        for resource in inventory
        if not any(WHOLE in fix.remove for fix in changes.get(resource.key, ()))
    )
    return Inventory(
        inventory.name,
        list(resources),
        live=inventory.live,
        gaps=inventory.gaps,
        complete=inventory.complete,
    )


def _changed(resource: Resource, fixes: Sequence[Fix]) -> Resource:
    properties = resource.properties if not fixes else deepcopy(resource.properties)
    for fix in fixes:
        properties.update(fix.set)  # savings of an account set properties by their names
    return resource.copied(properties)
