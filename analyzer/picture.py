"""The architecture as a picture: regions, networks, subnets, cards and the ways between them.

Only what belongs where is said here; where it stands on the paper is `analyzer.output.diagram`'s.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from analyzer.findings import Severity


class Tier(enum.StrEnum):
    """What the routes of a subnet make of it."""

    PUBLIC = "public"
    PRIVATE = "private"
    ISOLATED = "isolated"
    DATA = "data"  # isolated, and everything in it stores
    UNDECIDED = "routes not known"


class Spread(enum.StrEnum):
    """How a thing stands in its subnets."""

    WHOLE = "whole"  # in one subnet
    EVERY = "every"  # in each of them at once
    GROUP = "group"  # its members are spread over them
    ONE = "one"  # in one of them, which AWS chooses
    STANDBY = "standby"  # one at work, and one that waits in the other zone


@dataclass(frozen=True, slots=True)
class Badge:
    """What was found about something: failures that no waiver covers, and what is not decided.

    `lines` say each of them, the worst first.
    """

    severities: tuple[tuple[Severity, int], ...] = ()  # worst first, those there are
    unknown: int = 0
    lines: tuple[str, ...] = ()

    @property
    def failed(self) -> int:
        """How many failures."""
        return sum(count for _, count in self.severities)

    @property
    def worst(self) -> Severity | None:
        """The severity of the worst failure."""
        return self.severities[0][0] if self.severities else None


@dataclass(frozen=True, slots=True)
class Part:
    """What everything in the picture has: the resources that it stands for, first its own.

    Those that only belong to it (a listener, a bucket's policy) come after; `usd` is what all of
    them cost a month, None where nothing of it has a price.
    """

    resources: tuple[str, ...] = ()  # keys of the inventory
    usd: Decimal | None = None
    badge: Badge = field(default_factory=Badge)


@dataclass(frozen=True, slots=True)
class Card:
    """One thing, or `count` of the same. `note` is what a reader must know about how it stands."""

    id: str
    type: str
    glyph: str
    service: str
    name: str
    part: Part
    count: int = 1
    subnets: tuple[str, ...] = ()  # those that it stands in, where it stands in a network
    spread: Spread = Spread.WHOLE
    note: str = ""
    explained: str = ""  # the note, in a sentence
    certain: bool = True  # False where a condition that is not decided makes it


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet; `zone` is empty where it is not known."""

    id: str
    name: str
    block: str
    zone: str
    tier: Tier
    part: Part


@dataclass(frozen=True, slots=True)
class Network:
    """A VPC: its gateways on the border, its subnets, and what stands in them."""

    id: str
    name: str
    block: str
    part: Part
    gateways: tuple[Card, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    cards: tuple[Card, ...] = ()

    @property
    def usd(self) -> Decimal | None:
        """What it costs with everything inside."""
        subnets = (subnet.part for subnet in self.subnets)
        return total(self.part, *subnets, *(card.part for card in (*self.gateways, *self.cards)))


@dataclass(frozen=True, slots=True)
class Region:
    """A region (of an account, where there are several), its networks and its services.

    `unplaced` is what stands in a network that is not known.
    """

    name: str
    account: str = ""
    networks: tuple[Network, ...] = ()
    services: tuple[Card, ...] = ()
    unplaced: tuple[Card, ...] = ()

    @property
    def usd(self) -> Decimal | None:
        """What everything in it costs."""
        known = [network.usd for network in self.networks]
        cards = (*self.services, *self.unplaced)
        return total(*(card.part for card in cards), *(Part(usd=usd) for usd in known))


class Way(enum.StrEnum):
    """What a link means."""

    REACHED = "reached"  # the internet reaches it
    DANGER = "danger"  # and a finding says that it must not
    PERHAPS = "perhaps"  # it may, which hangs on something that is not known
    SERVES = "serves"  # a distribution and its origin
    PEERING = "peering"


@dataclass(frozen=True, slots=True)
class Link:
    """A way from one card or network to another; `label` names the ports."""

    source: str  # the id of a card or a network; `INTERNET` is the outside
    target: str
    way: Way
    label: str = ""
    explained: str = ""
    ports: tuple[int, ...] = ()


class Sundry(enum.StrEnum):
    """What a cost is that no single thing in the picture has."""

    TRAFFIC = "traffic"
    GIVEN = "given"  # what AWS gives every account free, taken off
    OTHER = "other"


INTERNET = "internet"


@dataclass(frozen=True, slots=True)
class Counted:
    """Resources that are counted and not drawn."""

    label: str
    count: int
    part: Part


@dataclass(frozen=True, slots=True)
class Diagram:
    """One system under one profile, or one account, as a picture."""

    system: str
    title: str
    profile: str
    regions: tuple[Region, ...] = ()
    outside: tuple[Card, ...] = ()  # services of no region
    links: tuple[Link, ...] = ()
    counted: tuple[Counted, ...] = ()
    elsewhere: Part = field(default_factory=Part)  # what is said about no resource of the picture
    sundries: tuple[tuple[Sundry, Decimal], ...] = ()  # what `elsewhere` costs, by kind

    @property
    def usd(self) -> Decimal | None:
        """What everything costs."""
        return total(*parts_of(self))


def total(*parts: Part) -> Decimal | None:
    """What parts cost together; None where none of them has a price."""
    known = [part.usd for part in parts if part.usd is not None]
    return sum(known, Decimal(0)) if known else None


def cards_of(diagram: Diagram) -> Iterator[Card]:
    """Every card, in the order of the picture."""
    yield from diagram.outside
    for region in diagram.regions:
        for network in region.networks:
            yield from network.gateways
            yield from network.cards
        yield from region.services
        yield from region.unplaced


def parts_of(diagram: Diagram) -> Iterator[Part]:
    """Every part, each once: of cards, networks, subnets, and what is counted."""
    yield from (card.part for card in cards_of(diagram))
    for region in diagram.regions:
        for network in region.networks:
            yield network.part
            yield from (subnet.part for subnet in network.subnets)
    yield from (counted.part for counted in diagram.counted)
    yield diagram.elsewhere
