"""The report's own words stand in one catalogue, each translated; figures are as readers write."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from analyzer.content import content
from analyzer.errors import InputError, UsageError
from analyzer.output.html import html
from analyzer.output.languages import language, languages
from tests.output.sample import sample_run
from tests.output.sample_compared import compared_run

THEME = content("reports") / "assay"
TEMPLATES = sorted(THEME.glob("*.j2"))
SPOKEN = ("alt", "aria-description", "aria-label", "aria-roledescription", "placeholder", "title")
# Names and codes, the same in every language.
NAMES = {"assay", "USD", "PASS", "FAIL", "UNKNOWN", "SKIP"}
OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}


def id_of(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else str(message.id)


@pytest.fixture(scope="module")
def used() -> Catalog:
    """The messages that the templates use."""
    catalogue = Catalog()
    extracted = extract_from_dir(THEME, [("**.j2", "jinja2")], {"**.j2": OPTIONS})
    for _, _, message, _, context in extracted:
        catalogue.add(message, context=context)
    return catalogue


@pytest.fixture(scope="module")
def french() -> Catalog:
    with (THEME / "languages" / "fr.po").open("rb") as file:
        return read_po(file, locale="fr", abort_invalid=True)


class Literals(HTMLParser):
    """The words that stand in a template's own text: between tags, and in spoken attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def own_text(template: str) -> str:
    """A template without what its tags produce: `{{ }}`, and `{% trans %}` with its message."""
    text = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", template, flags=re.DOTALL)
    return re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)


# The parts of an expression that may be printed: not what it asks, looks up, or translates.
PRINTED: dict[type[nodes.Node], Callable[[Any], Iterable[nodes.Node | None]]] = {
    nodes.Add: lambda node: (node.left, node.right),
    nodes.And: lambda node: (node.left, node.right),
    nodes.Or: lambda node: (node.left, node.right),
    nodes.Concat: lambda node: node.nodes,
    nodes.CondExpr: lambda node: (node.expr1, node.expr2),
    nodes.Filter: lambda node: (node.node,),
    nodes.Getitem: lambda node: [pair.value for pair in getattr(node.node, "items", ())],
}


def shown_constants(node: nodes.Node | None) -> Iterator[str]:
    """The literal strings that an expression may print."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for part in PRINTED.get(type(node), lambda _: ())(node):
        yield from shown_constants(part)


def words_in(text: str) -> set[str]:
    without = re.sub(r"&\w+;|&#\d+;", " ", text)
    return {word for word in re.findall(r"[A-Za-z]{2,}", without) if word not in NAMES}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_literal_text_goes_through_the_catalogue(template: Path) -> None:
    literals = Literals(own_text(template.read_text(encoding="utf-8"))).found
    assert [text.strip() for text in literals if words_in(text)] == []


def outside_of_tags(parsed: nodes.Template) -> Iterator[nodes.Expr]:
    """The expressions whose values stand between tags: those of classes and names are silent."""
    inside = False
    for output in parsed.find_all(nodes.Output):
        for part in output.nodes:
            if isinstance(part, nodes.TemplateData):
                opened, closed = part.data.rfind("<"), part.data.rfind(">")
                inside = opened > closed if max(opened, closed) >= 0 else inside
            elif not inside:
                yield part


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_expression_prints_words_of_its_own(template: Path) -> None:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    parsed = environment.parse(template.read_text(encoding="utf-8"))
    printed = [text for node in outside_of_tags(parsed) for text in shown_constants(node)]
    assert [text for text in printed if words_in(text)] == []


def test_scripts_say_nothing_of_their_own() -> None:
    assigned = re.compile(
        r"""(?:textContent|innerText|title|ariaLabel|placeholder)\s*=\s*["'`]\w"""
    )
    for script in (THEME / "js").glob("*.js"):
        assert not assigned.search(script.read_text(encoding="utf-8")), script.name


def test_every_message_has_its_french(used: Catalog, french: Catalog) -> None:
    missing = [id_of(message) for message in used if message.id and message.id not in french]
    empty = [id_of(m) for m in french if m.id and not all([m.string, *tuple(m.string)])]
    assert (missing, empty) == ([], [])


def test_no_message_is_left_over(used: Catalog, french: Catalog) -> None:
    assert [id_of(message) for message in french if message.id and message.id not in used] == []


def test_french_has_two_forms_and_zero_is_singular(french: Catalog) -> None:
    assert french.num_plurals == 2
    words = language(THEME, "fr").words
    forms = ("%(number)s system", "%(number)s systems")
    assert [words.ngettext(*forms, number) for number in (0, 1, 2)] == [
        "%(number)s système",
        "%(number)s système",
        "%(number)s systèmes",
    ]


