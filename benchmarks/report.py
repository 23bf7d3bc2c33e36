"""The report of ten thousand findings: its size, and how fast Chromium opens, searches and filters.

    python benchmarks/report.py [--keep FOLDER]

Each figure is the median of five visits to the file on this machine. A stall is a frame that takes
longer than a tenth of a second after input.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from analyzer.findings import Verdict
from analyzer.output.html import html
from tests.browser.conftest import FLAGS, NAMES
from tests.output.sample_big import big_run

# Systems, rules, and resources that each rule fails: wide as an organisation, deep as one account.
SHAPES = {"ten systems": (10, 100, 10), "a hundred": (100, 100, 1), "one system": (1, 50, 200)}
VISITS = 5
LOADED = "() => performance.getEntriesByType('navigation')[0].loadEventEnd"
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
# Notes the longest frame from now on: what a reader would feel as a stall.
WATCH_FRAMES = """() => {
  window.longest = 0;
  let last = performance.now();
  const tick = (now) => { window.longest = Math.max(window.longest, now - last); last = now;
    requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""
FILTERED = "() => document.getElementById('count').textContent !== '' ? performance.now() : 0"


def main() -> None:
    """Print a row for each shape of run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path, help="leave the pages in this folder")
    folder = parser.parse_args().keep or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{'shape':12} {'findings':>9} {'MB':>6} {'written s':>9} {'load ms':>8} {'paint ms':>8} "
          f"{'rows ms':>8} {'search ms':>9} {'longest frame ms':>17}")  # fmt: skip
    for name, shape in SHAPES.items():
        run = big_run(*shape)
        told = (Verdict.FAIL, Verdict.UNKNOWN)
        number = sum(finding.verdict in told for j in run.judgements for finding in j.findings)
        start = time.perf_counter()
        text = html(run)
        written = time.perf_counter() - start
        file = folder / f"{name.replace(' ', '-')}.html"
        file.write_text(text, encoding="utf-8")
        load, paint, rows, search, frame = visited(file)
        print(f"{name:12} {number:9,} {len(text.encode()) / 1e6:6.2f} {written:9.2f} {load:8.0f} "
              f"{paint:8.0f} {rows:8.0f} {search:9.0f} {frame:17.0f}")  # fmt: skip


def visited(file: Path) -> Iterable[float]:
    """Medians: load event, first paint, first rows, a search's time, and its longest frame."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        visits = [visit(browser.new_page, file) for _ in range(VISITS)]
        browser.close()
    return [statistics.median(column) for column in zip(*visits, strict=True)]


def visit(new_page: Callable[[], Any], file: Path) -> tuple[float, ...]:
    """One reader's visit: opening, opening at a filter, then searching and filtering."""
    page = new_page()
    page.goto(file.as_uri())
    load, paint = page.evaluate(LOADED), page.evaluate(PAINTED)
    page.goto("about:blank")
    page.goto(f"{file.as_uri()}#severity=critical")
    page.locator(".list .finding").first.wait_for()
    rows = page.evaluate("() => performance.now()")
    page.goto("about:blank")
    page.goto(file.as_uri())
    page.wait_for_timeout(300)  # nobody types before the page is seen
    page.evaluate(WATCH_FRAMES)
    start = page.evaluate("() => performance.now()")
    page.locator("#q").press_sequentially("property7 team", delay=60)
    page.wait_for_function(FILTERED)
    page.locator(".list .finding").first.wait_for()
    search = page.evaluate("() => performance.now()") - start - 60 * len("property7 team")
    page.locator("#q").fill("")
    page.get_by_label("high", exact=True).check(force=True)
    page.locator(".list .finding").first.wait_for()
    page.wait_for_timeout(300)
    longest = page.evaluate("() => window.longest")
    page.close()
    return load, paint, rows, search, longest


if __name__ == "__main__":
    main()
