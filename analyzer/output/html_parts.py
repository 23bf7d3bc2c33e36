"""A run as the HTML report lays it out: systems, their profiles, and the findings by rule."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from analyzer.findings import OURS, Finding, RuleInfo, Severity, Verdict
from analyzer.output.grouping import by_system
from analyzer.output.html_cost import CostView, cost_view
from analyzer.output.html_declared import Control, Cost, LeftOut, controls, costs, deployed_of
from analyzer.output.html_fixes import FixList, fix_list
from analyzer.results import Judgement, ResourceInfo, Run


@dataclass(frozen=True, slots=True)
class Limits:
    """How many rows of a kind a profile lists; None lists all."""

    fixes: int | None = None
    charges: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many verdicts of each kind; `failed` counts what no waiver covers."""

    failed: int
    waived: int
    unknown: int
    passed: int
    skipped: int
    severities: tuple[tuple[Severity, int], ...]  # of `failed`, worst first, all five

    @property
    def worst(self) -> str:
        """The verdict (or WAIVED) that speaks for all of them; SKIP where nothing was judged."""
        if self.failed:
            return "FAIL"
        if self.unknown:
            return "UNKNOWN"
        if self.waived:
            return "WAIVED"
        return "PASS" if self.passed else "SKIP"

    @property
    def total(self) -> int:
        """Every verdict."""
        return self.failed + self.waived + self.unknown + self.passed + self.skipped


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one rule that share a verdict."""

    rule: RuleInfo
    severity: Severity
    findings: tuple[Finding, ...]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """Many findings of one rule as one row: how many, and the different reasons with counts."""

    rule: RuleInfo
    count: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """A resource with what was said about it and what it costs in USD a month."""

    info: ResourceInfo
    failed: int
    unknown: int
    usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Part:
    """One system under one profile, ready to be laid out."""

    anchor: str
    judgement: Judgement
    tally: Tally
    families: tuple[tuple[str, Tally], ...]
    engines: tuple[tuple[str, Tally], ...]
    failures: tuple[Group, ...]
    undecided: tuple[Group, ...]
    waived: tuple[Group, ...]
    passed: tuple[Summary, ...]
    skipped: tuple[Summary, ...]
    deciders: tuple[tuple[str, int], ...]  # what verdicts hang on, and how many
    resources: tuple[ResourceRow, ...]
    cost: CostView
    fixes: FixList
    controls: tuple[Control, ...]
    costs: tuple[Cost, ...]
    costs_left_out: tuple[LeftOut, ...]
    deployed: Judgement | None  # the same system as an account has it

    @property
    def spread(self) -> bool:
        """Whether the findings lie in more than one stack, region or account."""
        places = {(f.stack, f.region, f.account) for f in self.judgement.findings}
        return len(places) > 1

    def anchor_of(self, rule: str) -> str:
        """Where a rule's failures, else its undecided or waived findings stand; "" if nowhere."""
        groups = (*self.failures, *self.undecided, *self.waived)
        return next((group.anchor for group in groups if group.rule.id == rule), "")


@dataclass(frozen=True, slots=True)
class System:
    """A system with its profiles."""

    name: str
    anchor: str
    title: str
    description: str
    parts: tuple[Part, ...]
    tally: Tally
    families: Mapping[str, Tally]

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions of all profiles, each once."""
        return tuple(dict.fromkeys(r for part in self.parts for r in part.judgement.regions))

    @property
    def templates(self) -> tuple[str, ...]:
        """The templates of all profiles, each once."""
        return tuple(dict.fromkeys(t for part in self.parts for t in part.judgement.templates))

    @property
    def resources(self) -> int:
        """How many resources there are, those of several profiles once."""
        infos = (info for part in self.parts for info in part.judgement.resources)
        return len({(info.region, info.stack, info.id) for info in infos})


def tally(findings: Iterable[Finding]) -> Tally:
    """Count findings by verdict, and the failures by severity."""
    verdicts: Counter[Verdict] = Counter()
    severities: Counter[Severity] = Counter()
    waived = 0
    for finding in findings:
        verdicts[finding.verdict] += 1
        if finding.failed:
            severities[finding.severity] += 1
        elif finding.verdict is Verdict.FAIL:
            waived += 1
    return Tally(
        failed=verdicts[Verdict.FAIL] - waived,
        waived=waived,
        unknown=verdicts[Verdict.UNKNOWN],
        passed=verdicts[Verdict.PASS],
        skipped=verdicts[Verdict.SKIP],
        severities=tuple((severity, severities[severity]) for severity in reversed(Severity)),
    )


def systems(run: Run, limits: Limits) -> Iterator[System]:
    """The systems of a run, each with its profiles, in the run's order."""
    taken: set[str] = set()
    for name, judgements in by_system(run).items():
        anchor = _anchor(taken, name)
        yield System(
            name=name,
            anchor=anchor,
            title=judgements[0].title or name,
            description=judgements[0].description,
            parts=tuple(
                _part(run, judgement, _anchor(taken, f"{anchor}.{judgement.profile}"), limits)
                for judgement in judgements
            ),
            tally=tally(finding for judgement in judgements for finding in judgement.findings),
            families=_families(f for judgement in judgements for f in judgement.findings),
        )


