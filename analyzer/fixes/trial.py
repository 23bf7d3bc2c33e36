"""A profile with fixes: what its files say then, what the rules find then, what it costs then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from analyzer.assembly import Assembled, Sources, assemble
from analyzer.cost_lines import CostLine
from analyzer.errors import InputError
from analyzer.findings import Finding, Fix
from analyzer.fixes.judging import Evaluation, Forms, Judge
from analyzer.fixes.placing import Places
from analyzer.fixes.writing import Tried, Writing
from analyzer.policy.rule import Rule
from analyzer.policy.settings import settings_of
from analyzer.pricing import price
from analyzer.readings import Reading, noted
from analyzer.system import Profile, System
from analyzer.template import Source
from analyzer.template.editing import unified_diff

Asked = tuple[str, Fix]
"""A fix, and the key (`stack/id`) of the resource that it is for."""


@dataclass(frozen=True)
class State:
    """A profile read, judged and priced.

    `cost_reads` is what the prices were made of; `changes` is what reads otherwise than before the
    fixes, None where everything may.
    """

    system: System
    profile: Profile
    assembled: Assembled
    evaluations: tuple[Evaluation, ...] = ()
    cost: tuple[CostLine, ...] = ()
    cost_reads: frozenset[Reading] = frozenset()
    changes: frozenset[Reading] | None = None

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules, intents and ceilings say."""
        return tuple(finding for one in self.evaluations for finding in one.findings)

    @cached_property
    def forms(self) -> Forms:
        """The properties, to be compared with those of another state."""
        return Forms(self.assembled.inventory)


def judged_anew(before: State, after: State) -> tuple[list[Finding], list[Finding]]:
    """What was found before, and what is found now, where somebody judged again.

    An evaluation that a change leaves is the same one in both states.
    """
    old, new = ({id(one) for one in state.evaluations} for state in (before, after))
    return (
        [f for one in before.evaluations if id(one) not in new for f in one.findings],
        [f for one in after.evaluations if id(one) not in old for f in one.findings],
    )


