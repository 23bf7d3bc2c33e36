"""Formats for machines, where the run was compared with a base: what is new stands out."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace

import pytest
from junitparser import JUnitXml

from analyzer.findings import Change, Verdict
from analyzer.output import render
from analyzer.results import Problem
from tests.output.sample_compared import compared_run


@pytest.fixture(scope="module")
def run():
    return compared_run()


def findings(run):
    return [finding for judgement in run.judgements for finding in judgement.findings]


def test_sarif_says_which_results_are_new(run):
    document = json.loads(render(run, "sarif"))
    told = {
        (result["ruleId"], result["baselineState"])
        for part in document["runs"]
        for result in part["results"]
        if "suppressions" not in result
    }
    new = {
        f.rule
        for f in findings(run)
        if (f.change is Change.NEW and f.failed) or f.change is Change.UNDECIDED
    }
    assert {rule for rule, state in told if state == "new"} == new
    assert {state for _, state in told} == {"new", "unchanged"}


def test_junit_fails_what_is_new_and_skips_what_was_there(run):
    document = JUnitXml.fromstring(render(run, "junit").encode())
    new = sum(f.failed and f.change is Change.NEW for f in findings(run))
    faulty_waivers = sum(problem.kind == "waiver" for problem in run.problems)

    assert document.failures == new + faulty_waivers
    assert 'message="failed before: ' in render(run, "junit")


def test_strict_junit_fails_what_is_newly_unknown_alone(run):
    plain, strict = (JUnitXml.fromstring(render(run, "junit", **options).encode())
                     for options in ({}, {"strict": True}))  # fmt: skip
    newly = sum(f.change is Change.UNDECIDED and not f.error for f in findings(run))
    assert strict.failures == plain.failures + newly


def test_a_summary_names_what_is_new_once_for_all_profiles(run):
    worst = json.loads(render(run, "webhook"))["worst"]
    new = {f"{f.rule} {f.resource}" for f in findings(run) if f.failed and f.change is Change.NEW}

    assert worst
    assert len(worst) == len(set(worst))
    assert all(any(line.startswith(name) for name in new) for line in worst)


def test_csv_has_a_column_for_the_change(run):
    rows = list(csv.DictReader(render(run, "csv").splitlines()))
    new = sum(f.change is Change.NEW for f in findings(run))
    assert sum(row["change"] == "new" for row in rows) == new


def codequality(run):
    return json.loads(render(run, "codequality"))


def test_code_quality_tells_every_failure_and_every_unknown(run):
    told = {entry["check_name"] for entry in codequality(run)}
    asked = {f.rule for f in findings(run) if f.failed or f.verdict is Verdict.UNKNOWN}
    assert asked <= told


def test_code_quality_has_what_gitlab_asks_of_an_entry(run):
    for entry in codequality(run):
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert not entry["location"]["path"].startswith("./")
        assert entry["location"]["lines"]["begin"] >= 1
        assert entry["description"]


def test_code_quality_fingerprints_are_each_others_own(run):
    twice = Problem("cannot be read", "a.yaml", 3)
    odd = replace(run, problems=(*run.problems, twice, replace(twice, line=9)))
    prints = [entry["fingerprint"] for entry in codequality(odd)]
    assert len(set(prints)) == len(prints)


def test_code_quality_fingerprints_survive_moved_lines(run):
    def moved(finding):
        place = finding.location
        return replace(finding, location=place and replace(place, line=place.line + 40))

    later = replace(
        run,
        judgements=tuple(
            replace(judgement, findings=tuple(map(moved, judgement.findings)))
            for judgement in run.judgements
        ),
    )
    assert [e["fingerprint"] for e in codequality(later)] == [
        e["fingerprint"] for e in codequality(run)
    ]


def test_what_could_not_be_read_is_no_clean_file(run):
    entries = [e for e in codequality(run) if e["check_name"] == "assay/input"]
    assert [entry["severity"] for entry in entries] == ["critical"]
    assert re.search(r"réseau\.yaml$", entries[0]["location"]["path"])
