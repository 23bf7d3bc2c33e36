"""Badges: which failures count, how they are said, and the way that a failure makes dangerous."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analyzer.diagram import marked
from analyzer.findings import Finding, Severity, Verdict, Waiver
from analyzer.picture import Card, Diagram, Link, Part, Region, Way, cards_of

HOST = Card(
    "main/Host", "AWS::EC2::Instance", "server", "EC2 instance", "Host", Part(("main/Host",))
)
DIAGRAM = Diagram(
    "system",
    "title",
    "prod",
    regions=(Region("eu-west-3", services=(HOST,)),),
    links=(
        Link("internet", "main/Gateway", Way.REACHED),
        Link("main/Gateway", "main/Host", Way.REACHED, "22, 443", ports=(22, 443)),
    ),
)
FINDING = Finding(
    "NET-REACH-01",
    Verdict.FAIL,
    Severity.CRITICAL,
    "network",
    "Host",
    "AWS::EC2::Instance",
    message="is reached by the internet on TCP port 22: internet > Host",
    stack="main",
)


def badge(*findings: Finding):
    return next(cards_of(marked(DIAGRAM, findings))).part.badge


def test_failures_count_by_severity_the_worst_first():
    low = replace(FINDING, rule="A-1", severity=Severity.LOW)

    assert badge(low, FINDING, low).severities == ((Severity.CRITICAL, 1), (Severity.LOW, 2))


def test_what_is_not_decided_counts_apart():
    assert badge(replace(FINDING, verdict=Verdict.UNKNOWN)).unknown == 1


@pytest.mark.parametrize(
    "quiet",
    [
        replace(FINDING, verdict=Verdict.PASS),
        replace(FINDING, verdict=Verdict.SKIP),
        replace(FINDING, waiver=Waiver("NET-REACH-01", "Host", "known")),
    ],
)
def test_what_passes_or_is_waived_has_no_badge(quiet: Finding):
    assert badge(quiet).failed == 0
    assert badge(quiet).lines == ()


def test_long_lists_end_with_how_many_more():
    many = [replace(FINDING, rule=f"A-{number}") for number in range(20)]

    assert badge(*many).lines[-1] == "and 8 more"


def test_finding_about_nothing_in_the_picture_is_kept_elsewhere():
    diagram = marked(DIAGRAM, [replace(FINDING, resource="Nowhere")])

    assert diagram.elsewhere.badge.failed == 1


def test_failure_about_a_port_makes_the_way_dangerous_from_the_internet_on():
    assert [link.way for link in marked(DIAGRAM, [FINDING]).links] == [Way.DANGER, Way.DANGER]


@pytest.mark.parametrize(
    "other",
    [
        replace(FINDING, message="is reached by the internet on TCP port 3389"),
        replace(FINDING, verdict=Verdict.UNKNOWN),
        replace(FINDING, rule="NET-SG-01"),
    ],
)
def test_other_findings_leave_the_way_as_it_is(other: Finding):
    assert {link.way for link in marked(DIAGRAM, [other]).links} == {Way.REACHED}