@dataclass(frozen=True)
class Outcome:
    """A profile with fixes: its state, what became of each fix, and the documents that changed.

    `documents` are the changed ones by file, `originals` those that they were made of.
    """

    state: State
    tried: tuple[Tried, ...] = ()
    documents: Mapping[str, Source] = field(default_factory=dict)
    originals: Mapping[str, Source] = field(default_factory=dict)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules find with the fixes."""
        return self.state.findings

    @property
    def cost(self) -> tuple[CostLine, ...]:
        """What it costs with the fixes."""
        return self.state.cost

    @property
    def undone(self) -> tuple[str, ...]:
        """What is left to do by hand once the fixes are made, each once."""
        notes = (tried.fix.note for tried in self.tried if not tried.refusal)
        return tuple(dict.fromkeys(f"left to do by hand: {note}" for note in notes if note))

    @property
    def repriced(self) -> frozenset[str]:
        """The keys of resources of which something reads otherwise that prices are made of."""
        changes = self.state.changes or frozenset()
        return frozenset(key for key, _ in changes & self.state.cost_reads)

    @property
    def texts(self) -> dict[str, str]:
        """The new text of each file that changes."""
        return {file: source.text for file, source in self.documents.items()}

    @property
    def diff(self) -> str:
        """All changes as a unified diff; secrets of the files are not masked."""
        return "".join(
            unified_diff(file, self.originals[file].text, text) for file, text in self.texts.items()
        )


@dataclass(frozen=True)
class Trial:
    """One profile of a system, with everything that decides what is found and what it costs.

    `policy` are the repository's own thresholds, `sources` holds what was parsed, for other trials,
    and `known` is the profile as it is, where somebody has judged and priced it before. Without
    `placed` the findings after fixes name their files only, which spares time.
    """

    system: System
    profile: Profile
    today: date
    rules: Mapping[str, Rule] = field(default_factory=dict)
    policy: Mapping[str, Any] = field(default_factory=dict)
    sources: Sources = field(default_factory=dict)
    all_scenarios: bool = False
    judged: bool = True
    priced: bool = True
    known: State | None = None
    placed: bool = True

    @cached_property
    def before(self) -> State:
        """The profile as it is. Raises `InputError` where it cannot be read."""
        return self.known or self.state(self.system, self.profile, self.sources)

    def with_fixes(self, asked: Iterable[Asked]) -> Outcome:
        """The profile with fixes; what cannot be written is refused, and the others stand.

        Of two fixes that change one property differently the second one is refused, and so is one
        with which the profile could not be deployed.
        """
        asked = list(asked)
        with suppress(InputError):
            return self._tried(asked, {})
        faults: dict[int, str] = {}
        for position in range(len(asked)):
            later = dict.fromkeys(range(position + 1, len(asked)), "later")
            try:
                self._tried(asked, {**faults, **later})
            except InputError as error:
                faults[position] = f"with it the template could not be deployed: {error.message}"
        return self._tried(asked, faults)

    def _tried(self, asked: list[Asked], refused: Mapping[int, str]) -> Outcome:
        """The outcome without some of the fixes.

        Raises `InputError` where the profile cannot be read then.
        """
        before = self.before
        places = Places(self.system, self.profile, before.assembled, self.sources)
        writing = Writing(places, before.assembled.inventory.resources)
        for position, (key, fix) in enumerate(asked):
            if position in refused:
                writing.tried.append(Tried(key, fix, refusal=refused[position]))
            else:
                writing.add(key, fix)
        documents = writing.documents()
        if not documents:
            return Outcome(before, tuple(writing.tried))
        originals = {file: places.source(file) for file in documents}
        system, profile = self._reread(documents)
        read = {
            file: source if self.placed else source.without_places()
            for file, source in documents.items()
        }
        state = self._changed(system, profile, {**self.sources, **read})
        return Outcome(state, tuple(writing.tried), documents, originals)

    def _reread(self, documents: Mapping[str, Source]) -> tuple[System, Profile]:
        """The system, read again where its own file changed."""
        source = documents.get(self.system.file)
        if source is None:
            return self.system, self.profile
        from analyzer.architecture import read_architecture

        system = read_architecture(Path(self.system.file), source)
        return system, system.profile(self.profile.name)

    def state(self, system: System, profile: Profile, sources: Sources) -> State:
        """A profile read from these sources, judged and priced. Raises `InputError`."""
        assembled = assemble(system, profile, sources, all_scenarios=self.all_scenarios)
        evaluations: tuple[Evaluation, ...] = ()
        if self.judged:
            evaluations = tuple(self._judge(system, profile).evaluations(assembled.inventory))
        return self._priced(State(system, profile, assembled, evaluations))

    def _changed(self, system: System, profile: Profile, sources: Sources) -> State:
        """The same for a state after fixes: only what the changes touch is worked out again."""
        assembled = assemble(system, profile, sources, all_scenarios=self.all_scenarios)
        inventory, before = assembled.inventory, self.before
        changes = before.forms.changes(inventory)
        if changes is None:
            return self.state(system, profile, sources)
        evaluations: tuple[Evaluation, ...] = ()
        if self.judged:
            judge = self._judge(system, profile)
            evaluations = tuple(judge.again(before.evaluations, inventory, changes))
        state = State(
            system, profile, assembled, evaluations, before.cost, before.cost_reads, changes
        )
        return state if before.cost_reads.isdisjoint(changes) else self._priced(state)

    def _judge(self, system: System, profile: Profile) -> Judge:
        settings, _ = settings_of({**self.policy, **profile.policy}, self.rules)
        return Judge(system, profile.name, tuple(self.rules.values()), settings, self.today)

    def _priced(self, state: State) -> State:
        if not self.priced:
            return state
        with noted() as reads:
            priced = price(state.system, state.profile, state.assembled.inventory, self.today)
        return replace(state, cost=priced.lines, cost_reads=frozenset(reads))
