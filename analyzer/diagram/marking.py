"""Findings on a picture: each failure and each question is on exactly one card, box or count."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from analyzer.findings import Finding, Verdict
from analyzer.picture import Badge, Card, Diagram, Link, Network, Part, Region, Way, parts_of

_LINES = 12  # that a badge says; the rest is counted
_REACHED = "NET-REACH-"


def marked(diagram: Diagram, findings: Iterable[Finding]) -> Diagram:
    """The picture with the findings on it; those about nothing in it are on `elsewhere`."""
    holder = {key: part for part in parts_of(diagram) for key in part.resources}
    per_part: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.failed or finding.verdict is Verdict.UNKNOWN:
            part = holder.get(f"{finding.stack}/{finding.resource}", diagram.elsewhere)
            per_part.setdefault(id(part), []).append(finding)
    badges = {place: badge_of(found) for place, found in per_part.items()}
    exposed = {
        key: found
        for key, part in holder.items()
        if (found := [f for f in per_part.get(id(part), ()) if f.rule.startswith(_REACHED)])
    }
    return replace(
        diagram,
        regions=tuple(_region(region, badges) for region in diagram.regions),
        outside=_cards(diagram.outside, badges),
        links=_led([_link(link, exposed) for link in diagram.links]),
        counted=tuple(
            replace(counted, part=_marked(counted.part, badges)) for counted in diagram.counted
        ),
        elsewhere=_marked(diagram.elsewhere, badges),
    )


def badge_of(findings: Iterable[Finding]) -> Badge:
    """The badge of what has these findings."""
    ordered = sorted(
        findings,
        key=lambda f: (not f.failed, -f.severity, f.rule, f.resource, f.at),
    )
    severities = Counter(finding.severity for finding in ordered if finding.failed)
    lines = [_line(finding) for finding in ordered[:_LINES]]
    if len(ordered) > _LINES:
        lines.append(f"and {len(ordered) - _LINES} more")
    return Badge(
        severities=tuple(sorted(severities.items(), reverse=True)),
        unknown=sum(not finding.failed for finding in ordered),
        lines=tuple(lines),
    )


def _line(finding: Finding) -> str:
    word = finding.severity.label if finding.failed else "unknown"
    return f"{word}: {finding.rule} {finding.resource} {finding.message}".rstrip()


def _marked(part: Part, badges: Mapping[int, Badge]) -> Part:
    return replace(part, badge=badges[id(part)]) if id(part) in badges else part


def _cards(cards: Iterable[Card], badges: Mapping[int, Badge]) -> tuple[Card, ...]:
    return tuple(replace(card, part=_marked(card.part, badges)) for card in cards)


def _region(region: Region, badges: Mapping[int, Badge]) -> Region:
    return replace(
        region,
        networks=tuple(_network(network, badges) for network in region.networks),
        services=_cards(region.services, badges),
        unplaced=_cards(region.unplaced, badges),
    )


def _network(network: Network, badges: Mapping[int, Badge]) -> Network:
    return replace(
        network,
        part=_marked(network.part, badges),
        gateways=_cards(network.gateways, badges),
        subnets=tuple(
            replace(subnet, part=_marked(subnet.part, badges)) for subnet in network.subnets
        ),
        cards=_cards(network.cards, badges),
    )


def _led(links: Sequence[Link]) -> tuple[Link, ...]:
    """The links, where danger comes in all the way: also that which leads to it."""
    from_danger = {link.source for link in links if link.way is Way.DANGER}
    return tuple(
        replace(link, way=Way.DANGER)
        if link.way is Way.REACHED and link.target in from_danger and not link.ports
        else link
        for link in links
    )


def _link(link: Link, exposed: Mapping[str, list[Finding]]) -> Link:
    """A link that a finding speaks of is in danger's colour."""
    if link.way is not Way.REACHED:
        return link
    for finding in exposed.get(link.target, ()):
        named = {int(port) for port in re.findall(r"\b\d{1,5}\b", finding.message)}
        if finding.failed and named.intersection(link.ports):
            return replace(link, way=Way.DANGER, explained=f"{finding.rule} {finding.message}")
    return link
