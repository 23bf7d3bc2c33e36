"""The formats for machines and logs, each over a run that has everything, and over real ones."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from junitparser import JUnitXml

from analyzer.findings import Verdict
from analyzer.model import Location
from analyzer.output import FORMATS, render
from analyzer.output.json_schema import schema
from analyzer.results import Run
from tests.output.sample import HOSTILE, sample_run
from tests.run.systems import ARCHITECTURE, DATABASE, run_of, written

SARIF_SCHEMA = json.loads(
    (Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    folder = tmp_path_factory.mktemp("formats") / "shop"
    written(folder, template__yaml=DATABASE, architecture__yaml=ARCHITECTURE)
    empty = Run("0.1.0", sample_run().date, (), {})
    return {"sample": sample_run(), "real": run_of(folder), "empty": empty}


@pytest.fixture(params=["sample", "real", "empty"])
def run(request: pytest.FixtureRequest, runs: dict[str, Run]) -> Run:
    return runs[request.param]


def results(run: Run) -> list[dict[str, Any]]:
    document = json.loads(render(run, "sarif"))
    return [result for part in document["runs"] for result in part["results"]]


def test_sarif_is_valid_2_1_0(run: Run) -> None:
    document = json.loads(render(run, "sarif"))
    validator = jsonschema.validators.validator_for(SARIF_SCHEMA)(SARIF_SCHEMA)
    assert [error.message for error in validator.iter_errors(document)] == []


def test_sarif_tells_every_failure_and_every_unknown(runs: dict[str, Run]) -> None:
    told = {result["ruleId"] for result in results(runs["sample"])}
    for judgement in runs["sample"].judgements:
        for finding in judgement.findings:
            if finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN):
                assert finding.rule in told


def test_sarif_fingerprints_survive_moved_lines(runs: dict[str, Run]) -> None:
    run = runs["real"]
    moved = replace(
        run,
        judgements=tuple(
            replace(
                judgement,
                findings=tuple(
                    replace(
                        finding,
                        location=finding.location
                        and Location(finding.location.file, finding.location.line + 40),
                    )
                    for finding in judgement.findings
                ),
            )
            for judgement in run.judgements
        ),
    )
    before = [result["partialFingerprints"] for result in results(run)]
    assert before
    assert [result["partialFingerprints"] for result in results(moved)] == before


def test_sarif_fingerprints_are_each_others_own(runs: dict[str, Run]) -> None:
    prints = [str(result["partialFingerprints"]) for result in results(runs["sample"])]
    assert len(set(prints)) == len(prints)


def test_sarif_waived_failures_are_suppressed_not_hidden(runs: dict[str, Run]) -> None:
    findings = [item for judgement in runs["sample"].judgements for item in judgement.findings]
    failing = {item.rule for item in findings if item.failed}
    waived = {item.rule for item in findings if item.waiver} - failing
    told = {item["ruleId"]: item.get("suppressions") for item in results(runs["sample"])}
    assert waived
    assert all(told[rule] for rule in waived)


def test_json_fits_its_schema(run: Run) -> None:
    document = json.loads(render(run, "json"))
    jsonschema.Draft202012Validator.check_schema(schema())
    errors = jsonschema.Draft202012Validator(schema()).iter_errors(document)
    assert [error.message for error in errors] == []


def test_junit_is_read_by_others_and_counts_the_failures(run: Run) -> None:
    document = JUnitXml.fromstring(render(run, "junit").encode())
    failures = sum(finding.failed for judgement in run.judgements for finding in judgement.findings)
    faulty_waivers = sum(problem.kind == "waiver" for problem in run.problems)
    assert document.failures == failures + faulty_waivers


@pytest.mark.parametrize("format_", sorted(set(FORMATS) - {"html"}))
def test_no_format_lets_a_name_break_out(runs: dict[str, Run], format_: str) -> None:
    text = render(runs["sample"], format_)
    assert "\x1b" not in text
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069]", text) or format_ in ("json", "sarif")
    if format_ == "markdown":
        assert HOSTILE not in re.sub(r"(`+).*?\1", "", text)  # a code span shows it as text


@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_a_format_is_a_function_of_the_run_alone(runs: dict[str, Run], format_: str) -> None:
    assert render(runs["sample"], format_) == render(sample_run(), format_)


def test_markdown_keeps_within_its_limit_and_says_what_it_left_out(runs: dict[str, Run]) -> None:
    text = render(runs["sample"], "markdown", limit=6000)
    assert len(text) <= 6000
    assert "more" in text


def test_text_says_what_an_unknown_hangs_on(runs: dict[str, Run]) -> None:
    text = render(runs["real"], "text")
    assert "keeps 1 days" in text
    assert "template.yaml:11" in text
    assert text.rstrip().endswith("of 1 system.")


def test_quiet_text_leaves_failures_and_the_last_line(runs: dict[str, Run]) -> None:
    text = render(runs["real"], "text", quiet=True)
    assert "keeps 1 days" in text
    assert "cost per month" not in text
