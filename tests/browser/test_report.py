"""The HTML report in a browser: it opens from disk, filters, prints, and runs nothing foreign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest

from tests.output.sample import HOSTILE

PARTS = 8
FINDING = ".part:not(.away) .finding:not([hidden])"

# The smallest contrast of any visible text, by WCAG 2's formula, with the text that has it.
CONTRAST = """
() => {
  const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (let box = node; box; box = box.parentElement) {
      const colour = numbers(getComputedStyle(box).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  let worst = [99, ""];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || !node.checkVisibility({ visibilityProperty: true })) continue;
    const [one, two] = [getComputedStyle(node).color, ground(node)];
    const pair = [light(numbers(one)), light(two)].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < worst[0]) worst = [ratio, node.textContent.trim().slice(0, 40)];
  }
  return worst;
}
"""

Open = Callable[..., Any]


def texts(page: Any, selector: str) -> list[str]:
    """The texts of what is visible under a selector."""
    return [each.inner_text().strip() for each in page.locator(selector).all() if each.is_visible()]


def choose(page: Any, name: str, value: str) -> None:
    """Choose in one of the filter's lists."""
    page.locator(f"#filters select[name={name}]").select_option(value)


@pytest.mark.parametrize(
    "fragment", ["", "#moodle", "#projet-e4.as-built", "#frameworks", "#odd=1"]
)
def test_opens_without_a_word_on_the_console(opened: Open, fragment: str) -> None:
    assert opened(fragment).complaints == []


def test_asks_for_nothing_but_itself(opened: Open) -> None:
    watch = opened("#moodle")
    watch.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert [url for url in watch.requests if "sample.html" not in url] == []


def test_hostile_names_stay_text(opened: Open) -> None:
    watch = opened(f"#q={HOSTILE}")
    assert HOSTILE in texts(watch.page, f"{FINDING} .resource")
    assert watch.page.locator("main script, main img").count() == 0
    assert watch.complaints == []


def test_shows_the_overview_alone_at_first(opened: Open) -> None:
    page = opened().page
    assert page.locator("#overview").is_visible()
    assert not page.locator(".system").first.is_visible()


def test_a_profile_opens_from_the_contents(opened: Open) -> None:
    page = opened().page
    page.get_by_role("navigation").get_by_role("link", name="quiz-coach").click()
    assert texts(page, ".part h2") == ["quiz-coach"]
    current = page.locator('.index [aria-current="page"]')
    assert current.inner_text().startswith("quiz-coach")


def test_the_search_finds_resources_in_every_system(opened: Open) -> None:
    page = opened().page
    page.get_by_role("searchbox").fill("flow log")
    page.wait_for_url(lambda url: "#q=" in url)
    assert set(texts(page, f"{FINDING} .resource")) == {"MoodleVpc", "MvpVpc", "CyberVpc"}
    assert page.get_by_role("status").inner_text() == "6 rows in 5 profiles"


def test_the_search_says_when_nothing_matches(opened: Open) -> None:
    page = opened("#q=nosuchthing").page
    assert page.get_by_role("status").inner_text() == "Nothing matches"


def test_a_severity_leaves_only_its_open_findings(opened: Open) -> None:
    page = opened().page
    page.get_by_label("critical", exact=True).check(force=True)
    assert set(texts(page, ".rule .severity")) == {"critical"}
    assert texts(page, ".summaries") == []


def test_a_verdict_leaves_only_its_rows(opened: Open) -> None:
    page = opened("#system=moodle&profile=medium&verdict=UNKNOWN").page
    verdicts = page.locator(".part:not(.away) .rule:not([hidden])").evaluate_all(
        "all => all.filter((e) => e.checkVisibility()).map((e) => e.dataset.v)"
    )
    assert verdicts == ["UNKNOWN"] * 3


def test_passing_rules_show_when_asked_for(opened: Open) -> None:
    page = opened("#system=projet-e4&profile=as-built&verdict=PASS").page
    assert texts(page, ".summaries tbody tr[data-v]") == [
        "MAZ-RDS-01\tDatabase instance keeps a standby in a second zone.\t1"
    ]


def test_engine_and_family_narrow_each_other(opened: Open) -> None:
    page = opened().page
    choose(page, "engine", "checkov")
    choose(page, "family", "network")
    assert set(texts(page, ".rule .ids a")) == {"CKV_AWS_260", "CKV_AWS_23"}


def test_the_fragment_keeps_the_filters_for_another_reader(opened: Open) -> None:
    first = opened().page
    first.get_by_label("critical", exact=True).check(force=True)
    first.get_by_label("high", exact=True).check(force=True)
    choose(first, "system", "projet-e4")
    fragment = first.evaluate("location.hash")
    assert fragment == "#system=projet-e4&severity=critical,high"
    assert texts(opened(fragment).page, f"{FINDING} summary") == texts(first, f"{FINDING} summary")


def test_a_hostile_profile_can_be_chosen_and_shared(opened: Open) -> None:
    first = opened().page
    name = "prod\"><script>alert('profile')</script>"
    choose(first, "profile", name)
    fragment = first.evaluate("location.hash")
    assert unquote(fragment) == f"#profile={name}"
    assert texts(opened(fragment).page, ".part h2") == [name]


