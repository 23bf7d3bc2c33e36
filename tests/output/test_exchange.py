"""What platforms take: valid by their schemas, stable, and never kinder than the run."""

from __future__ import annotations

import csv
import io
import json
import sys
import threading
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from analyzer.account.security_hub import send
from analyzer.cli.writing import format_of
from analyzer.errors import UsageError
from analyzer.findings import Verdict
from analyzer.history import read_history, save
from analyzer.notify import post
from analyzer.output import render
from analyzer.output.asff import batches, findings
from analyzer.output.csv import COLUMNS
from analyzer.output.webhook import summary
from analyzer.results import Run
from tests.output.sample import sample_run
from tests.output.sample_live import live_run

SCHEMAS = Path(__file__).parent / "schemas"
sys.path.insert(0, str(Path(__file__).parents[2] / "fixtures" / "live"))


@pytest.fixture(params=["templates", "account"])
def run(request) -> Run:
    return sample_run() if request.param == "templates" else live_run()


def told(run: Run) -> list[Verdict]:
    """What is found, and an UNKNOWN for each service that was not read whole."""
    found = [f.verdict for j in run.judgements for f in j.findings if f.verdict is not Verdict.SKIP]
    return found + [Verdict.UNKNOWN for line in run.coverage if not line.complete]


def valid(name: str, document: object) -> list[str]:
    schema = json.loads((SCHEMAS / name).read_text())
    return [error.message for error in Draft202012Validator(schema).iter_errors(document)][:5]


def test_ocsf_fits_its_schema_event_by_event(run):
    events = json.loads(render(run, "ocsf"))

    assert len(events) == len(told(run))
    for event in events:
        assert valid("ocsf-compliance-finding.json", event) == []


def test_ocsf_says_unknown_as_a_warning(run):
    statuses = [event["compliance"]["status"] for event in json.loads(render(run, "ocsf"))]

    words = {Verdict.FAIL: "Fail", Verdict.PASS: "Pass", Verdict.UNKNOWN: "Warning"}
    assert statuses == [words[verdict] for verdict in told(run)]


def test_oscal_fits_its_schema(run):
    document = json.loads(render(run, "oscal"))

    assert valid("oscal-assessment-results-1.2.1.json", document) == []


def test_oscal_is_satisfied_only_where_every_verdict_is_a_pass():
    result, _ = json.loads(render(live_run(), "oscal"))["assessment-results"]["results"]

    (finding,) = result["findings"]
    assert finding["target"]["status"]["state"] == "not-satisfied"
    assert len(result["observations"]) == 4
    undecided = replace(
        live_run(0), judgements=(replace(j := live_run(0).judgements[0], findings=j.findings[-1:]),)
    )
    result, _ = json.loads(render(undecided, "oscal"))["assessment-results"]["results"]
    assert result["findings"][0]["target"]["status"]["reason"] == "other"


def test_oscal_identifiers_are_each_others_own(run):
    text = render(run, "oscal")
    results = json.loads(text)["assessment-results"]["results"]
    ids = [one["uuid"] for result in results for one in result.get("observations", ())]

    assert len(ids) == len(set(ids))
    assert text == render(run, "oscal")


def test_csv_has_a_row_for_each_verdict_and_no_formula(run):
    header, *rows = csv.reader(io.StringIO(render(run, "csv")))

    assert tuple(header) == COLUMNS
    assert len(rows) == len(told(run))
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]


def test_asff_keeps_within_the_lengths_that_security_hub_takes(run):
    for finding in findings(run):
        assert len(finding["Title"]) <= 256
        assert len(finding["Description"]) <= 1024
        assert len(finding["Compliance"].get("RelatedRequirements", [])) <= 32
        assert len(finding["AwsAccountId"]) == 12
        assert len(finding["Id"]) <= 512
        assert finding["Compliance"]["Status"] in ("PASSED", "FAILED", "WARNING", "NOT_AVAILABLE")


def test_asff_never_says_passed_of_what_is_not_known(run):
    shown = [finding["Compliance"]["Status"] for finding in findings(run)]
    shown = [status.replace("NOT_AVAILABLE", "WARNING") for status in shown]

    words = {Verdict.FAIL: "FAILED", Verdict.PASS: "PASSED", Verdict.UNKNOWN: "WARNING"}
    assert shown == [words[verdict] for verdict in told(run)]


@pytest.mark.parametrize(
    ("name", "format_"),
    [("a.ocsf.json", "ocsf"), ("a.asff.json", "asff"), ("a.oscal.json", "oscal"), ("a.csv", "csv"),
     ("a.json", "json")],
)  # fmt: skip
def test_a_files_name_tells_the_format(name, format_):
    assert format_of(Path(name)) == format_


@pytest.fixture
def hub(monkeypatch):
    import emulator

    for name, value in emulator.CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    with emulator.emulator() as running:
        running.client("securityhub").enable_security_hub()
        yield running


def test_security_hub_takes_findings_in_batches_and_gives_them_back(hub):
    run = live_run(250)
    hub.gate.requests.clear()

    (sent,) = send(
        list(findings(run)), batches, lambda _, region: hub.client("securityhub", region)
    )

    assert (sent.imported, sent.failed) == (253, ())
    imports = [r for r in hub.gate.requests if r.path == "/findings/import"]
    assert len(imports) == 3
    pages = hub.client("securityhub").get_paginator("get_findings").paginate()
    kept = {finding["Id"] for page in pages for finding in page["Findings"]}
    assert kept == {finding["Id"] for finding in findings(run)}


def test_what_security_hub_refuses_is_told(hub):
    from emulator import Answer

    hub.gate.fault = lambda request: (
        Answer(403, b"{}", (("x-amzn-ErrorType", "AccessDeniedException"),))
        if request.path == "/findings/import"
        else None
    )

    (sent,) = send(
        list(findings(live_run())), batches, lambda _, region: hub.client("securityhub", region)
    )

    assert sent.imported == 0
    assert {reason for _, reason in sent.failed} == {
        "securityhub:BatchImportFindings answered AccessDeniedException"
    }


def test_a_summary_is_small_and_tells_what_is_new(tmp_path):
    store = str(tmp_path)
    save(replace(live_run(1), date=date(2026, 11, 20)), store)
    save(live_run(2000), store)

    told = summary(live_run(2000), read_history(store))

    assert len(json.dumps(told)) < 4096
    assert told["failures"] == {"high": 2000}
    assert told["coverage"].startswith("1 of 2 calls answered")
    assert not told["complete"]


@pytest.fixture
def receiver():
    received: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(500 if self.path == "/broken" else 200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", received
    server.shutdown()
    server.server_close()


def test_a_webhook_gets_the_summary(receiver):
    url, received = receiver

    post(f"{url}/secret-path", summary(live_run()))

    assert json.loads(received[0])["unknown"] == 1


@pytest.mark.parametrize(
    ("path", "words"),
    [("/broken", "answered 500"), ("", "cannot be reached")],
)
def test_a_webhook_that_fails_is_one_line_without_its_address(receiver, path, words):
    url = f"{receiver[0]}{path}" if path else "http://127.0.0.1:9/secret-path"

    with pytest.raises(UsageError, match=words) as caught:
        post(url, {})
    assert "secret-path" not in str(caught.value)


def test_a_webhook_in_clear_is_refused():
    with pytest.raises(UsageError, match="begins with https"):
        post("http://example.com/hook", {})
