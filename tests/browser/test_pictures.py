"""The diagrams as a browser draws them: no text leaves its card or box, in light and in dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analyzer.output.diagram import svg
from analyzer.results import Judgement
from tests.diagram.pictures import drawn, judgements, named

EVERY = pytest.mark.parametrize("judgement", judgements(), ids=named)

# The texts that reach out of the rectangle of their group, or out of the page.
OUTSIDE = """
() => {
  const page = document.querySelector("svg").getBBox();
  const reach = (inner, outer) => Math.max(
    outer.x - inner.x, inner.x + inner.width - outer.x - outer.width,
    outer.y - inner.y, inner.y + inner.height - outer.y - outer.height);
  const found = [];
  for (const text of document.querySelectorAll("svg text")) {
    const edge = text.closest("g.tile, g.box")?.querySelector(":scope > .edge");
    const outer = edge ? edge.getBBox() : page;
    if (reach(text.getBBox(), outer) > 0.5) found.push(text.textContent);
  }
  return found;
}
"""
# The texts of one group that cover each other.
COVERED = """
() => {
  const found = [];
  for (const group of document.querySelectorAll("g.tile, g.box")) {
    const texts = [...group.querySelectorAll("text")].map((text) => [text, text.getBBox()]);
    texts.forEach(([one, a], index) => texts.slice(index + 1).forEach(([other, b]) => {
      const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
      const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
      if (wide > 0.5 && high > 3) found.push(`${one.textContent} / ${other.textContent}`);
    }));
  }
  return found;
}
"""
COLOURS = """
() => ["paper", "t-name"].map((name) => getComputedStyle(document.querySelector(`.${name}`)).fill)
"""

pytestmark = pytest.mark.browser


@pytest.fixture
def shown(browser: Any, tmp_path: Path):
    """Opens a picture as a file of its own."""
    contexts = []

    def show(judgement: Judgement, *, dark: bool = False) -> Any:
        file = tmp_path / "picture.svg"
        file.write_text(svg(drawn(judgement), alone=True), encoding="utf-8")
        context = browser.new_context(color_scheme="dark" if dark else "light")
        contexts.append(context)
        page = context.new_page()
        page.goto(file.as_uri())
        return page

    yield show
    for context in contexts:
        context.close()


@EVERY
def test_no_text_leaves_its_card_or_box(shown, judgement: Judgement):
    assert shown(judgement).evaluate(OUTSIDE) == []


@EVERY
def test_no_text_covers_another_of_its_card(shown, judgement: Judgement):
    assert shown(judgement).evaluate(COVERED) == []


@EVERY
def test_no_text_leaves_its_card_or_box_in_a_wider_font(shown, judgement: Judgement):
    page = shown(judgement)
    page.evaluate("document.documentElement.style.fontFamily = 'monospace'")

    assert page.evaluate(OUTSIDE) == []


def test_picture_follows_the_reader_into_the_dark(shown):
    light = shown(judgements()[0]).evaluate(COLOURS)
    dark = shown(judgements()[0], dark=True).evaluate(COLOURS)

    assert light == ["rgb(252, 252, 250)", "rgb(27, 33, 36)"]
    assert dark == ["rgb(21, 25, 27)", "rgb(230, 232, 229)"]