def test_clearing_gives_the_overview_back(opened: Open) -> None:
    page = opened("#severity=high&q=rds").page
    page.get_by_role("button", name="Clear").click()
    page.wait_for_url(lambda url: "#" not in url)
    assert page.locator("#overview").is_visible()
    assert page.locator("[data-row][hidden]").count() == 0


def test_back_returns_to_what_was_shown_before(opened: Open) -> None:
    page = opened("#moodle.medium").page
    page.get_by_role("navigation").get_by_role("link", name="Frameworks").click()
    page.go_back()
    assert texts(page, ".part h2") == ["medium"]


def test_a_link_into_a_fold_opens_it(opened: Open) -> None:
    page = opened("#moodle.medium").page
    page.get_by_role("link", name="MAZ-VPC-02").last.click()
    assert page.evaluate("document.activeElement.dataset.r") == "MAZ-VPC-02"


def test_the_slash_key_reaches_the_search(opened: Open) -> None:
    page = opened().page
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"


def test_the_first_tab_stop_skips_to_the_report(opened: Open) -> None:
    page = opened().page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "report"
    assert page.locator("#overview").is_visible()


def test_a_finding_opens_by_keyboard(opened: Open) -> None:
    page = opened("#projet-e4.as-built").page
    page.locator(f"{FINDING} summary").first.focus()
    page.keyboard.press("Enter")
    assert "CidrIp: 0.0.0.0/0" in page.locator(f"{FINDING} .excerpt mark").first.inner_text()


def test_without_script_everything_stands_on_the_page(opened: Open) -> None:
    page = opened(script=False).page
    assert len(texts(page, ".part h2")) == PARTS
    assert not page.locator("#filters").is_visible()


@pytest.mark.parametrize("script", [True, False])
def test_printing_opens_every_fold_and_shows_every_part(opened: Open, script: bool) -> None:
    page = opened(script=script).page
    page.emulate_media(media="print")
    heights = page.locator(".finding .more, .fold > :not(summary)").evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect().height)"
    )
    assert min(heights) > 0
    assert len(texts(page, ".part h2")) == PARTS
    assert not page.locator(".index").is_visible()


def test_printing_a_choice_prints_the_choice(opened: Open) -> None:
    page = opened("#clefcloud.prod").page
    page.emulate_media(media="print")
    assert texts(page, ".part h2") == ["prod"]


def test_a_dark_page_prints_black_on_white(opened: Open) -> None:
    page = opened(dark=True).page
    page.emulate_media(media="print", color_scheme="dark")
    style = page.evaluate("(({color, backgroundColor}) => [color, backgroundColor])"
                          "(getComputedStyle(document.documentElement))")  # fmt: skip
    assert style == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("fragment", ["", "#moodle.medium", "#rules", "#severity=high"])
def test_text_stands_out_from_its_ground(opened: Open, fragment: str, dark: bool) -> None:
    ratio, text = opened(fragment, dark=dark).page.evaluate(CONTRAST)
    assert ratio >= 4.5, text


def test_the_button_changes_the_theme_and_says_the_other(opened: Open) -> None:
    page = opened(dark=True).page
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    before = page.evaluate(ground)
    page.get_by_role("button", name="Light").click()
    assert page.evaluate(ground) != before
    assert page.locator("#theme").inner_text() == "Dark"


@pytest.mark.parametrize("fragment", ["", "#moodle.medium", "#projet-e4.as-built", "#rules"])
def test_a_narrow_page_does_not_scroll_sideways(opened: Open, fragment: str) -> None:
    page = opened(fragment, width=390).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_picture_on_a_narrow_page_is_scrolled_and_not_shrunk(opened: Open) -> None:
    picture = opened("#kiosk.yaml", of="single", width=390).page.locator(".picture .wide")
    wide = "each => each.getBoundingClientRect().width"
    assert picture.evaluate(wide) < 390 < picture.locator("svg").first.evaluate(wide)


def test_fixes_leave_room_for_the_names_of_resources(opened: Open) -> None:
    page = opened("#moodle.medium", of="change", width=1280).page
    long = (
        "for (const each of document.querySelectorAll('.fixes th code')) each.textContent = 'word '"
    )
    page.evaluate(f"{long}.repeat(99)")
    cell = page.locator(".part:not(.away) .fixes tbody td:nth-child(3)").first
    assert cell.evaluate("each => each.getBoundingClientRect().width") > 150


def test_every_control_has_a_name(opened: Open) -> None:
    page = opened("#moodle.medium").page
    unnamed = page.locator("input, select, button, a, summary").evaluate_all(
        """all => all.filter((e) => !(e.labels?.[0]?.textContent ?? e.textContent).trim())
              .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert unnamed == []


# Cells of tables whose contents reach over what stands beside them.
CROWDED = """() => [...document.querySelectorAll("th, td")]
  .filter((cell) => cell.checkVisibility() && cell.scrollWidth > cell.clientWidth + 1)
  .map((cell) => `${cell.closest("table").className}: ${cell.textContent.trim().slice(0, 30)}`)"""


@pytest.mark.parametrize("width", [390, 1024, 1280, 1440, 1920])
@pytest.mark.parametrize("of", ["sample", "change", "french", "big-french"])
def test_no_cell_reaches_over_its_neighbour(opened: Open, of: str, width: int) -> None:
    page = opened(of=of, width=width).page

    assert page.evaluate(CROWDED) == []
