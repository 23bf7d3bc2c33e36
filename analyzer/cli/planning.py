"""What `assay plan` does: from a request and what is wanted to a plan, and to its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from analyzer.cli.replacing import replace_files
from analyzer.errors import UsageError
from analyzer.findings import RuleInfo, Severity
from analyzer.fixes.trial import Outcome, Trial
from analyzer.inputs import error_of
from analyzer.output.text import shown as as_text
from analyzer.planning.making import Wanted
from analyzer.planning.plan import Plan
from analyzer.planning.profile import plan_profile
from analyzer.request import Request
from analyzer.results import Judgement, Problem, Run
from analyzer.run import run
from analyzer.savings import KINDS
from analyzer.secrets import masked_diff
from analyzer.system import Profile, System


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options say: the money in USD a month, kinds of savings, and what counts."""

    budget: Decimal | None
    spend: Decimal | None
    accepted: frozenset[str]
    safe: bool
    least: Severity
    strict: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A plan with everything that is shown of it."""

    plan: Plan
    run: Run
    outcome: Outcome | None = None  # of the files; an account has none
    secrets: frozenset[str] = frozenset()

    @property
    def rules(self) -> Mapping[str, RuleInfo]:
        """What is known of the rules."""
        return self.run.rules

    @property
    def diff(self) -> str:
        """All changes as one patch, secrets masked."""
        return masked_diff(self.outcome.diff, self.secrets) if self.outcome else ""


def plan_of(request: Request, asked: Asked) -> Made:
    """The plan of the one profile that is asked for. Raises `AssayError` where there is none."""
    if asked.budget is not None and asked.spend is not None:
        raise UsageError("--budget and --spend both say what may be spent", hint="give one of them")
    _check(request.problems)
    system, profile = _chosen(request)
    names = [profile.name] if profile.name else []
    result = run(replace(request, systems=[system], profiles=names, mended=False))
    judgement = _judged(result)
    request.progress(f"planning {system.name} {profile.name}".rstrip())
    trial = _trial(request, system, profile)
    wanted = Wanted(limit_of(asked, judgement), accepted_kinds(asked), asked.safe)
    planned = plan_profile(trial, judgement, wanted, asked.least, strict=asked.strict)
    return Made(planned.plan, result, planned.outcome, trial.before.assembled.secrets)


def shown(made: Made, format: str, *, quiet: bool, drawn: Mapping[str, Any]) -> str:  # noqa: A002 - the option's name
    """The plan in a format; `drawn` is how text is laid out."""
    if format == "json":
        from analyzer.output.plan_json import document

        return document(made.plan, made.rules)
    if format == "markdown":
        from analyzer.output.plan_markdown import markdown

        return markdown(made.plan, made.rules)
    if format == "html":
        from analyzer.output.plan_html import html

        return html(made.plan, made.rules, made.run.date, made.diff)
    from analyzer.output.plan_text import blocks

    return as_text(blocks(made.plan, made.rules, quiet=quiet), **drawn)


def carried_out(made: Made, *, unsafe: bool) -> list[str]:
    """Write the plan into the files, and give their names.

    Raises `UsageError` where a step is not safe and that was not agreed to: a part of a plan is
    another plan.
    """
    for number, step in enumerate(made.plan.steps, 1):
        if not step.candidate.safe and not unsafe:
            raise UsageError(
                f"step {number} is not safe: {step.candidate.doubt}",
                hint="plan with --safe, or write with --unsafe",
            )
    if made.outcome is None:
        raise UsageError("an account has no files to write a plan into")
    return replace_files(made.outcome.originals, made.outcome.texts)


def _chosen(request: Request) -> tuple[System, Profile]:
    """The system and the profile to plan for."""
    found = [
        (system, profile)
        for system in request.systems
        for profile in system.profiles
        if not request.profiles or profile.name in request.profiles
    ]
    if len(found) == 1:
        return found[0]
    if len({system.name for system, _ in found}) > 1:
        raise UsageError("a plan is for one system", hint="name one architecture or template")
    names = ", ".join(profile.name for _, profile in found)
    raise UsageError("a plan is for one profile", hint=f"give --profile: there is {names}")


def _judged(result: Run) -> Judgement:
    """The judgement; what could not be read is an error, for nothing is planned on a guess."""
    _check(result.problems)
    return result.judgements[0]


def _check(problems: Iterable[Problem]) -> None:
    for problem in problems:
        if problem.kind == "input":
            raise error_of(problem)


def _trial(request: Request, system: System, profile: Profile) -> Trial:
    return Trial(system, profile, request.today, request.rules, policy=request.configuration.policy)


def limit_of(asked: Asked, judgement: Judgement) -> Decimal | None:
    """What the profile may cost a month: as asked, else as it declares, else there is no limit."""
    if asked.spend is not None:
        return judgement.usd + asked.spend
    if asked.budget is None and judgement.budget is not None:
        return judgement.budget.usd
    return asked.budget


def accepted_kinds(asked: Asked) -> frozenset[str]:
    """The kinds of savings whose trade-off is agreed to."""
    return frozenset(KINDS) if "all" in asked.accepted else asked.accepted
