"""What a run is asked for: the systems, whose policy judges them, and what is worked out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from analyzer.configuration import Configuration
from analyzer.cost_lines import CostLine
from analyzer.engines import Cache
from analyzer.findings import OURS, Finding
from analyzer.policy.rule import Rule
from analyzer.policy.waivers import Grant
from analyzer.results import Problem
from analyzer.system import Profile, System

Earlier = Callable[[System, Profile, Sequence[CostLine]], Sequence[CostLine] | None]
"""What a profile cost before a change, given what it costs now; None where that is not known."""


def _nothing_earlier(*_: object) -> None:
    return None


Mends = Callable[[System, Profile, Sequence[Finding]], Sequence[Finding]]
"""Of a profile's findings those whose fixes are worked out, which takes longer than to judge."""


EFFORT = 100_000
"""Half a minute or so: a fix takes its part of that by the size of what it is tried in."""


def _every(_: System, __: Profile, findings: Sequence[Finding]) -> Sequence[Finding]:
    return findings


@dataclass(frozen=True)
class Request:
    """Everything that decides what a run gives, the day included.

    `engines` are the checkers to ask, and `required` those that must answer; `judged` whether rules
    judge, `priced` whether costs are estimated, `bare_priced` those of templates without an
    architecture too, `pictured` whether diagrams are drawn, `mended` whether fixes are worked out
    where costs are, `mends` of which findings, and `effort` how many resources may be read again
    for that, each time that they are; `profiles` the only profiles to look at (all when empty).
    `ignored` are waivers beside resources that do not count.
    """

    systems: Sequence[System]
    today: date
    rules: Mapping[str, Rule] = field(default_factory=dict)
    frameworks: Mapping[str, str] = field(default_factory=dict)
    engines: Sequence[str] = (OURS,)
    required: Sequence[str] = ()
    configuration: Configuration = field(default_factory=Configuration)
    profiles: Sequence[str] = ()
    all_scenarios: bool = False
    judged: bool = True
    priced: bool = True
    bare_priced: bool = True
    pictured: bool = False
    mended: bool = True
    mends: Mends = _every
    effort: int = EFFORT
    cache: Cache | None = None
    problems: Sequence[Problem] = ()
    ignored: Collection[Grant] = frozenset()
    earlier: Earlier = _nothing_earlier
    progress: Callable[[str], None] = lambda _: None

    @property
    def asks_ours(self) -> bool:
        """Whether our own rules judge."""
        return self.judged and OURS in self.engines

    def chosen(self, system: System) -> Iterator[Profile]:
        """The profiles of a system that are looked at."""
        for profile in system.profiles:
            if not self.profiles or profile.name in self.profiles:
                yield profile

    @cached_property
    def trials(self) -> int:
        """How many resources may be read again for the fixes of a profile."""
        profiles = sum(1 for system in self.systems for _ in self.chosen(system))
        return self.effort // max(profiles, 1)

    def prices(self, system: System) -> bool:
        """Whether the costs of a system are estimated."""
        return self.priced and (bool(system.file) or self.bare_priced)
