"""The plan of one profile, from its trial: fixes written into its files, judged, priced again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from analyzer.errors import InputError, UsageError
from analyzer.findings import Finding, Severity
from analyzer.fixes.prices import difference
from analyzer.fixes.safety import dangers
from analyzer.fixes.trial import Outcome, State, Trial
from analyzer.planning.attempt import Attempts, Tried
from analyzer.planning.candidate import together
from analyzer.planning.making import Wanted, make_plan
from analyzer.planning.plan import Plan
from analyzer.planning.proposals import of_savings
from analyzer.planning.trouble import Counting, trouble_of
from analyzer.policy.rule import Rule
from analyzer.policy.settings import settings_of
from analyzer.results import Judgement
from analyzer.savings import Edit, Saving, Surroundings, find_savings
from analyzer.system import Profile, System
from analyzer.template import Source, read_source
from analyzer.template.editing import Put, UnfitError, changed
from analyzer.unknown import Undecided
from analyzer.working_hours import hours_per_week

_REST = "COST-EC2-01"  # the rule that says whose servers rest, and when
_STALE = "COST-EBS-02"  # and the one that says when a snapshot is stale
_NO_PROFILE = "only the profile of an architecture has a schedule"


@dataclass(frozen=True)
class Planned:
    """A plan, and the profile's documents with all its changes."""

    plan: Plan
    outcome: Outcome


def plan_profile(
    trial: Trial, judgement: Judgement, wanted: Wanted, least: Severity, *, strict: bool = False
) -> Planned:
    """The best plan for a profile; `judgement` is what the trial says before, waivers laid.

    Raises `InputError` where the profile cannot be read.
    """
    making = _Making(trial, judgement)
    forgiven = frozenset(trouble_of(finding) for finding in judgement.findings if finding.waiver)
    attempts = Attempts(making.attempt, Counting(least, strict, forgiven))
    profile = trial.profile
    around = surroundings(
        trial.rules,
        {**trial.policy, **profile.policy},
        trial.today,
        scheduled=profile.schedule is not None,
    )
    found = list(find_savings(trial.before.assembled.inventory, around))
    savings = of_savings([*found, *making.opened(found, around)])
    plan = make_plan(judgement.system, judgement.profile, savings, attempts, wanted)
    made = together(step.candidate.change for step in plan.steps)
    return Planned(plan, making.outcome(made.edits, made.schedule))


@dataclass(frozen=True)
class _Making:
    """Makes changes of one profile in memory."""

    trial: Trial
    judgement: Judgement

    @cached_property
    def pricing(self) -> Trial:
        """The same trial without judging."""
        return replace(self.trial, judged=False)

    @cached_property
    def before(self) -> tuple[Finding, ...]:
        """What is found without any change, of what a trial finds again.

        Budgets are not: they are the plan's own limit. Nor is what other checkers say.
        """
        known = {trouble_of(finding) for finding in self.trial.before.findings}
        return tuple(f for f in self.judgement.findings if trouble_of(f) in known)

    def attempt(
        self, edits: tuple[Edit, ...], schedule: Mapping[str, Any] | None, *, judged: bool
    ) -> Tried:
        """The profile with the changes, judged where that is asked for, and priced."""
        if not edits and schedule is None:
            return Tried(self.before, self.trial.before.cost)
        try:
            outcome = self.outcome(edits, schedule, judged=judged)
        except (UnfitError, InputError) as error:
            return Tried((), (), (f"{error}",))
        return _tried(self.trial.before, outcome)

    def outcome(
        self,
        edits: tuple[Edit, ...],
        schedule: Mapping[str, Any] | None,
        *,
        judged: bool = True,
    ) -> Outcome:
        """The profile with the changes, and the documents that they change."""
        trial = self.trial if judged else self.pricing
        if schedule is None:
            return trial.with_fixes(edits)
        before, after = self._scheduled(schedule)
        file = trial.system.file
        trial = replace(
            trial,
            system=after.system,
            profile=after.profile,
            sources={**trial.sources, file: after.source},
        )
        outcome = trial.with_fixes(edits)
        return replace(
            outcome,
            documents={file: after.source, **outcome.documents},
            originals={**outcome.originals, file: before},
        )

    def opened(self, found: Sequence[Saving], around: Surroundings) -> Iterator[Saving]:
        """Each saving with those that only it opens: a newer engine runs on more classes."""
        known = {_told(saving) for saving in found}
        for saving in found:
            if saving.schedule is not None:
                continue
            state = self.pricing.with_fixes(saving.edits).state
            more = [
                one
                for one in find_savings(state.assembled.inventory, around)
                if _told(one) not in known and not one.kind.asks and one.schedule is None
            ]
            if more:
                title = ", then ".join((saving.title, *(one.title for one in more)))
                edits = tuple(edit for one in (saving, *more) for edit in one.edits)
                yield replace(saving, title=title, edits=edits)

    def _scheduled(self, schedule: Mapping[str, Any]) -> tuple[Source, _Scheduled]:
        """The architecture's file as it is, and with a schedule for this profile."""
        from analyzer.architecture import read_architecture

        file, name = self.trial.system.file, self.trial.profile.name
        if not file:
            raise UnfitError(_NO_PROFILE)
        before = self.trial.sources.get(file) or read_source(file)
        after = changed(before, [Put(("profiles", name, "schedule"), _plain(schedule))])
        system = read_architecture(Path(file), after)
        profile = system.profile(name)
        return before, _Scheduled(after, system, profile)


