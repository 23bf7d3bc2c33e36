"""What code scanning is given: alerts that it can show, know again and tell apart."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analyzer.errors import UsageError
from analyzer.forges import code_scanning
from analyzer.forges.code_scanning import Prepared, prepared
from analyzer.output import render
from tests.output.sample import sample_run

PLACE = {"physicalLocation": {"artifactLocation": {"uri": "t.yaml"}, "region": {"startLine": 2}}}


def result(number: int = 1, rule: str = "NET-SG-01", **more: Any) -> dict[str, Any]:
    return {
        "ruleId": rule,
        "level": "error",
        "locations": [PLACE],
        "partialFingerprints": {"assay/v1": f"{number:032x}"},
        **more,
    }


def sarif(*results: Any, rules: tuple[Any, ...] = ()) -> bytes:
    driver = {"name": "assay", "rules": list(rules)}
    run = {"tool": {"driver": driver}, "results": list(results)}
    return json.dumps({"version": "2.1.0", "runs": [run]}).encode()


def sent(made: Prepared) -> list[dict[str, Any]]:
    (run,) = json.loads(made.sarif)["runs"]
    results: list[dict[str, Any]] = run["results"]
    return results


def test_a_failure_is_an_alert_with_the_fingerprint_that_code_scanning_reads() -> None:
    made = prepared(sarif(result(kind="fail"), result(2)), "assay")
    hashes = [one["partialFingerprints"]["primaryLocationLineHash"] for one in sent(made)]
    assert hashes == [f"{1:032x}:1", f"{2:032x}:1"]
    assert (made.results, made.left_out) == (2, {})


def test_a_fingerprint_that_is_there_is_kept() -> None:
    given = {"primaryLocationLineHash": "39fa2ee980eb94b0:1", "assay/v1": "x"}
    (one,) = sent(prepared(sarif(result(partialFingerprints=given)), "assay"))
    assert one["partialFingerprints"] == given


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"suppressions": [{"kind": "external"}]}, "waived"),
        ({"kind": "open", "level": "none"}, "unknown"),
        ({"baselineState": "absent"}, "gone"),
        ({"locations": []}, "without a file"),
        ({"locations": [{"logicalLocations": [{"name": "X"}]}]}, "without a file"),
    ],
)
def test_what_would_be_shown_as_a_failure_or_have_all_refused_is_left_out(
    more: dict[str, Any], reason: str
) -> None:
    made = prepared(sarif(result(), result(2, **more)), "assay")
    assert len(sent(made)) == 1
    assert (made.results, made.left_out) == (1, {reason: 1})


def test_what_is_unknown_is_given_where_it_counts() -> None:
    made = prepared(sarif(result(kind="open", level="none")), "assay", unknown=True)
    assert (made.results, made.left_out) == (1, {})


def test_of_too_many_the_worst_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_scanning, "_MOST", 3)
    rules = tuple(
        {"id": id_, "properties": {"security-severity": score}}
        for id_, score in (("LOW", "2.0"), ("WORST", "9.5"), ("INFO", "0.0"))
    )
    names = ("LOW", "INFO", "WORST", "LOW", "WORST")
    results = [result(number, rule, level="note") for number, rule in enumerate(names)]
    made = prepared(sarif(*results, rules=rules), "assay")
    assert [one["ruleId"] for one in sent(made)] == ["WORST", "WORST", "LOW"]
    assert made.left_out == {"beyond the most that it takes": 2}


def test_two_parts_of_a_commit_do_not_take_each_others_place() -> None:
    ids = {
        json.loads(prepared(sarif(), name).sarif)["runs"][0]["automationDetails"]["id"]
        for name in ("assay", "network")
    }
    assert ids == {"assay/assay/", "network/assay/"}


def test_what_we_write_is_taken() -> None:
    written = render(sample_run(), "sarif").encode()
    made = prepared(written, "assay")
    before = [one for run in json.loads(written)["runs"] for one in run["results"]]
    assert made.results + sum(made.left_out.values()) == len(before)
    assert set(made.left_out) <= {"waived", "unknown", "without a file"}


@pytest.mark.parametrize("text", [b"", b"[]", b"no", b'{"runs": 1}', b'{"runs": [{}]}', b"\xff"])
def test_what_is_no_sarif_is_refused(text: bytes) -> None:
    with pytest.raises(UsageError, match="is no SARIF"):
        prepared(text, "assay")
