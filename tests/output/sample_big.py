"""A big run: ten thousand findings to show one by one, four times as many that pass."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from analyzer.cost_lines import CostLine, LineKind
from analyzer.findings import Excerpt, Finding, Fix, Remedy, RuleInfo, Severity, Verdict
from analyzer.model import Location
from analyzer.results import Judgement, ResourceInfo, Run
from tests.output.sample import HOSTILE, sample_run

_WORDS = ("orders", "billing", "search", "media", "sessions", "reports", "catalog", "identity")
_KINDS = ("Database", "Bucket", "Queue", "Function", "Volume", "Listener", "Role", "Group")
_FAMILIES = ("backup", "encryption", "iam", "logging", "multi-az", "network", "secrets", "versions")
_PASSING = 4  # of each resource that fails


def big_run(systems: int = 10, rules: int = 100, resources: int = 10) -> Run:
    """Each of the `rules` says something of each of the `resources` of every system."""
    told = {info.id: info for info in map(_rule, range(rules))}
    judgements = tuple(_judgement(number, tuple(told), resources) for number in range(systems))
    return replace(sample_run(), judgements=judgements, rules=told, problems=())


def _rule(number: int) -> RuleInfo:
    family = _FAMILIES[number % len(_FAMILIES)]
    return RuleInfo(
        f"{family[:3].upper()}-{_KINDS[number % 8][:3].upper()}-{number:02}",
        f"{_KINDS[number % 8]} keeps to rule {number} of {family}.",
        Severity(4 - number * 5 // 100 % 5),
        family,
        (f"AWS::Big::{_KINDS[number % 8]}",),
        why=f"Whoever reads what {family} {number} leaves open reads what was meant to be closed.",
        fix=f"set Property{number} to the value that the policy asks for.",
        frameworks={"iso-27001-2022": (f"A.8.{number % 30}",), "aws-fsbp": (f"Big.{number}",)},
    )


def _judgement(system: int, rules: tuple[str, ...], resources: int) -> Judgement:
    file = f"architectures/{_WORDS[system % 8]}-{system}/template.yaml"
    findings = [
        finding
        for number, rule in enumerate(rules)
        for item in range(resources)
        for finding in _findings(system, number, rule, item, file)
    ]
    names = dict.fromkeys((f.resource, f.type) for f in findings if f.verdict is not Verdict.PASS)
    return Judgement(
        system=f"{_WORDS[system % 8]}-{system}",
        profile="prod",
        title=f"System {system}",
        regions=("eu-west-3",),
        templates=(file,),
        resources=tuple(ResourceInfo(id_, type_, "main", "eu-west-3") for id_, type_ in names),
        findings=tuple(findings),
        cost=tuple(_line(id_, type_, index) for index, (id_, type_) in enumerate(names)),
    )


def _findings(system: int, number: int, rule: str, item: int, file: str) -> list[Finding]:
    info = _rule(number)
    kind = _KINDS[number % 8]
    resource = f"{_WORDS[(number + item) % 8].title()}{kind}{system:03}x{number:02}x{item:04}"
    line = 10 + 7 * (number * 10 + item)
    undecided = item % 10 == 7
    first = Finding(
        rule=rule,
        verdict=Verdict.UNKNOWN if undecided else Verdict.FAIL,
        severity=info.severity,
        family=info.family,
        resource=HOSTILE if (system, number, item) == (0, 0, 0) else resource,
        type=info.types[0],
        message=f"leaves `Property{number}` at {item}; the policy asks for {item + number}",
        stack="main",
        region="eu-west-3",
        account=f"{111122223333 + system}",
        location=Location(file, line, 5, line),
        at=f"Property{number}",
        excerpt=Excerpt(
            line - 2,
            (
                f"  {resource}:",
                f"    Type: {info.types[0]}",
                f"      Property{number}: {item}",
                "      Tags:",
                f"        - {{Key: owner, Value: team-{system}-{item}}}",
            ),
        ),
        hangs_on=(f"parameter `Value{number}` has no value in this profile",) if undecided else (),
        fix=None if undecided else Fix({f"Property{number}": item + number}),
        remedy=None if undecided else _remedy(file, resource, number, item),
    )
    passing = [
        replace(first, verdict=Verdict.PASS, resource=f"{resource}p{index}", message="",
                excerpt=None, fix=None, remedy=None, hangs_on=())
        for index in range(_PASSING)
    ]  # fmt: skip
    return [first, *passing]


def _remedy(file: str, resource: str, number: int, item: int) -> Remedy:
    diff = (
        f"--- a/{file}\n+++ b/{file}\n@@ -1,3 +1,3 @@\n   {resource}:\n"
        f"-      Property{number}: {item}\n+      Property{number}: {item + number}\n"
    )
    price = Decimal(number * item % 17)
    return Remedy("template", diff, safe=number % 3 > 0, holds=True, usd_low=price, usd_high=price)


def _line(resource: str, type_: str, index: int) -> CostLine:
    return CostLine(
        resource, type_, f"Service{index % 9}", "hours", LineKind.PRICED, Decimal(730), "h",
        Decimal("0.01"), Decimal("7.30") + index % 5, stack="main",
    )  # fmt: skip
