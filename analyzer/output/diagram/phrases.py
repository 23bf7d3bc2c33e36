"""The drawing's own words in English, as a catalogue names them; names of services are AWS's."""

from __future__ import annotations

from collections.abc import Callable

Say = Callable[[str], str]
"""What gives a phrase in the reader's language; `{}` stands for a name or a list."""

INTERNET = "Internet"
CLOUD = "AWS cloud"
REGION = "Region {}"
NO_REGION = "Region not known"
ACCOUNT = "account {}"
SERVICES = "Services of the region"
UNPLACED = "Placement not known: in a network that is not part of what was read"
NO_ZONE = "zone not known"
PUBLIC = "public"
PRIVATE = "private"
ISOLATED = "isolated"
DATA = "data"
NO_ROUTES = "routes not known"
STANDBY = "standby"
OR_ZONE = "or in this zone"
OR_SUBNET = "or in this subnet"
ALSO = "also in this subnet"
PEERING = "peering"
NOT_DRAWN = "Not drawn: {}"
ELSEWHERE = "Of no single resource: {}"
LETTERS = "C, H, M, L, I: failures, by the worst of them (critical, high, medium, low, info)"
UNDECIDED = "?: not decided"
MONEY = "$: USD a month"
PORTS = "numbers on lines: ports"
PEERINGS = "lines with two dots: peerings"

PHRASES = tuple(
    value for name, value in list(globals().items()) if name.isupper() and isinstance(value, str)
)


def plainly(phrase: str) -> str:
    """The phrase itself: English."""
    return phrase
