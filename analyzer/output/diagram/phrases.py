"""The drawing's own words in English, as a catalogue names them; names of services are AWS's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from analyzer.output import languages, money

INTERNET = "Internet"
CLOUD = "AWS cloud"
REGION = "Region {}"
NO_REGION = "Region not known"
ACCOUNT = "account {}"
SERVICES = "Services of the region"
UNPLACED = "Placement not known: no network that was read holds them"
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
AMOUNT = "${}"
TRAFFIC = "Traffic: {}"
GIVEN = "Given free to every account: {}"
ARROWS = "arrows: what the internet reaches"
DANGERS = "thick red arrows: what it must not reach"
DOUBTS = "dashed arrows: what it may reach"
ORIGINS = "thin arrows: where CloudFront fetches"
PORTS = "numbers on lines: ports"
PEERINGS = "lines with two dots: peerings"
MEMBERS = "dashed cards: members in several zones"
CONDITIONS = "violet dashed cards: hang on a condition"

PHRASES = tuple(
    value for name, value in list(globals().items()) if name.isupper() and isinstance(value, str)
)


@dataclass(frozen=True, slots=True)
class Say:
    """What gives a phrase in the reader's language; `{}` stands for a name or a list.

    `figure` writes an amount as that language does.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    figure: Callable[[Decimal], str] = money.amount

    def __call__(self, phrase: str) -> str:
        """The phrase in this language; a phrase that it lacks stays English."""
        return self.words.get(phrase, phrase)

    def amount(self, usd: Decimal | None) -> str:
        """An amount of USD a month; nothing where there is no price."""
        if usd is None:
            return ""
        sign = "\N{MINUS SIGN}" if round(usd, 2) < 0 else ""
        return sign + self(AMOUNT).replace("{}", self.figure(abs(usd)))


ENGLISH = Say()


def say_in(language: languages.Language) -> Say:
    """A drawing's words in one of the report's languages."""
    if language.code == languages.ENGLISH:
        return ENGLISH
    return Say({phrase: language.words.gettext(phrase) for phrase in PHRASES}, language.money)
