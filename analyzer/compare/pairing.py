"""Which resource of the base a resource is, also where its logical id or its file has changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import product
from typing import Any

from analyzer.compare.values import form, leaves
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
    pairs: Pairs = {}
    for resource in base:
        key = f"{_stack(resource.stack, stacks)}/{resource.id}"
        there = head.resources.get(key)
        if there is not None and there.type == resource.type:
            pairs[resource.key] = key
    _by(pairs, base, head, _identity)
    names = _Names(pairs, base, head)
    _by(pairs, base, head, names.form, once=False)
    _similar(pairs, base, head, names)
    return pairs


def _stack(name: str, stacks: Mapping[str, str]) -> str:
    """The stack as it is called now, also of a stack that is nested in one."""
    outer, slash, rest = name.partition("/")
    return f"{stacks.get(outer, outer)}{slash}{rest}"


def _identity(resource: Resource) -> Hashable:
    return resource.type, resource.id


class _Names:
    """Resources by what they say, each reference to a paired one by the name that it has now."""

    def __init__(self, pairs: Pairs, base: Inventory, head: Inventory) -> None:
        kept = set(pairs.values())
        self._names = {
            id(base): {r.key: pairs.get(r.key, r.type) for r in base},
            id(head): {r.key: r.key if r.key in kept else r.type for r in head},
        }

    def form(self, resource: Resource) -> Hashable:
        return resource.type, form(resource.properties, self._names[id(resource.inventory)])

    def leaves(self, resource: Resource) -> Counter[Hashable]:
        return Counter(leaves(resource.properties, self._names[id(resource.inventory)]))


def _unpaired(pairs: Pairs, base: Inventory, head: Inventory) -> tuple[list[Resource], ...]:
    kept = set(pairs.values())
    return [r for r in base if r.key not in pairs], [r for r in head if r.key not in kept]


def _by(pairs: Pairs, base: Inventory, head: Inventory, key: _Key, *, once: bool = True) -> None:
    """Pair what has the same key; where `once`, only what has it alone on each side."""
    old, new = (_grouped(side, key) for side in _unpaired(pairs, base, head))
    for shared, group in old.items():
        there = new.get(shared, [])
        if once and (len(group) > 1 or len(there) > 1):
            continue
        pairs.update((a.key, b.key) for a, b in zip(group, there, strict=False))


def _grouped(resources: Iterable[Resource], key: _Key) -> dict[Hashable, list[Resource]]:
    groups: dict[Hashable, list[Resource]] = defaultdict(list)
    for resource in resources:
        groups[key(resource)].append(resource)
    return groups


def _similar(pairs: Pairs, base: Inventory, head: Inventory, names: _Names) -> None:
    """Pair what is left, the most similar resources of a type first."""
    old, new = (_grouped(side, lambda r: r.type) for side in _unpaired(pairs, base, head))
    for type_, group in old.items():
        there = new.get(type_, [])
        if len(group) * len(there) > _MOST:
            continue
        said = {r.key: names.leaves(r) for r in group}, {r.key: names.leaves(r) for r in there}
        scores = [
            (likeness(said[0][a.key], said[1][b.key]), a.key, b.key)
            for a, b in product(group, there)
        ]
        left = {b.key for b in there}
        for score, old_key, new_key in sorted(scores, key=lambda item: (-item[0], *item[1:])):
            if score >= SIMILAR and old_key not in pairs and new_key in left:
                pairs[old_key] = new_key
                left.remove(new_key)


def likeness(a: Counter[Any], b: Counter[Any]) -> float:
    """The share of what either side says that both say."""
    every = (a | b).total()
    return (a & b).total() / every if every else 1.0


def renamed(base: Inventory, pairs: Mapping[str, str]) -> Inventory:
    """The base with every paired resource under the name that it has now, in references too.

    What has gone stands in a stack of its own, so that it is never taken for what is there now.
    """
    names = {r.key: pairs.get(r.key) or f"{_GONE}{r.key}" for r in base}
    return Inventory(base.name, [_under(resource, names) for resource in base])


_GONE = "gone:"


def _under(resource: Resource, names: Mapping[str, str]) -> Resource:
    stack, _, id_ = names[resource.key].rpartition("/")
    return Resource(
        resource.type,
        id_,
        {name: _pointed(value, names) for name, value in resource.properties.items()},
        stack=stack,
        region=resource.region,
        account=resource.account,
        metadata=resource.metadata,
        condition=resource.condition,
        locate=resource.locate,
    )


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
