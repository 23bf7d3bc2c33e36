"""Whatever an inventory holds, its picture loses nothing and stays readable."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree as ET

from hypothesis import given, settings

from analyzer.diagram import draw
from analyzer.model import Inventory
from analyzer.output.diagram import laid_out, svg
from tests.diagram.geometry import problems
from tests.diagram.pictures import keys
from tests.diagram.worlds import inventories

FEWER = settings(max_examples=60)


@FEWER
@given(inventories())
def test_every_resource_is_in_the_picture_once(inventory: Inventory):
    assert Counter(keys(draw(inventory))) == Counter(list(inventory.resources))


@FEWER
@given(inventories())
def test_nothing_overlaps_and_no_link_crosses_a_text(inventory: Inventory):
    assert problems(laid_out(draw(inventory))) == []


@FEWER
@given(inventories())
def test_drawing_is_well_formed_whatever_the_names_are(inventory: Inventory):
    root = ET.fromstring(svg(draw(inventory), alone=True))  # noqa: S314 - our own text

    assert root.get("role") == "img"
    assert not [node for node in root.iter() if "script" in str(node.tag)]
