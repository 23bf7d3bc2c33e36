"""What platforms are told of what a run does not know: calls denied, rules that broke, no price."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from analyzer.cost_lines import CostLine, LineKind
from analyzer.findings import Verdict
from analyzer.output import render
from analyzer.output.asff import findings
from analyzer.results import CoverageLine, Run
from tests.output.sample import sample_run
from tests.output.sample_live import ACCOUNT, REGION, live_run

SCHEMAS = Path(__file__).parent / "schemas"
DENIED = "rds:DescribeDBInstances AccessDenied"
BROKEN = "KeyError: 'Engine'"


def denied_run() -> Run:
    """Nothing but calls that were denied, in a region and beside all regions."""
    line = CoverageLine(
        ACCOUNT, REGION, "rds", 2, denied=2, failures=((DENIED, 2),), read_at="2026-11-21T04:05:06"
    )
    unread = CoverageLine(ACCOUNT, "global", "iam", planned=1)
    return replace(live_run(), judgements=(), coverage=(line, unread))


def broken_run() -> Run:
    """A rule that raised, in an account that was read whole."""
    run = live_run(0)
    (judgement,) = run.judgements
    broken = replace(
        judgement.findings[-1],
        message=f"the rule failed: {BROKEN}",
        hangs_on=(f"the rule failed: {BROKEN}",),
        error=BROKEN,
    )
    return replace(run, judgements=(replace(judgement, findings=(broken,)),), coverage=())


def nothing_run() -> Run:
    return replace(live_run(), judgements=(), coverage=())


def rows(run: Run) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render(run, "csv"))))


def results(run: Run) -> list[dict]:
    return json.loads(render(run, "oscal"))["assessment-results"]["results"]


def valid(name: str, document: object) -> list[str]:
    schema = json.loads((SCHEMAS / name).read_text())
    return [error.message for error in Draft202012Validator(schema).iter_errors(document)][:5]


def test_csv_has_a_row_of_unknown_for_each_service_not_read_whole():
    one, other = rows(denied_run())

    assert (one["rule"], one["verdict"]) == ("COVERAGE", "UNKNOWN")
    assert (one["account"], one["region"]) == (ACCOUNT, REGION)
    assert one["message"] == "was not read whole: 0 of 2 calls answered, 2 denied"
    assert one["hangs_on"] == DENIED
    assert other["resource"] == f"{ACCOUNT}/global/iam"


def test_ocsf_has_a_warning_of_the_control_coverage():
    events = json.loads(render(denied_run(), "ocsf"))

    assert [event["compliance"]["control"] for event in events] == ["COVERAGE"] * 2
    assert {event["compliance"]["status"] for event in events} == {"Warning"}
    assert events[0]["unmapped"]["hangs_on"] == [DENIED]
    assert len({event["finding_info"]["uid"] for event in events}) == 2
    for event in events:
        assert valid("ocsf-compliance-finding.json", event) == []


def test_asff_says_not_available_and_why():
    one, other = findings(denied_run())

    assert one["Compliance"]["Status"] == "NOT_AVAILABLE"
    assert one["Compliance"]["StatusReasons"] == [{"ReasonCode": "NOT_READ", "Description": DENIED}]
    assert other["Compliance"]["StatusReasons"][0]["Description"]
    assert [finding["Region"] for finding in (one, other)] == [REGION, "us-east-1"]
    assert one["Id"] != other["Id"]


def test_oscal_has_a_result_of_observations_without_a_finding():
    (result,) = results(denied_run())

    assert "findings" not in result
    assert len(result["observations"]) == 2
    assert result["remarks"].startswith("0 of 3 calls answered, 2 denied, 1 service not read.")


@pytest.mark.parametrize("run", [denied_run(), broken_run(), nothing_run()])
def test_oscal_fits_its_schema_however_little_was_judged(run):
    document = json.loads(render(run, "oscal"))

    assert valid("oscal-assessment-results-1.2.1.json", document) == []


def test_oscal_says_that_nothing_was_judged():
    (result,) = results(nothing_run())

    assert result["remarks"] == "Nothing was judged."


def test_what_is_read_whole_is_no_shortfall():
    run = live_run()
    line = replace(run.coverage[0], answered=2, denied=0)

    assert not [row for row in rows(replace(run, coverage=(line,))) if row["rule"] == "COVERAGE"]


def test_what_a_rule_raised_is_shown_as_such():
    run = broken_run()

    assert [row["error"] for row in rows(run)] == [BROKEN]
    (event,) = json.loads(render(run, "ocsf"))
    assert event["unmapped"]["error"] == BROKEN
    assert event["status_detail"] == f"The rule failed: {BROKEN}"
    (finding,) = findings(run)
    assert finding["Compliance"] == {
        "Status": "WARNING",
        "StatusReasons": [{"ReasonCode": "RULE_FAILED", "Description": BROKEN}],
        "RelatedRequirements": ["aws-fsbp/EFS.1"],
    }
    (result,) = results(run)
    (observation,) = result["observations"]
    assert {"error": BROKEN}.items() <= {
        p["name"]: p["value"] for p in observation["props"]
    }.items()
    assert result["findings"][0]["target"]["status"]["remarks"].endswith("the rule itself failed.")


def test_ocsf_tells_what_the_resource_and_its_system_cost():
    run = live_run(2)
    (judgement,) = run.judgements
    dear, cheap = (finding.resource for finding in judgement.findings[:2])
    line = CostLine(dear, "AWS::EFS::FileSystem", "EFS", "storage", LineKind.PRICED)
    cost = (
        replace(line, usd=Decimal("30.00")),
        replace(line, component="throughput", usd=Decimal("6.005")),
        replace(line, resource=cheap, kind=LineKind.UNKNOWN),
        replace(line, resource="other", usd=Decimal(100)),
    )
    events = json.loads(render(replace(run, judgements=(replace(judgement, cost=cost),)), "ocsf"))

    whole = {"system_usd_per_month": "136.00", "unknown_charges": 1}
    assert events[0]["unmapped"]["cost"] == {"resource_usd_per_month": "36.00", **whole}
    assert events[1]["unmapped"]["cost"] == whole


def test_ocsf_tells_no_cost_where_nothing_was_priced():
    assert not [e for e in json.loads(render(live_run(), "ocsf")) if "cost" in e["unmapped"]]


def test_asff_ids_are_each_others_own_in_every_profile():
    ids = [finding["Id"] for finding in findings(sample_run())]

    assert len(ids) == len(set(ids))
    assert ids == [finding["Id"] for finding in findings(sample_run())]


def test_asff_ids_hold_names_of_any_length_and_none_breaks_them():
    run = live_run(1)
    (judgement,) = run.judgements
    names = [("a/b", "c"), ("a", "b/c"), ("a", "é" * 900), ("a", "é" * 901)]
    judgements = tuple(replace(judgement, system=one, profile=two) for one, two in names)
    ids = [finding["Id"] for finding in findings(replace(run, judgements=judgements))]

    assert len(ids) == len(set(ids))
    assert max(map(len, ids)) <= 512


@pytest.mark.parametrize(
    ("read_at", "told"),
    [
        ("2026-11-21T04:05:06+00:00", "2026-11-21T04:05:06Z"),
        ("2026-11-21T04:05:06", "2026-11-21T04:05:06Z"),
        ("2026-11-21T04:05:06+02:00", "2026-11-21T02:05:06Z"),
        ("2026-11-01T04:05:06+00:00", "2026-11-21T00:00:00Z"),
        ("", "2026-11-21T00:00:00Z"),
    ],
)
def test_asff_has_the_time_at_which_accounts_were_read_and_makes_none_up(read_at, told):
    run = live_run()
    line = replace(run.coverage[0], read_at=read_at)

    shown = findings(replace(run, coverage=(line,)))

    assert {(finding["CreatedAt"], finding["UpdatedAt"]) for finding in shown} == {(told, told)}


def test_a_run_of_templates_has_its_date_alone():
    shown = {finding["UpdatedAt"] for finding in findings(sample_run())}

    assert sample_run().date == date(2026, 11, 20)
    assert shown == {"2026-11-20T00:00:00Z"}


def test_no_format_takes_a_denied_run_for_a_pass():
    run = denied_run()

    assert {row["verdict"] for row in rows(run)} == {Verdict.UNKNOWN.value}
    assert "PASSED" not in render(run, "asff")
    assert '"Pass"' not in render(run, "ocsf")
    assert '"satisfied"' not in render(run, "oscal")
