"""Functions over lists: Select, Split, Cidr, GetAZs, Length."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from analyzer.template.arguments import arguments
from analyzer.template.branches import either, lift
from analyzer.template.conditions import equals
from analyzer.template.problem import Problem
from analyzer.template.regions import zones_of
from analyzer.template.texts import as_text, derived
from analyzer.unknown import ABSENT, Partial, Reference, Unknown

if TYPE_CHECKING:
    from analyzer.template.resolver import Resolver

_MAX_BLOCKS = 256
_MAX_QUESTIONS = 16
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,9}")
_OPEN = (Unknown, Reference, Partial)


def _hole(what: str, cause: Any) -> Unknown:
    if isinstance(cause, Unknown):
        return derived(cause, what, what)
    return Unknown(f"{what} `{cause}`", "has a part that is not known", key=(what, f"{cause}"))


def _number(name: str, value: Any) -> int:
    text = as_text(value)
    if not isinstance(text, str) or not _WHOLE_NUMBER.fullmatch(text):
        raise Problem(f"`{name}` needs a whole number, not `{text}`")
    return int(text)


def select(resolver: Resolver, argument: Any) -> Any:
    """`Fn::Select`: one item of a list, counted from 0."""
    stated = arguments("Fn::Select", argument, 2, 2)
    values = [resolver.argument(stated, 0), resolver.argument(stated, 1)]
    missing = None if isinstance(stated[1], list) else resolver.notes
    return lift(lambda pair: _selected(pair[0], pair[1], missing), values)


def _selected(index: Any, items: Any, notes: dict[str, None] | None) -> Any:
    """The item; where a list that stands elsewhere lacks it, that is noted: it may never matter."""
    if isinstance(items, Unknown):
        return derived(items, f"item {index} of", "item", f"{index}")
    if isinstance(items, Reference | Partial):
        return _hole(f"item {index} of", items)
    if not isinstance(items, list):
        raise Problem("`Fn::Select` needs a list to select from", path=(1,))
    if isinstance(index, _OPEN):
        return _which(index, items)
    position = _number("Fn::Select", index)
    if 0 <= position < len(items):
        return items[position]
    what = f"item {position} of a list of {len(items)}"
    if notes is None:
        raise Problem(f"`Fn::Select` asks for {what}", "items are counted from 0")
    notes[f"`Fn::Select` asks for {what}: deployment fails where that is reached"] = None
    return Unknown(what, "does not exist", key=("item", what))


def _which(index: Any, items: Sequence[Any]) -> Any:
    if not items:
        raise Problem("`Fn::Select` has nothing to select from", path=(1,))
    if len(items) > _MAX_QUESTIONS:
        return _hole("the item by", index)
    result = items[-1]
    for position in range(len(items) - 2, -1, -1):
        result = either(equals(index, str(position)), items[position], result)
    return result


def split(resolver: Resolver, argument: Any) -> Any:
    """`Fn::Split`: a text cut at a delimiter."""
    stated = arguments("Fn::Split", argument, 2, 2)
    delimiter = stated[0]
    if not isinstance(delimiter, str) or not delimiter:
        raise Problem("`Fn::Split` needs a literal delimiter", path=(0,))
    values = [resolver.argument(stated, 1)]
    return lift(lambda one: split_text(delimiter, one[0]), values)


def split_text(delimiter: str, value: Any) -> Any:
    """The pieces of a text; with holes, only where none of them can hold the delimiter."""
    if isinstance(value, Unknown):
        return derived(value, "pieces of", "split", delimiter)
    if isinstance(value, Partial):
        ids_only = all(isinstance(part, str | Reference) for part in value.parts)
        return (
            _pieces(delimiter, value)
            if ids_only and delimiter == ","
            else _hole("pieces of", value)
        )
    if isinstance(value, Reference):
        return [value] if delimiter == "," and not value.attribute else _hole("pieces of", value)
    text = as_text(value)
    if not isinstance(text, str):
        raise Problem("`Fn::Split` needs a text", path=(1,))
    return text.split(delimiter)


def _pieces(delimiter: str, text: Partial) -> list[Any]:
    pieces: list[list[Any]] = [[]]
    for part in text.parts:
        if not isinstance(part, str):
            pieces[-1].append(part)
            continue
        first, *others = part.split(delimiter)
        pieces[-1].append(first)
        pieces.extend([other] for other in others)
    solid = [[part for part in piece if not isinstance(part, str) or part] for piece in pieces]
    return [
        "" if not piece else piece[0] if len(piece) == 1 else Partial(*piece) for piece in solid
    ]


def length(resolver: Resolver, argument: Any) -> Any:
    """`Fn::Length`: how many items a list has."""

    def counted(values: Sequence[Any]) -> Any:
        if isinstance(values[0], Unknown):
            return derived(values[0], "length of", "length")
        if isinstance(values[0], Reference | Partial):
            return _hole("length of", values[0])
        if not isinstance(values[0], list):
            raise Problem("`Fn::Length` needs a list")
        return len(values[0])

    return lift(counted, [resolver.value(argument)])


def zones(resolver: Resolver, argument: Any) -> Any:
    """`Fn::GetAZs`: the zones of a region, of the stack's own where the name is empty."""

    def listed(values: Sequence[Any]) -> Any:
        region = values[0]
        if region is ABSENT or (isinstance(region, str) and not region):
            region = resolver.context.region
        if isinstance(region, _OPEN):
            return _hole("the zones of", region)
        if not isinstance(region, str):
            raise Problem("`Fn::GetAZs` needs the name of a region")
        return list(zones_of(region)) or Unknown(
            f"the zones of `{region}`", "are not in the table of zones", key=("zones", region)
        )

    return lift(listed, [resolver.value(argument)])