def _families(findings: Iterable[Finding]) -> dict[str, Tally]:
    by_family: dict[str, list[Finding]] = {}
    for finding in findings:
        by_family.setdefault(finding.family, []).append(finding)
    return {family: tally(found) for family, found in sorted(by_family.items())}


def _anchor(taken: set[str], text: str) -> str:
    """An id that is safe in HTML and in a URL fragment; a number keeps it unique."""
    plain = anchored(text).lower()
    anchor, number = plain, 2
    while anchor in taken:
        anchor, number = f"{plain}-{number}", number + 1
    taken.add(anchor)
    return anchor


def anchored(text: str) -> str:
    """Text as a piece of an HTML id."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-") or "part"


def _part(run: Run, judgement: Judgement, anchor: str, limits: Limits) -> Part:
    findings = judgement.findings
    undecided = judgement.with_verdict(Verdict.UNKNOWN)
    deciders = Counter(
        text for finding in undecided for text in dict.fromkeys(finding.hangs_on)
    ).items()
    engines = sorted({finding.engine for finding in findings}, key=own_first)
    deployed = deployed_of(run, judgement)
    declared_costs, left_out = costs(judgement, deployed)
    return Part(
        anchor=anchor,
        judgement=judgement,
        tally=tally(findings),
        families=tuple(_families(findings).items()),
        engines=tuple(
            (engine, tally(finding for finding in findings if finding.engine == engine))
            for engine in engines
        ),
        failures=_groups(run, (f for f in findings if f.failed), f"{anchor}.fail"),
        undecided=_groups(run, undecided, f"{anchor}.unknown"),
        waived=_groups(
            run,
            (f for f in findings if f.verdict is Verdict.FAIL and f.waiver),
            f"{anchor}.waived",
        ),
        passed=_summaries(run, judgement.with_verdict(Verdict.PASS)),
        skipped=_summaries(run, judgement.with_verdict(Verdict.SKIP)),
        deciders=tuple(sorted(deciders, key=lambda item: (-item[1], item[0]))),
        resources=_resource_rows(judgement),
        cost=cost_view(judgement.cost, limits.charges),
        fixes=fix_list(findings, limits.fixes),
        controls=controls(judgement, deployed),
        costs=declared_costs,
        costs_left_out=left_out,
        deployed=deployed,
    )


def _groups(run: Run, findings: Iterable[Finding], prefix: str) -> tuple[Group, ...]:
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    groups = [
        Group(
            rule=rule_of(run, id_),
            severity=max(finding.severity for finding in found),
            findings=tuple(sorted(found, key=lambda f: (f.stack, f.resource, f.at))),
            anchor=f"{prefix}.{anchored(id_)}",
        )
        for id_, found in by_rule.items()
    ]
    return tuple(sorted(groups, key=lambda g: (-g.severity, own_first(g.rule.engine), g.rule.id)))


def _summaries(run: Run, findings: Iterable[Finding]) -> tuple[Summary, ...]:
    by_rule: dict[str, Counter[str]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, Counter())[finding.message] += 1
    return tuple(
        Summary(
            rule=rule_of(run, id_),
            count=reasons.total(),
            reasons=tuple(sorted((text, count) for text, count in reasons.items() if text)),
        )
        for id_, reasons in sorted(
            by_rule.items(), key=lambda item: (own_first(rule_of(run, item[0]).engine), item[0])
        )
    )


def rule_of(run: Run, id_: str) -> RuleInfo:
    """The rule, or what its findings say of it where its engine gave no description."""
    if id_ in run.rules:
        return run.rules[id_]
    found = next(f for j in run.judgements for f in j.findings if f.rule == id_)
    return RuleInfo(id_, "", found.severity, found.family, engine=found.engine)


def own_first(engine: str) -> tuple[bool, str]:
    """A sort key: our own engine, then the others by name."""
    return engine != OURS, engine


def findings_of(system: System) -> Iterator[Finding]:
    """The findings of all profiles of a system."""
    return (finding for part in system.parts for finding in part.judgement.findings)


def _resource_rows(judgement: Judgement) -> tuple[ResourceRow, ...]:
    failed: Counter[tuple[str, str]] = Counter()
    unknown: Counter[tuple[str, str]] = Counter()
    usd: dict[tuple[str, str], Decimal] = {}
    for finding in judgement.findings:
        key = (finding.stack, finding.resource)
        failed[key] += finding.failed
        unknown[key] += finding.verdict is Verdict.UNKNOWN
    for line in judgement.cost:
        if line.usd is not None:
            key = (line.stack, line.resource)
            usd[key] = usd.get(key, Decimal(0)) + line.usd
    return tuple(
        ResourceRow(info, failed[key], unknown[key], usd.get(key))
        for info in judgement.resources
        for key in [(info.stack, info.id)]
    )
