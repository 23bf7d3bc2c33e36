"""The words of the drawing: amounts, tiers, titles, and what stands below."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.escape import visible
from analyzer.output.diagram import phrases
from analyzer.output.diagram.marks import marks_of
from analyzer.output.diagram.phrases import ENGLISH, Say
from analyzer.output.diagram.scene import Frame
from analyzer.output.grouping import few
from analyzer.picture import (
    INTERNET,
    Badge,
    Card,
    Counted,
    Diagram,
    Link,
    Part,
    Spread,
    Subnet,
    Sundry,
    Tier,
    Way,
    cards_of,
)

_TIERS = {
    Tier.PUBLIC: phrases.PUBLIC,
    Tier.PRIVATE: phrases.PRIVATE,
    Tier.ISOLATED: phrases.ISOLATED,
    Tier.DATA: phrases.DATA,
    Tier.UNDECIDED: phrases.NO_ROUTES,
}
_WAYS = {
    Way.REACHED: "the internet gets through",
    Way.DANGER: "the internet gets through, and must not",
    Way.PERHAPS: "the internet may get through",
    Way.SERVES: "its origin",
    Way.PEERING: "peering",
}
_SUNDRIES = {
    Sundry.TRAFFIC: phrases.TRAFFIC,
    Sundry.GIVEN: phrases.GIVEN,
    Sundry.OTHER: phrases.ELSEWHERE,
}
_KEYS = {
    Way.REACHED: phrases.ARROWS,
    Way.DANGER: phrases.DANGERS,
    Way.PERHAPS: phrases.DOUBTS,
    Way.SERVES: phrases.ORIGINS,
    Way.PEERING: phrases.PEERINGS,
}
_MOST_NAMES = 12


def subnet_words(subnet: Subnet, say: Say) -> str:
    """What a subnet is by its routes, and its block."""
    return joined(say(_TIERS[subnet.tier]), subnet.block)


def joined(*words: str) -> str:
    """Words beside each other, those that there are."""
    return " \u00b7 ".join(filter(None, words))


def badge_words(badge: Badge) -> str:
    """`1 critical, 2 high, 1 unknown`."""
    counts = [f"{count} {severity.label}" for severity, count in badge.severities]
    if badge.unknown:
        counts.append(f"{badge.unknown} unknown")
    return ", ".join(counts)


def service_words(card: Card) -> str:
    """What a card is, and how many of it."""
    return _many(card.service, card.count)


def card_title(card: Card) -> str:
    """Everything about a card, for whoever points at it or listens."""
    lines = [f"{service_words(card)}: {card.name}"]
    if not card.certain:
        lines.append("hangs on a condition that is not decided: it may not be there")
    lines += [line for line in (card.note, card.explained) if line]
    return "\n".join([*lines, *part_lines(card.part)])


def part_lines(part: Part) -> Iterator[str]:
    """What a part costs, what was found about it, and which resources it holds."""
    if part.usd is not None:
        yield f"{ENGLISH.amount(part.usd)} a month"
    if part.badge.lines:
        yield f"findings: {badge_words(part.badge)}"
        yield from part.badge.lines
    if len(part.resources) > 1:
        names = [key.rpartition("/")[2] for key in part.resources[1:]]
        yield f"with {few(names, _MOST_NAMES)}"


def names_of(diagram: Diagram) -> dict[str, str]:
    """What cards and networks are called in sentences, by their ids."""
    names = {card.id: f"{card.service} {card.name}" for card in cards_of(diagram)}
    networks = (network for region in diagram.regions for network in region.networks)
    return {
        INTERNET: "internet",
        **names,
        **{network.id: f"network {network.name}" for network in networks},
    }


def link_title(link: Link, names: dict[str, str]) -> str:
    """A link as a sentence."""
    ends = f"{names.get(link.source, link.source)} to {names.get(link.target, link.target)}"
    ports = f" on {link.label}" if link.ports else ""
    words = f"{ends}: {_WAYS[link.way]}{ports}"
    return f"{words}\n{link.explained}" if link.explained else words


def frame_title(frame: Frame) -> str:
    """Everything about a box."""
    lines = [", ".join(filter(None, (frame.name, frame.detail)))]
    lines += [f"{frame.amount} a month"] if frame.amount else []
    if frame.badge.lines:
        lines += [f"findings: {badge_words(frame.badge)}", *frame.badge.lines]
    return "\n".join(lines)


def second_words(card: Card, *, standby: bool) -> str:
    """The phrase for what the second drawing of a card is."""
    if standby or card.spread is Spread.STANDBY:
        return phrases.STANDBY
    return phrases.OR_SUBNET if card.spread is Spread.ONE else phrases.ALSO


def counted_words(counted: Counted, say: Say) -> str:
    """`3 IAM roles (H 2)`: what is not drawn, with what was found about it."""
    part = counted.part
    facts = [_mark_words(part.badge), say.amount(part.usd) if part.usd else ""]
    told = ", ".join(filter(None, facts))
    return f"{counted.count} {_many(counted.label, counted.count)}" + (f" ({told})" if told else "")


def _many(name: str, count: int) -> str:
    """A name for one or for many."""
    if count == 1:
        return name
    if name.endswith("cy"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith("s") else f"{name}s"


def _mark_words(badge: Badge) -> str:
    """`H 2, ? 1`: a badge without its shape, the same in every language."""
    return ", ".join(mark.text for mark in marks_of(badge))


def key_words(diagram: Diagram) -> Iterator[str]:
    """The phrases that say what the marks of a drawing mean, those that it has."""
    yield from (phrases.LETTERS, phrases.UNDECIDED, phrases.MONEY)
    ways = {link.way for link in diagram.links}
    yield from (phrase for way, phrase in _KEYS.items() if way in ways)
    if any(link.ports for link in diagram.links):
        yield phrases.PORTS
    cards = list(cards_of(diagram))
    if any(card.spread is Spread.GROUP for card in cards):
        yield phrases.MEMBERS
    if not all(card.certain for card in cards):
        yield phrases.CONDITIONS


def elsewhere_words(diagram: Diagram, say: Say) -> Iterator[str]:
    """What was found about nothing in the picture, and what no single thing in it costs."""
    found = _mark_words(diagram.elsewhere.badge)
    if found:
        yield say(phrases.ELSEWHERE).replace("{}", found)
    for sundry, usd in diagram.sundries:
        yield say(_SUNDRIES[sundry]).replace("{}", say.amount(usd))


def heading(diagram: Diagram) -> str:
    """The drawing's name."""
    return visible(joined(diagram.title, diagram.profile))


def description(diagram: Diagram) -> str:
    """The drawing in sentences, for whoever does not see it."""
    cards = list(cards_of(diagram))
    names = names_of(diagram)
    networks = sum(len(region.networks) for region in diagram.regions)
    shown = sum(card.count for card in cards)
    counts = ((shown, "resource"), (len(diagram.regions), "region"), (networks, "network"))
    parts = [f"{count} {_many(name, count)}" for count, name in counts]
    cost = [f"{ENGLISH.amount(diagram.usd)} a month"] if diagram.usd is not None else []
    lines = [", ".join([*parts, *cost]) + "."]
    lines += [link_title(link, names).replace("\n", "; ") + "." for link in diagram.links]
    return " ".join(lines)