@dataclass(frozen=True, slots=True)
class _Scheduled:
    source: Source
    system: System
    profile: Profile


def _tried(before: State, outcome: Outcome) -> Tried:
    span = difference(before.cost, outcome.cost, outcome.repriced)
    bare = Tried(
        outcome.findings,
        outcome.cost,
        tuple(tried.refusal for tried in outcome.tried if tried.refusal),
        (
            *dangers(before.assembled.inventory, outcome.state.assembled.inventory),
            *outcome.undone,
        ),
    )
    if span.low is None or span.high is None:
        return replace(bare, priceless=span.assumptions)
    if span.low == span.high:
        return bare
    sure = round(bare.usd - Tried((), before.cost).usd, 2)
    doubt = (span.low - sure, span.high - sure)
    return replace(bare, doubt=doubt, assumptions=span.assumptions)


def surroundings(
    rules: Mapping[str, Rule], policy: Mapping[str, Any], today: date, *, scheduled: bool = False
) -> Surroundings:
    """What savings may know: the day, and what the policy says of rest and of old snapshots.

    Raises `UsageError` for working hours that cannot be read.
    """
    settings, _ = settings_of(policy, rules)

    def setting(rule: str, name: str, default: Any) -> Any:
        stated = rules[rule].settings if rule in rules else {}
        return settings.get(rule, {}).get(name, stated.get(name, default))

    around = Surroundings(today)
    tag, value = around.rest_tag
    days, hours = setting(_REST, "working_days", ()), setting(_REST, "working_hours", "")
    try:
        rest_hours = Decimal(hours_per_week(days, hours)) if days else around.rest_hours
    except Undecided as error:
        hint = "check working_days and working_hours of the policy"
        raise UsageError(f"{error}", hint=hint) from error
    return Surroundings(
        today=today,
        scheduled=scheduled,
        rest_tag=(
            setting(_REST, "schedule_tag", tag),
            setting(_REST, "schedule_value", value),
        ),
        rest_hours=rest_hours,
        stale_days=setting(_STALE, "stale_volume_snapshot_days", around.stale_days),
    )


def _told(saving: Saving) -> str:
    return repr((saving.resource, saving.title, saving.edits))


def _plain(schedule: Mapping[str, Any]) -> dict[str, Any]:
    """The schedule as the file says it; whole hours as whole numbers."""
    hours = schedule["hours_per_week"]
    whole = int(hours) if hours == int(hours) else float(hours)
    return {"hours_per_week": whole, "tags": dict(schedule["tags"])}
