"""The HTML report: one file, nothing from outside, no text that becomes markup."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from analyzer.errors import InputError
from analyzer.findings import Verdict
from analyzer.output.charts import bar, marked_bar, share, stack
from analyzer.output.html import html, inline, prose, shown
from analyzer.output.html_view import natural, view
from analyzer.results import Run
from tests.output.sample import HOSTILE, TODAY, sample_run, single_run

MEGABYTE = 1_000_000
_FAIL, _PASS, _UNKNOWN, _SKIP = Verdict.FAIL, Verdict.PASS, Verdict.UNKNOWN, Verdict.SKIP
_MIXED = (_FAIL, _PASS, _PASS, _UNKNOWN, _PASS, _FAIL, _SKIP, _PASS, _PASS, _PASS)


class Page(HTMLParser):
    """The elements, ids, links and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[tuple[str, str]] = []
        self._open = [""]
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self._open.append(tag)
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
            if name == "id":
                self.ids.append(value or "")

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open[-1], data))

    def text(self) -> str:
        return " ".join("".join(data for _, data in self.texts).split())


@pytest.fixture(scope="module")
def text() -> str:
    return html(sample_run())


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_the_same_run_gives_the_same_page(text: str) -> None:
    assert html(sample_run()) == text


def test_every_id_stands_once(page: Page) -> None:
    assert [id_ for id_, times in Counter(page.ids).items() if times > 1] == []


def test_every_link_inside_the_page_has_its_target(page: Page) -> None:
    targets = {
        value[1:] for tag, name, value in page.attributes if name == "href" and value[0] == "#"
    }
    assert targets - set(page.ids) == set()


@pytest.mark.parametrize("run", [sample_run, single_run])
def test_every_link_has_a_text(run: Callable[[], Run]) -> None:
    links = re.findall(r"<a\b[^>]*>(.*?)</a>", html(run()), re.DOTALL)
    assert [link for link in links if not re.sub(r"<[^>]*>", "", link).strip()] == []


def test_a_template_alone_goes_by_its_own_name() -> None:
    text = html(single_run())
    assert re.search(r'<h2>.*<span id="kiosk.yaml..name">kiosk.yaml</span></h2>', text)
    assert "kiosk.yaml, <" not in text
    assert '<select name="profile"><option value="">all</option>\n</select>' in text


def test_nothing_is_loaded_from_outside(page: Page) -> None:
    loading = [
        (tag, name, value)
        for tag, name, value in page.attributes
        if name in ("src", "srcset", "poster", "data", "action", "background")
        or (name == "href" and tag not in ("a", "use"))
    ]
    assert loading == []
    assert page.tags["link"] == page.tags["iframe"] == page.tags["img"] == 0


def test_no_attribute_holds_style_or_script(page: Page) -> None:
    assert [name for _, name, _ in page.attributes if name == "style" or name[:2] == "on"] == []


def test_links_lead_to_https_pages_or_into_the_report(page: Page) -> None:
    links = [value for tag, name, value in page.attributes if (tag, name) == ("a", "href")]
    assert [link for link in links if not link.startswith(("#", "https://"))] == []


def test_the_policy_allows_exactly_the_inline_style_and_scripts(text: str) -> None:
    policy = re.search(r'Security-Policy" content="([^"]+)"', text)
    assert policy
    inner = re.findall(
        r"<(?:style|script)(?: type=\"module\")?>(.*?)</(?:style|script)>", text, re.DOTALL
    )
    hashes = {base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in inner}
    assert set(re.findall(r"'sha256-([^']+)'", policy[1])) == hashes
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]


def test_hostile_names_stay_text(page: Page) -> None:
    assert page.tags["script"] == 3  # the theme's own: two to run, and its words
    assert not any(data == "not bold" for tag, data in page.texts if tag == "b")
    assert any(HOSTILE in data for tag, data in page.texts if tag == "b")
    assert "Atelier {{ 7 * 7 }} d’été" in page.text()
    assert not any("alert" in data for tag, data in page.texts if tag in ("script", "style"))


def test_a_rule_page_that_is_no_web_address_is_no_link() -> None:
    run = sample_run()
    rules = {id_: replace(info, url="javascript:alert(1)") for id_, info in run.rules.items()}
    links = Page(html(replace(run, rules=rules))).attributes
    assert not any(name == "href" and "javascript" in value for _, name, value in links)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("a\x00b", "a\ufffdb"), ("\u202egnp.exe", "\ufffdgnp.exe"), ("é\tà\n", "é\tà\n")],
)
def test_characters_that_mislead_are_marked(given: str, expected: str) -> None:
    assert shown(given) == expected


def test_code_in_a_sentence_is_escaped() -> None:
    assert prose("parameter `<A>` & more") == "parameter <code>&lt;A&gt;</code> &amp; more"
    assert prose("one ` alone <b>") == "one ` alone &lt;b&gt;"


def test_all_four_verdicts_head_every_matrix(page: Page, text: str) -> None:
    matrices = re.findall(r'<table class="matrix">.*?</thead>', text, re.DOTALL)
    assert len(matrices) == len(sample_run().judgements)
    for matrix in matrices:
        assert re.findall(r'aria-label="(\w+)"', matrix) == ["PASS", "FAIL", "UNKNOWN", "SKIP"]


def test_tallies_add_up_to_the_findings() -> None:
    run = sample_run()
    shown_page = view(run)
    for part in shown_page.parts:
        assert part.tally.total == len(part.judgement.findings)
        assert sum(tally.total for _, tally in part.families) == part.tally.total
        assert sum(number for _, number in part.tally.severities) == part.tally.failed
        assert sum(len(group.findings) for group in part.failures) == part.tally.failed
        assert sum(row.count for row in part.passed) == part.tally.passed


