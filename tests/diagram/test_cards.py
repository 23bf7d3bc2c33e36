"""Many of the same in one place are one card; some kinds are one from two on."""

from __future__ import annotations

import pytest

from analyzer.diagram.cards import gathered
from analyzer.picture import Card, Part

ALARM, QUEUE = "AWS::CloudWatch::Alarm", "AWS::SQS::Queue"


@pytest.mark.parametrize(
    ("type_", "number", "counts"),
    [
        (ALARM, 1, [1]),
        (ALARM, 2, [2]),
        (QUEUE, 3, [1, 1, 1]),
        (QUEUE, 4, [4]),
    ],
)
def test_many_of_the_same_are_one_card(type_: str, number: int, counts: list[int]) -> None:
    cards = [Card(f"main/{n}", type_, "", "", f"{n}", Part((f"main/{n}",))) for n in range(number)]
    found = gathered(cards)
    assert [card.count for card in found] == counts
    assert sum(len(card.part.resources) for card in found) == number
