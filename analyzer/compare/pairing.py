"""Which resource of the base a resource is, also where its logical id or its file has changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import product
from typing import Any

from analyzer.compare.values import Names, form, leaves
from analyzer.model import Inventory, Resource
from analyzer.unknown import Either, Partial, Reference

Pairs = dict[str, str]
"""The keys of resources as they are now, by their keys in the base."""

_Key = Callable[[Resource], Hashable]

SIMILAR = 0.5  # the share of two resources' values that are the same, from which they are one
_MOST = 250_000  # resources of one type that are held against each other; more stay unpaired


def pair(base: Inventory, head: Inventory, stacks: Mapping[str, str]) -> Pairs:
    """Pair the resources of two states, one to one; `stacks` maps the base's names of stacks.

    By key; then by logical id in another stack; then, within a type, by equal properties; then by
    the most similar ones. The order of the templates decides between equals.
    """
    old, new = every(base), every(head)
    there = {resource.key: resource for resource in new}
    pairs: Pairs = {}
    for resource in old:
        key = now(resource.key, stacks)
        if key in there and there[key].type == resource.type:
            pairs[resource.key] = key
    _by(pairs, old, new, _identity, _identity, once=True)
    kept = set(pairs.values())
    before = {resource.key: pairs.get(resource.key, resource.type) for resource in old}
    after = {
        resource.key: resource.key if resource.key in kept else resource.type for resource in new
    }
    _by(pairs, old, new, lambda r: _said(r, before), lambda r: _said(r, after))
    _similar(pairs, old, new, before, after)
    return pairs


def every(inventory: Inventory) -> list[Resource]:
    """The resources, and those that were moved onto their owners."""
    found = {resource.key: resource for resource in inventory}
    for resource in inventory:
        for member, _ in resource.moved.values():
            found.setdefault(member.key, member)
    return list(found.values())


def now(key: str, stacks: Mapping[str, str]) -> str:
    """A resource's key with its stack as it is called now, also of one nested in a stack."""
    outer, slash, rest = key.partition("/")
    return f"{stacks.get(outer, outer)}{slash}{rest}"


def _identity(resource: Resource) -> Hashable:
    return resource.type, resource.id


def _said(resource: Resource, names: Names) -> Hashable:
    """What a resource is, each reference to a paired one by the name that this one has now."""
    return resource.type, form(resource.properties, names)


def _unpaired(
    pairs: Pairs, old: Iterable[Resource], new: Iterable[Resource]
) -> tuple[list[Resource], list[Resource]]:
    kept = set(pairs.values())
    return [r for r in old if r.key not in pairs], [r for r in new if r.key not in kept]


def _by(
    pairs: Pairs,
    old: Iterable[Resource],
    new: Iterable[Resource],
    old_key: _Key,
    new_key: _Key,
    *,
    once: bool = False,
) -> None:
    """Pair what has the same key; where `once`, only what has it alone on each side."""
    left, there = _unpaired(pairs, old, new)
    waiting = _grouped(there, new_key)
    for shared, group in _grouped(left, old_key).items():
        same = waiting.get(shared, [])
        if not once or len(group) == len(same) == 1:
            pairs.update((a.key, b.key) for a, b in zip(group, same, strict=False))


def _grouped(resources: Iterable[Resource], key: _Key) -> dict[Hashable, list[Resource]]:
    groups: dict[Hashable, list[Resource]] = defaultdict(list)
    for resource in resources:
        groups[key(resource)].append(resource)
    return groups


def _similar(
    pairs: Pairs, old: Iterable[Resource], new: Iterable[Resource], before: Names, after: Names
) -> None:
    """Pair what is left, the most similar resources of a type first."""
    left, there = _unpaired(pairs, old, new)
    waiting = _grouped(there, lambda resource: resource.type)
    for type_, group in _grouped(left, lambda resource: resource.type).items():
        same = waiting.get(type_, [])
        if len(group) * len(same) > _MOST:
            continue
        was = {r.key: Counter(leaves(r.properties, before)) for r in group}
        is_ = {r.key: Counter(leaves(r.properties, after)) for r in same}
        scores = [(likeness(was[a], is_[b]), a, b) for a, b in product(was, is_)]
        free = set(is_)
        for score, one, other in sorted(scores, key=lambda item: (-item[0], *item[1:])):
            if score >= SIMILAR and one not in pairs and other in free:
                pairs[one] = other
                free.remove(other)


def likeness(a: Counter[Any], b: Counter[Any]) -> float:
    """The share of what either side says that both say."""
    every = (a | b).total()
    return (a & b).total() / every if every else 1.0


def renamed(base: Inventory, pairs: Mapping[str, str]) -> Inventory:
    """The base with every paired resource under the name that it has now, in references too.

    What has gone stands in a stack of its own, so that it is never taken for what is there now.
    """
    names = {r.key: pairs.get(r.key) or f"{GONE}{r.key}" for r in base}
    return Inventory(base.name, [_under(resource, names) for resource in base])


GONE = "gone:"


def _under(resource: Resource, names: Mapping[str, str]) -> Resource:
    stack, _, id_ = names[resource.key].rpartition("/")
    properties = {name: _pointed(value, names) for name, value in resource.properties.items()}
    return resource.copied(properties, stack=stack, id=id_)


def _pointed(value: object, names: Mapping[str, str]) -> object:
    """The value with its references under new names."""
    if isinstance(value, dict):
        return {name: _pointed(item, names) for name, item in value.items()}
    if isinstance(value, list):
        return [_pointed(item, names) for item in value]
    if isinstance(value, Reference):
        return Reference(names.get(value.target, value.target), value.attribute, value.text)
    if isinstance(value, Partial):
        return Partial(*(_pointed(part, names) for part in value.parts))
    if isinstance(value, Either):
        parts = (_pointed(value.if_true, names), _pointed(value.if_false, names))
        return Either(value.condition, *parts)
    return value
