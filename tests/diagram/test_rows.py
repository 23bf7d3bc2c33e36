"""Which subnets of a network stand side by side: as few rows as zones and what spans them let."""

from __future__ import annotations

import pytest

from analyzer.output.diagram.rows import rows_of
from analyzer.picture import Card, Network, Part, Subnet, Tier


def network(subnets: str, spans: tuple[str, ...]) -> Network:
    """Subnets that are named by their zone and a number, and what spans some of them."""
    return Network(
        "vpc",
        "vpc",
        "",
        Part(),
        subnets=tuple(
            Subnet(name, name, "", name[0], Tier.PRIVATE, Part()) for name in subnets.split()
        ),
        cards=tuple(
            Card(span, "", "", "", "", Part(), subnets=tuple(span.split())) for span in spans
        ),
    )


@pytest.mark.parametrize(
    ("subnets", "spans", "rows"),
    [
        ("a1 b1", (), ["a1 b1"]),
        ("a1 a2", (), ["a1", "a2"]),
        ("a1 b1 a2 b2", ("a1 b2",), ["a1 b2", "a2 b1"]),
        ("a1 b1 c1", ("a1 b1",), ["a1 b1 c1"]),
    ],
)
def test_subnets_that_nothing_parts_share_a_row(
    subnets: str, spans: tuple[str, ...], rows: list[str]
) -> None:
    found = rows_of(network(subnets, spans))
    assert [" ".join(row.subnets[at].name for at in sorted(row.subnets)) for row in found] == rows
