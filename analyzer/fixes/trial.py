"""A profile with fixes: what its files say then, what the rules find then, what it costs then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from analyzer.assembly import Assembled, Sources, assemble
from analyzer.ceilings import judge_ceilings
from analyzer.cost_lines import CostLine
from analyzer.errors import InputError
from analyzer.findings import Finding, Fix
from analyzer.fixes.placing import Places
from analyzer.fixes.writing import Tried, Writing
from analyzer.intents import judge_intents
from analyzer.policy.evaluate import judge
from analyzer.policy.rule import Rule
from analyzer.policy.settings import settings_of
from analyzer.pricing import price
from analyzer.system import Profile, System
from analyzer.template import Source
from analyzer.template.editing import unified_diff

Asked = tuple[str, Fix]
"""A fix, and the key (`stack/id`) of the resource that it is for."""


@dataclass(frozen=True)
class State:
    """A profile read, judged and priced."""

    system: System
    profile: Profile
    assembled: Assembled
    findings: tuple[Finding, ...] = ()
    cost: tuple[CostLine, ...] = ()


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

    `policy` are the repository's own thresholds; `sources` holds what was parsed, for other trials.
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

    @cached_property
    def before(self) -> State:
        """The profile as it is. Raises `InputError` where it cannot be read."""
        return self.state(self.system, self.profile, self.sources)

    def with_fixes(self, asked: Iterable[Asked]) -> Outcome:
        """The profile with fixes; what cannot be written is refused, and the others stand.

        Of two fixes that change one property differently the second one is refused, and so is one
        with which the profile could not be deployed.
        """
        asked = list(asked)
        outcome = self._tried(asked, {})
        if outcome is not None:
            return outcome
        faults: dict[int, str] = {}
        for position in range(len(asked)):
            later = dict.fromkeys(range(position + 1, len(asked)), "later")
            if self._tried(asked, {**faults, **later}) is None:
                faults[position] = "with it the template could not be deployed"
        return self._tried(asked, faults) or Outcome(self.before)

    def _tried(self, asked: list[Asked], refused: Mapping[int, str]) -> Outcome | None:
        """The outcome without some of the fixes; None where the profile cannot be read then."""
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
        try:
            system, profile = self._reread(documents)
            state = self.state(system, profile, {**self.sources, **documents})
        except InputError:
            return None
        return Outcome(state, tuple(writing.tried), documents, originals)

    def _reread(self, documents: Mapping[str, Source]) -> tuple[System, Profile]:
        """The system, read again where its own file changed."""
        source = documents.get(self.system.file)
        if source is None:
            return self.system, self.profile
        from analyzer.architecture import read_architecture

        system = read_architecture(Path(self.system.file), source)
        return system, next(one for one in system.profiles if one.name == self.profile.name)

    def state(self, system: System, profile: Profile, sources: Sources) -> State:
        """A profile read from these sources, judged and priced. Raises `InputError`."""
        assembled = assemble(system, profile, sources, all_scenarios=self.all_scenarios)
        inventory = assembled.inventory
        findings: tuple[Finding, ...] = ()
        if self.judged:
            settings, _ = settings_of({**self.policy, **profile.policy}, self.rules)
            found = chain(
                judge(self.rules.values(), inventory, settings, self.today),
                judge_intents(system, profile.name, inventory),
                judge_ceilings(system, profile.name, inventory),
            )
            findings = tuple(found)
        lines = price(system, profile, inventory, self.today).lines if self.priced else ()
        return State(system, profile, assembled, findings, lines)
