"""Address blocks and prefix lists as templates write them, known or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analyzer.model import Props, Resource
from analyzer.network.address_sets import EVERYTHING, NOTHING, AddressSet, addresses_of
from analyzer.network.places import PRIVATE, known_block
from analyzer.network.spans import (
    NOBODY,
    Doubt,
    Span,
    bounded,
    either_of,
    exactly,
    perhaps,
)
from analyzer.unknown import Partial, Reference, Undecided, Unknown, absent

_FEW = 8  # values of a parameter that are tried one by one
_LISTS = "AWS::EC2::PrefixList"
_WHOLE = {4: 8, 6: 32}  # a longer prefix is a named network, never the internet


def block_span(value: Any, version: int, inventory: Any, *, at_large: bool = False) -> Span:
    """The addresses of a block; NOBODY where it is not set.

    `at_large` leaves out what is not known but too small to matter to a question about the
    internet.
    """
    if absent(value):
        return NOBODY
    if isinstance(value, str):
        return _written(value)
    if isinstance(value, Unknown):
        return _unknown(value, version)
    if isinstance(value, Reference):
        return _referred(value, version, inventory, at_large=at_large)
    if isinstance(value, Partial) and at_large and _is_narrow(value, version):
        return NOBODY
    part = isinstance(value, Partial)
    reason = "has a part that is not known" if part else "is not a CIDR block"
    return perhaps(Doubt(f"`{value}`", reason), EVERYTHING.family(version))


def _written(text: str) -> Span:
    try:
        return exactly(addresses_of(text))
    except ValueError:
        return perhaps(Doubt(f"'{text}'", "is not a CIDR block"))


def _unknown(value: Unknown, version: int) -> Span:
    if value.allowed is not None:
        if len(value.allowed) <= _FEW:
            try:
                return next(
                    (_written(f"{text}") for text in value.allowed if value == text), NOBODY
                )
            except Undecided:  # nobody explores choices here: the bounds still tell something
                pass
        known = [_written(f"{text}") for text in value.allowed]
        least = EVERYTHING if known else NOTHING
        for span in known:
            least &= span.least
        return bounded(least, either_of(known).most, (Doubt(value.subject, value.reason),))
    return perhaps(Doubt(value.subject, value.reason), EVERYTHING.family(version))


def _is_narrow(value: Partial, version: int) -> bool:
    _, slash, length = value.tail.rpartition("/")
    return bool(slash) and length.isdigit() and int(length) > _WHOLE[version]


def _referred(value: Reference, version: int, inventory: Any, *, at_large: bool) -> Span:
    """The block of a network or a subnet of the inventory, by the attribute that names it."""
    target = inventory.resources.get(value.target)
    if value.attribute in ("CidrBlock", "Ipv6CidrBlock") and target is not None:
        known = known_block(getattr(target, value.attribute))
        if known is not None:
            return exactly(known)
    if "Cidr" in value.attribute:
        if at_large:
            return NOBODY
        most: AddressSet = PRIVATE if version == 4 else EVERYTHING.family(6)  # noqa: PLR2004
        return perhaps(Doubt(f"{value}", "is chosen by AWS"), most)
    return perhaps(Doubt(f"{value}", "is chosen by AWS"), EVERYTHING.family(version))


def list_span(owner: Resource | Props, name: str, *, at_large: bool = False) -> Span:
    """The addresses of the prefix list that a property names; NOBODY where it is not set."""
    return either_of(listed_blocks(owner, name, at_large=at_large))


def listed_blocks(owner: Resource | Props, name: str, *, at_large: bool = False) -> Iterator[Span]:
    """Each block of the prefix list that a property names."""
    value = getattr(owner, name)
    if absent(value):
        return
    resource = owner.resource if isinstance(owner, Props) else owner
    try:
        prefixes = resource.inventory.resolve(value, "a prefix list")
        if prefixes.type != _LISTS:
            raise Undecided(prefixes.label, "is not a prefix list of the inventory")  # noqa: TRY301
        version = 6 if prefixes.AddressFamily == "IPv6" else 4
        for entry in prefixes.Entries:
            yield block_span(entry.Cidr, version, prefixes.inventory, at_large=at_large)
    except Undecided as error:
        named = isinstance(value, Unknown)
        subject = value.subject if named else f"{value}"
        reason = error.reason if named else "are not part of what was read"
        yield perhaps(Doubt(f"entries of {subject}", reason))