def cidr(resolver: Resolver, argument: Any) -> Any:
    """`Fn::Cidr`: so many blocks of a network, each with so many host bits."""
    stated = arguments("Fn::Cidr", argument, 2, 3)
    values = [resolver.argument(stated, index) for index in range(len(stated))]
    return lift(_blocks, values)


def _blocks(values: Sequence[Any]) -> Any:
    network, count, *bits = values
    for value in values[1:]:
        if isinstance(value, _OPEN):
            return _hole("address blocks by", value)
    wanted = _number("Fn::Cidr", count)
    if not 1 <= wanted <= _MAX_BLOCKS:
        raise Problem(f"`Fn::Cidr` makes 1 to {_MAX_BLOCKS} blocks, not {wanted}", path=(1,))
    host_bits = _number("Fn::Cidr", bits[0]) if bits else 8
    if isinstance(network, _OPEN):
        return [_hole(f"block {index} of", network) for index in range(wanted)]
    return _subnets(network, wanted, host_bits)


def _subnets(network: Any, wanted: int, host_bits: int) -> list[str]:
    from ipaddress import ip_network

    if not isinstance(network, str):
        raise Problem("`Fn::Cidr` needs an address block as text", path=(0,))
    try:
        whole = ip_network(network, strict=False)
    except ValueError:
        raise Problem(f"`Fn::Cidr` needs an address block, not `{network}`", path=(0,)) from None
    prefix = whole.max_prefixlen - host_bits
    if not whole.prefixlen <= prefix <= whole.max_prefixlen:
        raise Problem(f"`Fn::Cidr` cannot make blocks of {host_bits} bits in {network}")
    if wanted > 1 << (prefix - whole.prefixlen):
        raise Problem(f"`Fn::Cidr`: {network} has no room for {wanted} blocks of {host_bits} bits")
    first, size = int(whole.network_address), 1 << host_bits
    address = type(whole.network_address)
    return [f"{address(first + index * size)}/{prefix}" for index in range(wanted)]


LIST_FUNCTIONS: dict[str, Callable[[Resolver, Any], Any]] = {
    "Fn::Select": select,
    "Fn::Split": split,
    "Fn::Length": length,
    "Fn::GetAZs": zones,
    "Fn::Cidr": cidr,
}
