"""What runs with an identity, and which resources of the stack that refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analyzer.iam.tightening.arns import name_of, table
from analyzer.model import Inventory, PropertyPath, Resource, references_in
from analyzer.unknown import Either, Partial

_WORD = r"(?<![A-Za-z0-9_.-]){}(?![A-Za-z0-9_.-])"
_KEY = "AWS::KMS::Key"
_SHORTEST_NAME = 4  # a shorter name stands in texts by chance


@dataclass(slots=True)
class Workload:
    """What runs with some identities, and what it works on, as far as the stack tells.

    `owner` is the resource in which their policy is written; it may have been moved onto them.
    `users` are the keys of what runs with them, in the order found. `used` says of a
    resource, by its key, what refers to it. `referrers` are, by the key of a resource, those that
    refer to it and where.
    """

    inventory: Inventory
    holders: Sequence[Resource]
    owner: Resource
    users: dict[str, None] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    referrers: dict[str, list[tuple[Resource, PropertyPath]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for resource in self.inventory:
            for path, reference in references_in(resource.properties):
                self.referrers.setdefault(reference.target, []).append((resource, path))
        for holder in self.holders:
            self._find_users(holder)
        for key in self.users:
            self._find_used(self.inventory.resources[key])
        for key in list(self.used):
            self._find_keys(self.inventory.resources[key])

    def _find_users(self, holder: Resource) -> None:
        """What refers to an identity, and what leads from there to those that run with it."""
        queue = [holder]
        for resource in queue:
            followed = table()["follow"].get(resource.type, ())
            for referrer, path in self.referrers.get(resource.key, ()):
                if resource is holder:
                    if any("Polic" in f"{part}" for part in path):
                        self._note(referrer, f"the policy of `{referrer.id}` names `{holder.id}`")
                elif referrer.type not in followed:
                    continue
                elif referrer.type in table()["itself"]:
                    self._note(referrer, f"`{referrer.id}` refers to `{resource.id}`")
                if referrer.key not in self.users and referrer not in self.holders:
                    self.users[referrer.key] = None
                    queue.append(referrer)

    def _note(self, resource: Resource, why: str) -> None:
        self.used.setdefault(resource.key, why)

    def _find_used(self, user: Resource) -> None:
        """What a user refers to, or names in its texts, and what that leads to."""
        left_out = table()["not_of_its_work"].get(user.type, ())
        told = {name: value for name, value in user.properties.items() if name not in left_out}
        queue = [reference.target for _, reference in references_in(told)]
        queue.extend(self._named_in(list(_texts(told))))
        for key in queue:
            resource = self.inventory.resources.get(key)
            if resource is None or resource in self.holders or key in self.users:
                continue
            self._note(resource, f"`{user.id}` refers to `{resource.id}`")
            if resource.type in table()["through"]:
                targets = (one.target for _, one in references_in(resource.properties))
                queue.extend(target for target in targets if target not in queue)

    def _named_in(self, texts: Sequence[str]) -> Iterator[str]:
        """The keys of the resources whose names stand in some texts."""
        for resource in self.inventory:
            name = name_of(resource)
            if isinstance(name, str) and len(name) >= _SHORTEST_NAME:
                word = re.compile(_WORD.format(re.escape(name)))
                if any(word.search(text) for text in texts):
                    yield resource.key

    def _find_keys(self, used: Resource) -> None:
        """The keys that what is worked on is encrypted with."""
        for _, reference in references_in(used.properties):
            key = self.inventory.resources.get(reference.target)
            if key is not None and key.type == _KEY:
                self._note(key, f"`{used.id}` refers to `{key.id}`")

    def is_circular(self, resource: Resource) -> bool:
        """Whether naming a resource in the owner's policy would be a circular dependency."""
        seen = {resource.key}
        queue = [resource.key]
        for key in queue:
            if key == self.owner.key:
                return True
            found = self.inventory.resources.get(key)
            for _, reference in references_in(found.properties) if found else ():
                if reference.target not in seen:
                    seen.add(reference.target)
                    queue.append(reference.target)
        return False


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Partial):
        yield from _texts(value.parts)
    elif isinstance(value, Either):
        yield from _texts((value.if_true, value.if_false))
