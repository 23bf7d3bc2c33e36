"""The drawing's own words: all of them in the report's catalogue, and drawn in its language."""

from __future__ import annotations

import re
from decimal import Decimal

from analyzer.content import content
from analyzer.output.diagram import Say, laid_out, svg
from analyzer.output.diagram.phrases import PHRASES
from analyzer.picture import Card, Diagram, Part, Region
from tests.diagram.geometry import problems
from tests.diagram.pictures import drawn, judgements

TEMPLATE = content("reports") / "assay" / "diagram.html.j2"


def priced(usd: Decimal) -> Diagram:
    card = Card("main/B", "AWS::S3::Bucket", "bucket", "S3 bucket", "B", Part(("main/B",), usd))
    return Diagram("attic", "attic", "", regions=(Region("eu-west-3", services=(card,)),))


def test_report_translates_every_phrase():
    text = TEMPLATE.read_text(encoding="utf-8")

    assert set(re.findall(r'"(.+)": _\("\1"\)', text)) == set(PHRASES)


def test_picture_speaks_the_words_that_it_is_given():
    words = {"AWS cloud": "Nuage AWS", "Region {}": "Région {}", "data": "données"}
    webmarket = drawn(judgements()[-1])

    text = svg(webmarket, say=Say(words))

    assert ">Nuage AWS<" in text
    assert ">Région eu-west-3<" in text
    assert ">données \u00b7 10.0.21.0/24<" in text
    assert "AWS cloud" not in text


def test_picture_writes_amounts_as_its_language_does():
    say = Say({"${}": "{} $"}, lambda usd: f"{usd:.2f}".replace(".", ","))

    assert say.amount(Decimal("1204.5")) == "1204,50 $"
    assert say.amount(Decimal(-2)) == "\N{MINUS SIGN}2,00 $"
    assert Say().amount(Decimal("-0.001")) == "$0.00"
    assert ">1204,50 $<" in svg(priced(Decimal("1204.5")), say=say)


def test_longer_words_keep_the_drawing_in_order():
    longer = Say({phrase: f"{phrase} und noch viel länger" for phrase in PHRASES})

    for judgement in judgements():
        scene = laid_out(drawn(judgement), longer)

        assert problems(scene) == []
