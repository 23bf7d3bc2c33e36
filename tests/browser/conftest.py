"""A headless Chromium, and reports opened in it from disk.

Without a browser these tests fail and say what to install: a report that nobody looked at is not
tested. `ASSAY_SKIP_BROWSER=1` skips them where no browser can be had.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from analyzer.output.html import html
from analyzer.results import Run
from tests.output.sample import sample_run, single_run
from tests.output.sample_big import big_run
from tests.output.sample_compared import compared_run

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def drawn(run: Run) -> str:
    """A run's page as if it were a big one."""
    with patch("analyzer.output.html_bulk.MANY", 0):
        return html(run)


PAGES = {
    "sample": lambda: html(sample_run()),
    "single": lambda: html(single_run()),
    "change": lambda: html(compared_run()),
    "drawn": lambda: drawn(compared_run()),
    "french": lambda: html(compared_run(), language="fr"),
    "big": lambda: html(big_run()),
    "deep": lambda: html(big_run(1, 20, 200)),
    "big-french": lambda: html(big_run(), language="fr"),
}
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The browser that all tests share."""
    if os.environ.get("ASSAY_SKIP_BROWSER") == "1":
        pytest.skip("ASSAY_SKIP_BROWSER=1")
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(
            "no Chromium on the PATH: install one (Debian: apt-get install chromium), "
            "or set ASSAY_SKIP_BROWSER=1 to go without the browser tests"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The reports that are opened, each written once: `pages("sample")`."""
    folder = tmp_path_factory.mktemp("report")

    def page(name: str) -> Path:
        path = folder / f"{name}.html"
        if not path.exists():
            path.write_text(PAGES[name](), encoding="utf-8")
        return path

    return page


class Watch:
    """A page that is opened, and what it complained of or asked for meanwhile."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._dialog)
        page.on("request", lambda request: self.requests.append(request.url))

    def _dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def opened(browser: Any, pages: Callable[[str], Path]) -> Iterator[Callable[..., Watch]]:
    """Opens a report at a fragment, in a context of its own: `opened("#moodle", dark=True)`."""
    contexts = []

    def open_(
        fragment: str = "",
        *,
        of: str = "sample",
        width: int = 1440,
        dark: bool = False,
        script: bool = True,
    ) -> Watch:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        watch = Watch(context.new_page())
        watch.page.goto(pages(of).as_uri() + fragment)
        return watch

    yield open_
    for context in contexts:
        context.close()
