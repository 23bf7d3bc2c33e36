"""The drawing's own words: all of them in the report's catalogue, and drawn in its language."""

from __future__ import annotations

import re

from analyzer.content import content
from analyzer.output.diagram import laid_out, svg
from analyzer.output.diagram.phrases import PHRASES
from tests.diagram.geometry import problems
from tests.diagram.pictures import drawn, judgements

TEMPLATE = content("reports") / "assay" / "diagram.html.j2"


def test_report_translates_every_phrase():
    text = TEMPLATE.read_text(encoding="utf-8")

    assert set(re.findall(r'"(.+)": _\("\1"\)', text)) == set(PHRASES)


def test_picture_speaks_the_words_that_it_is_given():
    words = {"AWS cloud": "Nuage AWS", "Region {}": "Région {}", "data": "données"}
    webmarket = drawn(judgements()[-1])

    text = svg(webmarket, words=words)

    assert ">Nuage AWS<" in text
    assert ">Région eu-west-3<" in text
    assert ">données \u00b7 10.0.21.0/24<" in text
    assert "AWS cloud" not in text


def test_longer_words_keep_the_drawing_in_order():
    for judgement in judgements():
        scene = laid_out(drawn(judgement), lambda phrase: f"{phrase} und noch viel länger")

        assert problems(scene) == []
