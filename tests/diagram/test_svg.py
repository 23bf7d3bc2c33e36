"""The SVG: everything is escaped, shortened where there is no room, and said in full in titles."""

from __future__ import annotations

import time
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from analyzer.output.diagram import svg
from analyzer.output.diagram.glyphs import GLYPHS
from analyzer.output.diagram.metrics import shortened, width_of
from analyzer.picture import Card, Diagram, Part, Region

HOSTILE = [
    "<script>alert(1)</script>",
    "]]><!--",
    '"><svg onload="x"',
    "\x00\x1b[2J",
    "\ud800",
    "\u202eabc",
]
SPACE = "{http://www.w3.org/2000/svg}"


def bucket(name: str) -> Diagram:
    card = Card("main/B", "AWS::S3::Bucket", "bucket", "S3 bucket", name, Part(("main/B",)))
    return Diagram(name, name, name, regions=(Region("eu-west-3", services=(card,)),))


def parsed(diagram: Diagram) -> ET.Element:
    return ET.fromstring(svg(diagram, alone=True))  # noqa: S314 - our own text


@pytest.mark.parametrize("name", HOSTILE)
def test_names_become_no_markup(name: str):
    plain = [node.tag for node in parsed(bucket("plain")).iter()]

    assert [node.tag for node in parsed(bucket(name)).iter()] == plain
    assert all(key[:2] != "on" for node in parsed(bucket(name)).iter() for key in node.attrib)


def test_text_that_is_too_long_is_whole_in_its_title():
    name = "a-name-" * 40

    root = parsed(bucket(name))

    titles = [node.text or "" for node in root.iter(f"{SPACE}title")]
    texts = [node.text or "" for node in root.iter(f"{SPACE}text")]
    assert any(name in title for title in titles)
    assert any(text.startswith("a-name-") and text.endswith("\u2026") for text in texts)


def test_picture_has_a_name_and_a_description():
    root = parsed(bucket("attic"))

    ids = {node.get("id"): node.text for node in root}
    label, text = str(root.get("aria-labelledby")).split()
    assert ids[label] == "attic \u00b7 attic"
    assert str(ids[text]).startswith("1 resource, 1 region, 0 networks.")


def test_two_pictures_on_a_page_share_no_id():
    one, other = parsed(bucket("one")), parsed(bucket("other"))

    def ids(root: ET.Element) -> set[str]:
        return {str(node.get("id")) for node in root.iter() if node.get("id")}

    assert ids(one).isdisjoint(ids(other))


def test_inline_picture_brings_no_style_of_its_own():
    assert "<style" not in svg(bucket("attic"))
    assert " style=" not in svg(bucket("attic"), alone=True)


def test_every_card_of_the_catalogue_has_a_glyph():
    from analyzer.diagram.catalog import LOOKS

    assert {look.glyph for look in LOOKS.values()} <= GLYPHS.keys()


def test_everything_that_stands_in_a_network_has_a_card_or_belongs_to_one():
    from analyzer.diagram.catalog import BELONGS, LOOKS, belongings
    from analyzer.network import STANDING_TYPES

    known = LOOKS.keys() | BELONGS.keys()
    assert [type_ for type_ in STANDING_TYPES if type_ not in known and not belongings(type_)] == []


def test_shortened_text_fits_and_a_short_one_stays():
    assert shortened("bucket", 12, 100) == "bucket"
    assert width_of(shortened("bucket" * 20, 12, 100), 12) <= 100
    assert shortened("bucket", 12, 1) == ""
    assert shortened("bucket", 12, -1) == ""


def test_a_very_long_text_is_not_measured_to_its_end():
    start = time.perf_counter()

    assert len(shortened("bucket" * 200_000, 12, 100)) < 100
    assert time.perf_counter() - start < 1


def test_any_font_draws_a_text_as_wide_as_it_was_measured():
    texts = {node.text: node for node in parsed(bucket("attic")).iter(f"{SPACE}text")}

    wide = width_of("attic \u00b7 attic", 13, bold=True)
    assert texts["attic \u00b7 attic"].get("textLength") == f"{wide:.1f}"


def test_a_text_whose_width_is_only_estimated_is_drawn_as_it_is():
    texts = {node.text: node for node in parsed(bucket("\u6f22\u5b57")).iter(f"{SPACE}text")}

    assert texts["\u6f22\u5b57"].get("textLength") is None


def test_unknown_region_is_said():
    diagram = replace(bucket("attic"), regions=(replace(bucket("attic").regions[0], name=""),))

    assert "Region not known" in svg(diagram)
