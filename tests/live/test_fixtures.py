"""Each rule passes and fails on an account as it does on a template."""

from __future__ import annotations

import csv
import functools
import tempfile
from pathlib import Path

import pytest
from auditing import RULES, audited
from seeding import corrected, filled, read_scenario, seed

from analyzer.account.sessions import Clients

FOLDER = Path(__file__).parents[2] / "fixtures" / "live"
SCENARIOS = {file.stem: read_scenario(file) for file in sorted(FOLDER.glob("*.yaml"))}
EXPECTED = [
    (name, rule, resource)
    for name, scenario in SCENARIOS.items()
    for rule, resources in scenario.expect.items()
    for resource in resources
]


@pytest.fixture(scope="module")
def audits(server):
    """The audit of each scenario, made once, in an account of its own."""

    @functools.cache
    def made(name: str):
        scenario = SCENARIOS[name]
        server.reset()
        known = seed(scenario, server.client)
        with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
            make = Clients._made

            def correcting(self, service, region):
                client = make(self, service, region)
                corrected(client, scenario, known)
                return client

            patch.setattr(Clients, "_made", correcting)
            return audited(server.url, Path(folder), regions=scenario.regions, priced=True), known

    yield made
    server.reset()


@pytest.mark.parametrize(("name", "rule", "resource"), EXPECTED)
def test_the_rule_says_of_an_account_what_the_file_expects(audits, name, rule, resource):
    audit, known = audits(name)
    expected = SCENARIOS[name].expect[rule][resource]

    assert audit.verdict(rule, filled(resource, known)) == expected, [
        (f.verdict.value, f.resource, f.message)
        for f in audit.run.judgements[0].findings
        if f.rule == rule
    ]


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_rule_breaks_on_an_account(audits, name):
    audit, _ = audits(name)

    assert [f for f in audit.run.judgements[0].findings if f.error] == []


def _excused() -> dict[str, str]:
    """Rules that no account can show in both ways, and why."""
    with Path(__file__).with_name("template_only.csv").open(encoding="utf-8") as stream:
        return {row["rule"]: row["reason"] for row in csv.DictReader(stream)}


@pytest.mark.parametrize(
    "rule", [id_ for id_, rule in RULES.items() if rule.info.where != "templates"]
)
def test_each_rule_passes_and_fails_on_some_account(rule):
    seen = {
        verdict
        for scenario in SCENARIOS.values()
        for verdict in scenario.expect.get(rule, {}).values()
    }

    assert {"PASS", "FAIL"} <= seen or _excused().get(rule)


def test_nobody_is_excused_without_need():
    both = {
        rule
        for rule in RULES
        if {"PASS", "FAIL"}
        <= {v for scenario in SCENARIOS.values() for v in scenario.expect.get(rule, {}).values()}
    }

    assert set(_excused()) & both == set()
