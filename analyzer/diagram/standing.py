"""Where things stand: the subnets of each, and what its routes make of a subnet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from analyzer.exploration import cases_of, settled
from analyzer.model import Resource
from analyzer.network import default_routes, interfaces, is_public, subnet_of, zone_of
from analyzer.picture import Tier

T = TypeVar("T")

_NAT = "AWS::EC2::NatGateway"


@dataclass(frozen=True, slots=True)
class Standing:
    """The subnets of a thing, by key; `why` says what is not known about them."""

    subnets: tuple[str, ...] = ()
    why: str = ""


def standing_of(resource: Resource) -> Standing:
    """Where a thing stands, in every case of what is not known; nowhere where it needs none."""
    cases = cases_of(lambda: _places(resource))
    found: dict[str, None] = {}
    reasons = dict.fromkeys(cases.hangs_on)
    for places in cases.answers:
        for place in places:
            if isinstance(place, Resource):
                found[place.key] = None
            else:
                reasons[f"{place.subject} {place.reason}"] = None
    return Standing(tuple(found), "; ".join(reasons))


def _places(resource: Resource) -> tuple[Any, ...]:
    if resource.type == _NAT:
        return (subnet_of(resource),)
    return tuple(interface.subnet for interface in interfaces(resource))


def tier_of(subnet: Resource) -> Tier:
    """What the routes of a subnet make of it."""
    public = agreed(lambda: is_public(subnet))
    if public:
        return Tier.PUBLIC
    leads_out = agreed(lambda: any(True for _ in default_routes(subnet)))
    if public is None or leads_out is None:
        return Tier.UNDECIDED
    return Tier.PRIVATE if leads_out else Tier.ISOLATED


def agreed(question: Callable[[], T]) -> T | None:
    """The answer where all cases give one and the same."""
    cases = cases_of(question)
    answers = list(cases.answers)
    agree = cases.decided and all(answer == answers[0] for answer in answers)
    return answers[0] if agree and answers else None


def known(question: Callable[[], Any], *types: type) -> Any:
    """A value where it is known and of a type; else None."""
    value = settled(question)
    return value if isinstance(value, types) else None


def zone_name(subnet: Resource) -> str:
    """The zone of a subnet; empty where it is not known."""
    return known(lambda: zone_of(subnet), str) or ""
