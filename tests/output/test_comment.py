"""The comment on a pull request: what the change does, within what platforms take."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from analyzer.escape import visible
from analyzer.findings import Change
from analyzer.forges.mark import mark, marked
from analyzer.output import render
from analyzer.output.links import Links
from analyzer.output.markdown_blocks import block, code, escaped, prose, size
from tests.output.sample import HOSTILE, sample_run
from tests.output.sample_big import big_run
from tests.output.sample_compared import compared_run

GOLDEN = Path(__file__).parent / "golden" / "comment.md"
JOINER = "\u2060"
PAGES = "https://github.com/acme/infra/blob/8f3c2b1a/"
MARKDOWN = MarkdownIt("gfm-like", {"html": True, "linkify": False})


def comment(run=None, **options) -> str:
    links = Links(PAGES, Path.cwd())
    return render(run or compared_run(), "comment", links=links, **options)


class Page(HTMLParser):
    """What a reader's browser is given: the elements, the links, the text."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text: list[str] = []
        self.feed(MARKDOWN.render(markdown))

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.text.append(data)


def test_the_comment_is_as_it_was_looked_at():
    """After a wanted change: ASSAY_WRITE_GOLDEN=1, and look at the difference."""
    if os.environ.get("ASSAY_WRITE_GOLDEN") == "1":
        GOLDEN.write_text(comment(), encoding="utf-8")
    assert comment() == GOLDEN.read_text(encoding="utf-8")


def test_what_a_hostile_template_says_makes_no_element_and_no_link():
    page = Page(comment())

    assert page.tags <= {
        "h2", "h3", "p", "ul", "li", "strong", "code", "pre", "br", "details", "summary", "sub",
        "table", "thead", "tbody", "tr", "th", "td", "a", "blockquote",
    }  # fmt: skip
    assert page.links
    assert all(link.startswith(PAGES) for link in page.links)


def test_what_a_hostile_template_says_calls_nobody():
    shown = re.sub(r"(`+)(.|\n)*?\1", "", comment())  # platforms leave code alone

    assert "everyone" in shown
    assert not re.search(r"[@#]\w", "".join(Page(shown).text))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_escaped_words_are_shown_as_they_are(text):
    shown = Page(f"- {escaped(text)} end")

    assert shown.tags <= {"ul", "li"}
    words = "".join(shown.text).replace(JOINER, "")
    assert words.split() == f"{visible(text)} end".replace(JOINER, "").split()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_a_code_span_holds_all_of_what_it_is_given(text):
    shown = Page(f"a {code(text)} b")

    assert shown.tags <= {"p", "code"}


@given(st.text("`ab <>*_@#|\\[](){}!&;\n", max_size=60))
def test_what_stands_between_backticks_is_code_and_the_rest_stays_words(text):
    shown = Page(f"- {prose(text)} end")

    assert shown.tags <= {"ul", "li", "code"}
    words = "".join(shown.text).replace(JOINER, "").replace("\N{BROKEN BAR}", "|").replace("`", "")
    assert words.split() == f"{visible(text)} end".replace("`", "").split()


def test_a_name_in_a_message_is_code():
    assert prose("fails unless parameter `Encrypt` is true") == (
        "fails unless parameter `Encrypt` is true"
    )
    assert prose("`a`b` is <b>") == escaped("`a`b` is <b>")


def test_the_headline_says_what_it_costs_from_the_least_to_the_most():
    assert comment().splitlines()[0].endswith(", +24.82 USD a month in 2 profiles")
    run = compared_run()
    judgements = [one for one in run.judgements if one.before and one.before.cost]
    cheaper = replace(judgements[0].before, usd=judgements[0].before.usd + 100)
    both = (replace(judgements[0], before=cheaper), judgements[1])
    head = comment(replace(run, judgements=both)).splitlines()[0]
    assert head.endswith(", -75.18 to +24.82 USD a month in 2 profiles")
    assert (
        comment(replace(run, judgements=both[1:])).splitlines()[0].endswith(", +24.82 USD a month")
    )


@pytest.mark.parametrize("text", ["GH-12", "see gh-7", "acme/infra#3", "@team", "a@b"])
def test_a_reference_is_parted_from_what_it_would_refer_to(text):
    assert JOINER in escaped(text)


@given(st.lists(st.text("`~ab<@ -+", max_size=12), max_size=6))
def test_a_block_of_code_ends_where_it_should(lines):
    shown = Page(f"{block(chr(10).join(lines), 'diff')}\n\n**after**\n")

    assert "strong" in shown.tags
    assert "".join(shown.text).split()[-1] == "after"


def test_every_new_failure_is_told_once_and_no_old_one():
    run = compared_run()
    found = [finding for judgement in run.judgements for finding in judgement.findings]
    new = {(f.rule, f.resource) for f in found if f.change is Change.NEW and f.failed}
    section = re.search(r"### New failures\n(.*?)\n### ", comment(run), re.DOTALL)

    told = re.findall(r"^- \S+ \w+ \*\*(\S+)\*\* .*\n\s+`(.+?)`", section[1], re.MULTILINE)
    assert sorted(told) == sorted(new)


def test_an_added_waiver_stands_before_all_else():
    text = comment()
    assert text.index("adds 1 waiver") < text.index("###")
    assert text.index("adds 1 waiver") < text.index("| system |")


def test_the_comment_ends_with_its_mark():
    assert marked(comment(name="network team")) == mark("network team")