def test_failures_come_worst_first() -> None:
    for part in view(sample_run()).parts:
        severities = [group.severity for group in part.failures]
        assert severities == sorted(severities, reverse=True)


def test_a_system_that_only_waives_does_not_look_compliant() -> None:
    run = sample_run()
    waived = next(f for j in run.judgements for f in j.findings if f.waiver)
    only = replace(run.judgements[0], findings=(waived,), claims=())
    assert view(replace(run, judgements=(only,))).tally.worst == "WAIVED"


def test_what_verdicts_hang_on_is_counted_most_frequent_first() -> None:
    run = sample_run()
    judgement = run.judgements[0]
    twice = tuple(
        replace(finding, hangs_on=("parameter `Zone`",)) if finding.hangs_on else finding
        for finding in judgement.findings
    )
    one = view(replace(run, judgements=(replace(judgement, findings=twice),))).parts[0]
    assert one.deciders == (("parameter `Zone`", one.tally.unknown),)


def test_controls_sort_as_people_count() -> None:
    assert sorted(["A.8.10", "A.8.9", "RDS.2"], key=natural) == ["A.8.9", "A.8.10", "RDS.2"]


def test_an_incomplete_run_says_so_before_its_systems(page: Page) -> None:
    assert page.text().index("Not judged completely") < page.text().index("Moodle learning")
    assert "architectures/atelier été/réseau.yaml:17" in page.text()


def test_a_complete_run_says_nothing_of_the_kind() -> None:
    run = sample_run()
    sound = replace(run, judgements=run.judgements[:5], problems=())
    assert "Not judged completely" not in html(sound)


def test_an_engine_that_did_not_run_is_named() -> None:
    run = sample_run()
    absent = replace(run.engines[2], status="not installed", version="")
    text = Page(html(replace(run, engines=(*run.engines[:2], absent)))).text()
    assert "checkov : not installed, its findings are missing" in text.replace(
        "checkov:", "checkov :"
    )


def test_an_unknown_charge_is_never_shown_as_zero(text: str) -> None:
    part = text[text.index('id="moodle.medium.cost"') : text.index('id="moodle.medium.rest"')]
    row = next(
        row for row in re.findall(r"<tr.*?</tr>", part, re.DOTALL) if "ElastiCache</th>" in row
    )
    assert ">0.00" not in row
    assert "not known" in row


def test_an_empty_run_is_a_page() -> None:
    run = Run(version="0", date=TODAY, judgements=(), rules={})
    assert "No failure stands" in Page(html(run)).text()


def test_a_rule_without_description_is_shown_by_its_id() -> None:
    run = replace(sample_run(), rules={})
    assert "NET-SG-01" in Page(html(run)).text()


def test_five_systems_with_all_engines_stay_small() -> None:
    text = html(large_run())
    assert len(text.encode()) < 3 * MEGABYTE


def large_run() -> Run:
    """Five systems in three profiles: 150 rules on 12 resources, 60 that do not pass, and 80
    failures of another engine."""
    run = sample_run()
    base = run.judgements[0]
    pattern = [finding for finding in base.findings if finding.engine == "assay"]
    rules = {}
    findings = []
    for number in range(150):
        model = run.rules[pattern[number % len(pattern)].rule]
        id_ = f"{model.id}-{number}"
        rules[id_] = replace(model, id=id_)
        for item in range(12):
            verdict = Verdict.PASS
            if item == 0:
                verdict = _MIXED[number % len(_MIXED)]
            found = pattern[number % len(pattern)]
            findings.append(
                replace(found, rule=id_, verdict=verdict, resource=f"Resource{item}", waiver=None)
            )
    foreign = next(finding for finding in base.findings if finding.engine == "checkov")
    findings += [replace(foreign, resource=f"Resource{number}") for number in range(80)]
    judgements = tuple(
        replace(
            base, system=f"system-{system}", profile=f"profile-{profile}", findings=tuple(findings)
        )
        for system in range(5)
        for profile in range(3)
    )
    return replace(run, judgements=judgements, rules={**run.rules, **rules})


def test_bars_stay_inside_their_scale() -> None:
    assert share(Decimal(3), Decimal(2)) == 100
    assert share(Decimal(-1), Decimal(2)) == share(Decimal(1), Decimal(0)) == 0
    assert 'width="50.00%"' in bar(Decimal(1), Decimal(2))


def test_a_declared_range_has_two_ticks_and_a_point_one() -> None:
    one, hundred = Decimal(1), Decimal(100)
    assert marked_bar(one, hundred, hundred, hundred).count("<line") == 1
    assert marked_bar(one, hundred, one, hundred).count("<line") == 3


def test_a_stack_fills_its_width() -> None:
    widths = re.findall(r'width="([\d.]+)%" height="12"/>', stack([("FAIL", 1), ("PASS", 3)]))
    assert widths == ["25.00", "75.00"]


def test_a_folder_without_report_is_no_theme(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a report theme"):
        html(sample_run(), theme=tmp_path)


def test_a_broken_theme_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "report.html.j2").write_text("<p>\n{% if %}")
    with pytest.raises(InputError, match=r"report\.html\.j2:2: "):
        html(sample_run(), theme=tmp_path)


def test_a_theme_of_ones_own_sees_the_page_and_escapes(tmp_path: Path) -> None:
    (tmp_path / "report.html.j2").write_text("{{ page.systems[-1].name }}")
    assert html(sample_run(), theme=tmp_path) == "atelier &lt;b&gt;d’été&lt;/b&gt;"


def test_a_theme_file_cannot_close_its_element(tmp_path: Path) -> None:
    (tmp_path / "odd.js").write_text("'</script>'")
    with pytest.raises(InputError, match="close its own element"):
        inline(tmp_path, "odd.js")
