"""Whatever an inventory holds, its picture loses nothing and stays readable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings

from analyzer.diagram import draw
from analyzer.model import Inventory
from analyzer.output.diagram import laid_out, svg
from tests.diagram.geometry import problems
from tests.diagram.pictures import keys
from tests.diagram.worlds import inventories
from tests.network.reaching import cases, inventory_of_template

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


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_every_labelled_network_is_drawn(case: Mapping[str, Any]):
    inventory = inventory_of_template(case["template"])

    diagram = draw(inventory)

    assert Counter(keys(diagram)) == Counter(list(inventory.resources))
    assert problems(laid_out(diagram)) == []
