"""A profile judged, and what each verdict was made of: what a change leaves is not asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from analyzer.ceilings import judge_ceilings
from analyzer.findings import Finding
from analyzer.intents import judge_intents
from analyzer.model import Inventory, Resource, references_in
from analyzer.policy.evaluate import judge_one
from analyzer.policy.rule import Rule
from analyzer.readings import EVERYTHING, Reading, noted, referrers
from analyzer.system import System
from analyzer.unknown import ABSENT

Question = Callable[[Inventory], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One question, its findings, and what was read for them; `about` is a resource's key."""

    question: Question
    about: str
    findings: tuple[Finding, ...]
    reads: frozenset[Reading]


@dataclass(frozen=True, slots=True)
class Judge:
    """Everything that is asked of an inventory: rules, intents and ceilings."""

    system: System
    profile: str
    rules: Iterable[Rule]
    settings: Mapping[str, Mapping[str, Any]]
    today: date

    def evaluations(self, inventory: Inventory) -> Iterator[Evaluation]:
        """Every question, answered, in the order of rules and resources."""
        for question, about in self._questions(inventory):
            yield _evaluated(question, about, inventory)

    def again(
        self, before: Iterable[Evaluation], inventory: Inventory, changes: frozenset[Reading]
    ) -> Iterator[Evaluation]:
        """The evaluations with only those made anew that have read what has changed.

        Resources may have come; where one has gone everything is asked anew.
        """
        known: set[str] = set()
        for old in before:
            known.add(old.about)
            touched = not old.reads.isdisjoint(changes)
            yield _evaluated(old.question, old.about, inventory) if touched else old
        for resource in inventory:
            if resource.key not in known and ("", resource.type) in changes:
                for question, about in self._about(resource):
                    yield _evaluated(question, about, inventory)

    def _questions(self, inventory: Inventory) -> Iterator[tuple[Question, str]]:
        for rule in self.rules:
            if not rule.judges(inventory):
                continue
            if not rule.types:
                yield partial(self._judged, rule, None), ""
            for resource in inventory.declared(*rule.types):
                yield partial(self._judged, rule, resource.key), resource.key
        for intent in self.system.intents:
            one = replace(self.system, intents=(intent,))
            yield partial(judge_intents, one, self.profile), ""
        for ceiling in self.system.ceilings:
            one = replace(self.system, ceilings=(ceiling,))
            yield partial(judge_ceilings, one, self.profile), ""

    def _about(self, resource: Resource) -> Iterator[tuple[Question, str]]:
        for rule in self.rules:
            if resource.type in rule.types and rule.judges(resource.inventory):
                yield partial(self._judged, rule, resource.key), resource.key

    def _judged(self, rule: Rule, key: str | None, inventory: Inventory) -> Iterator[Finding]:
        chosen = {**rule.settings, **self.settings.get(rule.id, {})}
        resource = None if key is None else inventory.resources[key]
        return judge_one(rule, resource, inventory, chosen, self.today)


def _evaluated(question: Question, about: str, inventory: Inventory) -> Evaluation:
    with noted() as reads:
        findings = tuple(question(inventory))
    return Evaluation(question, about, findings, frozenset(reads))


class Forms:
    """The properties of an inventory as texts that are equal where the values are."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self.of = {resource.key: _form(resource) for resource in inventory}

    def changes(self, after: Inventory) -> frozenset[Reading] | None:
        """What reads otherwise in another inventory; None where resources have gone."""
        found: set[Reading] = set()
        for key, old in self.of.items():
            new = after.resources.get(key)
            if new is None or new.type != self.inventory.resources[key].type:
                return None
            form = _form(new)
            if form != old:
                names = [name for name in {**old, **form} if old.get(name) != form.get(name)]
                found.update((key, name) for name in (*names, EVERYTHING))
                now = _targets(new, names)
                found.update(_referred(new, _targets(self.inventory.resources[key], names) ^ now))
        for resource in after:
            if resource.key not in self.of:
                found |= {("", resource.type), ("", EVERYTHING)}
                found.update(_referred(resource, _targets(resource, resource.properties)))
        return frozenset(found)


def _form(resource: Resource) -> dict[str, str]:
    return {
        **{name: repr(value) for name, value in resource.properties.items()},
        "DeletionPolicy": repr(resource.deletion_policy),
        "UpdateReplacePolicy": repr(resource.update_replace_policy),
        "Condition": repr(resource.condition),
    }


def _targets(resource: Resource, names: Iterable[str]) -> set[str]:
    values = [resource.properties.get(name, ABSENT) for name in names]
    return {reference.target for value in values for _, reference in references_in(value)}


def _referred(resource: Resource, targets: Iterable[str]) -> Iterator[Reading]:
    for target in targets:
        yield target, referrers(resource.type)
        yield target, referrers()
