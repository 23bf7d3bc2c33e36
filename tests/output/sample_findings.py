"""How the sample run's findings are made: place, excerpt and severity come with rule and file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyzer.findings import Finding, Verdict
from analyzer.results import ResourceInfo
from tests.output.sample_rules import RULES
from tests.output.sample_templates import excerpt, place

FAIL, PASS, UNKNOWN, SKIP = Verdict.FAIL, Verdict.PASS, Verdict.UNKNOWN, Verdict.SKIP


class System:
    """Makes the findings of one system: place, excerpt, severity and family come with the rule."""

    def __init__(self, file: str, region: str, types: Mapping[str, str]) -> None:
        self.file = file
        self.region = region
        self.types = types

    def finding(
        self, rule: str, resource: str, verdict: Verdict, message: str = "", **more: Any
    ) -> Finding:
        info = RULES[rule]
        at = more.get("at", "")
        location = place(self.file, resource, at)
        shown = verdict in (FAIL, UNKNOWN) and info.engine != "cfn-lint"
        return Finding(
            rule=rule,
            verdict=verdict,
            severity=info.severity,
            family=info.family,
            resource=resource,
            type=self.types[resource],
            message=message,
            stack="main",
            region=self.region,
            account="111122223333",
            location=location,
            excerpt=excerpt(location) if shown else None,
            engine=info.engine,
            **more,
        )

    def passing(self, rule: str, *resources: str) -> list[Finding]:
        return [self.finding(rule, resource, PASS) for resource in resources]

    def resources(self) -> tuple[ResourceInfo, ...]:
        return tuple(
            ResourceInfo(id_, type_, "main", self.region, place(self.file, id_))
            for id_, type_ in self.types.items()
        )
