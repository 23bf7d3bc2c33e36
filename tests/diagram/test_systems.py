"""The pictures of the five systems: nothing is lost, and what they say is what was found."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from analyzer.findings import Verdict
from analyzer.output.diagram import svg
from analyzer.picture import Spread, Way, cards_of, parts_of
from analyzer.results import Judgement
from tests.diagram.pictures import drawn, judgements, keys, named

EVERY = pytest.mark.parametrize("judgement", judgements(), ids=named)


def of(name: str) -> Judgement:
    return next(judgement for judgement in judgements() if named(judgement) == name)


@EVERY
def test_every_resource_is_drawn_attached_or_counted_once(judgement: Judgement):
    shown = Counter(keys(drawn(judgement)))

    assert shown == Counter(f"{one.stack}/{one.id}" for one in judgement.resources)


@EVERY
def test_badges_count_every_finding_once(judgement: Judgement):
    badges = [part.badge for part in parts_of(drawn(judgement))]

    assert sum(badge.failed for badge in badges) == sum(f.failed for f in judgement.findings)
    unknown = len(judgement.with_verdict(Verdict.UNKNOWN))
    assert sum(badge.unknown for badge in badges) == unknown


@EVERY
def test_costs_sum_to_what_the_profile_costs(judgement: Judgement):
    assert drawn(judgement).usd == judgement.usd


@EVERY
def test_every_box_costs_what_is_inside(judgement: Judgement):
    for region in drawn(judgement).regions:
        cards = [*region.services, *region.unplaced]
        inside = [network.usd or Decimal(0) for network in region.networks]

        amounts = [card.part.usd or Decimal(0) for card in cards]
        assert (region.usd or Decimal(0)) == sum([*amounts, *inside], Decimal(0))


@EVERY
def test_same_picture_gives_the_same_bytes(judgement: Judgement):
    assert svg(drawn(judgement), alone=True) == svg(drawn(judgement), alone=True)


@EVERY
def test_no_system_has_anything_whose_place_is_not_known(judgement: Judgement):
    assert [region.unplaced for region in drawn(judgement).regions if region.unplaced] == []


def test_database_with_a_standby_is_drawn_in_both_zones():
    cards = {card.name: card for card in cards_of(drawn(of("webmarket-prod")))}

    assert cards["Database"].spread is Spread.STANDBY
    assert len(cards["Database"].subnets) == 2


def test_open_administration_is_a_dangerous_way():
    ways = {link.target: link.way for link in drawn(of("projet-e4-as-built")).links}

    assert ways["as-built/GitLab"] is Way.DANGER


def test_closed_administration_leaves_the_web_as_it_is():
    links = {link.target: link for link in drawn(of("projet-e4-target")).links}

    assert links["target/GitLab"].way is Way.REACHED
    assert links["target/GitLab"].label == "80, 443"


def test_path_goes_through_the_gateway_and_the_load_balancer():
    ends = [(link.source, link.target) for link in drawn(of("webmarket-prod")).links]

    assert ends == [
        ("internet", "main/InternetGateway"),
        ("main/InternetGateway", "main/LoadBalancer"),
        ("main/LoadBalancer", "main/ApplicationGroup"),
    ]


def test_peered_networks_are_linked():
    peered = [link for link in drawn(of("projet-e4-target")).links if link.way is Way.PEERING]

    assert {(link.source, link.target) for link in peered} == {
        ("target/CyberVpc", "target/MvpVpc"),
        ("target/CyberVpc", "target/IaVpc"),
    }
