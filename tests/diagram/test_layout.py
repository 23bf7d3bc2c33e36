"""The layout: nothing overlaps, everything lies where it belongs, links cross no text."""

from __future__ import annotations

import pytest

from analyzer.output.diagram import laid_out
from analyzer.results import Judgement
from tests.diagram.geometry import clashing, crossing, escaping, overlapping, strangers
from tests.diagram.pictures import drawn, judgements, named

EVERY = pytest.mark.parametrize("judgement", judgements(), ids=named)


@EVERY
def test_no_two_cards_overlap(judgement: Judgement):
    assert overlapping(laid_out(drawn(judgement))) == []


@EVERY
def test_everything_lies_inside_of_its_box(judgement: Judgement):
    assert escaping(laid_out(drawn(judgement))) == []


@EVERY
def test_boxes_beside_each_other_do_not_overlap(judgement: Judgement):
    assert clashing(laid_out(drawn(judgement))) == []


@EVERY
def test_no_card_lies_over_a_subnet_that_it_does_not_stand_in(judgement: Judgement):
    assert strangers(laid_out(drawn(judgement))) == []


@EVERY
def test_links_cross_nothing_that_is_to_be_read(judgement: Judgement):
    assert crossing(laid_out(drawn(judgement))) == []


@EVERY
def test_every_link_has_a_route(judgement: Judgement):
    diagram = drawn(judgement)

    assert [route.link for route in laid_out(diagram).routes] == list(diagram.links)
