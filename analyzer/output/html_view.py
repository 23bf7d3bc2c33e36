"""What the HTML report shows, computed from a run before any template sees it.

Templates only lay out: every count, order and grouping is decided here and in `html_parts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analyzer.findings import Finding, RuleInfo, Severity, Verdict
from analyzer.output.coverage import (
    Shortfall,
    by_account,
    coverage_words,
    place,
    shortfalls,
)
from analyzer.output.grouping import all_findings
from analyzer.output.html_bulk import is_big
from analyzer.output.html_change import ChangeView, change_view
from analyzer.output.html_parts import (
    Limits,
    Part,
    System,
    Tally,
    findings_of,
    own_first,
    rule_of,
    systems,
    tally,
)
from analyzer.output.html_waivers import Waivers, waivers
from analyzer.output.trend import Series
from analyzer.results import CoverageLine, Run

# Rows of a big run that are listed over all profiles.
_FIXES = 300
_CHARGES = 600


@dataclass(frozen=True, slots=True)
class RuleTally:
    """What a rule said over the whole run, and in how many systems it fails."""

    rule: RuleInfo
    tally: Tally
    systems: int


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a framework: its rules, their verdicts, and the worst one per system."""

    id: str
    rules: tuple[str, ...]
    tally: Tally
    systems: tuple[str, ...]  # "" where a system has nothing of it


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework with those of its controls that rules of this run stand for."""

    id: str
    title: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class AccountCoverage:
    """How far an account was read: in words, by region and service, and what was not."""

    account: str
    words: str
    complete: bool
    lines: tuple[CoverageLine, ...]
    shortfalls: tuple[tuple[Shortfall, str], ...]  # with the regions in words


@dataclass(frozen=True, slots=True)
class PastRuns:
    """What the runs before say, drawn: failures and cost by day, and each group of the trend."""

    sentence: str
    failures: str  # SVG
    cost: str  # SVG; empty without costs
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report."""

    run: Run
    big: bool  # more findings than plain rows can show
    systems: tuple[System, ...]
    tally: Tally
    families: tuple[str, ...]
    engines: tuple[str, ...]
    frameworks: tuple[Framework, ...]
    waivers: Waivers
    rules: tuple[RuleInfo, ...]
    prices: tuple[tuple[str, date | None, int], ...]  # source, date, how many charges
    rates: tuple[tuple[str, Decimal, str, date | None], ...]  # currency, USD, source, date
    change: ChangeView | None = None
    coverage: tuple[AccountCoverage, ...] = ()
    history: PastRuns | None = None

    @property
    def known_rules(self) -> frozenset[str]:
        """The rules that the page describes."""
        return frozenset(rule.id for rule in self.rules)

    @property
    def highest_cost(self) -> Decimal:
        """The highest estimate or declaration, USD per month: the end of the chart's scale."""
        estimates = [part.cost.usd for part in self.parts]
        declared = [part.judgement.declared for part in self.parts]
        highs = [found.high * found.usd_per_unit for found in declared if found]
        return max((*estimates, *highs), default=Decimal(0))

    @property
    def has_info(self) -> bool:
        """Whether any failure is of the lowest severity, which needs a column then."""
        return any(number for level, number in self.tally.severities if level is Severity.INFO)

    @property
    def by_rule(self) -> tuple[RuleTally, ...]:
        """The rules that do not hold everywhere, the worst and most frequent first."""
        told: dict[str, list[tuple[int, Finding]]] = {}
        for index, system in enumerate(self.systems):
            for finding in findings_of(system):
                if finding.failed or finding.verdict is Verdict.UNKNOWN:
                    told.setdefault(finding.rule, []).append((index, finding))
        rows = [
            RuleTally(rule, tally(f for _, f in found), len({index for index, _ in found}))
            for rule in self.rules
            if (found := told.get(rule.id))
        ]
        return tuple(sorted(rows, key=lambda row: (-row.rule.severity, -row.tally.failed)))

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every profile of every system."""
        return tuple(part for system in self.systems for part in system.parts)

    def anchor_of(self, system: str, profile: str) -> str:
        """Where a profile stands on the page."""
        names = (
            (part.judgement.system, part.judgement.profile, part.anchor) for part in self.parts
        )
        return next(anchor for *name, anchor in names if name == [system, profile])


def view(run: Run, past: PastRuns | None = None) -> Page:
    """Everything that the report shows of a run, and of those before it where they are known."""
    big = is_big(run)
    shown = tuple(systems(run, _limits(run) if big else Limits()))
    findings = all_findings(run)
    return Page(
        run=run,
        big=big,
        systems=shown,
        tally=tally(findings),
        families=tuple(sorted({finding.family for finding in findings})),
        engines=tuple(sorted({finding.engine for finding in findings}, key=own_first)),
        frameworks=tuple(_frameworks(run, shown)),
        waivers=waivers(run),
        rules=tuple(
            sorted(
                (rule_of(run, id_) for id_ in {finding.rule for finding in findings}),
                key=lambda rule: (own_first(rule.engine), rule.family, rule.id),
            )
        ),
        prices=_prices(run),
        rates=_rates(run),
        change=change_view(run),
        coverage=tuple(_coverage(run)),
        history=past,
    )


def _limits(run: Run) -> Limits:
    """Where rows are many, each profile's share of those that are listed."""
    profiles = max(1, len(run.judgements))
    return Limits(max(3, _FIXES // profiles), max(5, _CHARGES // profiles))


def _coverage(run: Run) -> Iterator[AccountCoverage]:
    missed = list(shortfalls(run))
    for account, lines in by_account(run).items():
        yield AccountCoverage(
            account,
            coverage_words(lines),
            all(line.complete for line in lines),
            tuple(line for line in lines if not line.complete),
            tuple((short, place(short.regions)) for short in missed if short.account == account),
        )


def _frameworks(run: Run, shown: tuple[System, ...]) -> Iterator[Framework]:
    by_rule: dict[str, list[list[Finding]]] = {}
    for index, system in enumerate(shown):
        for finding in findings_of(system):
            by_rule.setdefault(finding.rule, [[] for _ in shown])[index].append(finding)
    controls: dict[str, dict[str, list[str]]] = {}
    for id_ in sorted(by_rule):
        for framework, names in rule_of(run, id_).frameworks.items():
            for name in names:
                controls.setdefault(framework, {}).setdefault(name, []).append(id_)
    for framework, by_control in sorted(controls.items()):
        yield Framework(
            id=framework,
            title=run.frameworks.get(framework, framework),
            controls=tuple(
                _control(name, rules, by_rule, len(shown))
                for name, rules in sorted(by_control.items(), key=lambda item: natural(item[0]))
            ),
        )


def _control(
    name: str, rules: list[str], by_rule: Mapping[str, list[list[Finding]]], width: int
) -> Control:
    columns = [[f for rule in rules for f in by_rule[rule][index]] for index in range(width)]
    return Control(
        id=name,
        rules=tuple(rules),
        tally=tally(finding for column in columns for finding in column),
        systems=tuple(tally(column).worst if column else "" for column in columns),
    )


def natural(text: str) -> list[tuple[int, str]]:
    """A sort key that puts `2.10` after `2.9`."""
    return [(int(run) if run.isdigit() else -1, run) for run in re.findall(r"\d+|\D+", text)]


def _prices(run: Run) -> tuple[tuple[str, date | None, int], ...]:
    keys: dict[tuple[str, date | None], set[str]] = {}
    for judgement in run.judgements:
        for line in judgement.cost:
            if line.unit_price is not None:
                keys.setdefault((line.source, line.as_of), set()).add(line.key or line.name)
    return tuple(
        (source, as_of, len(names))
        for (source, as_of), names in sorted(
            keys.items(), key=lambda item: (item[0][0], item[0][1] or date.min)
        )
    )


def _rates(run: Run) -> tuple[tuple[str, Decimal, str, date | None], ...]:
    """The exchange rates by which declared costs were compared, each once."""
    declared = (judgement.declared for judgement in run.judgements)
    return tuple(
        dict.fromkeys(
            (found.currency, found.usd_per_unit, found.rate_source, found.rate_date)
            for found in declared
            if found and found.currency != "USD"
        )
    )
