"""The layout: nothing overlaps, everything lies where it belongs, links cross no text."""

from __future__ import annotations

import pytest

from analyzer.output.diagram import laid_out
from analyzer.picture import INTERNET, Card, Diagram, Link, Network, Part, Region, Subnet, Tier, Way
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


def over(zones: str, *gateways: Card) -> Network:
    """A network over some zones."""
    subnets = [Subnet(zones + z, z, "", f"zone-{z}", Tier.PUBLIC, Part()) for z in zones]
    return Network(zones, zones, "10.0.0.0/16", Part(), gateways, tuple(subnets))


def test_a_way_round_a_network_leaves_the_title_alone():
    gateway = Card("g", "AWS::EC2::InternetGateway", "gateway", "Internet gateway", "g", Part())
    regions = (Region("eu-west-3", networks=(over("abcdef"), over("abc", gateway))),)
    way = Link(INTERNET, "g", Way.REACHED, "443", ports=(443,))
    diagram = Diagram("x", "an account with a long name", "live", regions, links=(way,))

    scene = laid_out(diagram)

    assert [route.link for route in scene.routes] == [way]
    assert crossing(scene) == []


def test_the_legend_explains_what_a_drawing_has_and_nothing_else():
    notes = {named(each): " ".join(laid_out(drawn(each)).notes) for each in judgements()}

    assert "thick red arrows" in notes["projet-e4-as-built"]
    assert "thick red arrows" not in notes["webmarket-prod"]
    assert "thin arrows" in notes["moodle-medium"]
    assert "thin arrows" not in notes["webmarket-prod"]
