"""The report for those who use a keyboard or a screen reader, judged by axe and by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

Open = Callable[..., Any]

VIEWS = [
    ("single", ""),
    ("single", "#kiosk.yaml"),
    ("change", "#moodle"),
    ("change", "#severity=high"),
    ("change", ""),
    ("change", "#moodle.medium"),
    ("sample", "#severity=high"),
    ("sample", "#frameworks"),
    ("sample", "#rules"),
    ("french", ""),
    ("french", "#projet-e4.as-built"),
    ("french", "#waivers"),
    ("french", "#method"),
    ("big", ""),
    ("big", "#severity=critical"),
    ("big-french", "#orders-0.prod"),
]

# What a heading is called, with its level, in the order of the page.
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4")]
  .filter((each) => each.checkVisibility())
  .map((each) => [Number(each.tagName[1]), each.textContent.trim().slice(0, 40)])"""
UNLABELLED = """() => [...document.querySelectorAll("table")]
  .filter((each) => !each.caption && !each.closest("[role=region]") && !each.closest("details"))
  .map((each) => each.className || each.outerHTML.slice(0, 60))"""
UNSCOPED = (
    """() => [...document.querySelectorAll("th:not([scope])")].map((each) => each.outerHTML)"""
)
# Whether the focused element looks different from how it looks without the focus.
FOCUS_SEEN = """() => {
  const box = document.activeElement;
  const shown = box.matches(".chip input") ? box.nextElementSibling : box;
  const style = getComputedStyle(shown);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""


def violations(page: Any, options: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """What axe finds, however mild, with some of the elements."""
    return [
        (each["id"], [node["html"][:120] for node in each["nodes"][:3]])
        for each in Axe().run(page, options=options).response["violations"]
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("of", "fragment"), VIEWS, ids=lambda text: text or "overview")
def test_axe_finds_nothing(opened: Open, of: str, fragment: str, dark: bool) -> None:
    page = opened(fragment, of=of, dark=dark).page
    if of.startswith("big") and fragment:
        page.locator(".list .finding").first.wait_for()
    # The themes differ in nothing but colours.
    options = {"runOnly": ["color-contrast"]} if dark else {}
    assert violations(page, options) == []


def test_axe_would_find_what_is_wrong(opened: Open) -> None:
    page = opened().page
    page.evaluate(
        "document.querySelector('#q').closest('label').replaceWith(document.getElementById('q'))"
    )
    page.evaluate("document.getElementById('q').placeholder = ''")
    assert "label" in [name for name, _ in violations(page, {})]


@pytest.mark.parametrize(("of", "fragment"), VIEWS, ids=lambda text: text or "overview")
def test_headings_skip_no_level(opened: Open, of: str, fragment: str) -> None:
    headings = opened(fragment, of=of).page.evaluate(HEADINGS)
    levels = [level for level, _ in headings]
    jumps = [
        heading
        for before, heading in zip(levels, headings[1:], strict=False)
        if heading[0] > before + 1
    ]
    assert jumps == []


@pytest.mark.parametrize("of", ["change", "big"])
def test_every_table_has_a_name_and_every_head_a_scope(opened: Open, of: str) -> None:
    page = opened(of=of).page
    assert page.evaluate(UNLABELLED) == []
    assert page.evaluate(UNSCOPED) == []


@pytest.mark.parametrize("fragment", ["", "#moodle.medium"])
def test_every_stop_of_the_keyboard_is_seen(opened: Open, fragment: str) -> None:
    page = opened(fragment, of="change").page
    stops = 0
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break  # the end of the page
        assert page.evaluate(FOCUS_SEEN), page.evaluate("document.activeElement.outerHTML")
        stops += 1
    assert stops > 40


def test_every_control_is_reached_by_the_keyboard(opened: Open) -> None:
    page = opened(of="change").page
    unreachable = page.locator("a[href], button, input, select, summary").evaluate_all(
        "all => all.filter((e) => e.checkVisibility() && e.tabIndex < 0).map((e) => e.outerHTML)"
    )
    assert unreachable == []


def test_the_language_of_what_is_not_translated_is_told(opened: Open) -> None:
    page = opened("#projet-e4.as-built", of="french").page
    assert page.locator("html").get_attribute("lang") == "fr"
    titles = page.locator(".part:not(.away) .rule h4").evaluate_all("all => all.map((e) => e.lang)")
    assert set(titles) == {"en"}
