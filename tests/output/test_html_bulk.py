"""The report of a big run as a file: small, and with everything that a page of plain rows has."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from analyzer.findings import Verdict
from analyzer.output.html import html, shown
from analyzer.output.html_bulk import MANY, is_big, pack, script_safe
from analyzer.output.html_view import view
from analyzer.results import Run
from tests.output.sample import sample_run
from tests.output.sample_big import big_run

LIMIT = 3_000_000
MEDIUM = (3, 40, 24)  # just more than a plain page bears


@cache
def medium() -> Run:
    return big_run(*MEDIUM)


@cache
def page() -> str:
    return html(medium())


@cache
def data() -> dict[str, Any]:
    found = re.search(r'id="data">(.*?)</script>', page(), re.DOTALL)
    assert found
    document: dict[str, Any] = json.loads(found[1])
    return document


def shown_findings(run: Run) -> list[Any]:
    told = (Verdict.FAIL, Verdict.UNKNOWN)
    return [f for judgement in run.judgements for f in judgement.findings if f.verdict in told]


@pytest.mark.parametrize("shape", [(10, 100, 10), (100, 100, 1), (1, 50, 200)])
def test_ten_thousand_findings_stay_under_three_megabytes(shape: tuple[int, int, int]) -> None:
    run = big_run(*shape)
    assert len(shown_findings(run)) == 10_000
    assert len(html(run).encode()) < LIMIT


def test_a_run_is_big_by_what_it_shows_one_by_one() -> None:
    assert not is_big(sample_run())
    assert is_big(medium())
    assert len(shown_findings(medium())) > MANY


def test_the_largest_run_of_plain_rows_is_no_heavy_page() -> None:
    run = big_run(MANY // 100, 100, 1)
    assert not is_big(run)
    assert len(html(run).encode()) < 5_000_000


def test_every_finding_has_its_row() -> None:
    texts, resources = data()["texts"], data()["columns"]["resource"]
    assert sorted(texts[number] for number in resources) == sorted(
        finding.resource for finding in shown_findings(medium())
    )


def test_lists_cover_every_row_once() -> None:
    spans = sorted(
        (entry[2], entry[3])
        for name, entries in data()["lists"].items()
        for entry in entries
        if name.endswith((".fail", ".unknown", ".waived"))
    )
    assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])]
    assert spans[-1][1] == len(shown_findings(medium()))


def test_what_passes_is_counted_by_rule() -> None:
    passed = sum(
        entry[1] for name, entries in data()["lists"].items() if name.endswith(".pass")
        for entry in entries
    )  # fmt: skip
    assert passed == sum(
        finding.verdict is Verdict.PASS
        for judgement in medium().judgements
        for finding in judgement.findings
    )


def test_each_text_stands_once() -> None:
    texts = data()["texts"]
    assert len(texts) == len(set(texts))
    assert texts[0] == ""


def test_excerpts_that_find_no_room_are_counted_and_the_worst_stay() -> None:
    run = big_run(1, 50, 200)
    packed = pack(view(run).parts, shown)
    document = json.loads(packed.text)
    assert packed.without_excerpt == document["excerpt"].count(0) > 0
    kept = [
        bool(document["excerpt"][start]) for _, level, start, _ in fails(document) if level == 4
    ]
    assert all(kept)


def fails(document: dict[str, Any]) -> list[list[int]]:
    return [
        e for name, listed in document["lists"].items() if name.endswith(".fail") for e in listed
    ]


def test_a_page_says_what_it_leaves_out() -> None:
    text = html(big_run(1, 50, 200))
    assert re.search(r"The template's lines of [\d,]+ findings are left out", text)
    assert re.search(r"[\d,]+ more fixes are not listed here", text)
    assert re.search(r"[\d,]+ smaller charges are in the total", text)


def test_data_cannot_close_its_element() -> None:
    text = script_safe({"a": "</script><!-- & \u2028"})
    assert not set("<>&") & set(text)
    assert json.loads(text) == {"a": "</script><!-- & \u2028"}


def test_characters_that_mislead_are_marked_in_data_too() -> None:
    run = medium()
    first = run.judgements[0]
    odd = replace(first.findings[0], message="\u202egnp.exe")
    changed = replace(first, findings=(odd, *first.findings[1:]))
    text = html(replace(run, judgements=(changed, *run.judgements[1:])))
    assert "\u202e" not in text
    assert "\ufffdgnp.exe" in text


def test_the_failures_stand_by_rule_worst_first() -> None:
    rows = view(medium()).by_rule
    assert [row.rule.severity for row in rows] == sorted(
        (row.rule.severity for row in rows), reverse=True
    )
    assert sum(row.tally.failed + row.tally.unknown for row in rows) == len(
        shown_findings(medium())
    )
    assert rows[0].systems == MEDIUM[0]


def test_no_link_of_a_big_page_leads_nowhere() -> None:
    ids = set(re.findall(r'\bid="([^"]+)"', page()))
    assert set(re.findall(r'href="#([^"]+)"', page())) - ids == set()


def test_the_sum_of_what_is_listed_and_left_out_is_everything() -> None:
    for part in view(medium()).parts:
        listed = sum(len(service.lines) for service in part.cost.services)
        assert listed + part.cost.left_out == len(part.judgement.cost)
        assert len(part.fixes.rows) + part.fixes.left_out == part.fixes.every.count
