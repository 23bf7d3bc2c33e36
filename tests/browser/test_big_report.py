"""The report of ten thousand findings: each can be found, and is drawn when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analyzer.findings import Verdict
from tests.output.sample import HOSTILE
from tests.output.sample_big import big_run

Open = Callable[..., Any]
FINDING = ".part:not(.away) .list .finding"

# Every finding that is shown: its rule's heading, summary, facts and lines, without spaces.
SAID = """() => [...document.querySelectorAll(".part:not(.away) .finding:not([hidden])")]
  .map((row) => [row.closest(".rule").querySelector("header"), row.querySelector("summary"),
    row.querySelector("dl"), row.querySelector(".excerpt")]
    .map((box) => (box?.textContent ?? "").replace(/\\s+/g, "")))"""


def search(page: Any, text: str) -> str:
    """Type into the search, and give what the count says afterwards."""
    before = page.evaluate("location.hash")
    page.get_by_role("searchbox").fill(text)
    page.wait_for_function("before => location.hash !== before", arg=before)
    return str(page.get_by_role("status").inner_text())


@pytest.fixture
def page(opened: Open) -> Any:
    return opened(of="big").page


def test_opens_without_a_word_and_without_a_request(opened: Open) -> None:
    watch = opened("#severity=critical", of="big")
    watch.page.locator(FINDING).first.wait_for()
    assert watch.complaints == []
    assert [url for url in watch.requests if "big.html" not in url] == []


def test_a_common_word_finds_every_finding(page: Any) -> None:
    number = sum(
        finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN)
        for judgement in big_run().judgements
        for finding in judgement.findings
    )
    assert number == 10_000
    assert search(page, "leaves property").startswith("10,000 rows in 10 profiles")


def test_every_hundredth_finding_is_found_alone_by_its_resource(page: Any) -> None:
    told = [
        finding.resource
        for judgement in big_run().judgements
        for finding in judgement.findings
        if finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN)
    ]
    for resource in told[50::1000]:
        search(page, resource)
        page.locator(FINDING).first.wait_for()
        assert page.locator(f"{FINDING} .resource").all_inner_texts() == [resource]


def test_the_lines_of_a_template_can_be_searched(page: Any) -> None:
    search(page, "team-3-5 database003x00x")
    page.locator(FINDING).first.wait_for()
    assert page.locator(f"{FINDING} .resource").all_inner_texts() == ["ReportsDatabase003x00x0005"]


def test_only_what_is_in_sight_is_drawn(opened: Open) -> None:
    page = opened("#orders-0.prod", of="big").page
    page.locator(FINDING).first.wait_for()
    assert page.locator(FINDING).count() < 200


def test_a_button_draws_the_rest_of_a_rule_and_keeps_the_focus(opened: Open) -> None:
    page = opened("#q=leaves", of="deep").page
    page.locator(".further").first.wait_for()
    rule = page.locator(".list .rule").first
    assert rule.locator(".finding").count() == 10
    page.locator(".further").first.focus()
    page.keyboard.press("Enter")
    assert rule.locator(".finding").count() == 110
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_row_unfolds_to_its_lines_and_facts(opened: Open) -> None:
    page = opened("#q=SearchQueue004x10x0000", of="big").page
    page.locator(f"{FINDING} summary").first.click()
    more = page.locator(f"{FINDING} .more")
    assert "Property10: 0" in more.locator(".excerpt mark").inner_text()
    assert "Key: owner, Value: team-4-0" in more.locator(".excerpt").inner_text()
    assert "Passes with\nProperty10: 10" in more.locator("dl").inner_text()


def test_hostile_names_stay_text(opened: Open) -> None:
    watch = opened(f"#q={HOSTILE}", of="big")
    watch.page.locator(FINDING).first.wait_for()
    assert watch.page.locator(f"{FINDING} .resource").all_inner_texts() == [HOSTILE]
    assert watch.page.locator("main script").count() == 0
    assert watch.complaints == []


def test_facets_narrow_as_on_a_small_page(opened: Open) -> None:
    page = opened("#severity=critical&family=backup&system=billing-1", of="big").page
    page.locator(FINDING).first.wait_for()
    assert set(page.locator(".list .severity").all_inner_texts()) == {"critical"}
    assert {text.split()[1] for text in page.locator(".list .ids").all_inner_texts()} == {"backup"}


def test_passing_rules_show_when_asked_for(opened: Open) -> None:
    page = opened("#verdict=PASS&system=billing-1&q=BAC-DAT-00", of="big").page
    page.locator(".list tr a").first.wait_for()
    assert page.locator(".list tr").all_inner_texts() == [
        "BAC-DAT-00\tDatabase keeps to rule 0 of backup.\t40"
    ]


def test_without_script_the_summary_and_the_failures_by_rule_remain(opened: Open) -> None:
    page = opened(of="big", script=False).page
    assert page.locator("noscript").first.is_visible()
    assert page.locator(".by-rule tbody tr").count() == 100
    assert page.locator(".part h2").count() == 10


def test_printing_a_choice_prints_all_of_its_rows(opened: Open) -> None:
    page = opened("#system=orders-0&severity=critical", of="big").page
    page.locator(FINDING).first.wait_for()
    number = int(page.get_by_role("status").inner_text().split()[0])
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    drawn = page.locator(FINDING).count()
    facts = page.locator(f"{FINDING} .more dl").count()
    assert drawn == facts == number


def test_a_french_page_speaks_french_in_drawn_rows_too(opened: Open) -> None:
    page = opened("#q=SearchQueue004x10x0000", of="big-french").page
    page.locator(FINDING).first.wait_for()
    assert page.get_by_role("status").inner_text().startswith("1 ligne dans 1 profil")
    page.locator(f"{FINDING} summary").first.click()
    assert "Propriété" in page.locator(f"{FINDING} .more dl").inner_text()


@pytest.mark.parametrize("part", ["moodle.medium", "projet-e4.as-built", "clefcloud.dev"])
def test_drawn_rows_say_what_plain_rows_say(opened: Open, part: str) -> None:
    system, _, profile = part.rpartition(".")
    asked = f"#system={system}&profile={profile}&verdict=FAIL,UNKNOWN,WAIVED"
    told = []
    for of in ("change", "drawn"):
        page = opened(asked, of=of).page
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        told.append(page.evaluate(SAID))
    assert told[0] == told[1] != []