def test_translations_keep_the_places_of_their_values(french: Catalog) -> None:
    places = re.compile(r"%\(\w+\)s|\{\w+\}|</?\w+")
    for message in french:
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for string in strings:
            if message.id:
                assert sorted(places.findall(string)) == sorted(places.findall(id_of(message)))


def test_french_signs_keep_to_their_words(french: Catalog) -> None:
    loose = re.compile(r" (?:[:;!?»]|%(?!\()|$)|« |[^\s\u00a0\u202f][;!?]|\w:(?!\w)|'")
    for message in french:
        for string in message.string if isinstance(message.string, tuple) else (message.string,):
            assert not (message.id and loose.search(string)), string


def test_french_signs_between_values_have_their_space() -> None:
    text = html(compared_run(), language="fr")
    assert "(projet-e4, as-built)\u00a0:" in text
    assert "ou non\u00a0; dépend de" in text


def test_severities_agree_with_their_numbers() -> None:
    text = " ".join(html(sample_run(), language="fr").split())
    counts = Counter(
        f.severity.label for j in sample_run().judgements for f in j.findings if f.failed
    )
    assert f"{counts['high']} élevées, {counts['medium']} moyennes" in text


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", ["12,345", "1,234.50", "\u22123.46", "0.00", "USD\u00a01,234.50", "12%"]),
        (
            "fr",
            ["12\u202f345", "1\u202f234,50", "\u22123,46", "0,00", "1\u202f234,50\u00a0USD",
             "12\u00a0%"],
        ),
    ],
)  # fmt: skip
def test_figures_are_written_as_the_language_does(code: str, expected: list[str]) -> None:
    spoken = language(THEME, code)
    amount = Decimal("1234.5")
    assert [
        spoken.integer(12345),
        spoken.money(amount),
        spoken.money(Decimal("-3.455")),
        spoken.money(Decimal("-0.001")),
        spoken.currency(amount),
        spoken.percent(Decimal("0.123")),
    ] == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [("730", "730"), ("0.0472", "0.0472"), ("0.000000004", "4e-9"), ("2920.50", "2,920.5")],
)
def test_quantities_say_no_more_than_they_know(number: str, expected: str) -> None:
    assert language(THEME, "en").quantity(Decimal(number)) == expected


@pytest.mark.parametrize(
    ("amount", "expected"), [("3", "+3.00"), ("-3", "\u22123.00"), ("0", "0.00")]
)
def test_a_change_has_its_sign(amount: str, expected: str) -> None:
    assert language(THEME, "en").change(Decimal(amount)) == expected


@pytest.mark.parametrize(
    ("code", "number", "expected"),
    [("en", 1, "1 August 2026"), ("fr", 1, "1er août 2026"), ("fr", 2, "2 août 2026")],
)
def test_dates_are_written_as_prose_does(code: str, number: int, expected: str) -> None:
    assert language(THEME, code).day(date(2026, 8, number)) == expected


def test_a_french_report_is_french_and_marks_what_is_not() -> None:
    text = html(sample_run(), language="fr")
    assert '<html lang="fr">' in text
    assert "Engagements déclarés" in text
    assert 'lang="en">keeps backups 1 day; the policy asks for 7<' in text


def test_an_english_report_marks_nothing() -> None:
    assert html(sample_run()).count('lang="en"') == 1


def test_a_language_that_is_not_spoken_is_refused() -> None:
    with pytest.raises(UsageError, match="has no language 'de'") as caught:
        html(sample_run(), language="de")
    assert caught.value.hint == "use one of en, fr"


def test_a_theme_brings_its_own_languages(tmp_path: Path) -> None:
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "de.po").write_text('msgid "Rules"\nmsgstr "Regeln"\n')
    (tmp_path / "report.html.j2").write_text("{{ _('Rules') }} {{ 1234 | integer }}")
    assert languages(tmp_path) == ["en", "de"]
    assert html(sample_run(), theme=tmp_path, language="de") == "Regeln 1.234"


@pytest.mark.parametrize("content", [b"Rules = Regeln", b"\xff\xfe"])
def test_a_broken_catalogue_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "fr.po").write_bytes(content)
    (tmp_path / "report.html.j2").write_text("{{ _('Rules') }}")
    with pytest.raises(InputError, match="is no catalogue of messages"):
        html(sample_run(), theme=tmp_path, language="fr")