def many(number, rules=1):
    """A change with so many new failures, of so many rules."""
    run = compared_run()
    judgement = run.judgements[0]
    new = next(f for f in judgement.findings if f.change is Change.NEW)
    grown = [
        replace(
            new,
            rule=new.rule if rules == 1 else f"ENC-LT-{place % rules:04}",
            resource=f"Template{place}\U0001f600",
            remedy=replace(new.remedy, diff=f"{new.remedy.diff}+{place}\n"),
        )
        for place in range(number)
    ]
    return replace(run, judgements=(replace(judgement, findings=tuple(grown)),))


def test_patches_go_before_failures_do():
    text = comment(many(120), limit=60_000)

    assert size(text) <= 60_000
    assert "not shown" not in text
    assert text.count("`assay fix` shows it") == 120


def test_a_patch_that_mends_two_failures_is_shown_once():
    run = compared_run()
    judgement = run.judgements[0]
    new = next(f for f in judgement.findings if f.change is Change.NEW)
    twice = (new, replace(new, rule="NET-VPC-01"))
    text = comment(replace(run, judgements=(replace(judgement, findings=twice),)))

    assert text.count("diff\n") == 1
    assert "Patch: that of ENC-LT-01 above; safe" in text


def test_templates_without_profiles_have_no_column_for_them():
    run = compared_run()
    bare = tuple(replace(one, profile="") for one in run.judgements[:1])
    text = comment(replace(run, judgements=bare, base=replace(run.base, removed=())))

    assert "\n| system | new |" in text
    assert "\n|---|--:|" in text


def test_a_large_change_is_told_rule_by_rule_and_to_its_end():
    text = comment(many(10_000, rules=80))

    assert size(text) < 65_536
    assert "not shown" not in text
    assert len(set(re.findall(r"\*\*ENC-LT-\d+\*\*", text))) == 80
    assert text.count("\n  125 failures: `Template") == 80
    assert text.count(" and 120 more\n") == 80
    assert "As before:" in text
    assert marked(text)


@pytest.mark.parametrize(("rules", "left"), [(20, 140), (60, 45), (150, 18)])
def test_the_more_rules_the_fewer_places_of_each(rules, left):
    text = comment(many(3000, rules=rules))

    assert text.count(f" and {left} more\n") == rules
    assert "not shown" not in text
    assert size(text) < 65_536


def test_of_many_charges_the_largest_are_told_and_the_others_summed_up():
    run = compared_run()
    judgement = next(one for one in run.judgements if one.before and one.before.cost)
    line = judgement.before.cost[0]
    lines = tuple(
        replace(line, resource=f"R{n}", before=Decimal(0), after=Decimal(n)) for n in range(2000)
    )
    before = replace(judgement.before, cost=lines)
    text = comment(replace(run, judgements=(replace(judgement, before=before),)))

    assert "2,000 charges changed" in text
    assert "| `R1999` |" in text
    assert "|  | and 1,990 smaller ones |  |  | +1,979,055.00 |" in text
    assert "not shown" not in text


def test_what_is_too_large_for_that_is_cut_counted_and_still_marked():
    text = comment(many(3000, rules=3000))

    assert size(text) < 65_536
    told = len(re.findall(r"\*\*ENC-LT-\d+\*\*", text))
    left_out = int(re.search(r"\*\*([\d,]+) more entries not shown", text)[1].replace(",", ""))
    assert told + left_out >= 3000
    assert marked(text)


def test_a_large_run_is_told_rule_by_rule_too():
    text = render(big_run(), "markdown")

    assert size(text) < 65_536
    assert "not shown" not in text
    assert "<summary>all systems: 9,000 failures</summary>" in text
    assert len(set(re.findall(r"\*\*[A-Z]{3}-[A-Z]{3}-\d\d\*\*", text))) == 100
    assert "<summary>Cost per month</summary>" in text


def test_without_a_base_it_is_the_whole_run():
    run = sample_run()
    limit = 65_000 - size(f"\n{mark('assay')}\n")
    assert render(run, "comment") == render(run, "markdown", limit=limit) + f"\n{mark('assay')}\n"


def test_a_change_that_changes_nothing_says_so():
    run = compared_run()
    calm = tuple(
        replace(
            judgement,
            findings=tuple(replace(f, change=Change.UNCHANGED) for f in judgement.findings),
            before=replace(judgement.before, exists=True, usd=judgement.usd, fixed=(), cost=(),
                           access=()),
        )
        for judgement in run.judgements
    )  # fmt: skip
    text = comment(replace(run, judgements=calm, base=replace(run.base, removed=())))

    assert "no new failure" in text.splitlines()[0]
    assert "| system |" not in text


def test_a_file_outside_the_repository_has_no_link(tmp_path):
    text = render(compared_run(), "comment", links=Links(PAGES, tmp_path))
    assert PAGES not in text


@pytest.mark.parametrize("name", ["a --> b", "", "a\nb", "<b>", "x--y"])
def test_a_name_cannot_end_the_mark(name):
    with pytest.raises(Exception, match="no name for a comment"):
        mark(name)


def test_markdown_shows_the_change_before_the_whole_run():
    text = render(compared_run(), "markdown")
    assert text.index("## The change: 4 new failures") < text.index("## The whole run")
    assert HOSTILE not in re.sub(r"(`+)(.|\n)*?\1", "", text)
